"""A text in a string of a document: where its lines are in the file, and the spans of what is read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from iblint.model.document import Comment, Document, SpanTable
from iblint.model.path import Path
from iblint.model.record import Record, replace
from iblint.model.span import Entry, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class EmbeddedText(Record):
    """A text in a string of a document."""

    text: str
    string: Span
    """The span of the string in the file."""
    lines: tuple[tuple[int, int], ...] | None
    """The line of the file that each line of the text is on, and how many columns later it begins there.

    None if the string is not written line by line: then everything is at the string itself."""
    expands: bool = False
    """Whether a shell replaces variables and commands in it."""

    def in_file(self, span: Span) -> Span:
        """Return the span in the file of a span of the text."""
        if self.lines is None or span.end_line > len(self.lines):
            return self.string
        line, column = self.lines[span.line - 1]
        end_line, end_column = self.lines[span.end_line - 1]
        return Span(line, span.column + column, end_line, span.end_column + end_column)

    def at(self, line: int, column: int = 1) -> Span:
        """Return the place in the file of a place of the text."""
        return self.in_file(Span(line, column, line, column))


class EmbeddedSpans(SpanTable):
    """The spans in the file of a document that was read from an embedded text."""

    __slots__ = ("_inner", "_text")

    def __init__(self, inner: SpanTable, text: EmbeddedText) -> None:
        super().__init__(inner.data)
        self._inner = inner
        self._text = text

    def __reduce__(self) -> tuple[Any, ...]:
        return EmbeddedSpans, (self._inner, self._text)

    @property
    def has_text_keys(self) -> bool:  # type: ignore[override]
        """Whether all keys of all mappings are known to be strings."""
        return self._inner.has_text_keys

    @property
    def root(self) -> Span:
        """The span of the whole value."""
        return self._text.in_file(self._inner.root)

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """Return the comments that contain ``text`` (lower case), ignoring case, in order."""
        found = self._inner.comments_with(text)
        return tuple([replace(comment, span=self._text.in_file(comment.span)) for comment in found])

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """Return the entries of a mapping or list in the data."""
        return {step: self._in_file(entry) for step, entry in self._inner.of(container).items()}

    def entry(self, container: Any, step: Any) -> Entry | None:
        """Return one entry of a mapping or list in the data, or None if it has no such key or index."""
        entry = self._inner.entry(container, step)
        return None if entry is None else self._in_file(entry)

    def first_key(self, mapping: Any) -> Span | None:
        """Return the span of the first key of a mapping, or None if it is empty."""
        key = self._inner.first_key(mapping)
        return None if key is None else self._text.in_file(key)

    def at(self, path: Path) -> Entry | None:
        """Return the spans of the value at ``path``, or None if there is no value."""
        entry = self._inner.at(path)
        return None if entry is None else self._in_file(entry)

    def forget(self) -> None:
        """Free the memory of what can be found again by parsing the text once more."""
        self._inner.forget()

    def _in_file(self, entry: Entry) -> Entry:
        in_file = self._text.in_file
        key, written = entry.key and in_file(entry.key), entry.written and in_file(entry.written)
        return Entry(key, in_file(entry.value), written)


def text_of(document: Document, string: str, span: Span, lines: list[str]) -> EmbeddedText:
    """Return a string of a document as an embedded text; ``lines`` are those of its file.

    The lines of a literal block scalar (``|``) are in the file one by one, all indented alike.
    """
    first = lines[span.line - 1][span.column - 1 :] if document.syntax == "yaml" else ""
    if not re.match(r"(?:[!&]\S*\s+)*\|[-+0-9]*\s*(?:#.*)?$", first):
        return EmbeddedText(string, span, None)
    written = string.split("\n")
    found = []
    indent: int | None = None
    for number, line in enumerate(written):
        whole = lines[span.line + number] if span.line + number < len(lines) else ""
        if line.strip():
            before = len(whole) - len(line)
            indent = before if indent is None else indent
            if before != indent or not whole.endswith(line) or whole[:before].strip():
                return EmbeddedText(string, span, None)
        found.append((span.line + number + 1, indent or 0))
    return EmbeddedText(string, span, tuple(found))


_HERE = re.compile(r"(?<![<\w])<<(-?)\s*(?:\"([^\"\n]+)\"|'([^'\n]+)'|(\\?)([A-Za-z_][\w.-]*))")


def here_documents(text: EmbeddedText) -> Iterator[tuple[EmbeddedText, range]]:
    """Yield the here-documents of a shell script, each with its lines in the script (from 0).

    One that is never closed reaches to the end, as in a shell.
    """
    lines = text.text.split("\n")
    number = 0
    while number < len(lines):
        begin = None if lines[number].lstrip().startswith("#") else _HERE.search(lines[number])
        number += 1
        if begin is None:
            continue
        tabs, double, single, escaped, bare = begin.groups()
        end = next(
            (i for i in range(number, len(lines)) if _closes(lines[i], double or single or bare, tabs)), len(lines)
        )
        body = [line.lstrip("\t") if tabs else line for line in lines[number:end]]
        places = None
        if text.lines is not None:
            cut = [len(whole) - len(line) for whole, line in zip(lines[number:end], body, strict=True)]
            places = tuple((n, c + k) for (n, c), k in zip(text.lines[number:end], cut, strict=True))
        is_literal = bool(double or single or escaped)
        yield EmbeddedText("\n".join(body), text.string, places, text.expands or not is_literal), range(number, end)
        number = end + 1


def _closes(line: str, word: str, tabs: str) -> bool:
    return (line.lstrip("\t") if tabs else line).rstrip("\r") == word
