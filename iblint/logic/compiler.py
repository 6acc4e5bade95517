"""The three-valued schema evaluator: a subset of JSON Schema over values that may hold unresolved parts.

TRUE and FALSE hold whatever the unresolved values turn out to be; anything less certain is UNKNOWN. On values without
unresolved parts the evaluator agrees with JSON Schema 2020-12, except that 2.0 is no integer, that ``$`` in a pattern
means the very end of the text, and that a text longer than ``regex.MAX_TEXT`` under a pattern is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.logic import checks as logic
from iblint.logic import keywords
from iblint.logic.budget import Meter
from iblint.logic.checks import Blame, Check, SchemaFault, Unknowns
from iblint.logic.kleene import FALSE, TRUE, UNRESOLVED, Truth
from iblint.logic.schema_node import ANY, KNOWN, Node, Part, Reads, SchemaError, Scope
from iblint.logic.vocabulary import BUILDERS, read_fault
from iblint.model.path import ROOT, Path, from_pointer, to_pointer
from iblint.model.record import Record, field
from iblint.model.values import Unresolved
from iblint.text.wording import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "Evaluation",
    "Evaluator",
    "SchemaError",
    "SchemaFault",
    "Truth",
    "accepts",
    "compile_schema",
    "refusal",
    "substitute_options",
]

MAX_DEPTH: Final = 64
MAX_NODES: Final = 10_000
"""Subschemas, each ``$ref`` counted with all that it stands for: so it bounds what one evaluation costs, too."""


class Evaluation(Record):
    """What a schema says of a value."""

    truth: Truth
    errors: tuple[SchemaFault, ...] = ()
    """When FALSE: every broken keyword, but none below a failing ``anyOf``, ``oneOf`` or ``not``."""
    unknowns: tuple[tuple[Path, Unresolved], ...] = ()
    """When UNKNOWN: the unresolved values that it depends on, at least one."""


_MET: Final = Evaluation(TRUE)


class Evaluator(Record):
    """A compiled schema."""

    reads: tuple[Path, ...]
    """The fewest paths that cover all that the schema looks at; each stands for all that is below it. A schema that
    looks into a list or at properties without a name reads the whole list or mapping; () reads nothing."""
    _check: Check = field(repr=False)
    _meter: Meter = field(repr=False)

    def evaluate(self, value: Any) -> Evaluation:
        """Judge a value: plain data, in which Unresolved may stand anywhere; an ABSENT entry counts as not there.

        Raises TooCostlyError when that takes more looks at values than any rule needs.
        """
        self._meter.looks = 0
        errors: list[SchemaFault] = []
        unknowns: Unknowns = []
        truth = self._check(value, ROOT, errors, unknowns)
        if truth is TRUE:
            return _MET
        if truth is FALSE:
            return Evaluation(truth, errors=tuple(errors))
        apart = len({path for path, _ in unknowns}) == len(unknowns)  # told far sooner than values are compared
        return Evaluation(truth, unknowns=tuple(unknowns if apart else dict.fromkeys(unknowns)))


def compile_schema(schema: Any, *, trusted: bool = False) -> Evaluator:
    """Compile a schema, options filled in; ``trusted`` admits any pattern, and any number of looks at a value.

    Raises SchemaError, with the place in the schema, for anything that the evaluator would not judge faithfully.
    """
    compiler = _Compiler(schema, trusted)
    check = compiler.compile(schema, Scope())
    reads = compiler.reads.paths()
    for name in compiler.definitions.keys() - compiler.used:  # nothing refers to it, yet it must not be wrong
        compiler.compile(compiler.definitions[name], Scope(("$defs", name), value=None, refs=(name,)))
    return Evaluator(reads, check, compiler.meter)


def refusal(schema: Any, options: Mapping[str, Any]) -> tuple[Path, str] | None:
    """Why no rule can be judged by a schema, its options filled in: where in it and what; None when one can be."""
    try:
        compile_schema(substitute_options(schema, options))
    except SchemaError as error:
        return from_pointer(error.pointer), error.reason
    return None


def accepts(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value surely meets a schema of ours; False also when the schema is beyond what can be judged here."""
    try:
        evaluator = compile_schema({k: v for k, v in schema.items() if k not in ("$schema", "$id")}, trusted=True)
    except SchemaError:
        return False
    return evaluator.evaluate(value).truth is TRUE


def substitute_options(schema: Any, options: Mapping[str, Any]) -> Any:
    """The schema with every ``{$option: name}`` replaced by the option's value; SchemaError for an unknown option."""
    return _substitute(schema, options, ROOT)


def _substitute(schema: Any, options: Mapping[str, Any], pointer: Path) -> Any:
    if isinstance(schema, list):
        return [_substitute(item, options, (*pointer, index)) for index, item in enumerate(schema)]
    if not isinstance(schema, dict):
        return schema
    if "$option" not in schema:
        return {key: _substitute(item, options, (*pointer, str(key))) for key, item in schema.items()}
    name = schema["$option"]
    if len(schema) > 1 or not isinstance(name, str):
        raise SchemaError("an option is written {$option: name}, with nothing beside it", to_pointer(pointer))
    if name not in options:
        raise SchemaError(f"the rule has no option '{name}'", to_pointer(pointer))
    return options[name]


class _Compiler:
    """Compiles one schema: counts its nodes, sorts their keywords by the kind of value that they are about."""

    def __init__(self, schema: Any, trusted: bool) -> None:
        definitions = schema.get("$defs") if isinstance(schema, dict) else None
        self.definitions: Mapping[str, Any] = definitions if isinstance(definitions, dict) else {}
        self.trusted = trusted
        self.reads = Reads()
        self.meter = Meter()
        self.nodes = 0
        self.used: set[str] = set()

    def compile(self, schema: Any, scope: Scope) -> Check:
        """Compile a subschema."""
        self.nodes += 1
        if scope.refs:
            self.used.update(scope.refs)
        if self.nodes > MAX_NODES:
            raise SchemaError(f"more than {MAX_NODES} subschemas, with every $ref written out")
        if scope.depth > MAX_DEPTH:
            raise SchemaError(f"subschemas are nested more than {MAX_DEPTH} deep", to_pointer(scope.pointer))
        if schema is True:
            return logic.always
        if schema is False:
            self.reads.presence(scope.value)
            return logic.never(Blame("false", False, scope.annotation))
        if not isinstance(schema, dict):
            raise SchemaError("a schema is a mapping, true or false", to_pointer(scope.pointer))
        check = keywords.quick_for_texts(schema, _combine(self._parts(self._node(schema, scope))))
        return check if self.trusted else self.meter.counted(check, schema)

    def _node(self, schema: Mapping[Any, Any], scope: Scope) -> Node:
        node = Node(schema, scope, self.definitions, self.trusted, self.reads, self.compile)
        if "fault" in schema:
            note = read_fault(node, schema["fault"])
            node.scope = Scope(scope.pointer, scope.value, note, scope.refs, scope.depth)
        return node

    def _parts(self, node: Node) -> list[Part]:
        parts: list[Part] = []
        for keyword, argument in node.schema.items():
            builder = BUILDERS.get(keyword)
            if builder is None:
                raise node.error(_unknown_keyword(keyword))
            if isinstance(argument, dict) and "$option" in argument:
                raise node.error(f"the option '{argument['$option']}' is not filled in", keyword)
            part = builder(node, argument)
            if part is not None:
                parts.append(part)
        return parts


def _combine(parts: list[Part]) -> Check:
    """One check out of those of all keywords; an unresolved value leaves every assertion about it UNKNOWN."""
    kinds = parts[0].kinds if parts else ANY
    if len(parts) < 2 or all(part.kinds is kinds for part in parts):
        check = logic.conjunction([part.check for part in parts])
        if kinds is ANY:
            return check
        if len(kinds) == 1:
            return logic.for_one_kind(kinds[0], check)
        return logic.by_kind(_UNASKED | dict.fromkeys(kinds, check))
    checks: dict[type, list[Check]] = {}
    for part in parts:
        for kind in part.kinds:
            checks.setdefault(kind, [logic.needs_value] if kind in UNRESOLVED else []).append(part.check)
    return logic.by_kind(_UNASKED | {kind: logic.conjunction(each) for kind, each in checks.items()})


_UNASKED: dict[type, Check] = dict.fromkeys(KNOWN, logic.always) | dict.fromkeys(UNRESOLVED, logic.needs_value)
"""What is said of values that no keyword is about."""


def _unknown_keyword(keyword: Any) -> str:
    if keyword == "$option":
        return "an option that is not filled in stands where a schema belongs"
    return f"unknown keyword '{keyword}'.{did_you_mean(str(keyword), BUILDERS)}"
