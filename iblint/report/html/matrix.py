"""The matrix of the HTML report: a row for each configuration, a column for each rule, a sign for each verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from iblint.model.report import Configuration, Outcome, Report
from iblint.model.rule import Rule
from iblint.model.verdict import Severity, Verdict
from iblint.report._items import Item
from iblint.report.html.elements import Html, element, link

_MAX_COLUMNS = 56
"""Of one table; what fits on a sheet of paper and can still be read."""
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
    Verdict.ERROR: "not judged",
}

Key = tuple[str, str]
"""Configuration id and rule code."""


def matrix(report: Report, anchors: Mapping[Key, str], listed: Sequence[Item]) -> Iterator[Html]:
    """The legend and the tables. ``anchors`` lead to the first finding of a rule on a configuration."""
    yield element("p", *(element("span", f"{_SIGNS[v]} {word}") for v, word in _WORDS.items()), class_="faint legend")
    severities: dict[Key, Severity] = {}
    for item in reversed(listed):  # the gravest is first in the list, so it is written last
        severities[item.configuration, item.rule.code] = item.severity
    table = _Table(report, anchors, severities)
    for first in range(0, len(report.rules), _MAX_COLUMNS):
        yield table.of(report.rules[first : first + _MAX_COLUMNS])


class _Table:
    """What all parts of the matrix need."""

    def __init__(self, report: Report, anchors: Mapping[Key, str], severities: Mapping[Key, Severity]) -> None:
        self.configurations = report.configurations
        self.anchors = anchors
        self.severities = severities
        quiet = (Verdict.PASS, Verdict.NOT_APPLICABLE)
        outcomes = [outcome for configuration in report.configurations for outcome in configuration.outcomes]
        self.loud = {outcome.rule for outcome in outcomes if outcome.verdict not in quiet}

    def of(self, rules: Sequence[Rule]) -> Html:
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
        kind = f"rule{' mission' if rule.core else ''}{self.quiet(rule)}"
        shown = link(rule.url, f"{rule.code} {rule.name}", title=rule.title)
        return element("th", shown, scope="col", class_=kind)

    def row(self, number: int, configuration: Configuration, rules: Sequence[Rule]) -> Html:
        outcomes = {outcome.rule: outcome for outcome in configuration.outcomes}
        place = element("code", f"{configuration.file}:{configuration.line}", class_="faint")
        name = element("th", configuration.name, element("br"), place, scope="row")
        cells = [self.cell(configuration.id, rule, outcomes.get(rule.code)) for rule in rules]
        return element("tr", name, *cells, data_configuration=number)

    def cell(self, configuration: str, rule: Rule, outcome: Outcome | None) -> Html:
        if outcome is None:
            return element("td", title=f"{rule.code} is not selected here", class_=self.quiet(rule).strip())
        key = configuration, rule.code
        verdict, sign = outcome.verdict, _SIGNS[outcome.verdict]
        severity = self.severities.get(key)
        kind = (
            f"{verdict.value}{f' {severity.value}' if severity and verdict is Verdict.FAIL else ''}{self.quiet(rule)}"
        )
        told = f"{rule.code} {_WORDS[verdict]}{f': {outcome.reason}' if outcome.reason else ''}"
        content = element("a", sign, href=self.anchors[key]) if key in self.anchors else sign
        return element("td", content, class_=kind, title=told)

    def quiet(self, rule: Rule) -> str:
        """The class of a column in which nothing is amiss."""
        return "" if rule.code in self.loud else " quiet"
