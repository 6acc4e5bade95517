"""Shape the properties of a resource as the request: camelCase, coerced types, and all places.

A dialect gives its ``Conventions``. Everything else is the same for all dialects whose values are decision trees.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache

from iblint.dialects.shared.decision_tree import Value, placeholder, sources
from iblint.dialects.shared.places import LazyPlaces, Where, place_of
from iblint.model.path import ROOT, Path
from iblint.model.record import Record, field, replace
from iblint.model.resource import Place
from iblint.model.values import ABSENT, Choice, Open, Option, Unresolved
from iblint.parse.markup import may_hold_markup
from iblint.schemas import read_schema
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Schema: TypeAlias = "Mapping[str, Any]"

NOT_PROPERTIES = frozenset({"$schema", "clientToken", "dryRun"})
"""Members of the request that the resource types of CloudFormation and Terraform do not have."""


@cache
def request_shape() -> Schema:
    """Return the JSON Schema of the request, without the members that the resource types do not have."""
    schema: dict[str, Any] = json.loads(read_schema("request"))
    members = {name: member for name, member in schema["properties"].items() if name not in NOT_PROPERTIES}
    return {**schema, "properties": members}


_KINDS = {bool: "a boolean", int: "a number", str: "a string"}


class Conventions(Record):
    """How a dialect writes the members of a resource."""

    name_of: Callable[[str, Schema | None], str]
    """Return the canonical name of a property, given the schema of the mapping that it is in."""
    is_generator: Callable[[Any], bool]
    """Return whether a key is a function that generates further entries of its mapping."""
    may_replace: Callable[[Any], bool]
    """Return whether such a function may also replace the entries that are written."""
    coerce: Callable[[Any, Any], Any]
    """Return a scalar as the type that the schema names, if the dialect's tool converts it, else unchanged."""
    coerced_by: str
    """The tool that converts, for messages."""
    spelling: Callable[[], dict[Path, str]]
    """Return how the dialect writes each member of the request, for messages. The same object on every call."""


class Spec(Record, frozen=False):
    """Builds the spec of one resource. Without a schema, only the first letter of every key is changed."""

    conventions: Conventions
    spec: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, Where] = field(default_factory=dict)
    spelling: dict[Path, str] = field(default_factory=dict)

    @property
    def known_places(self) -> Mapping[Path, Place]:
        """The places, each computed when it is needed."""
        return LazyPlaces(self.places)

    def build(self, properties: Value, schema: Schema | None) -> None:
        """Fill in the spec from the properties of the resource."""
        if schema is not None:
            self.spelling = self.conventions.spelling()
        data = properties.data  # not a mapping if a function generates it: then any property may be there
        known = isinstance(data, dict)
        shaped = self._object(data, schema, ROOT) if known else self._open({}, properties, schema)
        self.spec = shaped if isinstance(shaped, dict) else {}

    def _shape(self, value: Value, schema: Schema | None, path: Path) -> Any:
        """Return the data at ``path`` in canonical shape; record the places in it."""
        if isinstance(value.data, str):
            return self._scalar(value, schema, path)
        match value.data:
            case Choice(variable=variable, options=options, expression=expression):
                self._relate(path, value)
                shaped = (Option(o.label, self._shape(o.value, schema, path)) for o in options)
                return Choice(variable, tuple(shaped), expression)
            case dict() as members:
                return self._object(members, schema, path)
            case list() as listed:
                return self._list(listed, schema, path)
        return self._scalar(value, schema, path)

    def _list(self, listed: list[Value], schema: Schema | None, path: Path) -> list[Any]:
        item = None if schema is None else schema.get("items", {})
        present = [value for value in listed if value.data is not ABSENT]
        for index, value in enumerate(present):
            self._record((*path, index), value.where)
        return [self._shape(value, item, (*path, index)) for index, value in enumerate(present)]

    def _object(self, members: Mapping[Any, Value], schema: Schema | None, path: Path) -> Any:
        shaped: dict[str, Any] = {}
        is_generator = self.conventions.is_generator
        generators = [value for key, value in members.items() if is_generator(key)]
        known = None if schema is None else schema.get("properties")
        if generators and schema is not None and known is None:
            return _generated(generators[0])
        for key, value in members.items():
            if value.data is ABSENT or (generators and is_generator(key)):
                continue
            name = self.conventions.name_of(str(key), schema)
            below = (*path, name)
            if known is not None and name not in known:
                self._spell(below, ".".join(filter(None, (self.spelling.get(path), str(key)))))
            self._record(below, value.where)
            shaped[name] = self._shape(value, _member(schema, name), below)
        if any(map(self.conventions.may_replace, members)):
            return _replaced(shaped, schema) if schema is not None else Open({}, _generated(generators[0]))
        return self._open(shaped, generators[0], schema) if generators else shaped

    @staticmethod
    def _open(shaped: dict[str, Any], generator: Value, schema: Schema | None) -> Any:
        """Return a mapping of which a function generates further entries: members that are not written are unknown."""
        if schema is None:
            return Open(shaped, _generated(generator))
        for name in schema["properties"]:
            shaped.setdefault(name, _generated(generator))
        return shaped

    def _scalar(self, value: Value, schema: Schema | None, path: Path) -> Any:
        unresolved = placeholder(value.data) or (None if schema is None else _filled_in(value.data, path))
        if unresolved is not None:
            return unresolved
        coerced = self.conventions.coerce(value.data, (schema or {}).get("type"))
        if type(coerced) is not type(value.data) and place_of(self.places[path]) == value.place:
            kind = "string" if isinstance(value.data, str) else "value"
            made = f"{self.conventions.coerced_by} turns into {_KINDS[type(coerced)]}"
            fact = f"the {kind} {show(value.data)}, which {made}"
            place = value.place
            provenance = f"{place.provenance}: {fact}" if place.provenance else fact
            self.places[path] = replace(place, provenance=provenance)
        return coerced

    def _spell(self, path: Path, written: str) -> None:
        """Record how an unknown property is written. Specs without one share the mapping of the conventions."""
        if self.spelling is self.conventions.spelling():
            self.spelling = dict(self.spelling)
        self.spelling[path] = written

    def _record(self, path: Path, where: Where) -> None:
        """Record the place of a value; if several branches have it, the first."""
        self.places.setdefault(path, where)

    def _relate(self, path: Path, value: Value) -> None:
        place = place_of(self.places[path])
        related = dict.fromkeys((*place.related, *sources(value)))
        self.places[path] = replace(place, related=tuple(related))


def _filled_in(data: Any, path: Path) -> Unresolved | None:
    """Return a value of the configuration that another tool fills in later as unresolved; None for any other value."""
    if not isinstance(data, str) or not may_hold_markup(data):
        return None
    from iblint.dialects.shared.filled_in import is_filled_in  # few values may hold markup

    if not is_filled_in(data, path, substituted=False):
        return None
    return Unresolved(data, "it is a placeholder that is filled in later")


def _generated(generator: Value) -> Unresolved:
    """Return the value of an entry that a function may generate."""
    if isinstance(generator.data, Unresolved):
        return generator.data
    return Unresolved("Fn::Transform", "a macro or loop makes it at deployment")


def _replaced(value: Any, schema: Schema) -> Any:
    """Return a value that a macro may replace: unresolved, as is everything in it. Unknown members stay."""
    known = schema.get("properties")
    if isinstance(value, dict) and known is not None:
        names = dict.fromkeys((*value, *known))
        return {name: _replaced(value.get(name, ABSENT), known.get(name, {})) for name in names}
    if value is ABSENT:
        return Unresolved("Fn::Transform", "a macro may add it")
    if isinstance(value, Unresolved | Choice):
        value = value.expression
    return Unresolved(value if isinstance(value, str) else show(value), "a macro may replace it")


def _member(schema: Schema | None, name: str) -> Schema | None:
    if schema is None:
        return None
    known = schema.get("properties")
    found = known.get(name) if known is not None and name in known else schema.get("additionalProperties")
    return found if isinstance(found, dict) else {}
