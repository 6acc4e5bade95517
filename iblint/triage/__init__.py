"""Judgements -> outcomes and findings: what is shown, how severely, and in which order."""

from __future__ import annotations

from collections.abc import Iterable

from iblint.model.path import to_pointer
from iblint.model.record import record
from iblint.model.report import Finding, Outcome
from iblint.model.resource import Location, Resource
from iblint.model.rule import Rule
from iblint.model.verdict import Fault, Judgement, Severity, Verdict

SHOWN = frozenset({Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR})


@record
class Judged:
    """A judgement with what triage needs to know of the rule that made it."""

    rule: Rule
    severity: Severity
    """The rule's severity as configured for this resource."""
    judgement: Judgement


def outcome_of(judged: Judged) -> Outcome:
    """The line of evidence that a judgement leaves in the report, whether or not it is shown as a finding."""
    return Outcome(judged.rule.code, judged.rule.name, judged.judgement.verdict, judged.judgement.reason)


def findings_of(resource: Resource, judged: Iterable[Judged], *, strict: bool) -> list[Finding]:
    """The findings of one configuration: every fault of a FAIL or ERROR, and of an UNKNOWN that is to be reported.

    With ``strict`` every UNKNOWN is reported, since it fails the run.
    """
    shown = (j for j in judged if j.judgement.verdict in SHOWN and _reported(j, strict=strict))
    return [_finding(resource, j, fault) for j in shown for fault in _distinct(j.judgement.faults)]


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    """The stable order of findings: file, line, column, rule, path."""
    span = finding.location.span
    return finding.location.file, span.line, span.column, finding.rule, to_pointer(finding.path)


def _reported(judged: Judged, *, strict: bool) -> bool:
    if judged.judgement.verdict is Verdict.UNKNOWN:
        return strict or judged.rule.report_unknown
    return True


def _distinct(faults: tuple[Fault, ...]) -> list[Fault]:
    """One fault for each path: two keywords of one rule may refuse the same value."""
    seen: dict[tuple[str | int, ...], Fault] = {}
    for fault in faults:
        seen.setdefault(fault.path, fault)
    return list(seen.values())


def _severity(judged: Judged, fault: Fault) -> Severity:
    """ERROR outcomes are errors, undecided rules are notes; a fault may be milder than its rule, never graver."""
    if judged.judgement.verdict is Verdict.ERROR:
        return Severity.ERROR
    if judged.judgement.verdict is Verdict.UNKNOWN:
        return Severity.NOTE
    if fault.severity is None:
        return judged.severity
    return min(fault.severity, judged.severity, key=lambda severity: severity.rank)


def _finding(resource: Resource, judged: Judged, fault: Fault) -> Finding:
    place = resource.place(fault.path if fault.locate is None else fault.locate)
    return Finding(
        rule=judged.rule.code,
        name=judged.rule.name,
        severity=_severity(judged, fault),
        verdict=judged.judgement.verdict,
        message=fault.message,
        location=Location(place.file or resource.file, (fault.at_key and place.key) or place.value),
        path=fault.path,
        configuration=resource.id,
        fingerprint=_fingerprint(judged.rule.code, resource.id, to_pointer(fault.path)),
        help=fault.help or "",
        provenance=place.provenance,
        related=(*place.related, *fault.related, *resource.related),
    )


def _fingerprint(*parts: str) -> str:
    import hashlib  # only when there is a finding

    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
