"""Findings and input errors in one list, for the formats that have a place for one kind of thing only."""

from __future__ import annotations

import hashlib

from iblint.model.document import InputError, NotJudged
from iblint.model.path import Path
from iblint.model.record import NamedTuple, replace
from iblint.model.report import Finding, Report, Suppression
from iblint.model.resource import Location
from iblint.model.rule import Rule
from iblint.model.span import Span
from iblint.model.verdict import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.model.fix import Fix

HOME = "https://github.com/iblint/iblint"

INPUT_NOT_JUDGED = Rule(
    code="IB000",
    name="input-not-judged",
    title="An input could not be judged",
    group="input",
    severity=Severity.ERROR,
    status="stable",
    since="0.1.0",
    tags=(),
    aliases=(),
    enabled=True,
    core=False,
    report_unknown=True,
    at=(),
    absent={},
    schema=None,
    check=None,
    reads=(),
    message="",
    remediation="Correct the file at the line of the problem, or exclude the file in iblint's configuration.",
    options=(),
    fix=None,
    pack="iblint",
    url=f"{HOME}/blob/main/docs/reports.md#inputs-that-could-not-be-judged",
)
"""The rule of input errors: a format without a place for them would hide that something was not judged."""

NOT_JUDGED = replace(
    INPUT_NOT_JUDGED,
    code="IB001",
    name="not-judged",
    title="Something may declare a configuration and was not judged",
    severity=Severity.NOTE,
    remediation="Have it judged in a form that iblint reads, or exclude the file in iblint's configuration.",
    url=f"{HOME}/blob/main/docs/reports.md#what-was-not-judged",
)
"""The rule of what was not judged, for the formats that have one list."""


class Issue(NamedTuple):
    """A finding or an input error."""

    rule: Rule
    severity: Severity
    message: str
    """What is wrong and why, and where the value comes from."""
    help: str
    """How to resolve it; empty if the message says so."""
    location: Location
    path: Path
    fingerprint: str
    related: tuple[Location, ...] = ()
    configuration: str = ""
    """Id of the configuration; empty for an input error."""
    fix: Fix | None = None
    suppression: Suppression | None = None


def issues_of(report: Report) -> list[Issue]:
    """Return findings and input errors by file, line, column and rule."""
    rules = {rule.code: rule for rule in report.rules}
    issues = [_from_finding(finding, rules[finding.rule]) for finding in report.findings]
    issues += map(_from_input_error, report.problems)
    return sorted(issues, key=lambda issue: (issue.location.file, *issue.location.span[:2], issue.rule.code))


def all_issues_of(report: Report) -> list[Issue]:
    """Return findings, input errors and what was not judged, in the order of ``issues_of``."""
    issues = [*issues_of(report), *map(_from_not_judged, report.not_judged)]
    return sorted(issues, key=lambda issue: (issue.location.file, *issue.location.span[:2], issue.rule.code))


def most_severe_first(issues: list[Issue]) -> list[Issue]:
    """Sort by severity: errors, warnings, notes. Within each the order is kept."""
    return sorted(issues, key=lambda issue: -issue.severity.rank)


def location_of(error: InputError) -> Location:
    """Return the location of an input error: an empty span."""
    return Location(error.file, Span(error.line, error.column, error.line, error.column))


def _from_finding(finding: Finding, rule: Rule) -> Issue:
    source = f" The value comes from {finding.provenance}." if finding.provenance else ""
    return Issue(
        rule,
        finding.severity,
        finding.message.strip() + source,
        finding.help.strip(),
        finding.location,
        finding.path,
        finding.fingerprint,
        finding.related,
        finding.configuration,
        finding.fix,
        finding.suppression,
    )


def _from_input_error(error: InputError) -> Issue:
    identity = "\n".join((INPUT_NOT_JUDGED.code, error.file, error.message))
    fingerprint = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    severity = INPUT_NOT_JUDGED.severity
    return Issue(INPUT_NOT_JUDGED, severity, error.message, "", location_of(error), (), fingerprint)


def _from_not_judged(each: NotJudged) -> Issue:
    identity = "\n".join((NOT_JUDGED.code, each.file, each.kind))
    fingerprint = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    location = Location(each.file, Span(each.line, each.column, each.line, each.column))
    return Issue(NOT_JUDGED, NOT_JUDGED.severity, each.reason, each.help, location, (), fingerprint)
