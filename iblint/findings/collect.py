"""Judgements to outcomes and findings: what is shown, how severely, in which order, and how many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from iblint.model.document import InputError
from iblint.model.path import Path, to_pointer
from iblint.model.report import MAX_FINDINGS, Configuration, Finding, Outcome, Outcomes
from iblint.model.resource import Location, Resource
from iblint.model.verdict import Judgement, Severity, Verdict, Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from iblint.packs import ConfiguredRule

Judged: TypeAlias = "tuple[ConfiguredRule, Judgement]"
"""A rule and its judgement."""

SHOWN = frozenset({Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR})
"""The verdicts that become findings."""


def outcomes_of(
    rules: Sequence[ConfiguredRule], judgements: Sequence[Judgement], reason: Callable[[int], str]
) -> Outcomes:
    """Return the outcome of each rule, whether or not it becomes a finding.

    ``reason`` returns the reason of the judgement at an index; it is called for judgements that have none. Of the
    judgements only verdicts and reasons are kept, because a run has many.
    """
    verdicts = [judgement.verdict for judgement in judgements]
    reasons = [judgement.explanation for judgement in judgements]

    def describe(index: int) -> Outcome:
        rule, given = rules[index].rule, reasons[index]
        text = given if isinstance(given, str) else reason(index) if given is None else given()
        return Outcome(rule.code, rule.name, verdicts[index], text)

    return Outcomes(verdicts, describe)


def findings_of(resource: Resource, judged: Iterable[Judged], *, strict: bool) -> list[Finding]:
    """Return the findings of one configuration: one for each violation of a judgement that is shown.

    FAIL and ERROR are always shown. UNKNOWN is shown if the rule reports it, and always with ``strict``, because it
    fails the run. Of more than MAX_FINDINGS one more than that is made, so that the caller notices.
    """
    found = (
        _finding(resource, rule, judgement, violation)
        for rule, judgement in judged
        if judgement.verdict in SHOWN
        and (judgement.verdict is not Verdict.UNKNOWN or strict or rule.rule.report_unknown)
        for violation in _first_by_path(judgement.violations)
    )
    return list(islice(found, MAX_FINDINGS + 1))


def sort_key(finding: Finding) -> tuple[str, int, int, str, str]:
    """Return the sort key for the stable order of findings: file, line, column, rule, path."""
    span = finding.location.span
    return finding.location.file, span.line, span.column, finding.rule, to_pointer(finding.path)


def _first_by_path(violations: Iterable[Violation]) -> Iterable[Violation]:
    """Return the first violation at each path: two keywords of one rule may refuse the same value."""
    first: dict[Path, Violation] = {}
    for violation in violations:
        first.setdefault(violation.path, violation)
    return first.values()


def _finding(resource: Resource, rule: ConfiguredRule, judgement: Judgement, violation: Violation) -> Finding:
    place = resource.place(violation.path if violation.locate is None else violation.locate)
    primary = Location(place.file or resource.file, (violation.at_key and place.key) or place.value)
    return Finding(
        rule=rule.rule.code,
        name=rule.rule.name,
        severity=_severity(rule, judgement, violation),
        verdict=judgement.verdict,
        message=violation.message,
        locations=(primary, *place.related, *violation.related, *resource.related),
        path=violation.path,
        configuration=resource.id,
        help=violation.help or "",
        provenance=place.provenance,
    )


def _severity(rule: ConfiguredRule, judgement: Judgement, violation: Violation) -> Severity:
    """Return error for ERROR, note for UNKNOWN, else the rule's severity, which a violation may lower but not raise."""
    if judgement.verdict is Verdict.ERROR:
        return Severity.ERROR
    if judgement.verdict is Verdict.UNKNOWN:
        return Severity.NOTE
    if violation.severity is None:
        return rule.severity
    return min(violation.severity, rule.severity, key=lambda severity: severity.rank)


class Room:
    """Room for the findings of a run, or of a part of it. Whoever fills it does so in the order of the units."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_FINDINGS

    def take(self, findings: list[Finding]) -> list[Finding]:
        """Return the findings that there is room for: the first ones."""
        kept = findings if len(findings) <= self.left else findings[: self.left]
        self.left -= len(kept)
        return kept


def too_many(first: Configuration) -> InputError:
    """Return the error of a run with findings that are not kept; ``first`` is the first configuration with one."""
    message = (
        f"The run has more than {MAX_FINDINGS} findings, the limit of a report; those from this configuration on are "
        "not all shown, but all verdicts are. Correct the first ones, or check fewer files in one run."
    )
    return InputError(first.file, first.line, 1, message)
