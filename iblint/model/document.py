"""Inputs: where bytes come from, what a syntax made of them, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iblint.model.path import Path
from iblint.model.record import field, record
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged


@record
class Source:
    """A file or standard input, not yet parsed."""

    file: str
    """As it is shown: relative to the working folder, with forward slashes."""
    data: bytes
    explicit: bool = False
    """Named on the command line itself (and not found in a folder)."""


@record
class Problem:
    """An input that could not be judged. Any problem makes the run incomplete (exit 4).

    ``line`` and ``column`` are 1-based; 1:1 when the whole file is meant.
    """

    file: str
    line: int
    column: int
    message: str
    malformed: bool = False
    """The text breaks its syntax; otherwise other tools may read it."""


@record
class Comment:
    """A comment, from its ``#`` to the end of the line."""

    text: str
    span: Span
    own_line: bool
    """Nothing but blanks stands before it on its line."""


class SpanTable:
    """The side table of spans: for each mapping and list of the data, the spans of its entries.

    Keyed by identity, because a value shared by several aliases is one object; the table keeps ``data`` alive.
    """

    __slots__ = ("data", "entries", "root")

    def __init__(self, data: Any, root: Span, entries: dict[int, dict[str | int, Entry]]) -> None:
        self.data = data
        self.root = root
        self.entries = entries

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """The entries of a mapping or list that is part of the data; empty when it has none."""
        return self.entries.get(id(container), {})

    def at(self, path: Path) -> Entry | None:
        """The spans of the value at ``path``, or None when nothing stands there.

        Below an alias the value's span is the alias, and ``written`` the place inside the anchor.
        """
        value, entry, alias = self.data, Entry(None, self.root), None
        for step in path:
            while isinstance(value, Tagged):
                value = value.value
            found = self.entries.get(id(value), {}).get(step)
            if found is None:
                return None
            entry, value = found, value[step]
            if alias is None and entry.written is not None:
                alias = entry
            elif alias is not None:
                entry = Entry(alias.key, alias.value, entry.written or entry.value)
        return entry


@record
class Document:
    """One document of a file: plain data (plus Tagged values), with spans and comments beside it."""

    file: str
    syntax: str
    """The loader that read it: "yaml", "json"."""
    text: str
    """The whole file, decoded, without a byte order mark; shared by all documents of the file."""
    data: Any
    spans: SpanTable
    comments: tuple[Comment, ...] = field(default=())
    index: int = 0
    """Position in a multi-document file, from 0."""
    explicit: bool = False
