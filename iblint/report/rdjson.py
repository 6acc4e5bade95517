"""Reviewdog Diagnostic Format (rdjson), which reviewdog posts as review comments to many code hosts."""

from __future__ import annotations

from iblint.model.report import Report
from iblint.model.resource import Location
from iblint.model.verdict import Severity
from iblint.report._issues import HOME, Issue, all_issues_of
from iblint.report._places import Lines, relative_path, within_line
from iblint.report._style import Needs, Style
from iblint.text.safe import single_line, to_json, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NEEDS = Needs()
_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - every writer has this signature
    """Write one DiagnosticResult with a diagnostic for each finding, problem and entry that was not judged."""
    texts = Lines(report.texts, redacted=False)  # columns count the bytes of the original text
    return to_json(
        {
            "source": {"name": "iblint", "url": HOME},
            "diagnostics": [_diagnostic(issue, texts) for issue in all_issues_of(report)],
        }
    )


def _diagnostic(issue: Issue, texts: Lines) -> dict[str, Any]:
    paragraphs = [single_line(issue.message), *map(visible, issue.help.splitlines())]
    code = {"value": issue.rule.code}
    diagnostic: dict[str, Any] = {
        "message": "\n".join(p for p in paragraphs if p.strip()),
        "location": _location(issue.location, texts),
        "severity": _SEVERITIES[issue.severity],
        "code": code | ({"url": issue.rule.url} if issue.rule.url else {}),
    }
    if issue.related:
        diagnostic["related_locations"] = [
            {"message": single_line(related.label), "location": _location(related, texts)} for related in issue.related
        ]
    return diagnostic


def _location(location: Location, texts: Lines) -> dict[str, Any]:
    line = texts.at(location.file, location.span.line)
    span = within_line(location.span, line)
    return {
        "path": relative_path(location.file),
        "range": {
            "start": {"line": span.line, "column": _in_bytes(line, span.column)},
            "end": {"line": span.end_line, "column": _in_bytes(line, span.end_column)},
        },
    }


def _in_bytes(line: str | None, column: int) -> int:
    """Return a 1-based column in bytes of UTF-8."""
    if line is None:
        return column
    return len(line[: column - 1].encode("utf-8", "surrogatepass")) + 1
