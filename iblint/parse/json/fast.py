"""JSON (RFC 8259), strictly, with the place of every key and value.

Data is read by the standard library's scanner in C. What it would let pass is noticed, and left to our own reader,
which says what is wrong and where. When someone asks where a value stands, the text is looked through once more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from json.decoder import JSONDecoder

from iblint.model.document import Comment, SpanTable, keep_alone
from iblint.model.span import Entry, Span
from iblint.parse.line_index import Lines
from iblint.parse.parsed import MAX_NODES, MAX_NUMBER_LENGTH, SHALLOW, SHORT_KEY, Parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BLANKS = " \t\r\n"
_PART = r'"[^"\\]*(?:\\.[^"\\]*)*"|[^ \t\r\n,:"\[\]{}]+|[\[\]{}]'
"""A string, a number or a word, or a bracket. Compiled when the first place is asked for."""

Run = list[int]
"""Start and end of each part of an object (a key, its value, the next key ...), or of each item of an array."""


def parse(text: str) -> Parsed:
    """Parse a JSON text.

    Raises ParseError for what JSON does not allow, and for duplicate keys, lone surrogates, numbers that are not
    finite or too long, and texts beyond the bounds.
    """
    if len(text) < MAX_NODES and "\\ud" not in text and "\\uD" not in text:
        try:
            data = _DECODER.decode(text)
        except (ValueError, RecursionError):
            return _read(text)
        if _is_shallow(data):
            return Parsed(data, Spans(data, text))
    return _read(text)


def _read(text: str) -> Parsed:
    from iblint.parse.json.strict import read  # most runs need no place in a JSON text

    return read(text)


class Spans(SpanTable):
    """The table of a document whose places are not known: its tokens are looked through when it is asked for one."""

    has_text_keys = True

    __slots__ = ("_lines", "_runs", "_steps", "_text")

    def __init__(self, data: Any, text: str) -> None:
        super().__init__(data)
        self._text = text
        self.forget()

    def __reduce__(self) -> tuple[Any, ...]:
        return Spans, (self.data, self._text)

    def forget(self) -> None:
        """Drop what can be found again."""
        self._lines: Lines | None = None
        self._runs: dict[int, Run] = {}
        self._steps: dict[int, dict[Any, Any]] = {}

    @property
    def root(self) -> Span:
        """Where the whole value stands."""
        start = len(self._text) - len(self._text.lstrip(_BLANKS))
        return self._span(start, len(self._text.rstrip(_BLANKS)))

    def comments_with(self, _text: str) -> tuple[Comment, ...]:
        """None: JSON has no comments."""
        return ()

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """The entries of a mapping or list that is part of the data; empty when it has none."""
        return {step: entry for step in self._members(container) if (entry := self.entry(container, step))}

    def entry(self, container: Any, step: Any) -> Entry | None:
        """One entry of a mapping or list that is part of the data; None when it has no such key or index."""
        members = self._members(container)
        found: Entry | tuple[int, ...] | None = members.get(step)
        if found is None or isinstance(found, Entry):
            return found
        key = self._span(*found[:2]) if len(found) == 4 else None
        entry = members[step] = Entry(key, self._span(*found[-2:]))
        return entry

    def first_key(self, mapping: Any) -> Span | None:
        """The key that is written first in a mapping; None when it is empty."""
        if mapping is not self.data or not isinstance(mapping, dict) or not mapping:
            return super().first_key(mapping)
        start = self._text.index('"')
        return self._span(start, _DECODER.raw_decode(self._text, start)[1])

    def _members(self, container: Any) -> dict[Any, Any]:
        """For each step into a mapping or list its entry, or the offsets of which that is made."""
        members = self._steps.get(id(container))
        if members is None:
            if not self._runs:
                self._runs = dict(zip(map(id, _collections(self.data)), _runs(self._text), strict=True))
                keep_alone(self)
            run = self._runs.get(id(container))
            if run is None:
                return {}
            offsets = iter(run)
            if isinstance(container, dict):
                members = dict(zip(container, zip(offsets, offsets, offsets, offsets, strict=True), strict=True))
            else:
                members = dict(enumerate(zip(offsets, offsets, strict=True)))
            self._steps[id(container)] = members
        return members

    def _span(self, start: int, end: int) -> Span:
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines.span(start, end)


def _collections(data: Any) -> list[Any]:
    """All objects and arrays, in the order in which they begin."""
    found: list[Any] = []
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if value.__class__ is dict:
            found.append(value)
            waiting += reversed(value.values())
        elif value.__class__ is list:
            found.append(value)
            waiting += reversed(value)
    return found


def _runs(text: str) -> list[Run]:
    """The run of each object and array, in the order in which they begin."""
    root: Run = []
    runs: list[Run] = []
    open_ = [root]
    for part in re.finditer(_PART, text):
        start, end = part.span()
        if text[start] in "]}":
            open_.pop()
            open_[-1][-1] = end
            continue
        open_[-1] += (start, end)
        if text[start] in "[{":
            runs.append([])
            open_.append(runs[-1])
    return runs


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs) or (data and max(map(len, data)) > SHORT_KEY):
        raise ValueError
    return data


def _integer(word: str) -> int:
    if len(word) > MAX_NUMBER_LENGTH:
        raise ValueError
    return int(word)


def _float(word: str) -> float:
    value = float(word)
    if len(word) > MAX_NUMBER_LENGTH or not math.isfinite(value):
        raise ValueError
    return value


def _constant(word: str) -> Any:
    raise ValueError(word)


_DECODER = JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant)


def _is_shallow(data: Any) -> bool:
    """Whether no more than SHALLOW collections stand in each other."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(SHALLOW):
        below = (value for each in level for value in (each.values() if each.__class__ is dict else each))
        level = [value for value in below if value.__class__ is dict or value.__class__ is list]
        if not level:
            return True
    return False
