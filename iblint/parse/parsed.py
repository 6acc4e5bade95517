"""The result of a parser, and the limits that all parsers share."""

from __future__ import annotations

from iblint.model.document import Comment, SpanTable
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 100
"""Levels of nested collections, aliases followed: code that walks the data may be recursive."""

MAX_NODES = 1_000_000
"""Keys, values and collections in one text. Limits the memory."""

MAX_DOCUMENTS = 1000

MAX_NUMBER_LENGTH = 1000
"""Characters of a number: Python converts integers in quadratic time, and none of more than 4300 digits."""

MAX_REACH = 2048
"""Characters of all keys on the path to a value: every message about the value names them."""

SHALLOW = 16
SHORT_KEY = 128
"""Limits of the fast readers: nested collections, and characters of a key. Together they imply MAX_REACH and
MAX_DEPTH, so that the fast readers need not count them."""

TOO_FAR = f"the keys on the path to a value have more than {MAX_REACH} characters together. Shorten them."


class Parsed(Record):
    """One document: plain data (plus ``Tagged`` values), and the spans of its entries and comments."""

    data: Any
    spans: SpanTable

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments, in order."""
        return self.spans.comments_with("")
