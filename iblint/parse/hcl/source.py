"""The text that expressions are cut from: offsets in bytes, as tree-sitter counts, to spans in code points."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from iblint.model.span import Span
from iblint.parse.line_index import Lines

MAX_SHOWN = 200
"""Characters of an expression that are kept."""


class HclText:
    """The text of a file, and its UTF-8 bytes."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.data = text.encode("utf-8", "surrogatepass")
        self.errors: list[int] = []
        """Where the syntax errors of the file begin, once it is parsed."""

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return HclText, (self.text, self.file)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _continuations(self) -> list[int]:
        """The offsets of the bytes that do not begin a character."""
        if len(self.data) == len(self.text):
            return []
        return [match.start() for match in re.finditer(rb"[\x80-\xbf]", self.data)]

    def _offset(self, byte: int) -> int:
        return byte - bisect_left(self._continuations, byte)

    def span(self, start: int, end: int) -> Span:
        """Return the span of the bytes from ``start`` to ``end``."""
        return self._lines.span(self._offset(start), self._offset(end))

    def blank_before(self, byte: int) -> bool:
        """Return whether only blanks precede an offset on its line."""
        return self._lines.blank_before(self.text, self._offset(byte))

    def cut(self, start: int, end: int) -> str:
        """Return the text of the bytes from ``start`` to ``end``."""
        return self.data[start:end].decode("utf-8", "replace")

    def on_one_line(self, start: int, end: int) -> str:
        """Return the text of an expression on one line, cut at MAX_SHOWN characters."""
        text = " ".join(self.cut(start, min(end, start + 4 * MAX_SHOWN)).split())
        return text if len(text) <= MAX_SHOWN and end - start <= 4 * MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


class JsonText(HclText):
    """A string of a JSON file, in which every expression has the span of the string."""

    def __init__(self, text: str, file: str, within: Span) -> None:
        super().__init__(text, file)
        self.within = within

    def __reduce__(self) -> tuple[type, tuple[str, str, Span]]:  # type: ignore[override]
        return JsonText, (self.text, self.file, self.within)

    def span(self, start: int, end: int) -> Span:  # noqa: ARG002 - the signature
        """Return the span of the string."""
        return self.within
