"""The last lines of a report for people: the counts, and the meaning of the exit code."""

from __future__ import annotations

from iblint.exit_codes import ExitCode
from iblint.model.document import Notice, NotJudged
from iblint.model.report import Report
from iblint.model.verdict import Severity, Verdict
from iblint.report import nothing_found, nothing_to_check
from iblint.report._places import file_name
from iblint.text.safe import single_line
from iblint.text.wording import counted


def counts(report: Report) -> str:
    """Return how much was judged, the findings and the verdicts, on one line."""
    if not report.configurations and not report.problems:
        return nothing_found(report.files) + _left_out(report, " ({} left out)") + _not_judged(report)
    left_out = _left_out(report, ", {} left out")
    judged = (
        f"{counted(len(report.configurations), 'configuration')} ({counted(report.files, 'file')} searched{left_out})"
    )
    findings = [counted(sum(f.severity is s for f in report.findings), s.value) for s in Severity]
    verdicts = [f"{report.count(Verdict.PASS)} passed"]
    for count, words in (
        (report.count(Verdict.UNKNOWN), "unknown"),
        (report.count(Verdict.NOT_APPLICABLE), "not applicable"),
        (report.count(Verdict.ERROR), "could not be applied"),
        (report.suppressed, "suppressed"),
    ):
        verdicts += [f"{count} {words}"] if count else []
    return f"{judged}: {', '.join(findings)}; {', '.join(verdicts)}{_not_judged(report)}"


def _not_judged(report: Report) -> str:
    """Return the number of entries that were not judged; empty if there are none."""
    return f"; {len(report.not_judged)} not judged" if report.not_judged else ""


def _left_out(report: Report, form: str) -> str:
    """Return how many files and folders were left out; empty if there are none."""
    number = sum(report.left_out.values())
    return form.format(number) if number else ""


def show_notice(notice: Notice) -> str:
    """Return a notice on one line, with its place."""
    return f"{file_name(notice.file)}:{notice.line}: {single_line(notice.message)}"


def show_not_judged(each: NotJudged) -> str:
    """Return what was not judged on one line, with its place, the reason and what to do."""
    return f"{file_name(each.file)}:{each.line}:{each.column}: {single_line(f'{each.reason} {each.help}')}"


def result(report: Report) -> str:
    """Return the meaning of the exit code, with the code."""
    return f"{_meaning(report)} (exit {report.exit_code})"


def _meaning(report: Report) -> str:
    match report.exit_code:
        case ExitCode.CLEAN if not report.configurations:
            return nothing_to_check(ExitCode.CLEAN)
        case ExitCode.CLEAN if report.findings:
            return "passed: no finding at or above the threshold"
        case ExitCode.CLEAN:
            return "passed"
        case ExitCode.FINDINGS:
            return "failed: findings at or above the threshold"
        case ExitCode.NOTHING_TO_CHECK:
            return nothing_to_check(ExitCode.NOTHING_TO_CHECK)
        case _:
            errors = sum(f.severity is Severity.ERROR and f.verdict is Verdict.FAIL for f in report.findings)
            failed = f"failed: {counted(errors, 'error')}; " if errors else ""
            return f"{failed}incomplete: {_why_incomplete(report)}"


def _why_incomplete(report: Report) -> str:
    reasons = []
    if report.problems:
        reasons.append(f"{counted(len(report.problems), 'problem')} in the input")
    if errors := report.count(Verdict.ERROR):
        reasons.append(f"{counted(errors, 'rule')} could not be applied")
    if not reasons:
        reasons.append(f"{' and '.join(_not_strict(report))}, not accepted with --strict")
    return ", ".join(reasons)


def _not_strict(report: Report) -> list[str]:
    """Return what only ``--strict`` does not accept, with the numbers."""
    unknown = report.count(Verdict.UNKNOWN)
    entries = "1 entry" if len(report.not_judged) == 1 else f"{len(report.not_judged)} entries"
    return [
        *([counted(unknown, "unknown verdict")] if unknown else []),
        *([f"{entries} not judged"] if report.not_judged else []),
    ]
