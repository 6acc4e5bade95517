"""The prose of a rule: why, how to fix, sources, controls, examples. Read from its rule file on demand.

Nothing of it is needed to judge a configuration, so the compiled pack does not hold it.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.record import Record, field
from iblint.model.rule import Control, Rule
from iblint.model.verdict import Verdict
from iblint.packs.authoring.errors import Complaints
from iblint.packs.authoring.reader import RawFile, parse_file
from iblint.packs.compiled import SourcedPack
from iblint.packs.locations import builtin_rules, read_bytes
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
"""What each kind of example must be judged as."""


class Link(Record):
    """A source: where the reader finds more."""

    title: str
    url: str


class Expected(Record):
    """One fault that a bad example must have, and a part of its message."""

    path: str
    """JSON Pointer into the request."""
    message: str


class Example(Record):
    """A configuration with the verdict that its rule must reach."""

    polarity: Polarity
    text: str
    file: str
    line: int
    title: str = ""
    dialect: str = "request"
    syntax: str = "yaml"
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings it runs with, in the keys of ``.iblint.yaml``; ``options`` are those of the rule itself."""
    expect: tuple[Expected, ...] = ()
    """For bad examples: all the faults, no more and no less."""
    reason: str = ""
    """For unknown examples: a part of the outcome's reason."""
    facts: Mapping[str, Any] | None = None
    """What the account says (``rulepack.canned``); None when there is no account to ask."""

    @property
    def verdict(self) -> Verdict:
        """What the rule must say."""
        return POLARITIES[self.polarity]


class RuleReference(Record):
    """A rule with its prose."""

    rule: Rule
    rationale: str
    references: tuple[Link, ...]
    controls: tuple[Control, ...]
    examples: tuple[Example, ...]
    raw: RawFile
    """The rule file, for what lints it."""

    @property
    def remediation(self) -> str:
        """How to fix it: a template, as in the rule."""
        return self.rule.remediation

    def of(self, polarity: Polarity) -> tuple[Example, ...]:
        """The examples of one kind."""
        return tuple(example for example in self.examples if example.polarity == polarity)


def reference(rules: RuleSet, label: str) -> RuleReference:
    """The prose of the rule that has a code, name or alias.

    Raises UsageError for an unknown rule and RulePackError when its file cannot be read.
    """
    rule = rules.find(label)
    return _read(rule, rules.sources[rule.pack])


def references(rules: RuleSet, pack: str | None = None) -> tuple[RuleReference, ...]:
    """The prose of all rules, or of one pack's, by code."""
    wanted = (rule for rule in rules.rules if pack in (None, rule.pack))
    return tuple(_read(rule, rules.sources[rule.pack]) for rule in wanted)


def _read(rule: Rule, source: SourcedPack) -> RuleReference:
    file_name = f"{rule.code}-{rule.name}.yaml"
    name = f"{rule.group}/{file_name}"
    folder = source.folder or builtin_rules()
    file = folder.joinpath(rule.group, file_name)
    if not file.is_file():  # a rule directly in the pack's folder has the pack's name for a group
        name, file = file_name, folder.joinpath(file_name)
    shown = f"{source.shown}/{name}"
    complaints = Complaints()
    try:
        raw = parse_file(shown, name, read_bytes(file), complaints)
    except OSError as error:
        complaints.add(shown, 1, f"the rule file cannot be read ({error.strerror or error}); restore it")
        raw = None
    complaints.raise_any()
    assert raw is not None  # or there was a complaint
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
