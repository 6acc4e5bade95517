"""Values that look like secrets are never shown in full, by any format.

A secret is masked by as many asterisks as it has characters, so that columns stay true. What is masked: AWS access key
ids (all but the prefix), PEM bodies, tokens of well-known shape, passwords and keys after names that say so, and
stand-alone strings in the shape of an AWS secret access key. Idempotency tokens (UUIDs) and digests are not secrets.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from iblint.model.document import Problem
from iblint.model.report import Configuration, Finding, Outcome, Report
from iblint.model.resource import Location

# Every pattern masks its group "secret". All are linear: repetitions are bounded, or start at a fixed place.
_NAMED = r"""[\w.-]{0,40}["']?\s{0,8}[:=]\s{0,8}["']?"""
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z0-9 ]{1,40}-----(?P<secret>[^-]*(?:-(?!----)[^-]*)*)-----END",
        r"-----BEGIN [A-Z0-9 ]{1,40}-----(?P<secret>[A-Za-z0-9+/=\s\\]*)",
        r"(?<![A-Z0-9])(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{16,})",
        r"(?<!\w)(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-)(?P<secret>[\w-]{16,})",
        r"://[^/\s:@]{1,100}:(?P<secret>[^/\s:@]{1,100})@",
        r"(?<![\w-])eyJ(?P<secret>[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})",
        r"(?i)passw(?:or)?d" + _NAMED + r"""(?P<secret>[^\s"'{}!$&*<>,:=][^\s"',]{5,})""",
        r"(?i)(?:secret|token|credential|api[_-]?key|private[_-]?key|access[_-]?key)"
        + _NAMED
        + r"(?P<secret>[A-Za-z0-9/+=]{32,})",
        r"(?<![\w/+=.:-])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])"
        r"(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
    )
)
_VISIBLE = re.compile(r"\S")


def redact(text: str) -> str:
    """Mask everything in ``text`` that looks like a secret; the length and the line breaks stay."""
    for pattern in _PATTERNS:
        text = pattern.sub(_mask, text)
    return text


def _mask(match: re.Match[str]) -> str:
    start, end = (position - match.start() for position in match.span("secret"))
    whole = match.group()
    return whole[:start] + _VISIBLE.sub("*", whole[start:end]) + whole[end:]


_short = lru_cache(maxsize=4096)(redact)  # reasons and names repeat thousands of times in a report


def without_secrets(report: Report) -> Report:
    """The report with all prose redacted. ``texts`` stay as they are: line hashes need them, excerpts redact them."""
    return replace(
        report,
        configurations=tuple(_configuration(configuration) for configuration in report.configurations),
        findings=tuple(_finding(finding) for finding in report.findings),
        problems=tuple(Problem(p.file, p.line, p.column, _short(p.message)) for p in report.problems),
        notices=tuple(_short(notice) for notice in report.notices),
    )


def _configuration(configuration: Configuration) -> Configuration:
    return replace(
        configuration,
        id=_short(configuration.id),
        name=_short(configuration.name),
        address=_short(configuration.address),
        outcomes=tuple(_outcome(outcome) for outcome in configuration.outcomes),
    )


def _outcome(outcome: Outcome) -> Outcome:
    reason = _short(outcome.reason)
    return outcome if reason == outcome.reason else replace(outcome, reason=reason)


def _finding(finding: Finding) -> Finding:
    return replace(
        finding,
        message=_short(finding.message),
        path=tuple(_short(step) if isinstance(step, str) else step for step in finding.path),
        configuration=_short(finding.configuration),
        help=_short(finding.help),
        provenance=None if finding.provenance is None else _short(finding.provenance),
        related=tuple(Location(related.file, related.span, _short(related.label)) for related in finding.related),
    )
