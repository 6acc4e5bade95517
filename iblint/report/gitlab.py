"""GitLab Code Quality: for the widget of a merge request and the marks in its changed files."""

from __future__ import annotations

import hashlib
from collections import Counter

from iblint.model.report import Report
from iblint.model.verdict import Severity
from iblint.report._issues import INPUT_NOT_JUDGED, Issue, all_issues_of
from iblint.report._places import relative_path
from iblint.report._style import Needs, Style
from iblint.text.safe import single_line, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NEEDS = Needs()
_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - every writer has this signature
    """Write an array with one issue for each finding, problem and entry not judged; ``[]`` when there is none."""
    seen: Counter[str] = Counter()
    written = []
    for issue in all_issues_of(report):
        seen[issue.fingerprint] += 1
        written.append(_issue(issue, seen[issue.fingerprint]))
    return to_json(written)


def _issue(issue: Issue, nth: int) -> dict[str, Any]:
    return {
        "description": single_line(issue.message),
        "check_name": f"{issue.rule.code} {issue.rule.name}",
        "fingerprint": _unique(issue.fingerprint, nth),
        "severity": "blocker" if issue.rule is INPUT_NOT_JUDGED else _SEVERITIES[issue.severity],
        "location": {"path": relative_path(issue.location.file), "lines": {"begin": issue.location.span.line}},
    }


def _unique(fingerprint: str, nth: int) -> str:
    """Return another fingerprint for the second violation at a value: GitLab shows one issue for each."""
    return fingerprint if nth == 1 else hashlib.sha256(f"{fingerprint} {nth}".encode()).hexdigest()[:32]
