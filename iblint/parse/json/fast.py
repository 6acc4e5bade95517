"""Parse ordinary JSON texts (RFC 8259) with the standard library's scanner in C.

A text that the scanner refuses, or that is not strictly valid, goes to the strict reader, which alone decides what is
refused and words the error. Spans are found by a second pass over the text, when they are first needed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from json.decoder import JSONDecoder

from iblint.model.document import Comment, SpanTable, keep_alone
from iblint.model.span import Entry, Span
from iblint.parse.json.strict import read
from iblint.parse.line_index import Lines
from iblint.parse.parsed import MAX_NODES, MAX_NUMBER_LENGTH, SHALLOW, SHORT_KEY, Parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BLANKS = " \t\r\n"
_PART = r'"[^"\\]*(?:\\.[^"\\]*)*"|[^ \t\r\n,:"\[\]{}]+|[\[\]{}]'
"""A string, a number or a word, or a bracket."""

Run = list[int]
"""Start and end offsets of each part of an object (a key, its value, the next key ...) or of each item of an array."""


def parse(text: str) -> Parsed:
    """Parse a JSON text.

    Raises ParseError for invalid JSON, and for duplicate keys, lone surrogates, numbers that are not finite or too
    long, and texts beyond the limits.
    """
    if len(text) < MAX_NODES and "\\ud" not in text and "\\uD" not in text:
        try:
            data = _DECODER.decode(text)
        except (ValueError, RecursionError):
            return read(text)
        if _is_shallow(data):
            return Parsed(data, Spans(data, text))
    return read(text)


class Spans(SpanTable):
    """The spans of a document, found by a pass over its tokens when the first one is needed."""

    has_text_keys = True

    __slots__ = ("_lines", "_runs", "_steps", "_text")

    def __init__(self, data: Any, text: str) -> None:
        super().__init__(data)
        self._text = text
        self.forget()

    def __reduce__(self) -> tuple[Any, ...]:
        return Spans, (self.data, self._text)

    def forget(self) -> None:
        """Drop what can be computed again."""
        self._lines: Lines | None = None
        self._runs: dict[int, Run] = {}
        self._steps: dict[int, dict[Any, Any]] = {}

    @property
    def root(self) -> Span:
        """The span of the whole value."""
        start = len(self._text) - len(self._text.lstrip(_BLANKS))
        return self._span(start, len(self._text.rstrip(_BLANKS)))

    def comments_with(self, _text: str) -> tuple[Comment, ...]:
        """Return no comments: JSON has none."""
        return ()

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """Return the entries of a mapping or list of the data; none for any other container."""
        return {step: entry for step in self._members(container) if (entry := self.entry(container, step))}

    def entry(self, container: Any, step: Any) -> Entry | None:
        """Return one entry of a mapping or list of the data, or None if it has no such key or index."""
        members = self._members(container)
        found: Entry | tuple[int, ...] | None = members.get(step)
        if found is None or isinstance(found, Entry):
            return found
        key = self._span(*found[:2]) if len(found) == 4 else None
        entry = members[step] = Entry(key, self._span(*found[-2:]))
        return entry

    def first_key(self, mapping: Any) -> Span | None:
        """Return the span of the first key of a mapping, or None if it is empty."""
        if mapping is not self.data or not isinstance(mapping, dict) or not mapping:
            return super().first_key(mapping)
        start = self._text.index('"')
        return self._span(start, _DECODER.raw_decode(self._text, start)[1])

    def _members(self, container: Any) -> dict[Any, Any]:
        """Return the entry of each key or index of a container, or the offsets that it is made of."""
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
    """Return all objects and arrays, in the order in which they begin."""
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
    """Return the run of each object and array, in the order in which they begin."""
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
    """Return whether collections nest at most SHALLOW levels deep."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(SHALLOW):
        below = (value for each in level for value in (each.values() if each.__class__ is dict else each))
        level = [value for value in below if value.__class__ is dict or value.__class__ is list]
        if not level:
            return True
    return False
