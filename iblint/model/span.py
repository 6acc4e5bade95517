"""Where something stands in a text."""

from __future__ import annotations

from iblint.model.record import NamedTuple


class Span(NamedTuple):
    """A stretch of text. Lines and columns are 1-based, columns count code points, the end is exclusive.

    A tuple and not a record: loaders make one for every key and value of a file.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Entry(NamedTuple):
    """The spans of one mapping entry or list item.

    ``value`` is where the value is *used*: for an alias (``*base``) or a merged key (``<<: *base``) that is the
    alias itself, and ``written`` then says where the value was written, at the anchor. ``key`` is None in lists.
    """

    key: Span | None
    value: Span
    written: Span | None = None
