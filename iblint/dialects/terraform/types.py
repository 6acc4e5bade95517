"""Types of values, the type that several values have in common, and conversion to a type.

A type is the name of a primitive type, "any", a pair of a collection ("list", "set", "map") and its element type, or
a pair of "tuple" or "object" and the types of its elements or attributes. The type of null and of unresolved values is
"any".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from iblint.dialects.shared.decision_tree import Value, lift
from iblint.dialects.terraform.values import (
    ListOf,
    MapOf,
    NotKnownError,
    RefusedError,
    SetOf,
    any_unknown,
    is_number,
    is_unknown,
    plain,
    reason_of,
    text_of,
)
from iblint.model.record import Record
from iblint.model.values import Choice, Open
from iblint.parse.hcl.numbers import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_PRIMITIVES = ("string", "number", "bool")


class Optional(Record):
    """The type of an attribute of an object that may be left out, with its default."""

    type: Any
    default: Value | None = None


def type_of(data: Any) -> Any:
    """Return the type of data."""
    match data:
        case str():
            return "string"
        case bool():
            return "bool"
        case int() | Decimal():
            return "number"
        case ListOf() | SetOf():
            kind = "list" if isinstance(data, ListOf) else "set"
            return kind, common_type([type_of(item.data) for item in data]) or "any"
        case MapOf():
            return "map", common_type([type_of(item.data) for item in data.values()]) or "any"
        case list():
            return "tuple", tuple(type_of(item.data) for item in data)
        case dict():
            return "object", {key: type_of(item.data) for key, item in data.items()}
    return "any"


def common_type(types: Sequence[Any]) -> Any:
    """Return the type that values of all types can be converted to; None if there is none."""
    known = [each for each in types if each != "any"]
    if not known:
        return "any"
    if all(each == known[0] for each in known):
        return known[0]
    if all(each in _PRIMITIVES for each in known):
        return "string" if "string" in known else None
    if any(each in _PRIMITIVES for each in known):
        return None
    kinds = {each[0] for each in known}
    if kinds <= {"list", "set", "tuple"}:
        return _common_sequence(known, kinds)
    return _common_mapping(known, kinds) if kinds <= {"map", "object"} else None


def _common_sequence(known: Sequence[Any], kinds: set[str]) -> Any:
    if kinds == {"tuple"} and len({len(each[1]) for each in known}) == 1:
        elements = [common_type(column) for column in zip(*(each[1] for each in known), strict=True)]
        if None not in elements:
            return "tuple", tuple(elements)
    inner = [element for each in known for element in (each[1] if each[0] == "tuple" else (each[1],))]
    element = common_type(inner)
    if "set" in kinds and any(each not in ("any", element) for each in inner):
        raise NotKnownError("iblint does not know the type that a set and a list have in common")
    return None if element is None else ("set" if "set" in kinds else "list", element)


def _common_mapping(known: Sequence[Any], kinds: set[str]) -> Any:
    if kinds == {"object"} and len({frozenset(each[1]) for each in known}) == 1:
        attributes = {key: common_type([each[1][key] for each in known]) for key in known[0][1]}
        if None not in attributes.values():
            return "object", attributes
    inner = [element for each in known for element in (each[1].values() if each[0] == "object" else (each[1],))]
    element = common_type(inner)
    return None if element is None else ("map", element)


def convert(value: Value, kind: Any) -> Value:
    """Return a value as a type. Raises RefusedError if Terraform would not convert it."""
    data = value.data
    if isinstance(data, Choice):
        return lift(lambda branch: convert(branch, kind), value, expression=data.expression)
    if kind == "any" or data is None or is_unknown(data):
        return value
    if kind in _PRIMITIVES:
        return Value(_primitive(data, kind), value.where)
    collection, inner = kind
    match collection:
        case "list" | "set" if isinstance(data, list):
            return _sequence(value, collection, inner)
        case "tuple" if isinstance(data, list) and len(data) == len(inner):
            return Value([convert(item, each) for item, each in zip(data, inner, strict=True)], value.where)
        case "map" if isinstance(data, dict):
            return _map(value, inner)
        case "object" if isinstance(data, dict):
            return _object(value, inner)
    raise RefusedError(f"a {collection} is required")


def _primitive(data: Any, kind: str) -> Any:
    match kind:
        case "string":
            text = text_of(data)
            if text is not None:
                return text
        case "number":
            if is_number(data):
                return data
            found = number(data) if isinstance(data, str) else None
            if found is not None:
                return found
        case "bool":
            found = data if isinstance(data, bool) else _BOOLEANS.get(data) if isinstance(data, str) else None
            if found is not None:
                return found
    raise RefusedError(f"a {kind} is required")


def _element_type(items: Sequence[Value], kind: Any) -> Any:
    if kind != "any":
        return kind
    found = common_type([type_of(item.data) for item in items])
    if found is None:
        raise RefusedError("all elements must have the same type")
    return found


def _sequence(value: Value, collection: str, kind: Any) -> Value:
    items: list[Value] = list(value.data)
    element = _element_type(items, kind)
    made = [convert(item, element) for item in items]
    return Value(ListOf(made) if collection == "list" else as_set(made), value.where)


def as_set(items: Sequence[Value]) -> SetOf:
    """Return values of one type as a set: sorted, each once. Raises NotKnownError if one is not known."""
    if isinstance(items, SetOf):
        return items
    unknown = any_unknown(items)
    if unknown is not None and len(items) > 1:
        raise NotKnownError(reason_of(unknown))
    if unknown is not None:
        return SetOf(items)
    if any(isinstance(item.data, Choice) for item in items):
        raise NotKnownError("an element of the set depends on a condition")
    found: list[Value] = []
    if all(isinstance(item.data, str) for item in items):
        return SetOf({item.data: item for item in sorted(items, key=lambda item: item.data.encode())}.values())
    if all(is_number(item.data) for item in items) or all(isinstance(item.data, bool) for item in items):
        return SetOf({item.data: item for item in sorted(items, key=lambda item: item.data)}.values())
    seen: list[Any] = []
    for item in items:
        data = plain(item)
        if data not in seen:
            seen.append(data)
            found.append(item)
    return SetOf(found)


def _map(value: Value, kind: Any) -> Value:
    if isinstance(value.data, Open):
        return value
    element = _element_type(list(value.data.values()), kind)
    return Value(MapOf({key: convert(item, element) for key, item in value.data.items()}), value.where)


def _object(value: Value, attributes: Mapping[str, Any]) -> Value:
    made: dict[str, Value] = {}
    for name, kind in attributes.items():
        inner = kind.type if isinstance(kind, Optional) else kind
        if name in value.data:
            item = value.data[name]
            if item.data is None and isinstance(kind, Optional) and kind.default is not None:
                item = kind.default
        elif isinstance(value.data, Open):
            item = Value(value.data.rest, value.where)
        elif isinstance(kind, Optional):
            item = Value(None, value.where) if kind.default is None else kind.default
        else:
            raise RefusedError(f"the attribute '{name}' is required")
        made[name] = convert(item, inner)
    return Value(made, value.where)


def unified(values: Sequence[Value]) -> list[Value]:
    """Return values converted to the type that they have in common. Raises RefusedError if there is none."""
    kind = common_type([type_of(value.data) for value in values])
    if kind is None:
        raise RefusedError("the values have no type in common")
    return [convert(value, kind) for value in values]


def equal(one: Any, other: Any) -> bool:
    """Return whether two plain values are equal: of the same type, with the same content."""
    if isinstance(one, list) and isinstance(other, list):
        same = type(one) is type(other) and len(one) == len(other)
        return same and all(equal(mine, theirs) for mine, theirs in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        same = type(one) is type(other) and one.keys() == other.keys()
        return same and all(equal(one[key], other[key]) for key in one)
    if is_number(one) and is_number(other):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)
