"""Convert offsets in a text to the lines and columns that an editor shows."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from iblint.model.errors import ParseError
from iblint.model.span import Span


class Lines:
    """The line starts of a text. A line ends with LF, CR LF or CR; other Unicode line breaks do not count."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        if "\r" in text:
            self._starts = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]
        else:
            self._starts = [0, *accumulate([len(line) + 1 for line in text.split("\n")])]
            self._starts.pop()  # the line after the last break

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column (in code points) of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Return the span of ``text[start:end]``."""
        return Span(*self.position(start), *self.position(end))

    def blank_before(self, text: str, offset: int) -> bool:
        """Return whether only blanks precede the offset on its line."""
        start = self._starts[bisect_right(self._starts, offset) - 1]
        return not text[start:offset].strip(" \t\ufeff")

    def error(self, message: str, offset: int, *, malformed: bool = False) -> ParseError:
        """Return a ParseError at an offset."""
        return ParseError(message, *self.position(offset), malformed=malformed)
