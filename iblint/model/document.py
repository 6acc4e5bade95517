"""Inputs: where bytes come from, what a syntax made of them, and what could not be read."""

from __future__ import annotations

from _thread import _local as local  # threading would be imported for this alone
from collections.abc import Mapping

from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Source(Record):
    """A file or standard input, not yet parsed."""

    file: str
    """As it is shown: relative to the working folder, with forward slashes."""
    data: bytes
    explicit: bool = False
    """Named on the command line itself (and not found in a folder)."""


class InputError(Record):
    """An input that could not be judged. Any problem makes the run incomplete (exit 4).

    ``line`` and ``column`` are 1-based; 1:1 when the whole file is meant.
    """

    file: str
    line: int
    column: int
    message: str
    malformed: bool = False
    """The text breaks its syntax; otherwise other tools may read it."""


class Comment(Record):
    """A comment, from its ``#`` to the end of the line."""

    text: str
    span: Span
    own_line: bool
    """Nothing but blanks stands before it on its line."""


class SpanTable:
    """Where everything in a document stands: the spans of each entry of its mappings and lists, and its comments.

    Entries are asked for by the identity of the mapping or list, because a value shared by several aliases is one
    object; the table keeps ``data`` alive. Tables differ in when they find out: most are never asked for most entries.
    """

    has_text_keys = False
    """Whether it is certain that all keys of all mappings are strings."""

    __slots__ = ("data",)

    def __init__(self, data: Any) -> None:
        self.data = data

    @property
    def root(self) -> Span:
        """Where the whole value stands."""
        raise NotImplementedError

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """The comments of the document that hold a text of small letters, in whatever case, in order."""
        raise NotImplementedError

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """The entries of a mapping or list that is part of the data; empty when it has none."""
        raise NotImplementedError

    def entry(self, container: Any, step: Any) -> Entry | None:
        """One entry of a mapping or list that is part of the data; None when it has no such key or index."""
        return self.of(container).get(step)

    def first_key(self, mapping: Any) -> Span | None:
        """The key that is written first in a mapping; None when it is empty."""
        return next((entry.key for entry in self.of(mapping).values()), None)

    def forget(self) -> None:
        """Drop what can be found again, once most questions have been asked."""

    def at(self, path: Path) -> Entry | None:
        """The spans of the value at ``path``, or None when nothing stands there.

        Below an alias the value's span is the alias, and ``written`` the place inside the anchor.
        """
        value, entry, alias = self.data, None, None
        for step in path:
            while isinstance(value, Tagged):
                value = value.value
            entry = self.entry(value, step)
            if entry is None:
                return None
            value = value[step]
            if alias is None and entry.written is not None:
                alias = entry
            elif alias is not None:
                entry = Entry(alias.key, alias.value, entry.written or entry.value)
        return entry or Entry(None, self.root)


_kept = local()
"""Its ``spans`` are the table that read its text again last, in each thread."""


def keep_alone(spans: SpanTable) -> None:
    """Let the table that read its text again before this one forget: questions come file by file."""
    before: SpanTable | None = getattr(_kept, "spans", None)
    if before is not None and before is not spans:
        before.forget()
    _kept.spans = spans


class KnownSpans(SpanTable):
    """A table of spans that were found while the text was read."""

    __slots__ = ("_comments", "_root", "entries")

    def __init__(
        self, data: Any, root: Span, entries: dict[int, dict[str | int, Entry]], comments: tuple[Comment, ...] = ()
    ) -> None:
        super().__init__(data)
        self._root = root
        self.entries = entries
        self._comments = comments

    def __reduce__(self) -> tuple[Any, ...]:
        pairs = [(container, self.entries[id(container)]) for container in _containers(self.data)]
        return _with_entries, (self.data, self._root, pairs, self._comments)

    @property
    def root(self) -> Span:
        """Where the whole value stands."""
        return self._root

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """The comments of the document that hold a text of small letters, in whatever case, in order."""
        return tuple(comment for comment in self._comments if text in comment.text.lower())

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """The entries of a mapping or list that is part of the data; empty when it has none."""
        return self.entries.get(id(container), {})


def _with_entries(data: Any, root: Span, pairs: list[tuple[Any, Any]], comments: tuple[Comment, ...]) -> KnownSpans:
    """A table that comes from another process, where its mappings and lists had other identities."""
    return KnownSpans(data, root, {id(container): entries for container, entries in pairs}, comments)


def _containers(data: Any) -> list[Any]:
    """All mappings and lists of the data, each once."""
    found: dict[int, Any] = {}
    waiting = [data]
    while waiting:
        value = waiting.pop()
        value = value.value if isinstance(value, Tagged) else value
        if isinstance(value, dict | list) and id(value) not in found:
            found[id(value)] = value
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return list(found.values())


class Document(Record):
    """One document of a file: plain data (plus Tagged values), and where everything in it stands."""

    file: str
    syntax: str
    """The loader that read it: "yaml", "json"."""
    text: str
    """The whole file, decoded, without a byte order mark; shared by all documents of the file."""
    data: Any
    spans: SpanTable
    index: int = 0
    """Position in a multi-document file, from 0."""
    explicit: bool = False

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Its comments, in order."""
        return self.spans.comments_with("")
