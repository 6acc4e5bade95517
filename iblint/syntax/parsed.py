"""What a parser returns, and the bounds that all parsers share."""

from __future__ import annotations

from typing import Any

from iblint.model.document import Comment, SpanTable
from iblint.model.record import record

MAX_DEPTH = 100
"""Collections that may stand in each other, aliases followed: whoever walks the data may do it recursively."""

MAX_NODES = 1_000_000
"""Keys, values and collections that are written in one text: bounds the memory."""

MAX_NUMBER_LENGTH = 1000
"""Characters of a number: Python converts no integer of more than 4300 digits, and long ones in quadratic time."""


MAX_REACH = 2048
"""Characters of the keys that lead to a value, together: every message about the value names them all."""

TOO_FAR = f"the keys from here to a value have more than {MAX_REACH} characters together. Shorten them."


@record
class Parsed:
    """One document: plain data (plus ``Tagged`` values), the spans of its entries, its comments."""

    data: Any
    spans: SpanTable
    comments: tuple[Comment, ...] = ()
