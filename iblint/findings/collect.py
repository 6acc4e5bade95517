"""Judgements -> outcomes and findings: what is shown, how severely, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from iblint.model.path import to_pointer
from iblint.model.report import Finding, Outcome, Outcomes
from iblint.model.resource import Location, Resource
from iblint.model.rule import Rule
from iblint.model.verdict import Judgement, Severity, Verdict, Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object

SHOWN = frozenset({Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR})


class Judgeable(Protocol):
    """What triage needs to know of a rule that was applied."""

    @property
    def rule(self) -> Rule:
        """The rule."""

    @property
    def severity(self) -> Severity:
        """Its severity as configured for the resource."""


Judged = tuple[Judgeable, Judgement]
"""A rule and its judgement."""


def outcomes_of(rules: Sequence[Judgeable], judgements: Sequence[Judgement], reason: Callable[[int], str]) -> Outcomes:
    """The evidence that judgements leave in the report, whether or not they are shown as findings.

    ``reason`` tells what a judgement leaves unsaid. Of judgements no more is kept than is told: there are many.
    """
    verdicts = [judgement.verdict for judgement in judgements]
    said = [judgement.explanation for judgement in judgements]

    def tell(index: int) -> Outcome:
        rule, words = rules[index].rule, said[index]
        text = words if isinstance(words, str) else reason(index) if words is None else words()
        return Outcome(rule.code, rule.name, verdicts[index], text)

    return Outcomes(verdicts, tell)


def findings_of(resource: Resource, judged: Iterable[Judged], *, strict: bool) -> list[Finding]:
    """The findings of one configuration: every fault of a FAIL or ERROR, and of an UNKNOWN that is to be reported.

    With ``strict`` every UNKNOWN is reported, since it fails the run.
    """
    shown = (j for j in judged if j[1].verdict in SHOWN and _reported(j, strict=strict))
    return [_finding(resource, j, fault) for j in shown for fault in _distinct(j[1].violations)]


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    """The stable order of findings: file, line, column, rule, path."""
    span = finding.location.span
    return finding.location.file, span.line, span.column, finding.rule, to_pointer(finding.path)


def _reported(judged: Judged, *, strict: bool) -> bool:
    applied, judgement = judged
    return judgement.verdict is not Verdict.UNKNOWN or strict or applied.rule.report_unknown


def _distinct(faults: tuple[Violation, ...]) -> list[Violation]:
    """One fault for each path: two keywords of one rule may refuse the same value."""
    seen: dict[tuple[str | int, ...], Violation] = {}
    for fault in faults:
        seen.setdefault(fault.path, fault)
    return list(seen.values())


def _severity(judged: Judged, fault: Violation) -> Severity:
    """ERROR outcomes are errors, undecided rules are notes; a fault may be milder than its rule, never graver."""
    applied, judgement = judged
    if judgement.verdict is Verdict.ERROR:
        return Severity.ERROR
    if judgement.verdict is Verdict.UNKNOWN:
        return Severity.NOTE
    if fault.severity is None:
        return applied.severity
    return min(fault.severity, applied.severity, key=lambda severity: severity.rank)


def _finding(resource: Resource, judged: Judged, fault: Violation) -> Finding:
    rule, verdict = judged[0].rule, judged[1].verdict
    place = resource.place(fault.path if fault.locate is None else fault.locate)
    return Finding(
        rule=rule.code,
        name=rule.name,
        severity=_severity(judged, fault),
        verdict=verdict,
        message=fault.message,
        location=Location(place.file or resource.file, (fault.at_key and place.key) or place.value),
        path=fault.path,
        configuration=resource.id,
        help=fault.help or "",
        provenance=place.provenance,
        related=(*place.related, *fault.related, *resource.related),
    )
