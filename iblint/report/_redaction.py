"""Reports without secrets."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from iblint.model.document import InputError, Notice, NotJudged
from iblint.model.record import replace
from iblint.model.report import Configuration, Finding, Outcome, Outcomes, Report, Suppression
from iblint.model.resource import Location
from iblint.text.secrets import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.model.fix import Fix


def without_secrets(report: Report) -> Report:
    """Return the report with secrets masked in all prose.

    ``texts`` stay as they are: line hashes need them, and excerpts are redacted when they are made. Ids stay too,
    because they identify configurations; they consist of a file name and a place in the file.
    """
    masked = lru_cache(maxsize=4096)(redact)  # reasons and names repeat thousands of times in a report
    return replace(
        report,
        configurations=tuple(_configuration(configuration, masked) for configuration in report.configurations),
        findings=tuple(_finding(finding, masked) for finding in report.findings),
        problems=tuple(InputError(p.file, p.line, p.column, masked(p.message)) for p in report.problems),
        notices=tuple(Notice(n.file, n.line, masked(n.message)) for n in report.notices),
        not_judged=tuple(
            NotJudged(n.file, n.line, n.column, n.kind, masked(n.reason), masked(n.help)) for n in report.not_judged
        ),
    )


def _configuration(configuration: Configuration, masked: Callable[[str], str]) -> Configuration:
    outcomes = configuration.outcomes
    return replace(
        configuration,
        name=masked(configuration.name),
        address=masked(configuration.address),
        outcomes=Outcomes(outcomes.verdicts, lambda index: _outcome(outcomes[index], masked)),
    )


def _outcome(outcome: Outcome, masked: Callable[[str], str]) -> Outcome:
    reason = masked(outcome.reason)
    return outcome if reason == outcome.reason else replace(outcome, reason=reason)


def _finding(finding: Finding, masked: Callable[[str], str]) -> Finding:
    return replace(
        finding,
        message=masked(finding.message),
        locations=tuple(Location(place.file, place.span, masked(place.label)) for place in finding.locations),
        path=tuple(masked(step) if isinstance(step, str) else step for step in finding.path),
        help=masked(finding.help),
        provenance=None if finding.provenance is None else masked(finding.provenance),
        fix=None if finding.fix is None else _fix(finding.fix, masked),
        suppression=None if finding.suppression is None else _suppression(finding.suppression, masked),
    )


def _fix(fix: Fix, masked: Callable[[str], str]) -> Fix:
    edits = tuple(replace(edit, text=masked(edit.text)) for edit in fix.edits)
    return replace(fix, title=masked(fix.title), edits=edits)


def _suppression(suppression: Suppression, masked: Callable[[str], str]) -> Suppression:
    owner = None if suppression.owner is None else masked(suppression.owner)
    return replace(suppression, reason=masked(suppression.reason), owner=owner)
