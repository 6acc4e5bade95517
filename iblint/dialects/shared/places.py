"""Lazy places: most places are never needed, so each is computed when it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.model.document import SpanTable
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.resource import Location, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Lazy:
    """A place that is computed when it is needed."""

    __slots__ = ()

    def place(self) -> Place:
        """Return the place."""
        raise NotImplementedError


class LazyPlace(Lazy):
    """The place of an entry of a mapping or list of a document."""

    __slots__ = ("_container", "_spans", "_step")

    def __init__(self, spans: SpanTable, container: Any, step: Any) -> None:
        self._spans = spans
        self._container = container
        self._step = step

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyPlace, (self._spans, self._container, self._step)

    def place(self) -> Place:
        """Return the place."""
        entry = self._spans.entry(self._container, self._step)
        return Place(self._spans.root) if entry is None else Place(entry.value, entry.key)


Where = Place | Lazy


def place_of(where: Where) -> Place:
    """Return the place, computing it if it is lazy."""
    return where.place() if isinstance(where, Lazy) else where


class LazyPlaces(Mapping[Path, Place]):
    """The places of a resource's values, by path."""

    __slots__ = ("_found",)

    def __init__(self, found: dict[Path, Where]) -> None:
        self._found = found

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyPlaces, (self._found,)

    def __getitem__(self, path: Path) -> Place:
        return place_of(self._found[path])

    def __iter__(self) -> Iterator[Path]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def with_related(where: Where, related: tuple[Location, ...]) -> Where:
    """Return the same place with other related locations."""
    return replace(place_of(where), related=related) if related or isinstance(where, Place) else where
