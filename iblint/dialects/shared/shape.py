"""The properties of a resource in the canonical shape: camelCase, coerced as CloudFormation does, with all places."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache

from iblint.dialects.cloudformation.intrinsics import is_function
from iblint.dialects.shared.decision_tree import Value, as_text, filled_in_later, sources
from iblint.dialects.shared.places import Places, Where, place_of
from iblint.model.path import ROOT, Path
from iblint.model.record import Record, field, replace
from iblint.model.resource import Place
from iblint.model.values import ABSENT, Choice, Open, Option, Unresolved
from iblint.schemas import read_schema
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Schema: TypeAlias = "Mapping[str, Any]"

_NOT_PROPERTIES = frozenset({"$schema", "clientToken", "dryRun"})
"""Members of the request that the resource type does not have."""

_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


@cache
def request_shape() -> Schema:
    """The JSON Schema of the request, without what the resource type does not have."""
    schema: dict[str, Any] = json.loads(read_schema("request"))
    members = {name: member for name, member in schema["properties"].items() if name not in _NOT_PROPERTIES}
    return {**schema, "properties": members}


@cache
def request_spelling() -> dict[Path, str]:
    """How a template writes each member of the request: ``InstanceMetadataOptions.HttpTokens``."""
    spelling: dict[Path, str] = {}

    def visit(schema: Schema, path: Path, written: str) -> None:
        for name, member in schema.get("properties", {}).items():
            spelling[*path, name] = f"{written}.{_upper(name)}".lstrip(".")
            visit(member, (*path, name), spelling[*path, name])

    visit(request_shape(), ROOT, "")
    return spelling


class Spec(Record, frozen=False):
    """Builds the spec of one resource. Without a schema the first letter of every key is lowered, and that is all."""

    spec: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, Where] = field(default_factory=dict)
    spelling: dict[Path, str] = field(default_factory=dict)

    @property
    def known_places(self) -> Mapping[Path, Place]:
        """The places, each to be found out when it is asked for."""
        return Places(self.places)

    def build(self, properties: Value, schema: Schema | None) -> None:
        """Fill in the spec from the resource's properties."""
        data = properties.data
        if not isinstance(data, dict):  # made by a function: any property may be there
            data = {"Fn::Transform": properties}
        if schema is not None:
            self.spelling = request_spelling()
        shaped = self._object(data, schema, ROOT)
        self.spec = shaped if isinstance(shaped, dict) else {}

    def _shape(self, value: Value, schema: Schema | None, path: Path) -> Any:
        """The data at ``path`` in canonical shape; its places are recorded on the way."""
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
        written = [value for value in listed if value.data is not ABSENT]
        for index, value in enumerate(written):
            self._record((*path, index), value.where)
        return [self._shape(value, item, (*path, index)) for index, value in enumerate(written)]

    def _object(self, members: Mapping[Any, Value], schema: Schema | None, path: Path) -> Any:
        shaped: dict[str, Any] = {}
        made = [value for key, value in members.items() if is_function(key)]
        open_ = made[0] if made else None
        known = None if schema is None else schema.get("properties")
        if open_ is not None and schema is not None and known is None:
            return _unknown(open_)
        for key, value in members.items():
            if value.data is ABSENT or (made and is_function(key)):
                continue
            name = name_of(str(key), schema)
            below = (*path, name)
            if known is not None and name not in known:
                self._spell(below, ".".join(filter(None, (self.spelling.get(path), str(key)))))
            self._record(below, value.where)
            shaped[name] = self._shape(value, _member(schema, name), below)
        if open_ is None:
            return shaped
        if schema is None:
            return Open(shaped, _unknown(open_))
        for name in schema["properties"]:
            shaped.setdefault(name, _unknown(open_))
        return shaped

    def _scalar(self, value: Value, schema: Schema | None, path: Path) -> Any:
        later = filled_in_later(value.data)
        if later is not None:
            return later
        coerced = _coerce(value.data, (schema or {}).get("type"))
        if type(coerced) is not type(value.data) and place_of(self.places[path]) == value.place:
            words = {bool: "a boolean", int: "a number", str: "a string"}
            kind = "string" if isinstance(value.data, str) else "value"
            fact = f"the {kind} {show(value.data)}, which CloudFormation turns into {words[type(coerced)]}"
            place = value.place
            provenance = f"{place.provenance}: {fact}" if place.provenance else fact
            self.places[path] = replace(place, provenance=provenance)
        return coerced

    def _spell(self, path: Path, written: str) -> None:
        """Note how an unknown property is written. Most have none, so all share one mapping until one has."""
        if self.spelling is request_spelling():
            self.spelling = dict(self.spelling)
        self.spelling[path] = written

    def _record(self, path: Path, where: Where) -> None:
        """Note where the value stands; of several branches that have it, the first."""
        self.places.setdefault(path, where)

    def _relate(self, path: Path, value: Value) -> None:
        place = place_of(self.places[path])
        related = dict.fromkeys((*place.related, *sources(value)))
        self.places[path] = replace(place, related=tuple(related))


def _unknown(value: Value) -> Unresolved:
    """What a function that makes entries of a mapping leaves of the entries that are not written."""
    if isinstance(value.data, Unresolved):
        return value.data
    return Unresolved("Fn::Transform", "a macro or loop makes it at deployment")


def name_of(key: str, schema: Schema | None = None) -> str:
    """The canonical name of a property. One that the resource type does not have is never that of a known member."""
    if schema is None:
        return key[:1].lower() + key[1:]
    known = schema.get("properties")
    if known is None:
        return key
    lowered = key[:1].lower() + key[1:]
    if lowered in known and key != lowered:
        return lowered
    if key in known or key in _NOT_PROPERTIES:
        return _upper(key) if _upper(key) != key else key.upper()
    return key


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def _member(schema: Schema | None, name: str) -> Schema | None:
    if schema is None:
        return None
    known = schema.get("properties")
    found = known.get(name) if known is not None and name in known else schema.get("additionalProperties")
    return found if isinstance(found, dict) else {}


def _coerce(data: Any, kind: Any) -> Any:
    """A scalar as the type that the property has, when CloudFormation makes it so; else as it is."""
    match kind:
        case "boolean" if isinstance(data, str):
            return _BOOLEANS.get(data, data)
        case "integer" if isinstance(data, str) and _INTEGER.fullmatch(data):
            return int(data)
        case "string" if data is not None and not isinstance(data, str):
            text = as_text(data)
            return data if text is None else text
    return data
