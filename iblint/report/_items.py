"""Findings and problems in one list, for the formats that know only one kind of thing to show."""

from __future__ import annotations

import hashlib

from iblint.model.document import InputError
from iblint.model.path import Path
from iblint.model.record import NamedTuple
from iblint.model.report import Finding, Report
from iblint.model.resource import Location
from iblint.model.rule import Rule
from iblint.model.span import Span
from iblint.model.verdict import Severity

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
    remediation="Correct the file at the place that the message names, or exclude it in the configuration of iblint.",
    options=(),
    fix=None,
    pack="iblint",
    url=f"{HOME}/blob/main/docs/reports.md#inputs-that-could-not-be-judged",
)
"""Problems as a rule of their own: a format that has no place for them would hide that something was not judged."""


class Item(NamedTuple):
    """A finding or a problem."""

    rule: Rule
    severity: Severity
    message: str
    """What is wrong and why, with where the value comes from."""
    help: str
    """The exact edit; empty when the message says all."""
    location: Location
    path: Path
    fingerprint: str
    related: tuple[Location, ...]
    configuration: str = ""
    """Its id; empty for a problem."""


def items(report: Report) -> list[Item]:
    """Findings and problems by file, line, column and rule."""
    rules = {rule.code: rule for rule in report.rules}
    found = [_from_finding(finding, rules[finding.rule]) for finding in report.findings]
    found += map(_from_problem, report.problems)
    return sorted(found, key=lambda item: (item.location.file, *item.location.span[:2], item.rule.code))


def gravest_first(found: list[Item]) -> list[Item]:
    """Errors before warnings before notes; within each the order stays."""
    return sorted(found, key=lambda item: -item.severity.rank)


def _from_finding(finding: Finding, rule: Rule) -> Item:
    source = f" The value is {finding.provenance}." if finding.provenance else ""
    return Item(
        rule,
        finding.severity,
        finding.message.strip() + source,
        finding.help.strip(),
        finding.location,
        finding.path,
        finding.fingerprint,
        finding.related,
        finding.configuration,
    )


def _from_problem(problem: InputError) -> Item:
    identity = "\n".join((INPUT_NOT_JUDGED.code, problem.file, problem.message))
    fingerprint = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    severity = INPUT_NOT_JUDGED.severity
    return Item(INPUT_NOT_JUDGED, severity, problem.message, "", problem_location(problem), (), fingerprint, ())


def problem_location(problem: InputError) -> Location:
    """The place of a problem: a point, not a stretch."""
    return Location(problem.file, Span(problem.line, problem.column, problem.line, problem.column))
