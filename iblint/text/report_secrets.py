"""A report without secrets: what every format is given."""

from __future__ import annotations

from functools import lru_cache

from iblint.model.document import InputError
from iblint.model.record import replace
from iblint.model.report import Configuration, Finding, Outcome, Outcomes, Report
from iblint.model.resource import Location
from iblint.text.secrets import redact as redact

_short = lru_cache(maxsize=4096)(redact)  # reasons and names repeat thousands of times in a report


def without_secrets(report: Report) -> Report:
    """The report with all prose redacted.

    ``texts`` stay as they are: line hashes need them, excerpts redact them. So do ids, which tell configurations apart;
    they are made of the name of the file and of the configuration's place in it.
    """
    return replace(
        report,
        configurations=tuple(_configuration(configuration) for configuration in report.configurations),
        findings=tuple(_finding(finding) for finding in report.findings),
        problems=tuple(InputError(p.file, p.line, p.column, _short(p.message)) for p in report.problems),
        notices=tuple(_short(notice) for notice in report.notices),
    )


def _configuration(configuration: Configuration) -> Configuration:
    return replace(
        configuration,
        name=_short(configuration.name),
        address=_short(configuration.address),
        outcomes=Outcomes(configuration.outcomes.verdicts, lambda index: _outcome(configuration.outcomes[index])),
    )


def _outcome(outcome: Outcome) -> Outcome:
    reason = _short(outcome.reason)
    return outcome if reason == outcome.reason else replace(outcome, reason=reason)


def _finding(finding: Finding) -> Finding:
    return replace(
        finding,
        message=_short(finding.message),
        path=tuple(_short(step) if isinstance(step, str) else step for step in finding.path),
        help=_short(finding.help),
        provenance=None if finding.provenance is None else _short(finding.provenance),
        related=tuple(Location(related.file, related.span, _short(related.label)) for related in finding.related),
    )
