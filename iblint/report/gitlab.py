"""GitLab Code Quality: what the merge request widget and the marks in the changed files are made of."""

from __future__ import annotations

import hashlib
from collections import Counter

from iblint.model.report import Report
from iblint.model.verdict import Severity
from iblint.report._escape import relative_path, sentence, to_json
from iblint.report._items import INPUT_NOT_JUDGED, Item, items
from iblint.report._style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - every writer has this signature
    """Write an array with one issue for each finding and problem; ``[]`` when there is none."""
    seen: Counter[str] = Counter()
    issues = []
    for item in items(report):
        seen[item.fingerprint] += 1
        issues.append(_issue(item, seen[item.fingerprint]))
    return to_json(issues)


def _issue(item: Item, nth: int) -> dict[str, Any]:
    return {
        "description": sentence(item.message),
        "check_name": f"{item.rule.code} {item.rule.name}",
        "fingerprint": _unique(item.fingerprint, nth),
        "severity": "blocker" if item.rule is INPUT_NOT_JUDGED else _SEVERITIES[item.severity],
        "location": {"path": relative_path(item.location.file), "lines": {"begin": item.location.span.line}},
    }


def _unique(fingerprint: str, nth: int) -> str:
    """GitLab shows one issue for a fingerprint: the second fault at a value needs another one."""
    return fingerprint if nth == 1 else hashlib.sha256(f"{fingerprint} {nth}".encode()).hexdigest()[:32]
