"""Expand ``Fn::ForEach`` as the transform AWS::LanguageExtensions does, before anything reads the template.

A loop whose collection is known is replaced by its entries, one set for each item. All of them exist at once. A loop
stays as it is written if the collection is not known, if its entries would have the same names, or if it is too large.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from iblint.dialects.cloudformation.macros import is_loop
from iblint.dialects.cloudformation.requirements import named_by
from iblint.dialects.cloudformation.resolver import Resolver
from iblint.dialects.cloudformation.template import Template
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.extraction import Deployment, Extraction
from iblint.model.document import Comment, Document, SpanTable
from iblint.model.record import replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Place
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

MAX_NODES = 50_000
"""Values that the loops of a template may make. Beyond, all loops stay as they are written."""

_SECTIONS = ("Resources", "Conditions", "Outputs")
_CONFIGURATION = f"AWS::ImageBuilder::{INFRASTRUCTURE_CONFIGURATION}"
_SUB = ("!Sub", "Fn::Sub")

_Origin: TypeAlias = "tuple[Any, Any, tuple[Location, ...]]"
"""A container of the document, a step into it, and the items of the loops that made the entry."""


class ExpandedSpans(SpanTable):
    """The spans of a document whose loops are expanded: those of the values that each entry was made of."""

    __slots__ = ("_base", "_made", "never_made")

    def __init__(self, base: SpanTable, made: Collection[tuple[Any, dict[Any, _Origin]]] = ()) -> None:
        super().__init__(base.data)
        self._base = base
        self._made = {id(container): (container, origins) for container, origins in made}
        self.never_made: list[Span] = []
        """Where the configurations of loops without items are written."""

    def __reduce__(self) -> tuple[Any, ...]:
        return ExpandedSpans, (self._base, tuple(self._made.values()))

    def add(self, container: Any, origins: dict[Any, _Origin]) -> None:
        """Record what the entries of a new mapping or list were made of."""
        self._made[id(container)] = (container, origins)

    def origins_of(self, container: Any) -> Mapping[Any, _Origin]:
        """Return what the entries of a mapping or list were made of; none for one of the document."""
        made = self._made.get(id(container))
        return {} if made is None else made[1]

    @property
    def root(self) -> Span:
        """The span of the whole value."""
        return self._base.root

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """Return the comments that contain ``text`` (lower case), ignoring case, in order."""
        return self._base.comments_with(text)

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """Return the entries of a mapping or list."""
        origins = self.origins_of(container)
        if not origins:
            return self._base.of(container)
        return {step: entry for step in origins if (entry := self.entry(container, step))}

    def entry(self, container: Any, step: Any) -> Entry | None:
        """Return one entry of a mapping or list, or None if it has no such key or index."""
        origin = self.origins_of(container).get(step)
        return self._base.entry(container, step) if origin is None else self._base.entry(*origin[:2])

    def forget(self) -> None:
        """Free the memory of what can be found again by parsing the text once more."""
        self._base.forget()


def expand_loops(document: Document, deployment: Deployment) -> Document:
    """Return a template with its loops expanded: the same document if there is none to expand."""
    spans = ExpandedSpans(document.spans)
    expansion = _Expansion(replace(document, spans=spans), spans, deployment)
    try:
        data = expansion.template()
    except _TooLargeError:
        return document
    finally:
        deployment.steps.left -= expansion.nodes
    return document if data is document.data else replace(document, data=data, spans=spans)


def with_items(document: Document, extraction: Extraction) -> Extraction:
    """Return what was read of a template with expanded loops, with the items that made each configuration."""
    spans, section = document.spans, document.data["Resources"]
    if not isinstance(spans, ExpandedSpans):
        return extraction
    origins = spans.origins_of(section)
    resources = tuple(
        replace(resource, related=origins[resource.address][2])
        if resource.kind == INFRASTRUCTURE_CONFIGURATION and resource.address in origins
        else resource
        for resource in extraction.resources
    )
    return replace(extraction, resources=resources, never_made=tuple(dict.fromkeys(spans.never_made)))


class _TooLargeError(Exception):
    """The loops would make more than MAX_NODES values."""


class _UnclearError(Exception):
    """It is not documented what a loop makes."""


class _Expansion:
    """Expands the loops of one template."""

    def __init__(self, document: Document, spans: ExpandedSpans, deployment: Deployment) -> None:
        self._template = Template(document)
        self._resolver = Resolver(self._template, deployment)
        self._spans = spans
        self.nodes = 0
        """Values made by loops so far."""
        self._conditions: list[Any] = []
        """The conditions of the resources around the value that is expanded now."""

    def template(self) -> Any:
        """Return the template, with the sections that have loops replaced."""
        data = self._template.document.data
        made = {
            name: self._mapping(data[name], {}) if name in _SECTIONS and isinstance(data[name], dict) else data[name]
            for name in data
        }
        if all(made[name] is data[name] for name in data):
            return data
        self._spans.add(made, {name: (data, name, ()) for name in data})
        return made

    def _node(self, raw: Any, bound: Mapping[str, str], *, expand: bool = True) -> Any:
        """Return a node with variables filled in and loops expanded; the same object if nothing in it changes."""
        self.nodes += bool(bound)
        if self.nodes > MAX_NODES:
            raise _TooLargeError
        match raw:
            case str():
                return _filled(raw, bound) if bound and "{" in raw else raw
            case Tagged(tag="!Ref", value=str(name)) | {"Ref": str(name)} if name in bound and _is_call(raw):
                return bound[name]
            case Tagged(tag=tag, value=value):
                _refuse_shadowed(tag, value, bound)
                inner = self._node(value, bound, expand=expand)
                return raw if inner is value else Tagged(tag, inner)
            case dict():
                return self._mapping(raw, bound, expand=expand)
            case list():
                made = [self._node(item, bound, expand=expand) for item in raw]
                if all(new is old for new, old in zip(made, raw, strict=True)):
                    return raw
                self._spans.add(made, {index: (raw, index, ()) for index in range(len(raw))})
                return made
        return raw

    def _mapping(self, raw: dict[Any, Any], bound: Mapping[str, str], *, expand: bool = True) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        origins: dict[Any, _Origin] = {}
        self._conditions.append(raw.get("Condition"))
        count = 0
        for key, value in raw.items():
            loop = self._loop(value, bound) if expand and is_loop(key) else None
            if loop is None:
                _refuse_shadowed(key, value, bound)
                item = self._node(value, bound, expand=expand and not is_loop(key))
                loop = [(self._node(key, bound), item, (raw, key, ()))]
            for name, item, origin in loop:
                made[name], origins[name] = item, origin
            count += len(loop)
        self._conditions.pop()
        if len(made) < count:  # entries with the same name, which AWS refuses
            return self._mapping(raw, bound, expand=False) if expand else raw
        if made.keys() == raw.keys() and all(made[key] is raw[key] for key in raw):
            return raw
        self._spans.add(made, origins)
        return made

    def _loop(self, loop: Any, bound: Mapping[str, str]) -> list[tuple[Any, Any, _Origin]] | None:
        """Return the entries of a loop, or None if it cannot be expanded."""
        match loop:
            case [str(variable), collection, dict(section)] if variable not in bound:
                entries: list[tuple[Any, Any, _Origin]] = []
                items = self._items(self._node(collection, bound), section)
                if items is None:
                    return None
                if not items:
                    self._spans.never_made += _keys(self._spans, section)
                for item, location in items:
                    try:
                        made = self._mapping(section, {**bound, variable: item})
                    except _UnclearError:
                        return None
                    for name, value in made.items():
                        container, step, inner = self._spans.origins_of(made).get(name, (section, name, ()))
                        entries.append((name, value, (container, step, (location, *inner))))
                return entries
        return None

    def _items(self, raw: Any, section: dict[Any, Any]) -> list[tuple[str, Location]] | None:
        """Return the items of a collection, each with its location; None if they are not known."""
        collection = self._resolver.resolve(raw, Place(self._spans.root))
        if not isinstance(collection.data, list) or self._depends_on_a_condition(raw, section):
            return None
        items: list[tuple[str, Location]] = []
        for value in collection.data:
            text = self._text(value)
            if text is None or "${" in text or "&{" in text:
                return None
            items.append((text, self._template.location(value.place, f"the item '{text}' of the loop")))
        return items

    @staticmethod
    def _text(value: Value) -> str | None:
        """Return the text of an item. YAML reads ``010`` as 8: the text of a number is certain if it is as long."""
        if isinstance(value.data, int) and not isinstance(value.data, bool):
            text, span = str(value.data), value.place.value
            return text if span.line == span.end_line and span.end_column - span.column == len(text) else None
        return value.data if isinstance(value.data, str) else None

    def _depends_on_a_condition(self, collection: Any, section: dict[Any, Any]) -> bool:
        """Return whether a parameter decides both the items, and whether something around or in the loop exists.

        Then it may exist only where the items are others than those with the known value of the parameter.
        """
        parameters = self._template.section("Parameters").keys()
        named = set() if isinstance(collection, list) else named_by(self._template, collection)
        deciding = named.intersection(parameters)
        if not deciding:
            return False
        for condition in (*self._conditions, *_conditions_in(section)):
            if condition is not None and not isinstance(condition, dict):  # a mapping is one of an IAM policy
                is_open = not isinstance(condition, str) or "{" in condition
                if is_open or not deciding.isdisjoint(named_by(self._template, condition)):
                    return True
        return False


def _keys(spans: SpanTable, section: dict[Any, Any]) -> Iterator[Span]:
    """Yield the keys of a loop's configurations, and of those of the loops in it."""
    for key, value in section.items():
        match value:
            case [_, _, dict(inner)] if is_loop(key):
                yield from _keys(spans, inner)
            case {"Type": str(kind)} if kind == _CONFIGURATION and (entry := spans.entry(section, key)) and entry.key:
                yield entry.key


def _conditions_in(section: dict[Any, Any]) -> Iterator[Any]:
    """Yield the conditions of the entries of a loop, and of the loops in it."""
    for value in section.values():
        match value:
            case {"Condition": condition}:
                yield condition
            case [_, _, dict(inner)]:
                yield from _conditions_in(inner)


def _is_call(raw: Any) -> bool:
    return isinstance(raw, Tagged) or len(raw) == 1


def _filled(text: str, bound: Mapping[str, str]) -> str:
    """Return a string with variables filled in: ``${X}`` is the item, ``&{X}`` its letters and digits."""

    def item(match: re.Match[str]) -> str:
        value = bound.get(match[2])
        if value is None:
            return match[0]
        return value if match[1] == "$" else re.sub("[^A-Za-z0-9]", "", value)

    return re.sub(r"([$&])\{([^{}]*)\}", item, text)


def _refuse_shadowed(function: Any, argument: Any, bound: Mapping[str, str]) -> None:
    """Raise _UnclearError for a ``Fn::Sub`` with a variable of its own that has the name of a loop's variable."""
    match argument:
        case [_, dict(own)] if function in _SUB and not bound.keys().isdisjoint(own):
            raise _UnclearError
