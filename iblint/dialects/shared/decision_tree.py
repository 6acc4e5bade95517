"""Values with their places, and functions over values that a variable picks (decision trees).

The data of a value is a plain scalar, a mapping or list of values, ABSENT, Unresolved, or a Choice whose options are
values again: a decision tree. A function is written for one branch, and ``lift`` applies it to every branch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from iblint.dialects.shared.places import Where, place_of
from iblint.model.resource import Location, Place
from iblint.model.values import Choice, Option, Unresolved
from iblint.parse.markup import is_markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_LEAVES = 64
"""Leaves of a decision tree. A larger tree becomes unresolved."""


class Value:
    """Data and its place. Not a Record, because the place is computed when it is needed."""

    __slots__ = ("data", "where")

    def __init__(self, data: Any, where: Where) -> None:
        self.data = data
        self.where = where

    @property
    def place(self) -> Place:
        """The place of the value."""
        return place_of(self.where)


def lift(function: Callable[..., Value], *args: Value, expression: str) -> Value:
    """Apply a function to arguments that may be decision trees, in every possible combination of their branches.

    Within a branch, a variable has the same label in all arguments. ``expression`` is the author's text of the result.
    """
    for arg in args:
        choice = arg.data
        if isinstance(choice, Choice):
            options = []
            for option in choice.options:
                assumed = (assume(each, choice.variable, option.label) for each in args)
                options.append(Option(option.label, lift(function, *assumed, expression=expression)))
            return Value(Choice(choice.variable, tuple(options), expression), arg.where)
    return function(*args)


def assume(value: Value, variable: str, label: str) -> Value:
    """Return the value in the worlds in which a variable has a label."""
    choice = value.data
    if not isinstance(choice, Choice):
        return value
    if choice.variable != variable:
        options = tuple(Option(o.label, assume(o.value, variable, label)) for o in choice.options)
        return Value(Choice(choice.variable, options, choice.expression), value.where)
    for option in choice.options:
        if option.label == label:
            return assume(option.value, variable, label)
    return Value(Unresolved(choice.expression, f"its value is not known when {variable} is {label}"), value.where)


def assume_all(value: Value, labels: Mapping[str, str]) -> Value:
    """Return the value, and everything inside it, in the worlds in which variables have the labels."""
    for variable, label in labels.items():
        value = assume(value, variable, label)
    match value.data:
        case dict() as members:
            return Value({key: assume_all(member, labels) for key, member in members.items()}, value.where)
        case list() as items:
            return Value([assume_all(item, labels) for item in items], value.where)
        case Choice(variable=variable, options=options, expression=expression):
            chosen = tuple(Option(option.label, assume_all(option.value, labels)) for option in options)
            return Value(Choice(variable, chosen, expression), value.where)
    return value


def graft(tree: Value, branch: Callable[[Value], Value], expression: str) -> Value:
    """Replace every leaf of a decision tree by a value. Below a leaf, the variables above it are decided."""
    choice = tree.data
    if not isinstance(choice, Choice):
        return branch(tree)
    options = tuple(
        Option(o.label, assume(graft(o.value, branch, expression), choice.variable, o.label)) for o in choice.options
    )
    return Value(Choice(choice.variable, options, expression), tree.where)


def leaves(value: Value) -> Iterator[Value]:
    """Yield the leaves of a decision tree. Any other value is its own leaf."""
    if isinstance(value.data, Choice):
        for option in value.data.options:
            yield from leaves(option.value)
    else:
        yield value


def is_bounded(value: Value) -> bool:
    """Return whether a decision tree has at most MAX_LEAVES leaves."""
    return all(count < MAX_LEAVES for count, _ in enumerate(leaves(value)))


def bounded(value: Value) -> Value:
    """Return the value, or Unresolved if its decision tree has too many leaves."""
    if is_bounded(value):
        return value
    reason = f"it depends on more than {MAX_LEAVES} combinations of conditions and parameters"
    return Value(Unresolved(value.data.expression, reason), value.where)


def as_text(data: Any) -> str | None:
    """Return a scalar as CloudFormation writes it into a string; None for anything else."""
    if isinstance(data, str):
        return data
    if isinstance(data, bool | int | float):
        return json.dumps(data)
    written: Callable[[], str] | None = getattr(data, "isoformat", None)  # of a date
    return None if written is None else written()


def placeholder(data: Any) -> Unresolved | None:
    """Return a string that AWS or another tool fills in later as unresolved; None for any other value."""
    if not isinstance(data, str):
        return None
    if "{{" in data and "{{resolve:" in data:
        return Unresolved(data, "it is a dynamic reference, which AWS resolves at deployment")
    if is_markup(data):
        return Unresolved(data, "it is a placeholder that is filled in later")
    return None


def sources(*values: Value) -> tuple[Location, ...]:
    """Return the locations of the values that were written elsewhere, as related locations of the result."""
    found: dict[Location, None] = {}
    for value in values:
        place = value.where
        if isinstance(place, Place) and place.provenance is not None and place.file is not None:
            found[Location(place.file, place.value, place.provenance)] = None
        for option in value.data.options if isinstance(value.data, Choice) else ():
            found.update(dict.fromkeys(sources(option.value)))
    return tuple(found)
