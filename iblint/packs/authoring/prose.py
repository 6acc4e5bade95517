"""The documentation of a rule: rationale, sources, controls and examples, read from its rule file.

A run does not need it to judge a configuration, so it is not in the compiled pack. Some reports show parts of it
(``prose_of``); a wheel has these parts of the built-in rules as JSON, because parsing the rule files takes long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from iblint.model.record import Record, field
from iblint.model.rule import Control, Rule
from iblint.model.verdict import Verdict
from iblint.packs.authoring.reader import PackErrors, RawFile, parse_file
from iblint.packs.compiled import BUILTIN, SourcedPack
from iblint.packs.locations import builtin_rules, read_bytes, shipped_prose
from iblint.packs.ruleset import RuleSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Polarity: TypeAlias = "Literal['good', 'bad', 'unknown', 'not-applicable']"

POLARITIES: Mapping[Polarity, Verdict] = {
    "good": Verdict.PASS,
    "bad": Verdict.FAIL,
    "unknown": Verdict.UNKNOWN,
    "not-applicable": Verdict.NOT_APPLICABLE,
}
"""Kind of example -> the verdict that its rule must give."""


class Link(Record):
    """A source for further reading."""

    title: str
    url: str


class Expected(Record):
    """A violation that a bad example must have, with a part of its message."""

    path: str
    """A JSON Pointer into the request."""
    message: str


class Example(Record):
    """A configuration with the verdict that its rule must give."""

    polarity: Polarity
    text: str
    file: str
    line: int
    title: str = ""
    dialect: str = "request"
    syntax: str = "yaml"
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The settings of the example, in the keys of ``.iblint.yaml``. ``options`` are those of the rule."""
    expect: tuple[Expected, ...] = ()
    """For bad examples: exactly the violations that they have."""
    reason: str = ""
    """For unknown examples: a part of the reason of the outcome."""
    facts: Mapping[str, Any] | None = None
    """The facts of the account (``facts.example_account``); None for an example without an account."""

    @property
    def verdict(self) -> Verdict:
        """The verdict that the rule must give."""
        return POLARITIES[self.polarity]


class RuleReference(Record):
    """A rule with its documentation."""

    rule: Rule
    rationale: str
    references: tuple[Link, ...]
    controls: tuple[Control, ...]
    examples: tuple[Example, ...]
    raw: RawFile
    """The parsed rule file."""

    @property
    def remediation(self) -> str:
        """The template of the remediation."""
        return self.rule.remediation

    def of(self, polarity: Polarity) -> tuple[Example, ...]:
        """Return the examples of one kind."""
        return tuple(example for example in self.examples if example.polarity == polarity)


def reference(rules: RuleSet, label: str) -> RuleReference:
    """Return the documentation of the rule with a code, name or alias.

    Raises UsageError for an unknown rule, and RulePackError if its file cannot be read.
    """
    rule = rules.find(label)
    return _read(rule, rules.sources[rule.pack])


def references(rules: RuleSet, pack: str | None = None) -> tuple[RuleReference, ...]:
    """Return the documentation of all rules, or of those of one pack, sorted by code."""
    return tuple(_read(rule, rules.sources[rule.pack]) for rule in rules.rules if pack in (None, rule.pack))


def prose_of(rules: RuleSet, codes: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return the documentation that reports show: code -> the members of ``read_prose``.

    Raises RulePackError if a rule file cannot be read.
    """
    shipped = shipped_prose()
    ready: Mapping[str, Any] = {} if shipped is None else json.loads(shipped)
    builtin = {rule.code for rule in rules.rules if rule.pack == BUILTIN}
    return {code: ready[code] if code in ready and code in builtin else read_prose(rules, code) for code in codes}


def read_prose(rules: RuleSet, code: str) -> dict[str, Any]:
    """Return ``rationale``, ``controls``, and the first ``bad`` example with a ``good`` one in the same ``syntax``.

    A control is a list of framework, id, relation and version. Raises RulePackError if the rule file cannot be read.
    """
    rule = reference(rules, code)
    bad = next(iter(rule.of("bad")))
    good = (e.text for e in rule.of("good") if (e.dialect, e.syntax) == (bad.dialect, bad.syntax))
    controls = [[c.framework, c.id, c.relation, c.version] for c in rule.controls]
    examples = {"bad": bad.text, "good": next(good, ""), "syntax": bad.syntax}
    return {"rationale": rule.rationale, **examples, "controls": controls}


def _read(rule: Rule, source: SourcedPack) -> RuleReference:
    file_name = f"{rule.code}-{rule.name}.yaml"
    name = f"{rule.group}/{file_name}"
    folder = source.folder or builtin_rules()
    file = folder.joinpath(rule.group, file_name)
    if not file.is_file():  # the group of a rule directly in the pack's folder is the name of the pack
        name, file = file_name, folder.joinpath(file_name)
    shown = f"{source.shown}/{name}"
    errors = PackErrors()
    try:
        raw = parse_file(shown, name, read_bytes(file), errors)
    except OSError as error:
        errors.add(shown, 1, f"the rule file cannot be read ({error.strerror or error}); restore it")
        raw = None
    errors.raise_any()
    assert raw is not None  # or there was an error
    data = raw.data
    return RuleReference(
        rule,
        data["rationale"].strip(),
        tuple(Link(link["title"], link["url"]) for link in data["references"]),
        tuple(Control(c["framework"], c["id"], c["relation"], c.get("version", "")) for c in data.get("controls", ())),
        tuple(
            _example(raw, polarity, index, item)
            for polarity in POLARITIES
            for index, item in enumerate(data["examples"].get(polarity, ()))
        ),
        raw,
    )


def _example(raw: RawFile, polarity: Polarity, index: int, item: Mapping[str, Any]) -> Example:
    return Example(
        polarity,
        item["text"],
        raw.file,
        raw.line(("examples", polarity, index)),
        item.get("title", ""),
        item.get("dialect", "request"),
        item.get("syntax", "yaml"),
        item.get("settings", {}),
        tuple(Expected(e["path"], e["message"]) for e in item.get("expect", ())),
        item.get("reason", ""),
        item.get("facts"),
    )
