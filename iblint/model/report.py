"""The complete result of a run: what report formats and the gate of ``apply`` read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from sys import intern

from iblint.model.document import InputError, Notice, NotJudged
from iblint.model.path import Path, to_pointer
from iblint.model.record import Record, field
from iblint.model.resource import Location, Resource
from iblint.model.rule import PackInfo, Rule
from iblint.model.verdict import Severity, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any, Literal, TypeAlias, overload

    from iblint.model.fix import Fix

SuppressionKind: TypeAlias = "Literal['inline', 'waiver', 'baseline']"


class Outcome(Record):
    """The verdict of one selected rule on one configuration. A rule that passed is recorded too: that is evidence."""

    rule: str
    """Code."""
    name: str
    verdict: Verdict
    reason: str


class Outcomes(Sequence[Outcome]):
    """The outcomes of a configuration, each described when it is read: most formats show few of them."""

    __slots__ = ("_describe", "verdicts")

    def __init__(self, verdicts: Sequence[Verdict], describe: Callable[[int], Outcome]) -> None:
        """``describe`` makes the outcome at an index; its verdict is the one in ``verdicts``."""
        self.verdicts = tuple(verdicts)
        self._describe = describe

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Outcomes:
        """Return outcomes that have been described already."""
        described = tuple(outcomes)
        return cls([outcome.verdict for outcome in described], described.__getitem__)

    @classmethod
    def verdicts_only(cls, verdicts: Sequence[Verdict]) -> Outcomes:
        """Return outcomes that were never described: to read one of them raises LookupError."""
        return cls(verdicts, _not_described)

    def __len__(self) -> int:
        return len(self.verdicts)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Outcome: ...
        @overload
        def __getitem__(self, index: slice) -> tuple[Outcome, ...]: ...

    def __getitem__(self, index: int | slice) -> Outcome | tuple[Outcome, ...]:
        found = range(len(self.verdicts))[index]
        return self._describe(found) if isinstance(found, int) else tuple(map(self._describe, found))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcomes) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.verdicts)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._describe is _not_described:
            return Outcomes, (self.verdicts, _not_described)
        # Workers send dozens of outcomes for each configuration. Pickle sends an object once, however often it occurs,
        # so rules and reasons are made the same objects for all configurations.
        outcomes = tuple(self)
        rules = _same_object(tuple([(outcome.rule, outcome.name) for outcome in outcomes]))
        return _from_pickle, (rules, self.verdicts, tuple([intern(str(outcome.reason)) for outcome in outcomes]))


@lru_cache(maxsize=16)
def _same_object(rules: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return rules


def _not_described(index: int) -> Outcome:
    raise LookupError(f"Outcome {index} has no description: the run kept verdicts only, since no format needed more.")


def _from_pickle(rules: Sequence[tuple[str, str]], verdicts: Sequence[Verdict], reasons: Sequence[str]) -> Outcomes:
    return Outcomes(verdicts, lambda index: Outcome(*rules[index], verdicts[index], reasons[index]))


class Configuration(Record, compiled=True):
    """An infrastructure configuration that was judged."""

    id: str
    name: str
    dialect: str
    file: str
    line: int
    address: str
    build_type: str
    outcomes: Outcomes
    """One for every selected rule, by code."""


class Suppression(Record):
    """Why a finding is accepted: it is shown as suppressed and does not fail the run."""

    kind: SuppressionKind
    """A comment in the document, an entry of a waiver file, or a baseline."""
    reason: str
    until: date | None = None
    """The last day on which it holds; None for no limit."""
    owner: str | None = None
    location: Location | None = None
    """Where it is written."""


class Finding(Record, compiled=True):
    """A violation that is shown: a rule that failed, could not be decided, or could not be applied."""

    rule: str
    name: str
    severity: Severity
    verdict: Verdict
    """FAIL, UNKNOWN or ERROR."""
    message: str
    """Full sentences, the first one a title, with a final period."""
    locations: tuple[Location, ...]
    """The primary location first, then related ones. There is at least one."""
    path: Path
    configuration: str
    """Id of the configuration."""
    help: str
    """How to resolve it."""
    provenance: str | None = None
    """Where the value comes from, if it is not written at the property: "the default of parameter 'Tokens'"."""
    fix: Fix | None = None
    suppression: Suppression | None = None

    @property
    def location(self) -> Location:
        """The primary location: where the value is written."""
        return self.locations[0]

    @property
    def related(self) -> tuple[Location, ...]:
        """The other locations; each has a label that says what is there."""
        return self.locations[1:]

    @property
    def fingerprint(self) -> str:
        """The stable identity: a digest of rule, configuration and path, never of line numbers."""
        import hashlib

        identity = "\n".join((self.rule, self.configuration, to_pointer(self.path)))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]


MAX_FINDINGS = 20_000
"""Findings of a report. They are all in memory until it is written: some 300 MB as text, 450 MB as SARIF."""


class Report(Record):
    """Everything a run found. All orders are stable: file, line, column, rule."""

    version: str
    packs: tuple[PackInfo, ...]
    rules: tuple[Rule, ...]
    """The rules that were selected for any configuration, by code."""
    files: int
    """The number of files that were read, with or without a configuration."""
    configurations: tuple[Configuration, ...]
    findings: tuple[Finding, ...]
    problems: tuple[InputError, ...]
    exit_code: int
    texts: Mapping[str, str] = field(default_factory=dict)
    """File -> decoded text, for each file with a finding or problem: for excerpts and line hashes."""
    notices: tuple[Notice, ...] = ()
    """What the user should know although nothing is wrong, such as a file that was left out."""
    not_judged: tuple[NotJudged, ...] = ()
    """What may declare a configuration, in a form that is not judged."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many files and folders the search left out, by reason (``discovery.files.LEFT_OUT``)."""
    resources: tuple[Resource, ...] = ()
    """The configurations as they were judged, in the order of the run, if the session keeps them."""

    def count(self, verdict: Verdict) -> int:
        """Return the number of outcomes with the verdict."""
        return sum(configuration.outcomes.verdicts.count(verdict) for configuration in self.configurations)

    @property
    def suppressed(self) -> int:
        """The number of suppressed findings."""
        return sum(finding.suppression is not None for finding in self.findings)
