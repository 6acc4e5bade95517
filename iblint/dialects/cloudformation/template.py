"""The sections of a template, and its resources with those that ``Fn::ForEach`` makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from iblint.dialects.cloudformation.intrinsics import is_function
from iblint.dialects.shared.places import Spot
from iblint.model.document import Document, SpanTable
from iblint.model.resource import Location, Place
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOOP = "Fn::ForEach::"


class Declared:
    """A resource as it is written. No record, so that its place can be looked up when it is asked for."""

    def __init__(self, spans: SpanTable, section: Mapping[Any, Any], key: Any, loops: frozenset[str]) -> None:
        self._spans = spans
        self._section = section
        self._key = key
        self.logical_id = str(key)
        """For one in a loop, the pattern of its ids: ``Config${Env}``."""
        self.body: dict[Any, Any] = section[key]
        self.type: str = self.body["Type"]
        self.loops = loops
        """Loop variables around it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Declared, (self._spans, self._section, self._key, self.loops)

    @cached_property
    def place(self) -> Place:
        """Where it stands."""
        return Spot(self._spans, self._section, self._key).place()

    @property
    def span(self) -> Span:
        """Where it begins: the key that names it."""
        return self.place.key or self.place.value

    @property
    def lines(self) -> range:
        """All lines of it."""
        return range(self.span.line, self.place.value.end_line + 1)


class Template:
    """A document read as a template. Sections that are missing or no mappings count as empty."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.resources = tuple(self._resources(self.section("Resources"), frozenset()))
        self.logical_ids = frozenset(r.logical_id for r in self.resources) | frozenset(self.section("Resources"))

    def __reduce__(self) -> tuple[Any, ...]:
        return Template, (self.document,)

    def section(self, name: str) -> Mapping[Any, Any]:
        """A section by its name."""
        data = self.document.data
        section = data.get(name) if isinstance(data, dict) else None
        return section if isinstance(section, dict) else {}

    def id_of(self, logical_id: str) -> str:
        """The id, unique in the run, of a resource of this template."""
        ordinal = f"{self.document.index}/" if self.document.index else ""
        return f"{self.document.file}#{ordinal}{logical_id}"

    def spot(self, container: Any, step: str | int) -> Spot:
        """An entry of a mapping or list of the document, whose place may be asked for."""
        return Spot(self.document.spans, container, step)

    def place(self, container: Any, step: str | int) -> Place:
        """Where an entry of a mapping or list of the document stands."""
        return self.spot(container, step).place()

    def texts_of(self, mapping: Mapping[Any, Any]) -> dict[str, Any]:
        """The keys of a mapping of the document by their text; those that are not certain are left out.

        YAML reads ``012`` as the number 10 and ``yes`` as true: a number is certain when it is as long as its text.
        What a function makes may be any key.
        """
        texts: dict[str, Any] = {}
        for key in mapping:
            if is_function(key):
                continue
            if isinstance(key, str):
                texts[key] = key
            elif isinstance(key, int) and not isinstance(key, bool):
                span = self.place(mapping, key).key
                if span is not None and span.end_column - span.column == len(str(key)):
                    texts[str(key)] = key
        return texts

    def location(self, place: Place, label: str) -> Location:
        """A place of this template as something to point at."""
        return Location(place.file or self.document.file, place.value, label)

    def _resources(self, section: Mapping[Any, Any], loops: frozenset[str]) -> Iterator[Declared]:
        for key, body in section.items():
            if isinstance(key, str) and key.startswith(_LOOP):
                yield from self._looped(body, loops)
            elif isinstance(body, dict) and isinstance(body.get("Type"), str):
                yield Declared(self.document.spans, section, key, loops)

    def _looped(self, loop: Any, loops: frozenset[str]) -> Iterator[Declared]:
        """The resources of ``Fn::ForEach::X: [variable, collection, {logical id: resource}]``."""
        match loop:
            case [str(variable), _, dict(section)]:
                yield from self._resources(section, loops | {variable})
