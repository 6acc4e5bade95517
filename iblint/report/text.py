"""The report for people: each finding with its line, why it matters and how to fix it; then a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iblint.model.document import InputError
from iblint.model.report import Configuration, Finding, Outcome, Report
from iblint.model.resource import Location
from iblint.model.span import Span
from iblint.model.verdict import Severity, Verdict
from iblint.report._places import Lines, file_name
from iblint.report._style import Needs, Style
from iblint.report._summary import counts, result, show_not_judged, show_notice
from iblint.report.concise import list_lines
from iblint.text.safe import single_line, visible
from iblint.text.wording import counted, split_message

NEEDS = Needs(reasons_if_detailed=True)
_MIN_WIDTH = 40
_MAX_PROSE = 100
"""Columns of a paragraph on a wide terminal: longer lines are hard to read."""
_BOLD, _RED, _YELLOW, _CYAN, _BLUE, _GREEN = "1", "1;31", "1;33", "1;36", "1;34", "32"
_SEVERITY_COLORS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.NOTE: _CYAN}
_VERDICT_COLORS = {Verdict.PASS: _GREEN, Verdict.FAIL: _RED, Verdict.ERROR: _RED, Verdict.UNKNOWN: _CYAN}


def render(report: Report, style: Style) -> str:
    """Write the report for people. With verbosity -1 it has one line for each finding and problem, and no summary."""
    lines = list_lines(report) if style.verbosity < 0 else list(_Page(report, style).lines())
    return "".join(line.rstrip() + "\n" for line in lines)


class _Page:
    """The report as lines of a page."""

    def __init__(self, report: Report, style: Style) -> None:
        self.report = report
        self.color = style.color
        self.width = max(style.width, _MIN_WIDTH)
        self.verbose = style.verbosity > 0
        self.shown = {Verdict.PASS} if style.show_passed else set()
        self.shown |= {Verdict.UNKNOWN} if style.show_unknown else set()
        self.rules = {rule.code: rule for rule in report.rules}
        self.texts = Lines(report.texts if style.excerpts else {})
        numbers = [location.span.line for finding in report.findings for location in finding.locations]
        numbers += [problem.line for problem in report.problems]
        self.margin = len(str(max(numbers, default=1)))

    def lines(self) -> Iterator[str]:
        for finding in self.report.findings:
            yield from self.finding(finding)
            yield ""
        for problem in self.report.problems:
            yield from self.problem(problem)
            yield ""
        if self.verbose or self.shown:
            for configuration in self.report.configurations:
                yield from self.configuration(configuration)
                yield ""
        for each in self.report.not_judged:
            yield f"{self.paint(_CYAN, f'not judged[{each.kind}]')}: {show_not_judged(each)}"
        yield from (self.paint(_CYAN, "notice") + f": {show_notice(notice)}" for notice in self.report.notices)
        if self.verbose:
            yield counted(len(self.report.rules), "rule") + " selected"
            yield from (visible(f"pack {p.name} {p.version} {p.digest}") for p in self.report.packs)
        yield from self.hint()
        yield counts(self.report)
        yield self.paint(_RED if self.report.exit_code else _GREEN, result(self.report))

    def hint(self) -> Iterator[str]:
        """Yield how to see the unknown verdicts that are only counted, if there are any."""
        if self.verbose or Verdict.UNKNOWN in self.shown:
            return
        seen = {(f.configuration, f.rule) for f in self.report.findings if f.verdict is Verdict.UNKNOWN}
        more = self.report.count(Verdict.UNKNOWN) - len(seen)
        if more > 0:
            yield f"{counted(more, 'unknown verdict')} only counted: --show unknown"

    def finding(self, finding: Finding) -> Iterator[str]:
        title, why = split_message(finding.message)
        color = _SEVERITY_COLORS[finding.severity]
        label = self.paint(color, f"{finding.severity.value}[{finding.rule} {finding.name}]")
        yield f"{label}{self.paint(_BOLD, f': {single_line(title)}')}"
        yield from self.place("-->", finding.location, color, "^")
        for location in finding.related:
            yield from self.place(":::", location, _BLUE, "-")
        rule = self.rules.get(finding.rule)
        yield from self.remark("why", why)
        yield from self.remark("from", finding.provenance)
        yield from self.remark("help", finding.help)
        yield from self.remark("docs", rule.url if rule else None)

    def place(self, arrow: str, location: Location, color: str, mark: str) -> Iterator[str]:
        span = location.span
        label = f" {single_line(location.label)}" if location.label else ""
        yield f"{self.gutter('', arrow)} {file_name(location.file)}:{span.line}:{span.column}{label}"
        line = self.texts.at(location.file, span.line)
        if line is not None:
            yield from self.excerpt(line, span, color, mark)

    def excerpt(self, line: str, span: Span, color: str, mark: str) -> Iterator[str]:
        from iblint.report._excerpt import excerpt

        shown = excerpt(line, span, self.width - self.margin - 3, mark)
        yield self.gutter("", " |")
        yield f"{self.gutter(str(span.line), ' |')} {shown.line}"
        blanks = len(shown.marks) - len(shown.marks.lstrip())
        yield f"{self.gutter('', ' |')} {shown.marks[:blanks]}{self.paint(color, shown.marks[blanks:])}"

    def remark(self, name: str, text: str | None) -> Iterator[str]:
        """Yield a paragraph beside the gutter. A bar before each line keeps text of files from starting a line."""
        if not text:
            return
        from iblint.report._excerpt import wrap

        bar = self.gutter("", " |")
        lead = f"{self.gutter('', ' =')} {self.paint(_BOLD, f'{name}:')}{' ' * (4 - len(name))}"
        for line in wrap(text, min(self.width, _MAX_PROSE) - self.margin - 9):
            yield f"{lead} {line}"
            lead = f"{bar}      "

    def problem(self, problem: InputError) -> Iterator[str]:
        place = f"{file_name(problem.file)}:{problem.line}:{problem.column}"
        yield f"{self.paint(_RED, 'problem')}: {place}: {single_line(problem.message)}"
        line = self.texts.at(problem.file, problem.line)
        if line is not None and (problem.line, problem.column) != (1, 1):  # 1:1 is the whole file
            yield from self.excerpt(line, Span(problem.line, problem.column, problem.line, problem.column), _RED, "^")

    def configuration(self, configuration: Configuration) -> Iterator[str]:
        """Yield a configuration with the outcomes that are asked for; with every outcome if the report is verbose."""
        shown = [o for o in configuration.outcomes if self.verbose or o.verdict in self.shown]
        passed = configuration.outcomes.verdicts.count(Verdict.PASS)
        place = f"{file_name(configuration.file)}:{configuration.line}"
        facts = f"{configuration.dialect}, build type {configuration.build_type}"
        head = f"{place}: {single_line(configuration.name)} ({facts}): {passed} of {len(configuration.outcomes)} passed"
        yield self.paint(_BOLD, head)
        yield from self.outcomes(shown)

    def outcomes(self, outcomes: Iterable[Outcome]) -> Iterator[str]:
        for outcome in outcomes:
            word = self.paint(_VERDICT_COLORS.get(outcome.verdict, _BLUE), f"{outcome.verdict.value:<14}")
            reason = f": {single_line(outcome.reason)}" if outcome.reason else ""
            yield f"  {word} {outcome.rule} {outcome.name}{reason}"

    def gutter(self, number: str, sign: str) -> str:
        return self.paint(_BLUE, f"{number:>{self.margin}}{sign}")

    def paint(self, color: str, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self.color and text else text
