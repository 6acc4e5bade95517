"""Annotations for GitHub Actions: workflow commands that the runner shows at the lines of a pull request.

The runner shows ten errors, ten warnings and ten notices of a step and silently drops the rest. So the most severe
findings come first, and those above the limit are written as plain lines, which appear in the log.
"""

from __future__ import annotations

from collections import Counter

from iblint.model.report import Report
from iblint.model.verdict import Severity
from iblint.report._issues import Issue, all_issues_of, most_severe_first
from iblint.report._places import Lines, file_name, within_line
from iblint.report._style import Needs, Style
from iblint.report._summary import counts, result, show_notice
from iblint.text.safe import single_line, visible
from iblint.text.wording import counted, split_message

NEEDS = Needs()
MAX_ANNOTATIONS = 10
"""Of each severity."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report, style: Style) -> str:
    """Write ``::error file=…::…`` lines, plain lines above the limit and, unless quiet, the summary."""
    texts = Lines(report.texts)
    annotated: Counter[Severity] = Counter()
    commands, plain = [], []
    for issue in most_severe_first(all_issues_of(report)):
        annotated[issue.severity] += 1
        if annotated[issue.severity] <= MAX_ANNOTATIONS:
            commands.append(_command(issue, texts))
        else:
            plain.append(_plain(issue))
    if plain:
        commands.append(f"{counted(len(plain), 'more finding')}, above GitHub's limit of annotations:")
    lines = commands + plain
    if style.verbosity >= 0:
        lines += [_inert(f"notice: {show_notice(notice)}") for notice in report.notices]
        lines.append(f"{counts(report)}; {result(report)}")
    return "".join(line + "\n" for line in lines)


def _command(issue: Issue, texts: Lines) -> str:
    file = issue.location.file
    span = within_line(issue.location.span, texts.at(file, issue.location.span.line))
    properties = {
        "file": visible(file),
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": f"{issue.rule.code} {issue.rule.name}",
    }
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    paragraphs = [single_line(issue.message), *map(visible, issue.help.splitlines()), issue.rule.url]
    return f"::{_COMMANDS[issue.severity]} {written}::{_data(chr(10).join(p for p in paragraphs if p.strip()))}"


def _plain(issue: Issue) -> str:
    title, _ = split_message(issue.message)
    place = f"{file_name(issue.location.file)}:{issue.location.span.line}:{issue.location.span.column}"
    return _inert(f"{place}: {issue.severity.value} {issue.rule.code} {issue.rule.name}: {single_line(title)}")


def _data(text: str) -> str:
    return _inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _inert(text: str) -> str:
    """Break up ``##[command]``, an older form that the runner executes anywhere in a line."""
    return text.replace("##[", "## [")
