"""What a parser returns, and the bounds that all parsers share."""

from __future__ import annotations

from iblint.model.document import Comment, SpanTable
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 100
"""Collections that may stand in each other, aliases followed: whoever walks the data may do it recursively."""

MAX_NODES = 1_000_000
"""Keys, values and collections that are written in one text: bounds the memory."""

MAX_DOCUMENTS = 1000

MAX_NUMBER_LENGTH = 1000
"""Characters of a number: Python converts no integer of more than 4300 digits, and long ones in quadratic time."""

MAX_REACH = 2048
"""Characters of the keys that lead to a value, together: every message about the value names them all."""

SHALLOW = 16
SHORT_KEY = 128
"""Whoever reads quickly counts collections that stand in each other and characters of a key up to here, and no reach:
together they stay within MAX_REACH, and within MAX_DEPTH."""

TOO_FAR = f"the keys from here to a value have more than {MAX_REACH} characters together. Shorten them."


class Parsed(Record):
    """One document: plain data (plus ``Tagged`` values), and where its entries and comments stand."""

    data: Any
    spans: SpanTable

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Its comments, in order."""
        return self.spans.comments_with("")
