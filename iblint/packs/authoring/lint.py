"""Lint of rule packs: mistakes in rule files that the schema of the format does not catch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from iblint.model.path import Path, from_pointer, to_pointer
from iblint.model.record import Record
from iblint.packs.authoring.compile import option_references, templates_of
from iblint.packs.authoring.new_rule import RATIONALE
from iblint.packs.authoring.prose import RuleReference
from iblint.packs.authoring.request_rules import ANY, exists
from iblint.schemas import read_schema
from iblint.text.templates import placeholders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class LintProblem(Record):
    """A mistake in a rule file."""

    file: str
    line: int
    rule: str
    message: str
    """The mistake and its correction, without a final period."""


Found = Iterator[tuple[Path, str]]
"""Pairs of a path in the rule file and a message."""


def lint_rules(references: Iterable[RuleReference]) -> list[LintProblem]:
    """Return the mistakes in the files of these rules, sorted by file and line."""
    problems: list[LintProblem] = []
    titles: dict[str, str] = {}
    for reference in references:
        rule, raw = reference.rule, reference.raw
        found = [item for lint in LINTS for item in lint(reference)]
        same = titles.setdefault(rule.title, rule.code)
        if same != rule.code:
            found.append((("title",), f"{same} has the same title; say how they differ"))
        problems += [LintProblem(raw.file, raw.line(path), rule.code, message) for path, message in found]
    return sorted(problems, key=lambda p: (p.file, p.line, p.message))


def _field_order(reference: RuleReference) -> Found:
    """Yield the first field that is out of order. Rule files are easier to compare when all have one order."""
    order = list(_rule_schema()["properties"])
    written = [key for key in reference.raw.data if key in order]
    wanted = sorted(written, key=order.index)
    for key, other in zip(written, wanted, strict=True):
        if key != other:
            yield (key,), f"'{other}' comes before '{key}' in a rule file; move it"
            return


def _polarities(reference: RuleReference) -> Found:
    examples: Mapping[str, Any] = reference.raw.data["examples"]
    for polarity in ("good", "bad"):
        if not examples[polarity]:
            yield ("examples", polarity), f"the rule has no {polarity} example; add one"
    if not examples["unknown"] and "unknown-none" not in examples:
        yield ("examples", "unknown"), "the rule has no unknown example; add one, or say why not in 'unknown-none'"
    if examples["unknown"] and "unknown-none" in examples:
        yield ("examples", "unknown-none"), "the rule has unknown examples; remove 'unknown-none'"


def _tags(reference: RuleReference) -> Found:
    rule = reference.rule
    if rule.group in rule.tags:
        yield ("tags",), f"'{rule.group}' is the rule's group; remove it from the tags"


def _options_used(reference: RuleReference) -> Found:
    """Yield options that neither the schema nor a message uses. A check may use any option."""
    data = reference.raw.data
    if reference.rule.check is not None:
        return
    used = set(option_references(data.get("schema")))
    for _, template in templates_of(data):
        used |= {name.removeprefix("option:") for name in placeholders(template) if name.startswith("option:")}
    for option in reference.rule.options:
        if option.name not in used:
            yield ("options", option.name), f"the option '{option.name}' is not used; use it in the schema or remove it"


def _paths_known(reference: RuleReference) -> Found:
    """Yield paths that the request does not have."""
    rule, request = reference.rule, _request_schema()
    pointers: list[tuple[str, str]] = [("at", to_pointer(path)) for path in rule.at]
    pointers += [("reads", to_pointer(path)) for path in rule.reads]
    pointers += [("fix", pointer) for pointer in (*rule.fix.set, *rule.fix.remove)] if rule.fix else []
    for place, template in templates_of(reference.raw.data):
        pointers += [(place[0], name) for name in placeholders(template) if name.startswith("/")]
    for key, pointer in dict.fromkeys(pointers):
        path = from_pointer(pointer)
        if not exists(request, path):
            yield (key,), f"the request has no {pointer}; correct the path"
        elif key in ("at", "reads", "fix") and ANY in path:
            yield (key,), f"'{ANY}' is not allowed in {pointer}; give the path of the list or map"


def _properties_known(reference: RuleReference) -> Found:
    """Yield properties in the schema that the request does not have. They are never set, so the schema ignores them."""
    schema = reference.raw.data.get("schema")
    definitions = schema.get("$defs", {}) if isinstance(schema, Mapping) else {}
    for place, path in dict.fromkeys(_named(schema, ("schema",), (), definitions)):
        if not exists(_request_schema(), path):
            yield place, f"the request has no {to_pointer(path)}; correct the name"


def _rationale_written(reference: RuleReference) -> Found:
    if reference.rationale == RATIONALE:
        yield ("rationale",), "the rationale is still that of the scaffold; say why the rule exists"


def _fault_first(reference: RuleReference) -> Found:
    """Yield messages whose first sentence is a value alone. One-line reports show only the first sentence."""
    for place, template in templates_of(reference.raw.data):
        if _BARE_VALUE.match(template):
            yield (
                place,
                "the first sentence of a message must state the fault, because one-line reports show nothing else; "
                "add it to '{field} is {actual}', as in '{field} is {actual}: ...'",
            )


def _can_fail(reference: RuleReference) -> Found:
    """Yield a schema without assertions, which accepts everything."""
    if reference.rule.schema is not None and not _asserts(reference.rule.schema):
        yield ("schema",), "the schema accepts everything, so the rule can never fail; add an assertion"


def _fix_changes(reference: RuleReference) -> Found:
    fix = reference.raw.data.get("fix")
    if fix is not None and not (fix.get("set") or fix.get("remove")):
        yield ("fix",), "the fix changes nothing; give 'set' or 'remove'"


LINTS: tuple[Callable[[RuleReference], Found], ...] = (
    _field_order,
    _polarities,
    _tags,
    _options_used,
    _paths_known,
    _properties_known,
    _rationale_written,
    _fault_first,
    _can_fail,
    _fix_changes,
)

_BARE_VALUE = re.compile(r"\s*\{field\} is \{actual\}(\{suggestion\})?\.(\s|$)")

_ANNOTATIONS = frozenset({"$comment", "title", "description", "fault", "$defs"})
_NESTED = frozenset({"properties", "patternProperties"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf"})
_INNER = frozenset({"additionalProperties", "propertyNames", "items", "if", "then", "else"})


def _asserts(schema: Any) -> bool:
    """Return whether a schema holds an assertion. Whether the assertions can fail together is not examined."""
    if isinstance(schema, bool):
        return not schema
    for keyword, argument in schema.items():
        if keyword in _ANNOTATIONS or keyword == "if":
            continue
        if keyword in _NESTED:
            parts = list(argument.values())
        elif keyword in _LISTED:
            parts = argument
        elif keyword in _INNER:
            parts = [argument]
        else:
            return True
        if any(_asserts(part) for part in parts):
            return True
    return False


def _named(schema: Any, place: Path, path: Path, definitions: Mapping[str, Any]) -> Iterator[tuple[Path, Path]]:
    """Yield every property that a schema names: its place in the rule file and its path in the request.

    The schema of a property that the request does not have is not searched.
    """
    if not isinstance(schema, Mapping):
        return
    for keyword, argument in schema.items():
        here = (*place, keyword)
        if keyword == "properties":
            for name, part in argument.items():
                yield (*here, name), (*path, name)
                yield from _below(part, (*here, name), (*path, name), definitions)
        elif keyword == "required":
            yield from ((here, (*path, name)) for name in argument)
        elif keyword == "dependentRequired":
            for name, needed in argument.items():
                yield from (((*here, name), (*path, each)) for each in (name, *needed))
        elif keyword in _LISTED:
            for index, part in enumerate(argument):
                yield from _named(part, (*here, index), path, definitions)
        elif keyword in ("not", "if", "then", "else"):
            yield from _named(argument, here, path, definitions)
        elif keyword in ("items", "contains", "additionalProperties"):
            yield from _below(argument, here, (*path, ANY), definitions)
        elif keyword == "patternProperties":
            for pattern, part in argument.items():
                yield from _below(part, (*here, pattern), (*path, ANY), definitions)
        elif keyword == "$ref":
            name = argument.removeprefix("#/$defs/")
            yield from _named(definitions.get(name), (*place[:1], "$defs", name), path, definitions)


def _below(part: Any, place: Path, path: Path, definitions: Mapping[str, Any]) -> Iterator[tuple[Path, Path]]:
    if exists(_request_schema(), path):
        yield from _named(part, place, path, definitions)


@cache
def _request_schema() -> Any:
    return json.loads(read_schema("request"))


@cache
def _rule_schema() -> Any:
    return json.loads(read_schema("rule"))
