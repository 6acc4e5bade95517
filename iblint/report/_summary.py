"""The end of a report for people: the counts, and what the exit code means."""

from __future__ import annotations

from iblint.exit_codes import ExitCode
from iblint.model.report import Report
from iblint.model.verdict import Severity, Verdict
from iblint.report import _nothing
from iblint.text.wording import counted


def counts(report: Report) -> str:
    """What was judged and what came of it, on one line."""
    files = counted(report.files, "file")
    if not report.configurations and not report.problems:
        return _nothing.counts(report.files)
    found = [counted(sum(f.severity is s for f in report.findings), s.value) for s in Severity]
    tally = [f"{report.count(Verdict.PASS)} passed"]
    for verdict, words in (
        (Verdict.UNKNOWN, "unknown"),
        (Verdict.NOT_APPLICABLE, "not applicable"),
        (Verdict.ERROR, "not judged"),
    ):
        count = report.count(verdict)
        tally += [f"{count} {words}"] if count else []
    tally += [f"{report.suppressed} suppressed"] if report.suppressed else []
    configurations = counted(len(report.configurations), "configuration")
    return f"{configurations} ({files} searched): {', '.join(found)}; {', '.join(tally)}"


def meaning(report: Report) -> str:
    """What the exit code means, in words, with the code."""
    return f"{_words(report)} (exit {report.exit_code})"


def _words(report: Report) -> str:
    match report.exit_code:
        case ExitCode.CLEAN if not report.configurations:
            return _nothing.meaning(ExitCode.CLEAN)
        case ExitCode.CLEAN if report.findings:
            return "passed: no finding at or above the threshold"
        case ExitCode.CLEAN:
            return "passed"
        case ExitCode.FINDINGS:
            return "failed: findings at or above the threshold"
        case ExitCode.NOTHING_TO_CHECK:
            return _nothing.meaning(ExitCode.NOTHING_TO_CHECK)
        case _:
            errors = sum(f.severity is Severity.ERROR and f.verdict is Verdict.FAIL for f in report.findings)
            failed = f"failed: {counted(errors, 'error')}; " if errors else ""
            return f"{failed}incomplete: {_incomplete(report)}"


def _incomplete(report: Report) -> str:
    reasons = []
    if report.problems:
        reasons.append(f"{counted(len(report.problems), 'problem')} in what was read")
    if errors := report.count(Verdict.ERROR):
        reasons.append(f"{counted(errors, 'rule')} could not be applied")
    if not reasons:
        reasons.append(f"{counted(report.count(Verdict.UNKNOWN), 'verdict')} unknown, which --strict does not accept")
    return ", ".join(reasons)
