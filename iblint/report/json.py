"""The JSON report: a contract for scripts, described by ``iblint/schemas/report.schema.json``."""

from __future__ import annotations

from iblint.model.document import InputError, NotJudged
from iblint.model.path import to_pointer
from iblint.model.report import Configuration, Finding, Report, Suppression
from iblint.model.span import Span
from iblint.model.verdict import Verdict
from iblint.report._style import Needs, Style
from iblint.text.safe import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.model.fix import Fix

NEEDS = Needs(reasons=True)
SCHEMA_VERSION = "1"


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - every writer has this signature
    """Write the report as JSON. The style is not used."""
    return to_json(
        {
            "schemaVersion": SCHEMA_VERSION,
            "tool": {
                "name": "iblint",
                "version": report.version,
                "packs": [{"name": p.name, "version": p.version, "digest": p.digest} for p in report.packs],
            },
            "summary": _summary(report),
            "configurations": [_configuration(configuration) for configuration in report.configurations],
            "findings": [_finding(finding) for finding in report.findings],
            "notJudged": [_not_judged(each) for each in report.not_judged],
            "problems": [_problem(problem) for problem in report.problems],
            "notices": [{"file": n.file, "line": n.line, "message": n.message} for n in report.notices],
        }
    )


def _summary(report: Report) -> dict[str, Any]:
    return {
        "files": report.files,
        "configurations": len(report.configurations),
        "pass": report.count(Verdict.PASS),
        "fail": report.count(Verdict.FAIL),
        "unknown": report.count(Verdict.UNKNOWN),
        "notApplicable": report.count(Verdict.NOT_APPLICABLE),
        "error": report.count(Verdict.ERROR),
        "suppressed": report.suppressed,
        "notJudged": len(report.not_judged),
        "leftOut": dict(report.left_out),
        "exitCode": report.exit_code,
    }


def _configuration(configuration: Configuration) -> dict[str, Any]:
    return {
        "id": configuration.id,
        "name": configuration.name,
        "dialect": configuration.dialect,
        "file": configuration.file,
        "line": configuration.line,
        "address": configuration.address,
        "buildType": configuration.build_type,
        "outcomes": [
            {"rule": o.rule, "name": o.name, "verdict": o.verdict.value, "reason": o.reason}
            for o in configuration.outcomes
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "message": finding.message,
        "file": finding.location.file,
        **_span(finding.location.span),
        "path": to_pointer(finding.path),
        "configuration": finding.configuration,
        "fingerprint": finding.fingerprint,
        "help": finding.help,
        "fix": None if finding.fix is None else _fix(finding.fix),
        "suppressed": None if finding.suppression is None else _suppression(finding.suppression),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"file": edit.file, **_span(edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safety": fix.safety, "edits": edits}


def _suppression(suppression: Suppression) -> dict[str, Any]:
    place = suppression.location
    return {
        "kind": suppression.kind,
        "reason": suppression.reason,
        "until": None if suppression.until is None else suppression.until.isoformat(),
        "owner": suppression.owner,
        "file": None if place is None else place.file,
        "line": None if place is None else place.span.line,
    }


def _span(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "endLine": span.end_line, "endColumn": span.end_column}


def _problem(problem: InputError) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "column": problem.column, "message": problem.message}


def _not_judged(each: NotJudged) -> dict[str, Any]:
    return {
        "file": each.file,
        "line": each.line,
        "column": each.column,
        "kind": each.kind,
        "reason": each.reason,
        "help": each.help,
    }
