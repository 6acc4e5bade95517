"""The complete result of a run: what every writer and the gate read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from sys import intern

from iblint.model.document import InputError
from iblint.model.path import Path, to_pointer
from iblint.model.record import Record, field
from iblint.model.resource import Location, Resource
from iblint.model.rule import PackInfo, Rule
from iblint.model.verdict import Severity, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, overload


class Outcome(Record):
    """The verdict of one selected rule on one configuration: "it ran and passed" is evidence, not silence."""

    rule: str
    """Code."""
    name: str
    verdict: Verdict
    reason: str


class Outcomes(Sequence[Outcome]):
    """The outcomes of a configuration. Each is put into words when it is asked for: most reports show few of them."""

    __slots__ = ("_tell", "verdicts")

    def __init__(self, verdicts: Sequence[Verdict], tell: Callable[[int], Outcome]) -> None:
        self.verdicts = tuple(verdicts)
        """The verdict of each."""
        self._tell = tell

    @classmethod
    def told(cls, outcomes: Iterable[Outcome]) -> Outcomes:
        """Outcomes that are in words already."""
        words = tuple(outcomes)
        return cls([outcome.verdict for outcome in words], words.__getitem__)

    @classmethod
    def untold(cls, verdicts: Sequence[Verdict]) -> Outcomes:
        """Outcomes of which only the verdicts are known; asking for one raises LookupError."""
        return cls(verdicts, _untold)

    def __len__(self) -> int:
        return len(self.verdicts)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Outcome: ...
        @overload
        def __getitem__(self, index: slice) -> tuple[Outcome, ...]: ...

    def __getitem__(self, index: int | slice) -> Outcome | tuple[Outcome, ...]:
        places = range(len(self.verdicts))[index]
        return self._tell(places) if isinstance(places, int) else tuple(map(self._tell, places))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcomes) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.verdicts)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._tell is _untold:
            return Outcomes, (self.verdicts, _untold)
        # Texts side by side: there are dozens of outcomes for each configuration, and objects travel slowly. What is
        # the same object for several configurations travels once, and most of it is the same.
        outcomes = tuple(self)
        rules = _shared(tuple([(outcome.rule, outcome.name) for outcome in outcomes]))
        return _outcomes, (rules, self.verdicts, tuple([intern(str(outcome.reason)) for outcome in outcomes]))


@lru_cache(maxsize=16)
def _shared(rules: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The same rules as one object."""
    return rules


def _untold(index: int) -> Outcome:
    raise LookupError(f"Only the verdict of outcome {index} was kept, because no report was to say more.")


def _outcomes(rules: Sequence[tuple[str, str]], verdicts: Sequence[Verdict], reasons: Sequence[str]) -> Outcomes:
    """Outcomes that have travelled."""
    return Outcomes(verdicts, lambda index: Outcome(*rules[index], verdicts[index], reasons[index]))


class Configuration(Record):
    """One infrastructure configuration that was judged."""

    id: str
    name: str
    dialect: str
    file: str
    line: int
    address: str
    build_type: str
    outcomes: Outcomes
    """One for every selected rule, by code."""


class Finding(Record):
    """Something to show: a fault, a mission rule that could not be decided, or a rule that broke."""

    rule: str
    name: str
    severity: Severity
    verdict: Verdict
    """FAIL, UNKNOWN or ERROR."""
    message: str
    location: Location
    path: Path
    configuration: str
    """Id of the configuration."""
    help: str
    """The exact edit to make."""
    provenance: str | None = None
    """Where the value comes from, when it is not written at the property."""
    related: tuple[Location, ...] = ()
    fix: None = None
    suppressed: None = None

    @property
    def fingerprint(self) -> str:
        """Of rule, configuration and path; never of line numbers. Made when it is asked for: few formats show it."""
        import hashlib  # takes as long to import as a small file takes to judge

        identity = "\n".join((self.rule, self.configuration, to_pointer(self.path)))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Report(Record):
    """Everything a run found, complete before any writer sees it. Orders are stable: file, line, column, rule."""

    version: str
    packs: tuple[PackInfo, ...]
    rules: tuple[Rule, ...]
    """The rules that were selected for any configuration, by code."""
    files: int
    """Files that were read and looked at, ours or not."""
    configurations: tuple[Configuration, ...]
    findings: tuple[Finding, ...]
    problems: tuple[InputError, ...]
    exit_code: int
    texts: Mapping[str, str] = field(default_factory=dict)
    """Decoded text of each file that a finding or problem points into, for excerpts and line hashes."""
    notices: tuple[str, ...] = ()
    """What the user should know of the run itself, e.g. paths that matched nothing."""
    resources: tuple[Resource, ...] = ()
    """The configurations as they were judged, in the order of the run, if the session keeps them."""

    def count(self, verdict: Verdict) -> int:
        """How many outcomes have the verdict."""
        return sum(configuration.outcomes.verdicts.count(verdict) for configuration in self.configurations)

    @property
    def suppressed(self) -> int:
        """How many findings are suppressed."""
        return sum(f.suppressed is not None for f in self.findings)
