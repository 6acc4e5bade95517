"""The sections of a template, and its resources, those of loops that could not be expanded included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from iblint.dialects.cloudformation.intrinsics import is_function, written
from iblint.dialects.cloudformation.macros import has_macro, is_loop, replaces_template
from iblint.dialects.shared.places import LazyPlace
from iblint.model.document import Document, SpanTable
from iblint.model.resource import Location, Place
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Declared:
    """A resource as it is written. Not a Record, because its place is computed when it is needed."""

    def __init__(
        self,
        spans: SpanTable,
        section: Mapping[Any, Any],
        key: Any,
        loops: Mapping[str, str],
        optional: bool,
        replaced: bool,
    ) -> None:
        self._spans = spans
        self._section = section
        self._key = key
        self.logical_id = str(key)
        """In a loop, the pattern of the ids: ``Config${Env}``."""
        self.body: dict[Any, Any] = section[key]
        self.type: str = self.body["Type"]
        self.loops = loops
        """The variables of the loops around it, if they are not expanded, each with its collection as it is written."""
        self.optional = optional
        """Whether a loop around it may make no resource at all."""
        self.replaced = replaced
        """Whether a macro may replace it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Declared, (self._spans, self._section, self._key, self.loops, self.optional, self.replaced)

    @cached_property
    def place(self) -> Place:
        """The place of the resource."""
        return LazyPlace(self._spans, self._section, self._key).place()

    @property
    def span(self) -> Span:
        """The span of the key that names it."""
        return self.place.key or self.place.value

    @property
    def lines(self) -> range:
        """All its lines."""
        return range(self.span.line, self.place.value.end_line + 1)


class Template:
    """A document read as a template. A section that is missing or not a mapping counts as empty."""

    def __init__(self, document: Document) -> None:
        self.document = document
        data = document.data if isinstance(document.data, dict) else {}
        self.replaced = replaces_template(data)
        """Whether a macro may replace all of it."""
        self.resources = tuple(self._resources(self.section("Resources"), {}, False, self.replaced))
        self.logical_ids = frozenset(r.logical_id for r in self.resources) | frozenset(self.section("Resources"))

    def __reduce__(self) -> tuple[Any, ...]:
        return Template, (self.document,)

    @cached_property
    def by_id(self) -> Mapping[str, Declared]:
        """The resources by their logical ids."""
        return {declared.logical_id: declared for declared in self.resources}

    def section(self, name: str) -> Mapping[Any, Any]:
        """Return a section by its name."""
        data = self.document.data
        section = data.get(name) if isinstance(data, dict) else None
        return section if isinstance(section, dict) else {}

    def id_of(self, logical_id: str) -> str:
        """Return the id of a resource of this template, unique in the run."""
        ordinal = f"{self.document.index}/" if self.document.index else ""
        return f"{self.document.name}#{ordinal}{logical_id}"

    def lazy_place(self, container: Any, step: str | int) -> LazyPlace:
        """Return the place of an entry of a mapping or list, to be computed when it is needed."""
        return LazyPlace(self.document.spans, container, step)

    def place(self, container: Any, step: str | int) -> Place:
        """Return the place of an entry of a mapping or list."""
        return self.lazy_place(container, step).place()

    def texts_of(self, mapping: Mapping[Any, Any]) -> dict[str, Any]:
        """Return the keys of a mapping by their text, without those whose text is not certain.

        YAML reads ``012`` as the number 10 and ``yes`` as true: the text of a number is certain if it is as long as the
        number. A function may generate any key.
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
        """Return a place of this template as a location."""
        return Location(place.file or self.document.file, place.value, label)

    def _resources(
        self, section: Mapping[Any, Any], loops: Mapping[str, str], optional: bool, replaced: bool
    ) -> Iterator[Declared]:
        replaced = replaced or has_macro(section)
        for key, body in section.items():
            if is_loop(key):
                yield from self._looped(body, loops, optional, replaced)
            elif isinstance(body, dict) and isinstance(body.get("Type"), str):
                replaced_too = replaced or has_macro(body)
                yield Declared(self.document.spans, section, key, loops, optional, replaced_too)

    def _looped(self, loop: Any, loops: Mapping[str, str], optional: bool, replaced: bool) -> Iterator[Declared]:
        """Yield the resources of ``Fn::ForEach::X: [variable, collection, {logical id: resource}]``."""
        match loop:
            case [str(variable), collection, dict(section)]:
                known = isinstance(collection, list) and any(isinstance(item, str) for item in collection)
                yield from self._resources(
                    section, {**loops, variable: written(collection)}, optional or not known, replaced
                )
