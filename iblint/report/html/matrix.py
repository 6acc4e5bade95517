"""The matrix of the HTML report: a row for each configuration, a column for each rule, a sign for each verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from iblint.model.report import Configuration, Outcome, Report
from iblint.model.rule import Rule
from iblint.model.verdict import Verdict
from iblint.report._issues import Issue
from iblint.report.html.elements import Html, element, link

_MAX_COLUMNS = 56
"""Columns of one table, so that it is readable on a printed page."""
_SIGNS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_APPLICABLE: "·",
    Verdict.ERROR: "!",
}
_WORDS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "fail",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOT_APPLICABLE: "not applicable",
    Verdict.ERROR: "could not be applied",
}


def matrix(report: Report, issues: Sequence[Issue]) -> Iterator[Html]:
    """Yield the legend and the tables. Cells link to the issues by their 1-based numbers."""
    yield element("p", *(element("span", f"{_SIGNS[v]} {word}") for v, word in _WORDS.items()), class_="faint legend")
    table = _Table(report, issues)
    for first in range(0, len(report.rules), _MAX_COLUMNS):
        yield table.of(report.rules[first : first + _MAX_COLUMNS])


class _Table:
    """Writes tables of some of the rules."""

    def __init__(self, report: Report, issues: Sequence[Issue]) -> None:
        self.configurations = report.configurations
        numbered = reversed([*enumerate(issues, 1)])  # of several issues in a cell the first one counts
        self.issues = {(issue.configuration, issue.rule.code): (number, issue.severity) for number, issue in numbered}
        quiet = (Verdict.PASS, Verdict.NOT_APPLICABLE)
        outcomes = [outcome for configuration in report.configurations for outcome in configuration.outcomes]
        self.not_passed = {outcome.rule for outcome in outcomes if outcome.verdict not in quiet}

    def of(self, rules: Sequence[Rule]) -> Html:
        """Return the table with a column for each of the rules."""
        groups = [
            element("th", group, class_="group", scope="colgroup", colspan=len(list(members)), title=group)
            for group, members in groupby(rules, key=lambda rule: rule.group)
        ]
        head = element(
            "thead",
            element("tr", element("td", class_="name"), *groups),
            element("tr", element("th", "Configuration", scope="col", class_="name"), *map(self.heading, rules)),
        )
        rows = [self.row(number, configuration, rules) for number, configuration in enumerate(self.configurations)]
        return element("div", element("table", head, element("tbody", *rows)), class_="scroll")

    def heading(self, rule: Rule) -> Html:
        classes = f"rule{' core' if rule.core else ''}{self.quiet(rule)}"
        shown = link(rule.url, f"{rule.code} {rule.name}", title=rule.title)
        return element("th", shown, scope="col", class_=classes)

    def row(self, number: int, configuration: Configuration, rules: Sequence[Rule]) -> Html:
        outcomes = {outcome.rule: outcome for outcome in configuration.outcomes}
        place = element("code", f"{configuration.file}:{configuration.line}", class_="faint")
        name = element("th", configuration.name, element("br"), place, scope="row")
        cells = [self.cell(configuration.id, rule, outcomes.get(rule.code)) for rule in rules]
        return element("tr", name, *cells, data_configuration=number)

    def cell(self, configuration: str, rule: Rule, outcome: Outcome | None) -> Html:
        if outcome is None:
            return element("td", title=f"{rule.code} is not selected here", class_=self.quiet(rule).strip())
        verdict, sign = outcome.verdict, _SIGNS[outcome.verdict]
        number, severity = self.issues.get((configuration, rule.code), (0, None))
        level = f" {severity.value}" if severity and verdict is Verdict.FAIL else ""
        reason = f": {outcome.reason}" if outcome.reason else ""
        content = element("a", sign, href=f"#f{number}") if number else sign
        return element(
            "td",
            content,
            class_=f"{verdict.value}{level}{self.quiet(rule)}",
            title=f"{rule.code} {_WORDS[verdict]}{reason}",
        )

    def quiet(self, rule: Rule) -> str:
        """Return the class of a column that the filter may hide: the rule passed or did not apply everywhere."""
        return "" if rule.code in self.not_passed else " quiet"
