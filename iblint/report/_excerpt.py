"""Text of files on a terminal: a line with its span marked below it, and wrapped paragraphs."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

from iblint.model.record import NamedTuple
from iblint.model.span import Span
from iblint.report._places import within_line
from iblint.text.safe import escape, escaped_offsets, visible

TAB = 4
"""Columns between tab stops."""
_LEAD = 12
"""Columns kept before the span when a line is cut."""
_CHARACTERS = 4
"""Characters examined for each column. It bounds the work on very long lines and on characters without a width."""


class Excerpt(NamedTuple):
    """A line as it is shown, and the marks to show below it."""

    line: str
    marks: str


class _Cell(NamedTuple):
    """One code point as a terminal shows it."""

    shown: str
    width: int


def excerpt(line: str, span: Span, width: int, mark: str = "^") -> Excerpt:
    """Show ``line`` in at most about ``width`` columns, with ``mark`` under the part of ``span`` on this line."""
    within = within_line(span, line)
    offset = max(within.column - 1 - _CHARACTERS * width, 0)
    cells = _cells(line[offset : within.column + _CHARACTERS * width])
    start, end = within.column - 1 - offset, within.end_column - 1 - offset
    first, last = _window(cells, start, end, width)
    head, tail = "…" if offset + first else "", "…" if offset + last < len(line) else ""
    before = sum(cell.width for cell in cells[first:start]) + len(head)
    marked = sum(cell.width for cell in cells[start : min(end, last)])
    shown = "".join(cell.shown for cell in cells[first:last])
    return Excerpt(f"{head}{shown}{tail}".rstrip(), " " * before + mark * max(marked, 1))


def wrap(text: str, width: int) -> Iterator[str]:
    """Yield printable lines of at most ``width`` columns. Line breaks and indentation of the text are kept."""
    for line in text.strip("\n").split("\n"):
        shown = visible(line.rstrip().expandtabs(2))
        indent = " " * (len(shown) - len(shown.lstrip()))
        yield from textwrap.wrap(
            shown, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]


def _cells(text: str) -> list[_Cell]:
    cells = []
    column = 0
    escaped = escaped_offsets(text)
    for index, character in enumerate(text):
        cell = _escaped(character, column) if index in escaped else _cell(character)
        cells.append(cell)
        column += cell.width
    return cells


def _escaped(character: str, column: int) -> _Cell:
    shown = " " * (TAB - column % TAB) if character == "\t" else escape(character)
    return _Cell(shown, len(shown))


def _cell(character: str) -> _Cell:
    if " " <= character <= "~":
        return _Cell(character, 1)
    if unicodedata.category(character) in ("Mn", "Me"):
        return _Cell(character, 0)
    return _Cell(character, 2 if unicodedata.east_asian_width(character) in "WF" else 1)


def _window(cells: list[_Cell], start: int, end: int, width: int) -> tuple[int, int]:
    """Return the range of cells to show: all if they fit, else from a little before the span to the width."""
    if sum(cell.width for cell in cells) <= width:
        return 0, len(cells)
    room = width - 2  # for the ellipses
    first, lead = start, 0
    spare = max(_LEAD, room - sum(cell.width for cell in cells[start:end]) - _LEAD)
    while first and lead + cells[first - 1].width <= min(spare, room // 2):
        first -= 1
        lead += cells[first].width
    if first == 1 and cells[0].width == 1:
        first = 0  # an ellipsis would be as wide
    last, used = first, 0
    while last < len(cells) and used + cells[last].width <= room:
        used += cells[last].width
        last += 1
    return first, last
