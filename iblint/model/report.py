"""The complete result of a run: what every writer and the gate read."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.document import Problem
from iblint.model.path import Path
from iblint.model.record import field, record
from iblint.model.resource import Location
from iblint.model.rule import PackInfo, Rule
from iblint.model.verdict import Severity, Verdict


@record
class Outcome:
    """The verdict of one selected rule on one configuration: "it ran and passed" is evidence, not silence."""

    rule: str
    """Code."""
    name: str
    verdict: Verdict
    reason: str


@record
class Configuration:
    """One infrastructure configuration that was judged."""

    id: str
    name: str
    dialect: str
    file: str
    line: int
    address: str
    build_type: str
    outcomes: tuple[Outcome, ...]


@record
class Finding:
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
    fingerprint: str
    """Of rule, configuration and path; never of line numbers."""
    help: str
    """The exact edit to make."""
    provenance: str | None = None
    """Where the value comes from, when it is not written at the property."""
    related: tuple[Location, ...] = ()
    fix: None = None
    suppressed: None = None


@record
class Report:
    """Everything a run found, complete before any writer sees it. Orders are stable: file, line, column, rule."""

    version: str
    packs: tuple[PackInfo, ...]
    rules: tuple[Rule, ...]
    """The rules that were selected for any configuration, by code."""
    files: int
    """Files that were read and looked at, ours or not."""
    configurations: tuple[Configuration, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    exit_code: int
    texts: Mapping[str, str] = field(default_factory=dict)
    """Decoded text of each file that a finding or problem points into, for excerpts and line hashes."""
    notices: tuple[str, ...] = ()
    """What the user should know of the run itself, e.g. paths that matched nothing."""

    def count(self, verdict: Verdict) -> int:
        """How many outcomes have the verdict."""
        return sum(o.verdict is verdict for c in self.configurations for o in c.outcomes)

    @property
    def suppressed(self) -> int:
        """How many findings are suppressed."""
        return sum(f.suppressed is not None for f in self.findings)
