"""The findings of the HTML report, each with the lines around its location."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.model.record import NamedTuple
from iblint.model.report import Report
from iblint.model.resource import Location
from iblint.model.span import Span
from iblint.report._issues import Issue
from iblint.report._places import Lines, relative_uri, within_line
from iblint.report._style import Style
from iblint.report.html.elements import Html, element, link
from iblint.text.wording import split_message

_CONTEXT = 2
"""Lines shown before and after the line of the location."""
_MAX_WIDTH = 200
"""Characters of a line; longer ones are cut."""
_LEAD = 60
"""Characters kept before the marked part of a line that is cut."""


class FindingList:
    """Writes findings as elements of a page."""

    def __init__(self, report: Report, style: Style) -> None:
        self.checkout = style.checkout
        self.texts = Lines(report.texts if style.excerpts else {})
        self.configurations = {c.id: (str(index), c.name) for index, c in enumerate(report.configurations)}

    def article(self, number: int, issue: Issue) -> Html:
        """Return the element of a finding. Its id is made of the 1-based number."""
        title, why = split_message(issue.message)
        index, configuration = self.configurations.get(issue.configuration, ("", ""))
        severity = issue.severity.value
        label = element("span", severity, class_="severity")
        excerpt = list(_excerpt(self.texts, issue.location))
        return element(
            "article",
            element("h3", label, link(issue.rule.url, f"{issue.rule.code} {issue.rule.name}"), f": {title}"),
            element("p", self._place(issue.location), f" in {configuration}" if configuration else "", class_="faint"),
            element("pre", *map(_line, excerpt)) if excerpt else "",
            element("p", why) if why else "",
            element("p", element("b", "Fix: "), issue.help, class_="fix") if issue.help else "",
            *(element("p", self._place(place), f": {place.label}", class_="faint") for place in issue.related),
            id=f"f{number}",
            class_=severity,
            data_severity=severity,
            data_rule=issue.rule.code,
            data_configuration=index,
        )

    def _place(self, location: Location) -> Html:
        file, span = location.file, location.span
        shown = element("code", f"{file}:{span.line}:{span.column}")
        return link(self.checkout.link(relative_uri(file), span.line) if self.checkout else None, shown)


class _Line(NamedTuple):
    """A line in three parts; ``marked`` is empty on a line of context."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


def _line(line: _Line) -> Html:
    marked = element("mark", line.marked) if line.marked else ""
    return element("span", line.before, marked, line.after, data_line=line.number)


def _excerpt(texts: Lines, location: Location) -> Iterator[_Line]:
    """Yield the line of a location with its span marked, and the lines around it; nothing if the text is not known."""
    lines, number = texts.of(location.file), location.span.line
    line = texts.at(location.file, number)
    if line is None:
        return
    for other in range(max(number - _CONTEXT, 1), min(number + _CONTEXT, len(lines)) + 1):
        if other == number:
            yield _marked(line, within_line(location.span, line))
        else:
            yield _Line(other, _spaced(_shortened(lines[other - 1])))


def _marked(line: str, span: Span) -> _Line:
    start, end = span.column - 1, span.end_column - 1
    first = 0 if len(line) <= _MAX_WIDTH else max(start - _LEAD, 0)
    last = min(first + _MAX_WIDTH, len(line))
    before = ("…" if first else "") + line[first:start]
    after = line[min(end, last) : last] + ("…" if last < len(line) else "")
    return _Line(span.line, _spaced(before), _spaced(line[start : min(end, last)]) or " ", _spaced(after))


def _shortened(line: str) -> str:
    return line if len(line) <= _MAX_WIDTH else line[: _MAX_WIDTH - 1] + "…"


def _spaced(text: str) -> str:
    return text.replace("\t", "    ")
