"""Collections under construction, and the merging of mappings."""

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
    """A finished scalar or collection, or an alias to one; offsets are those of the place where it is used."""

    value: Any
    start: int
    end: int
    size: int = 1
    """Nodes that it consists of, aliases expanded."""
    height: int = 0
    """Collections that stand in each other, aliases expanded; 0 for a scalar."""
    written: Span | None = None
    """For an alias: where the anchor's value stands."""
    reach: int = 0
    """Characters of the keys that lead to the value that is furthest inside."""

    @property
    def container(self) -> Any:
        """The value itself, without its tag."""
        return self.value.value if isinstance(self.value, Tagged) else self.value


class Frame(Record, frozen=False):
    """A collection whose end has not been met."""

    start: int
    end: int
    """Where the last child ends, so far."""
    tag: str | None
    """A tag that is not YAML's own."""
    anchor: str | None
    counted: int
    """Nodes that were counted before this collection."""
    data: Any
    """The dict or list."""
    entries: Entries = field(default_factory=dict)
    height: int = 1
    reach: int = 0
    key: Node | None = None
    """The key that waits for its value."""
    merges: list[tuple[dict[Any, Any], Span | None]] = field(default_factory=list)
    """Mappings to merge, with the alias that names each (None when it is written inline)."""

    @property
    def expects_key(self) -> bool:
        """Whether the next node is a key."""
        return self.key is None and isinstance(self.data, dict)


def merged(frame: Frame, table: dict[int, Entries]) -> tuple[dict[Any, Any], Entries]:
    """The data and entries of a mapping with its merged keys: later merges win over earlier ones, own keys over all."""
    data: dict[Any, Any] = {}
    entries: Entries = {}
    for mapping, alias in frame.merges:
        for key, entry in table[id(mapping)].items():
            data[key] = mapping[key]
            entries[key] = entry if alias is None else Entry(alias, alias, entry.written or entry.value)
    return data | frame.data, entries | frame.entries


def live_entries(data: Any, table: dict[int, Entries]) -> dict[int, Entries]:
    """The part of a table that belongs to the data: a merge leaves mappings behind, whose ids may be used again."""
    live: dict[int, Entries] = {}
    waiting = [data]
    while waiting:
        value = waiting.pop()
        value = value.value if isinstance(value, Tagged) else value
        if isinstance(value, dict | list) and id(value) not in live:
            live[id(value)] = table[id(value)]
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return live
