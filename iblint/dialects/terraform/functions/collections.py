"""Functions over lists, sets, maps and objects. What is inside an argument may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform.functions.arguments import ascii_only, listed, mapping, string, strings, whole
from iblint.dialects.terraform.types import _sequence, as_set, convert, equal, type_of, unified
from iblint.dialects.terraform.values import (
    MAX_ITEMS,
    ListOf,
    Lookup,
    MapOf,
    NotKnownError,
    RefusedError,
    SetOf,
    at,
    first_unknown,
    is_primitive,
    is_unknown,
    plain,
    reason_of,
    unknown,
)
from iblint.model.values import Open, Unresolved
from iblint.parse.hcl.expressions import Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _need(value: Value) -> Value:
    """Return an argument whose structure is known. Raises NotKnownError for any other."""
    if is_unknown(value.data):
        raise NotKnownError(reason_of(value.data))
    return value


def _items(value: Value) -> list[Value]:
    data = _need(value).data
    if not isinstance(data, list):
        raise RefusedError("a list is required")
    if isinstance(data, SetOf) and len(data) > 1 and not all(is_primitive(item.data) for item in data):
        raise NotKnownError("iblint does not know the order of the set")
    return data


def _members(value: Value) -> dict[str, Value]:
    data = _need(value).data
    if isinstance(data, Open):
        raise NotKnownError(data.rest.reason)
    if not isinstance(data, dict):
        raise RefusedError("a map is required")
    return data


def merge(expression: Expression, *maps: Value) -> Value:
    """Merge maps. What an unknown one may add or replace is unknown."""
    made: dict[str, Value] = {}
    rest: Unresolved | None = None
    kinds = [type_of(each.data) for each in maps if each.data is not None]
    typed = bool(kinds) and all(kind[0] == "map" and kind == kinds[0] for kind in kinds)
    for each in maps:
        data = each.data
        if data is None:
            continue
        if isinstance(data, Unresolved | Lookup):
            rest, made = Unresolved(expression.text, reason_of(data)), {}
        elif isinstance(data, Open):
            rest = data.rest
            made = dict(data)
        elif isinstance(data, dict):
            made.update(data)
        else:
            raise RefusedError("merge() takes maps")
    if rest is not None:
        return Value(Open(made, rest), at(expression))
    return Value(MapOf(made) if typed else made, at(expression))


def concat(expression: Expression, *lists: Value) -> Value:
    """Concatenate lists."""
    items = [item for each in lists for item in _items(each)]
    if not lists or any(isinstance(each.data, SetOf) for each in lists):
        raise RefusedError("concat() takes lists")
    if len(items) > MAX_ITEMS:
        raise NotKnownError(f"it has more than {MAX_ITEMS} elements")
    typed = all(isinstance(each.data, ListOf) for each in lists)
    return Value(ListOf(unified(items)) if typed else items, at(expression))


def length(expression: Expression, value: Value) -> Value:
    """Count the elements of a list or map, or the characters of a string."""
    data = _need(value).data
    if isinstance(data, str):
        return Value(len(ascii_only(data)), at(expression))
    if isinstance(data, Open):
        raise NotKnownError(data.rest.reason)
    if isinstance(data, SetOf) and len(data) == 1 and first_unknown(value) is not None:
        return Value(1, at(expression))
    if not isinstance(data, list | dict):
        raise RefusedError("length() takes a list, map or string")
    return Value(len(data), at(expression))


def element(expression: Expression, listing: Value, index: Value) -> Value:
    """Return an element of a list, beginning again behind the last one."""
    items, place = _items(listing), whole(plain(index))
    if isinstance(listing.data, SetOf) or not items or place < 0:
        raise RefusedError("the list has no such element")
    del expression
    return items[place % len(items)]


def lookup(expression: Expression, members: Value, key: Value, *default: Value) -> Value:
    """Return the value of a key, or the default."""
    data, name = _need(members).data, string(plain(key))
    if not isinstance(data, dict):
        raise RefusedError("lookup() takes a map")
    if name in data:
        found: Value = data[name]
        return found
    if isinstance(data, Open):
        return unknown(expression, data.rest.reason)
    if not default:
        raise RefusedError(f"the map has no key '{name}'")
    others = list(data.values())
    if isinstance(data, MapOf) and others and first_unknown(default[0]) is None:
        return unified([default[0], *others])[0]
    return default[0]


def coalesce(expression: Expression, *values: Value) -> Value:
    """Return the first value that is neither null nor an empty string."""
    for value in values:
        if value.data is None or value.data == "":
            continue
        if isinstance(value.data, Unresolved) and value.data.refers_to is None:
            raise NotKnownError(value.data.reason)
        known = [each for each in values if each.data is not None and first_unknown(each) is None]
        return unified([value, *known])[0] if first_unknown(value) is None else value
    del expression
    raise RefusedError("all arguments are null or empty")


def coalescelist(expression: Expression, *lists: Value) -> Value:
    """Return the first list that is not empty."""
    for each in lists:
        if each.data is not None and _items(each):
            return each
    raise RefusedError(f"all lists of {expression.text} are empty")


def compact(expression: Expression, listing: Value) -> Value:
    """Return a list of strings without null and empty ones."""
    items = _items(listing)
    if any(is_unknown(item.data) and not _refers(item.data) for item in items):
        raise NotKnownError(next(reason_of(item.data) for item in items if is_unknown(item.data)))
    kept = [item for item in items if item.data is not None and item.data != ""]
    return Value(ListOf(convert(item, "string") for item in kept), at(expression))


def _refers(data: Any) -> bool:
    return isinstance(data, Unresolved) and data.refers_to is not None


def flatten(expression: Expression, listing: Value) -> Value:
    """Replace lists in a list by their items, at any depth."""
    found: list[Value] = []

    def visit(items: list[Value], depth: int) -> None:
        if depth > 100 or len(found) > MAX_ITEMS:
            raise NotKnownError("the list is too large")
        for item in items:
            if isinstance(item.data, list):
                visit(_items(item), depth + 1)
            elif is_unknown(item.data) and not _refers(item.data):
                raise NotKnownError(reason_of(item.data))
            else:
                found.append(item)

    visit(_items(listing), 0)
    return Value(found, at(expression))


def keys(expression: Expression, members: Value) -> Value:
    """Return the keys of a map, sorted."""
    data = _members(members)
    made = [Value(key, at(expression)) for key in _sorted(data)]
    return Value(ListOf(made) if isinstance(members.data, MapOf) else made, at(expression))


def values(expression: Expression, members: Value) -> Value:
    """Return the values of a map, by their keys."""
    data = _members(members)
    made = [data[key] for key in _sorted(data)]
    return Value(ListOf(made) if isinstance(members.data, MapOf) else made, at(expression))


def _sorted(data: Mapping[str, Any]) -> list[str]:
    return sorted(data, key=lambda key: key.encode("utf-8", "surrogatepass"))


def tolist(expression: Expression, listing: Value) -> Value:
    """Convert to a list."""
    return _collected(expression, listing, "list")


def toset(expression: Expression, listing: Value) -> Value:
    """Convert to a set."""
    return _collected(expression, listing, "set")


def _collected(expression: Expression, listing: Value, kind: str) -> Value:
    if _need(listing).data is None:
        return Value(None, at(expression))
    if not isinstance(listing.data, list):
        raise RefusedError("a list is required")
    return Value(_sequence(listing, kind, "any").data, at(expression))


def tomap(expression: Expression, members: Value) -> Value:
    """Convert to a map."""
    made = convert(_need(members), ("map", "any"))
    return Value(made.data, at(expression))


def tostring(expression: Expression, value: Value) -> Value:
    """Convert to a string."""
    return _as(expression, value, "string")


def tonumber(expression: Expression, value: Value) -> Value:
    """Convert to a number."""
    return _as(expression, value, "number")


def tobool(expression: Expression, value: Value) -> Value:
    """Convert to a boolean."""
    return _as(expression, value, "bool")


def _as(expression: Expression, value: Value, kind: str) -> Value:
    if isinstance(value.data, Unresolved):
        return value
    if kind == "number" and isinstance(value.data, bool):
        raise RefusedError("a number is required")
    return Value(convert(_need(value), kind).data, at(expression))


def one(expression: Expression, listing: Value) -> Value:
    """Return the only element of a list, or null if it is empty."""
    data = _need(listing).data
    if not isinstance(data, list):
        raise RefusedError("one() takes a list")
    if len(data) > 1:
        raise RefusedError("the list has several elements")
    return data[0] if data else Value(None, at(expression))


def contains(expression: Expression, listing: Value, wanted: Value) -> Value:
    """Return whether a list has an element."""
    items = listed(_need(listing).data)
    if wanted.data is None:
        raise RefusedError("contains() does not look for null")
    try:
        found = any(equal(plain(item), plain(wanted)) for item in items)
        return Value(found, at(expression))
    except NotKnownError:
        known = [item for item in items if first_unknown(item) is None]
        if first_unknown(wanted) is None and any(equal(plain(item), plain(wanted)) for item in known):
            return Value(True, at(expression))
        raise


def distinct(expression: Expression, listing: Value) -> Value:
    """Return a list with every element once."""
    found: list[Value] = []
    seen: list[Any] = []
    for item in unified(_items(listing)):
        data = plain(item)
        if not any(equal(data, other) for other in seen):
            seen.append(data)
            found.append(item)
    return Value(ListOf(found), at(expression))


def zipmap(expression: Expression, names: Value, listing: Value) -> Value:
    """Make a map of keys and values."""
    found, items = [string(plain(name)) for name in _items(names)], _items(listing)
    if len(found) != len(items):
        raise RefusedError("zipmap() takes as many keys as values")
    made = dict(zip(found, items, strict=True))
    return Value(MapOf(made) if isinstance(listing.data, ListOf) else made, at(expression))


def slice_(expression: Expression, listing: Value, start: Value, end: Value) -> Value:
    """Return a part of a list."""
    items, first, last = _items(listing), whole(plain(start)), whole(plain(end))
    if isinstance(listing.data, SetOf) or not 0 <= first <= last <= len(items):
        raise RefusedError("the list has no such part")
    return Value(type(items)(items[first:last]), at(expression))


def reverse(expression: Expression, listing: Value) -> Value:
    """Return a list in the other order."""
    items = _items(listing)
    return Value((list if type(items) is list else ListOf)(items[::-1]), at(expression))


def sort(expression: Expression, listing: Value) -> Value:
    """Sort strings."""
    found = sorted(strings(plain(listing)), key=lambda text: text.encode("utf-8", "surrogatepass"))
    return Value(ListOf(Value(text, at(expression)) for text in found), at(expression))


def _sets(expression: Expression, sets: tuple[Value, ...]) -> list[list[Any]]:
    found = [plain(Value(as_set(unified(listed(_need(each).data))), at(expression))) for each in sets]
    if any(not is_primitive(item) for each in found for item in each):
        raise NotKnownError("iblint compares only sets of strings, numbers and booleans")
    if len({type(item) for each in found for item in each}) > 1:
        raise NotKnownError("iblint does not compare sets of different types")
    return found


def _set(expression: Expression, items: list[Any]) -> Value:
    return Value(as_set([Value(item, at(expression)) for item in items]), at(expression))


def setunion(expression: Expression, *sets: Value) -> Value:
    """Return the elements of all sets."""
    return _set(expression, [item for each in _sets(expression, sets) for item in each])


def setintersection(expression: Expression, *sets: Value) -> Value:
    """Return the elements that all sets have."""
    first, *others = _sets(expression, sets)
    return _set(expression, [item for item in first if all(item in other for other in others)])


def setsubtract(expression: Expression, one: Value, other: Value) -> Value:
    """Return the elements of a set that another one does not have."""
    mine, theirs = _sets(expression, (one, other))
    return _set(expression, [item for item in mine if item not in theirs])


def chunklist(items: Any, size: Any) -> list[Any]:
    """Split a list into lists of a length."""
    items, size = listed(items), whole(size)
    if size <= 0:
        raise NotKnownError("iblint does not split a list into lists of no element")
    return [type(items)(items[start : start + size]) for start in range(0, len(items), size)]


def index(items: Any, wanted: Any) -> int:
    """Return the place of an element in a list."""
    found = next((place for place, item in enumerate(listed(items)) if equal(item, wanted)), None)
    if found is None:
        raise RefusedError("the list has no such element")
    return found


def matchkeys(items: Any, names: Any, wanted: Any) -> list[Any]:
    """Return the elements of a list whose counterpart in another list is wanted."""
    pairs = zip(listed(items), listed(names), strict=len(items) == len(names))
    return ListOf([item for item, name in pairs if any(equal(name, each) for each in listed(wanted))])


def transpose(members: Any) -> dict[str, Any]:
    """Swap the keys of a map and the strings in its lists."""
    made: dict[str, list[str]] = {}
    for key in _sorted(mapping(members)):
        for value in strings(members[key]):
            made.setdefault(value, []).append(key)
    return MapOf({value: ListOf(sorted(set(found))) for value, found in sorted(made.items())})


def _nonsensitive(expression: Expression, value: Value) -> Value:
    del expression
    return value


STRUCTURAL: Mapping[str, Callable[..., Value]] = {
    "merge": merge,
    "concat": concat,
    "length": length,
    "element": element,
    "lookup": lookup,
    "coalesce": coalesce,
    "coalescelist": coalescelist,
    "compact": compact,
    "flatten": flatten,
    "keys": keys,
    "values": values,
    "tolist": tolist,
    "toset": toset,
    "tomap": tomap,
    "tostring": tostring,
    "tonumber": tonumber,
    "tobool": tobool,
    "one": one,
    "contains": contains,
    "distinct": distinct,
    "zipmap": zipmap,
    "slice": slice_,
    "reverse": reverse,
    "sort": sort,
    "setunion": setunion,
    "setintersection": setintersection,
    "setsubtract": setsubtract,
    "nonsensitive": _nonsensitive,
}
PLAIN: Mapping[str, Callable[..., Any]] = {
    "chunklist": chunklist,
    "index": index,
    "matchkeys": matchkeys,
    "transpose": transpose,
}
