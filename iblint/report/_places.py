"""Places as formats write them: file names, paths and URIs; lines of the files and regions within one line."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from iblint.model.span import Span
from iblint.text.safe import visible
from iblint.text.secrets import redact

_LINE_BREAK = "\r\n|\r|\n"


def file_name(file: str) -> str:
    """Return a file name for the start of a line, where ``::`` after blanks would be a command to a CI runner."""
    shown = visible(file)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def is_inside(file: str) -> bool:
    """Return whether a file is in the working folder."""
    return not posixpath.normpath(file).startswith(("/", "../"))


def relative_path(file: str) -> str:
    """Return a file as a path inside the working folder, because code hosts refuse paths that leave the root.

    Of a file outside the working folder the leading ``../`` or ``/`` is dropped: the path still identifies the file,
    even if the host does not find it, and no path of the machine is shown.
    """
    path = posixpath.normpath(file).lstrip("/")
    while path.startswith("../"):
        path = path[3:]
    return path


def relative_uri(file: str) -> str:
    """Return ``relative_path`` as a percent-encoded URI."""
    from urllib.parse import quote

    encodable = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", relative_path(file))
    return quote(encodable.encode("utf-8", "surrogateescape"), safe="/")


class Lines:
    """The lines of decoded texts, without a byte order mark. Each text is split once, when it is first needed."""

    def __init__(self, texts: Mapping[str, str], *, redacted: bool = True) -> None:
        """``redacted=False`` is for lines that are only counted or measured, and never shown."""
        self._texts = texts
        self._redact = redact if redacted else str
        self._split: dict[str, list[str]] = {}

    def of(self, file: str) -> list[str]:
        """Return all lines of a file, without line breaks; none if its text is not known."""
        if file not in self._split:
            lines = re.split(_LINE_BREAK, self._redact(self._texts.get(file, "").removeprefix("\ufeff")))
            self._split[file] = lines if lines[-1] else lines[:-1]  # a final break ends the last line
        return self._split[file]

    def at(self, file: str, number: int) -> str | None:
        """Return the line with a 1-based number, or None if there is none."""
        lines = self.of(file)
        return lines[number - 1] if 1 <= number <= len(lines) else None


def within_line(span: Span, line: str | None) -> Span:
    """Cut a span to the part on its first line, at least one column wide where the line has room.

    ``line`` is the text of that line, or None if it is not known.
    """
    if line is None:
        end = span.end_column if span.end_line == span.line else span.column
        return Span(span.line, span.column, span.line, max(end, span.column))
    start = min(span.column, len(line) + 1)
    end = min(span.end_column, len(line) + 1) if span.end_line == span.line else len(line.rstrip()) + 1
    return Span(span.line, start, span.line, min(max(end, start + 1), max(len(line) + 1, start)))
