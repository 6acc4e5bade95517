"""The lines of the files that a report points into, and one-line regions within them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from iblint.model.span import Span
from iblint.text.secrets import redact

_BREAK = re.compile("\r\n|\r|\n")


class Lines:
    """Lines of decoded texts, without a byte order mark; each text is split once.

    Secrets are masked, unless the lines serve only to count.
    """

    def __init__(self, texts: Mapping[str, str], *, masked: bool = True) -> None:
        self._texts = texts
        self._mask = redact if masked else str
        self._split: dict[str, list[str]] = {}

    def of(self, file: str) -> list[str]:
        """All lines of a file, without their breaks; none when the text is not at hand."""
        if file not in self._split:
            lines = _BREAK.split(self._mask(self._texts.get(file, "").removeprefix("\ufeff")))
            self._split[file] = lines if lines[-1] else lines[:-1]  # a final break ends a line and begins none
        return self._split[file]

    def at(self, file: str, line: int) -> str | None:
        """The line with a 1-based number, or None when there is none."""
        lines = self.of(file)
        return lines[line - 1] if 1 <= line <= len(lines) else None


def one_line(span: Span, line: str | None) -> Span:
    """Cut a span at the end of its first line, keep it within the line and, where it can be, one column wide.

    ``line`` is the text of that line, None when it is not at hand.
    """
    if line is None:
        end = span.end_column if span.end_line == span.line else span.column
        return Span(span.line, span.column, span.line, max(end, span.column))
    start = min(span.column, len(line) + 1)
    end = min(span.end_column, len(line) + 1) if span.end_line == span.line else len(line.rstrip()) + 1
    return Span(span.line, start, span.line, min(max(end, start + 1), max(len(line) + 1, start)))
