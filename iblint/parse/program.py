"""The text of a program: a whole file, or a part of one such as a cell of a notebook or a script in YAML.

Parsers of programs count offsets in this text. ``Program`` turns them into spans of the file that people edit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from iblint.model.document import Comment, SpanTable
from iblint.model.span import Span
from iblint.parse.line_index import Lines

MAX_SHOWN = 120
"""Characters of an expression that messages show."""


class Program:
    """A text, and where each of its characters stands in a file."""

    def __init__(self, text: str, file: str, outer: str | None = None, places: Places | None = None) -> None:
        """``outer`` is the text of the file, if it is another one, and ``places`` where each character stands there."""
        self.text = text
        self.file = file
        self._outer = text if outer is None else outer
        self._places = places

    @property
    def starts(self) -> list[int]:
        """Where each character stands in the file."""
        return list(range(len(self.text))) if self._places is None else self._places.starts

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(self.text)

    @cached_property
    def _outer_lines(self) -> Lines:
        return self.lines if self._places is None else Lines(self._outer)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\r\n?|\n", self.text))]

    def span(self, start: int, end: int) -> Span:
        """Return the span of ``text[start:end]`` in the file."""
        if self._places is None:
            return self._outer_lines.span(start, end)
        return self._outer_lines.span(*self._places.outer(start, end))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a 1-based line and column of the text."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1

    def outer(self, span: Span) -> Span:
        """Return a span of the text as a span of the file."""
        if self._places is None:
            return span
        return self.span(self.offset(span.line, span.column), self.offset(span.end_line, span.end_column))

    def shown(self, start: int, end: int) -> str:
        """Return an expression on one line, shortened."""
        text = " ".join(self.text[start : min(end, start + 8 * MAX_SHOWN)].split())
        return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


class Places:
    """Where the characters of a text stand in another text. Both lists have an offset for each character."""

    def __init__(self, starts: list[int], ends: list[int]) -> None:
        self.starts = starts
        self.ends = ends

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets of a part of the text in the other one."""
        if not self.starts:
            return 0, 0
        last = len(self.starts) - 1
        begin = self.starts[start] if start <= last else self.ends[last]
        return begin, max(begin, self.ends[min(max(end - 1, 0), last)] if end > start else begin)

    def part(self, start: int, end: int) -> Places:
        """Return the places of a part of the text."""
        return Places(self.starts[start:end], self.ends[start:end])


class ProgramSpans(SpanTable):
    """The comments of a program, and where its code begins. It has no values."""

    __slots__ = ("_comments", "_root")

    def __init__(self, root: Span, comments: tuple[Comment, ...]) -> None:
        super().__init__(None)
        self._root = root
        self._comments = comments

    def __reduce__(self) -> tuple[type, tuple[Span, tuple[Comment, ...]]]:
        return ProgramSpans, (self._root, self._comments)

    @property
    def root(self) -> Span:
        """The span of the first line of code."""
        return self._root

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """Return the comments that contain ``text`` (lower case), ignoring case, in order."""
        return tuple(comment for comment in self._comments if text in comment.text.lower())

    def of(self, container: object) -> dict[str | int, object]:  # type: ignore[override]  # noqa: ARG002 - the signature
        """Return nothing: a program has no values with spans."""
        return {}


class Bytes:
    """Offsets in the UTF-8 bytes of a text, as parsers count, to offsets in code points."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "surrogatepass")
        self._ascii = len(self.data) == len(text)

    @cached_property
    def _continuations(self) -> list[int]:
        """The offsets of the bytes that do not begin a character."""
        return [match.start() for match in re.finditer(rb"[\x80-\xbf]", self.data)]

    def offset(self, byte: int) -> int:
        """Return the offset in code points."""
        return byte if self._ascii else byte - bisect_left(self._continuations, byte)
