"""Reviewdog Diagnostic Format (rdjson), which reviewdog posts as review comments to many code hosts."""

from __future__ import annotations

from iblint.model.report import Report
from iblint.model.resource import Location
from iblint.model.verdict import Severity
from iblint.report._escape import relative_path, sentence, to_json, visible
from iblint.report._items import HOME, Item, items
from iblint.report._lines import Lines, one_line
from iblint.report._style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - every writer has this signature
    """Write one DiagnosticResult with a diagnostic for each finding and problem."""
    texts = Lines(report.texts, masked=False)  # the width in bytes of what was masked counts
    return to_json(
        {
            "source": {"name": "iblint", "url": HOME},
            "diagnostics": [_diagnostic(item, texts) for item in items(report)],
        }
    )


def _diagnostic(item: Item, texts: Lines) -> dict[str, Any]:
    paragraphs = [sentence(item.message), *map(visible, item.help.splitlines())]
    code = {"value": item.rule.code}
    diagnostic: dict[str, Any] = {
        "message": "\n".join(p for p in paragraphs if p.strip()),
        "location": _location(item.location, texts),
        "severity": _SEVERITIES[item.severity],
        "code": code | ({"url": item.rule.url} if item.rule.url else {}),
    }
    if item.related:
        diagnostic["related_locations"] = [
            {"message": sentence(related.label), "location": _location(related, texts)} for related in item.related
        ]
    return diagnostic


def _location(location: Location, texts: Lines) -> dict[str, Any]:
    line = texts.at(location.file, location.span.line)
    span = one_line(location.span, line)
    return {
        "path": relative_path(location.file),
        "range": {
            "start": {"line": span.line, "column": _in_bytes(line, span.column)},
            "end": {"line": span.end_line, "column": _in_bytes(line, span.end_column)},
        },
    }


def _in_bytes(line: str | None, column: int) -> int:
    """A column counted in bytes of UTF-8, from 1."""
    if line is None:
        return column
    return len(line[: column - 1].encode("utf-8", "surrogatepass")) + 1
