"""The values of Terraform's language.

The data of a ``Value`` is a string, boolean, ``int`` or ``Decimal``, None for null, a list or mapping of values, an
Unresolved, a Choice, or a ``Lookup``. A plain list is a tuple and a plain dict an object; lists, sets and maps, whose
elements have one type, are of the classes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from iblint.dialects.shared.decision_tree import Value, assume, bounded
from iblint.dialects.shared.places import Lazy, Where
from iblint.model.resource import Location, Place
from iblint.model.values import Choice, Open, Option, Unresolved
from iblint.parse.hcl.expressions import Expression
from iblint.parse.hcl.source import HclText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_ITEMS = 10_000
"""Elements of a list or mapping that a function makes."""


class ListOf(list):  # type: ignore[type-arg]
    """A list, whose elements have one type."""


class SetOf(list):  # type: ignore[type-arg]
    """A set, in Terraform's order."""


class MapOf(dict):  # type: ignore[type-arg]
    """A map, whose values have one type."""


class Json(Unresolved):
    """A JSON text of which only the structure is known: some of its values are unresolved."""

    structure: Any = None


class Lookup:
    """Something whose attributes are found when they are read: an instance of a resource, or of a module."""

    def attribute(self, name: str, expression: Expression) -> Value:
        """Return the value of an attribute; ``expression`` is what reads it."""
        raise NotImplementedError

    def unresolved(self, expression: Expression) -> Unresolved:
        """Return the whole as an unresolved value."""
        raise NotImplementedError


class RefusedError(Exception):
    """Terraform would refuse an expression; the text says why, as a clause."""


class NotKnownError(Exception):
    """A value is not known; the text says why, as a clause."""


class WrittenAt(Lazy):
    """The place of an expression."""

    __slots__ = ("_end", "_source", "_start")

    def __init__(self, source: HclText, start: int, end: int) -> None:
        self._source = source
        self._start = start
        self._end = end

    def __reduce__(self) -> tuple[Any, ...]:
        return _same, (self.place(),)

    def place(self) -> Place:
        """Return the place."""
        return Place(self._source.span(self._start, self._end), file=self._source.file)


def _same(place: Place) -> Place:
    return place


def at(expression: Expression) -> WrittenAt:
    """Return the place of an expression."""
    return WrittenAt(expression.source, expression.start, expression.end)


def location(expression: Expression, label: str) -> Location:
    """Return the place of an expression as a location."""
    return Location(expression.source.file, expression.span, label)


def unknown(expression: Expression, reason: str, refers_to: str | None = None, text: str | None = None) -> Value:
    """Return an expression as an unresolved value."""
    return Value(Unresolved(expression.text, reason, refers_to, text), at(expression))


def refused(expression: Expression, why: str) -> Value:
    """Return an expression that Terraform would refuse as an unresolved value."""
    return unknown(expression, f"Terraform would refuse it: {why}")


def number_text(number: int | Decimal) -> str:
    """Return a number as Terraform writes it into a string."""
    if isinstance(number, int):
        return str(number)
    return format(number.normalize(), "f")


def text_of(data: Any) -> str | None:
    """Return a primitive value as a string; None for anything else."""
    if isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    return number_text(data) if isinstance(data, int | Decimal) else None


def is_number(data: Any) -> bool:
    """Return whether data is a number."""
    return isinstance(data, int | Decimal) and not isinstance(data, bool)


def is_primitive(data: Any) -> bool:
    """Return whether data is a string, number or boolean."""
    return isinstance(data, str | bool | int | Decimal)


def is_unknown(data: Any) -> bool:
    """Return whether data is unresolved, or a resource or module as a whole."""
    return isinstance(data, Unresolved | Lookup)


def children(data: Any) -> list[Value]:
    """Return the values inside a list or mapping."""
    if isinstance(data, dict):
        return list(data.values())
    return list(data) if isinstance(data, list) else []


def rebuilt(data: Any, change: Callable[[Value], Value]) -> Any:
    """Return a list or mapping of the same kind with every value inside changed."""
    if isinstance(data, Open):
        return Open({key: change(value) for key, value in data.items()}, data.rest)
    if isinstance(data, dict):
        return type(data)({key: change(value) for key, value in data.items()})
    return type(data)([change(value) for value in data]) if isinstance(data, list) else data


def first_unknown(value: Value) -> Unresolved | Lookup | None:
    """Return the first unresolved value in a value, at any depth; None if all of it is known."""
    if is_unknown(value.data):
        found: Unresolved | Lookup = value.data
        return found
    if isinstance(value.data, Open):
        return value.data.rest
    for child in children(value.data):
        inner = first_unknown(child)
        if inner is not None:
            return inner
    return None


def any_unknown(values: Iterable[Value]) -> Unresolved | Lookup | None:
    """Return the first unresolved value in some values, at any depth; None if all of it is known."""
    for value in values:
        found = first_unknown(value)
        if found is not None:
            return found
    return None


def reason_of(data: Unresolved | Lookup) -> str:
    """Return why a value is not known, as a clause."""
    return data.reason if isinstance(data, Unresolved) else "a whole resource or module is not one value"


def first_choice(value: Value) -> Choice | None:
    """Return the first choice in a value, at any depth."""
    if isinstance(value.data, Choice):
        return value.data
    for child in children(value.data):
        inner = first_choice(child)
        if inner is not None:
            return inner
    return None


def assume_deep(value: Value, variable: str, label: str) -> Value:
    """Return a value, and everything in it, in the worlds in which a variable has a label."""
    value = assume(value, variable, label)
    if isinstance(value.data, list | dict):
        return Value(rebuilt(value.data, lambda inner: assume_deep(inner, variable, label)), value.where)
    return value


def over_choices(function: Callable[..., Value], args: list[Value], expression: str, left: int = 64) -> Value:
    """Apply a function to arguments in every combination of the choices in them, at any depth."""
    choice = next(filter(None, map(first_choice, args)), None)
    if choice is None:
        return function(*args)
    if left < len(choice.options):
        reason = "it depends on more than 64 combinations of conditions"
        return Value(Unresolved(expression, reason), args[0].where)
    options = []
    for option in choice.options:
        assumed = [assume_deep(each, choice.variable, option.label) for each in args]
        found = over_choices(function, assumed, expression, left // len(choice.options))
        options.append(Option(option.label, found))
    return bounded(Value(Choice(choice.variable, tuple(options), expression), args[0].where))


def plain(value: Value) -> Any:
    """Return a known value as plain data, kinds of lists and mappings kept. Raises NotKnownError."""
    data = value.data
    if isinstance(data, Choice):
        raise NotKnownError("it depends on a condition")
    if is_unknown(data):
        raise NotKnownError(reason_of(data))
    if isinstance(data, Open):
        raise NotKnownError(data.rest.reason)
    if isinstance(data, dict):
        return type(data)({key: plain(item) for key, item in data.items()})
    return type(data)([plain(item) for item in data]) if isinstance(data, list) else data


def wrapped(data: Any, where: Where) -> Value:
    """Return plain data as a value, with one place for all of it."""
    if isinstance(data, Value):
        return data
    if isinstance(data, dict):
        return Value(type(data)({key: wrapped(item, where) for key, item in data.items()}), where)
    if isinstance(data, list):
        return Value(type(data)([wrapped(item, where) for item in data]), where)
    return Value(data, where)


Names = Mapping[str, Value]
"""The variables of loops, ``each``, ``count`` and iterators of dynamic blocks, by name."""
