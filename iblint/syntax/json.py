"""JSON (RFC 8259), strictly, with the place of every key and value.

Data is read by the standard library's scanner in C. What it would let pass is noticed, and left to our own reader,
which says what is wrong and where. When someone wants to know where a value stands, the text is read once more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from json.decoder import JSONDecoder
from typing import Any

from iblint.model.document import Comment, KnownSpans, SpanTable
from iblint.model.span import Entry, Span
from iblint.syntax.lines import Lines
from iblint.syntax.parsed import MAX_NODES, MAX_NUMBER_LENGTH, SHALLOW, SHORT_KEY, Parsed

_BLANKS = " \t\r\n"


def parse(text: str) -> Parsed:
    """Parse a JSON text.

    Raises SyntaxProblem for what JSON does not allow, and for duplicate keys, lone surrogates, numbers that are not
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
    from iblint.syntax.json_reader import read  # most runs need no place in a JSON text

    return read(text)


class Spans(SpanTable):
    """The table of a document whose places are not known: the text is read again when it is asked for one."""

    has_text_keys = True

    __slots__ = ("_known", "_text")

    def __init__(self, data: Any, text: str) -> None:
        super().__init__(data)
        self._text = text
        self._known: SpanTable | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Spans, (self.data, self._text)

    def forget(self) -> None:
        """Drop what can be found again."""
        self._known = None

    @property
    def root(self) -> Span:
        """Where the whole value stands."""
        start = len(self._text) - len(self._text.lstrip(_BLANKS))
        return Lines(self._text).span(start, len(self._text.rstrip(_BLANKS)))

    def comments_with(self, _text: str) -> tuple[Comment, ...]:
        """None: JSON has no comments."""
        return ()

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """The entries of a mapping or list that is part of the data; empty when it has none."""
        return self._table().of(container)

    def entry(self, container: Any, step: Any) -> Entry | None:
        """One entry of a mapping or list that is part of the data; None when it has no such key or index."""
        return (self._known or self._table()).entry(container, step)

    def first_key(self, mapping: Any) -> Span | None:
        """The key that is written first in a mapping; None when it is empty."""
        if mapping is not self.data or not isinstance(mapping, dict) or not mapping:
            return super().first_key(mapping)
        start = self._text.index('"')
        return Lines(self._text).span(start, _DECODER.raw_decode(self._text, start)[1])

    def _table(self) -> SpanTable:
        if self._known is None:
            from iblint.syntax.yaml_nodes import Spans as ComposedSpans
            from iblint.syntax.yaml_nodes import compose, keep_alone

            # Nearly every JSON text is YAML, and its composer in C takes a fraction of our reader's time.
            nodes = compose(self._text) or ()
            known = ComposedSpans(self.data, self._text, 0, nodes[0]) if len(nodes) == 1 else None
            self._known = known or _by_reader(self.data, self._text)
            keep_alone(self)
        return self._known


def _by_reader(data: Any, text: str) -> SpanTable:
    """The table of the same data, read again by our own reader."""
    again = _read(text)
    entries: dict[int, dict[Any, Entry]] = {}
    waiting = [(data, again.data)]
    while waiting:
        one, same = waiting.pop()
        if isinstance(one, dict | list):
            entries[id(one)] = dict(again.spans.of(same))
            waiting += [(one[step], same[step]) for step in entries[id(one)]]
    return KnownSpans(data, again.spans.root, entries)


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
