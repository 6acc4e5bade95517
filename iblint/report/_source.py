"""Lines around a place, cut to what can be read: for reports that show more than one line."""

from __future__ import annotations

from iblint.model.record import NamedTuple
from iblint.model.resource import Location
from iblint.report._lines import Lines, one_line

_AROUND = 2
_MAX_WIDTH = 200
_LEAD = 60
"""Characters kept before the marked part of a line that has to be cut."""


class SourceLine(NamedTuple):
    """A line in three parts; ``marked`` is empty on lines that are only context."""

    number: int
    before: str
    marked: str
    after: str


def source_lines(texts: Lines, location: Location) -> list[SourceLine]:
    """The line of a location with its span marked, and the lines around it; none when the text is not at hand."""
    lines = texts.of(location.file)
    line = texts.at(location.file, location.span.line)
    if line is None:
        return []
    number = location.span.line
    numbers = range(max(number - _AROUND, 1), min(number + _AROUND, len(lines)) + 1)
    span = one_line(location.span, line)
    return [
        _cut(n, line, span.column - 1, span.end_column - 1)
        if n == number
        else SourceLine(n, _head(lines[n - 1]), "", "")
        for n in numbers
    ]


def _cut(number: int, line: str, start: int, end: int) -> SourceLine:
    first = 0 if len(line) <= _MAX_WIDTH else max(start - _LEAD, 0)
    last = min(first + _MAX_WIDTH, len(line))
    before = ("…" if first else "") + line[first:start]
    after = line[min(end, last) : last] + ("…" if last < len(line) else "")
    return SourceLine(number, _spaced(before), _spaced(line[start : min(end, last)]) or " ", _spaced(after))


def _head(line: str) -> str:
    return _spaced(line if len(line) <= _MAX_WIDTH else line[: _MAX_WIDTH - 1] + "…")


def _spaced(text: str) -> str:
    return text.replace("\t", "    ")
