"""One line for each finding and problem, for editors and grep."""

from __future__ import annotations

from iblint.model.document import InputError, NotJudged
from iblint.model.report import Finding, Report
from iblint.report._places import file_name
from iblint.report._style import Needs, Style
from iblint.report._summary import counts, result, show_notice
from iblint.text.safe import single_line
from iblint.text.wording import split_message

NEEDS = Needs()


def render(report: Report, style: Style) -> str:
    """Write lines such as ``file:line:col: error IB201 imdsv2-required: title`` and, unless quiet, the summary."""
    lines = list_lines(report)
    if style.verbosity >= 0:
        lines += [f"notice: {show_notice(notice)}" for notice in report.notices]
        lines.append(f"{counts(report)}; {result(report)}")
    return "".join(line + "\n" for line in lines)


def list_lines(report: Report) -> list[str]:
    """Return findings, problems and what was not judged, one line each, by file, line, column and rule."""
    keyed = [
        ((f.location.file, f.location.span.line, f.location.span.column, f.rule), _finding(f)) for f in report.findings
    ]
    keyed += [((p.file, p.line, p.column, ""), _problem(p)) for p in report.problems]
    keyed += [((n.file, n.line, n.column, n.kind), _not_judged(n)) for n in report.not_judged]
    return [line for _, line in sorted(keyed)]


def _finding(finding: Finding) -> str:
    title, _ = split_message(finding.message)
    span = finding.location.span
    place = f"{file_name(finding.location.file)}:{span.line}:{span.column}"
    return f"{place}: {finding.severity.value} {finding.rule} {finding.name}: {single_line(title)}"


def _problem(problem: InputError) -> str:
    return f"{file_name(problem.file)}:{problem.line}:{problem.column}: problem: {single_line(problem.message)}"


def _not_judged(each: NotJudged) -> str:
    place = f"{file_name(each.file)}:{each.line}:{each.column}"
    return f"{place}: not judged ({each.kind}): {single_line(each.reason)}"
