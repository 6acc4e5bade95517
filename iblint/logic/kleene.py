"""Three-valued truth, and the comparison of values that may hold unresolved parts."""

from __future__ import annotations

import enum
from collections.abc import Hashable, Iterable, Iterator, Mapping
from types import NoneType

from iblint.model.path import Path
from iblint.model.values import ABSENT, Choice, Tagged, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final


class Truth(enum.Enum):
    """TRUE or FALSE if that holds for every value of the unresolved parts, else UNKNOWN."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


TRUE: Final = Truth.TRUE
FALSE: Final = Truth.FALSE
UNKNOWN: Final = Truth.UNKNOWN

UNRESOLVED: Final = (Unresolved, Choice, Tagged)
"""Values that stand for another value. The engine expands a Choice before it evaluates a schema."""

SCALARS: Final = (str, int, float, bool, NoneType)


def as_unresolved(value: Unresolved | Choice | Tagged) -> Unresolved:
    """Return any value that stands for another one as Unresolved, with the reason."""
    if isinstance(value, Choice):
        return Unresolved(value.expression, f"it has several possible values, picked by {value.variable}")
    if isinstance(value, Tagged):
        return Unresolved(value.tag, f"the tag {value.tag} stands for a value that is not known here")
    return value


def members(value: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return the entries of a mapping whose value is not ABSENT."""
    return {key: item for key, item in value.items() if item is not ABSENT}


def items(value: list[Any]) -> list[tuple[int, Any]]:
    """Return the items of a list that are not ABSENT, each with its index."""
    return [(index, item) for index, item in enumerate(value) if item is not ABSENT]


def unresolved_in(value: Any, path: Path) -> Iterator[tuple[Path, Unresolved]]:
    """Yield every unresolved value in ``value``, which is at ``path``, in document order."""
    if isinstance(value, UNRESOLVED):
        yield path, as_unresolved(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from unresolved_in(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unresolved_in(item, (*path, index))


def same(value: Any, constant: Any) -> Truth:
    """Return whether a value equals a known constant, as JSON Schema defines it: 1 equals 1.0 but not true.

    A known difference makes it FALSE, whatever else is unresolved. The number of steps is at most that of the parts of
    the constant.
    """
    if isinstance(value, UNRESOLVED):
        return UNKNOWN
    if isinstance(value, Mapping):
        if not isinstance(constant, Mapping):
            return FALSE
        written = members(value)
        if written.keys() != constant.keys():
            return FALSE
        return all_of(same(item, constant[key]) for key, item in written.items())
    if isinstance(value, list):
        if not isinstance(constant, list):
            return FALSE
        written_items = items(value)
        if len(written_items) != len(constant):
            return FALSE
        return all_of(same(item, other) for (_, item), other in zip(written_items, constant, strict=True))
    return TRUE if scalar_key(value) == scalar_key(constant) else FALSE


def both(one: Truth, other: Truth) -> Truth:
    """Return the Kleene conjunction of two truths: FALSE dominates, then UNKNOWN."""
    return other if other is FALSE or one is TRUE else one


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return the Kleene conjunction of any number of truths."""
    result = TRUE
    for truth in truths:
        if truth is FALSE:
            return FALSE
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def scalar_key(value: Any) -> Any:
    """Return a key that is equal for two scalars if JSON Schema calls them equal (in Python ``1 == True``)."""
    return ("boolean", value) if isinstance(value, bool) else value


def distinct(values: Iterable[Any]) -> Truth:
    """Return whether all values of a list differ, in one pass.

    Two equal known values make it FALSE; otherwise any value with an unresolved part, beside another, makes it UNKNOWN.
    """
    seen: set[Hashable] = set()
    count = 0
    partial = False
    for value in values:
        count += 1
        try:
            key = _deep_key(value)
        except _PartlyUnresolvedError:
            partial = True
            continue
        if key in seen:
            return FALSE
        seen.add(key)
    return UNKNOWN if partial and count > 1 else TRUE


class _PartlyUnresolvedError(Exception):
    """A value that holds an unresolved part has no key."""


def _deep_key(value: Any) -> Hashable:
    if isinstance(value, UNRESOLVED):
        raise _PartlyUnresolvedError
    if not isinstance(value, SCALARS):
        if isinstance(value, Mapping):
            return ("object", frozenset((key, _deep_key(item)) for key, item in members(value).items()))
        if isinstance(value, list):
            return ("array", tuple(_deep_key(item) for _, item in items(value)))
    key: Hashable = scalar_key(value)
    return key
