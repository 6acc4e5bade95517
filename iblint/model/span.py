"""Spans: the positions of values in a text."""

from __future__ import annotations

from iblint.model.record import NamedTuple


class Span(NamedTuple):
    """A part of a text. Lines and columns are 1-based, columns count code points, the end is exclusive.

    A tuple, because parsers make one for every key and value of a file.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Entry(NamedTuple):
    """The spans of one mapping entry or list item.

    ``value`` is where the value is used. For an alias (``*base``) or a merged key (``<<: *base``) that is the alias,
    and ``written`` is where the value is written, at the anchor. ``key`` is None in lists.
    """

    key: Span | None
    value: Span
    written: Span | None = None
