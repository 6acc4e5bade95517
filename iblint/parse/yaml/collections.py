"""Collections that the strict reader is building, and the merging of mappings."""

from __future__ import annotations

from iblint.model.record import Record, field
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Entries: TypeAlias = "dict[Any, Entry]"


class _Merge:
    def __repr__(self) -> str:
        return "<<"


MERGE_KEY = _Merge()
"""The key ``<<`` when it means a merge."""


class Node(Record, frozen=False):
    """A finished scalar or collection, or an alias to one. Offsets are those of the place where it is used."""

    value: Any
    start: int
    end: int
    size: int = 1
    """Number of nodes in it, aliases expanded."""
    height: int = 0
    """Levels of nested collections, aliases expanded; 0 for a scalar."""
    written: Span | None = None
    """For an alias: the span of the value at the anchor."""
    reach: int = 0
    """Characters of the keys on the longest path inside it."""

    @property
    def container(self) -> Any:
        """The value itself, without its tag."""
        return self.value.value if isinstance(self.value, Tagged) else self.value


class Frame(Record, frozen=False):
    """A collection that is not finished."""

    start: int
    end: int
    """End offset of the last child so far."""
    tag: str | None
    """A tag that is not YAML's own."""
    anchor: str | None
    counted: int
    """Number of nodes before this collection."""
    data: Any
    """The dict or list."""
    entries: Entries = field(default_factory=dict)
    height: int = 1
    reach: int = 0
    key: Node | None = None
    """The key whose value comes next."""
    merges: list[tuple[dict[Any, Any], Span | None]] = field(default_factory=list)
    """Mappings to merge, with the span of the alias that names each (None if it is written inline)."""

    @property
    def expects_key(self) -> bool:
        """Whether the next node is a key."""
        return self.key is None and isinstance(self.data, dict)


def merged(frame: Frame, table: dict[int, Entries]) -> tuple[dict[Any, Any], Entries]:
    """Return the data and entries of a mapping with its merged keys: later merges win, own keys win over all."""
    data: dict[Any, Any] = {}
    entries: Entries = {}
    for mapping, alias in frame.merges:
        for key, entry in table[id(mapping)].items():
            data[key] = mapping[key]
            entries[key] = entry if alias is None else Entry(alias, alias, entry.written or entry.value)
    return data | frame.data, entries | frame.entries


def live_entries(data: Any, table: dict[int, Entries]) -> dict[int, Entries]:
    """Return the part of a table that belongs to the data: merged mappings are gone, and their ids may be reused."""
    live: dict[int, Entries] = {}
    waiting = [data]
    while waiting:
        value = waiting.pop()
        value = value.value if isinstance(value, Tagged) else value
        if isinstance(value, dict | list) and id(value) not in live:
            live[id(value)] = table[id(value)]
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return live
