"""Inputs: sources of bytes, parsed documents with the spans of their values, and input errors."""

from __future__ import annotations

from _thread import _local as local  # threading.local, without importing threading
from collections.abc import Mapping

from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Source(Record, compiled=True):
    """A file or standard input, not yet parsed."""

    file: str
    """Name for messages: relative to the working folder, with forward slashes."""
    data: bytes
    explicit: bool = False
    """Whether it is named on the command line, and was not found in a folder."""


class InputError(Record):
    """An input that could not be judged. It makes the run incomplete (exit 4).

    ``line`` and ``column`` are 1-based; 1:1 for the whole file.
    """

    file: str
    line: int
    column: int
    message: str
    malformed: bool = False
    """Whether the text has a syntax error. If not, other tools may be able to read it."""


class Notice(Record):
    """What the user should know about the run although nothing is wrong, such as a file that was left out."""

    file: str
    line: int
    message: str
    """A full sentence or several."""


class NotJudged(Record):
    """What may declare a configuration in a form that iblint does not judge, such as the source of a program.

    It is listed and counted. The exit code stays as it is, but under ``--strict`` the run is incomplete.
    """

    file: str
    line: int
    """1-based, as ``column``."""
    column: int
    kind: str
    """What it is: a word with hyphens, such as ``cdk-source``."""
    reason: str
    """A full sentence: what it is, and why it was not judged."""
    help: str
    """How to have it judged, in full sentences."""


class Comment(Record):
    """A comment, from its ``#`` to the end of the line."""

    text: str
    span: Span
    own_line: bool
    """Whether only blanks precede it on its line."""


class SpanTable:
    """The spans of the entries of a document's mappings and lists, and its comments.

    Mappings and lists are looked up by identity, because a value shared by several aliases is one object; the table
    keeps ``data`` alive. Most tables find spans only when they are needed, which few are.
    """

    has_text_keys = False
    """Whether all keys of all mappings are known to be strings."""

    __slots__ = ("data",)

    def __init__(self, data: Any) -> None:
        self.data = data

    @property
    def root(self) -> Span:
        """The span of the whole value."""
        raise NotImplementedError

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """Return the comments that contain ``text`` (lower case), ignoring case, in order."""
        raise NotImplementedError

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """Return the entries of a mapping or list in the data."""
        raise NotImplementedError

    def entry(self, container: Any, step: Any) -> Entry | None:
        """Return one entry of a mapping or list in the data, or None if it has no such key or index."""
        return self.of(container).get(step)

    def first_key(self, mapping: Any) -> Span | None:
        """Return the span of the first key of a mapping, or None if it is empty."""
        return next((entry.key for entry in self.of(mapping).values()), None)

    def forget(self) -> None:
        """Free the memory of what can be found again by parsing the text once more."""

    def at(self, path: Path) -> Entry | None:
        """Return the spans of the value at ``path``, or None if there is no value.

        Below an alias, ``value`` is the span of the alias and ``written`` that of the value at the anchor.
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


_latest = local()
"""``_latest.spans`` is the table that parsed its text again last, in each thread."""


def keep_alone(spans: SpanTable) -> None:
    """Free the memory of the table that parsed its text again before ``spans``. Files are reported one by one."""
    before: SpanTable | None = getattr(_latest, "spans", None)
    if before is not None and before is not spans:
        before.forget()
    _latest.spans = spans


class KnownSpans(SpanTable):
    """A table of spans that were found while the text was parsed."""

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
        """The span of the whole value."""
        return self._root

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """Return the comments that contain ``text`` (lower case), ignoring case, in order."""
        return tuple(comment for comment in self._comments if text in comment.text.lower())

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """Return the entries of a mapping or list in the data."""
        return self.entries.get(id(container), {})


def _with_entries(data: Any, root: Span, pairs: list[tuple[Any, Any]], comments: tuple[Comment, ...]) -> KnownSpans:
    """Rebuild a table that was pickled: its mappings and lists have new identities."""
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


class Document(Record, compiled=True):
    """One document of a file: its data (plain, or with Tagged values) and its spans."""

    file: str
    syntax: str
    """The parser that read it: "yaml", "json"."""
    text: str
    """The text of the whole file, without a byte order mark; shared by all documents of the file."""
    data: Any
    spans: SpanTable
    index: int = 0
    """Position in a multi-document file, from 0."""
    explicit: bool = False
    within: str = ""
    """Where in its file it was read from, if that is a string: the JSON Pointer of the string."""
    depth: int = 0
    """How many texts it is inside."""

    @property
    def name(self) -> str:
        """Its file, and the string of it that it was read from, if any. Begins the IDs of its resources."""
        return f"{self.file}#{self.within}" if self.within else self.file

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Its comments, in order."""
        return self.spans.comments_with("")
