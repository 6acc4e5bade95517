"""Values of a template with the place of each, and functions over values that a condition picks.

The data of a value is a plain scalar, a mapping or list of values, ABSENT (AWS::NoValue), Unresolved, or a Choice whose
options are values again: a decision tree. A function is written for one branch, and ``lift`` runs it on every branch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from iblint.dialects.shared.places import Where, place_of
from iblint.model.resource import Location, Place
from iblint.model.values import Choice, Option, Unresolved
from iblint.parse.template_markers import is_markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_LEAVES = 64
"""A decision tree with more leaves is given up: its value counts as unresolved."""


class Value:
    """Data and where it stands. No record, so that its place can be looked up when it is asked for."""

    __slots__ = ("data", "where")

    def __init__(self, data: Any, where: Where) -> None:
        self.data = data
        self.where = where

    @property
    def place(self) -> Place:
        """Where it stands."""
        return place_of(self.where)


def lift(function: Callable[..., Value], *args: Value, expression: str) -> Value:
    """Apply a function to arguments that may be decision trees: to every combination of branches that can be.

    Within a branch its variable has one label in all arguments. ``expression`` is what the author wrote for the result.
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
    """The value where a variable has a label."""
    choice = value.data
    if not isinstance(choice, Choice):
        return value
    if choice.variable != variable:
        options = tuple(Option(o.label, assume(o.value, variable, label)) for o in choice.options)
        return Value(Choice(choice.variable, options, choice.expression), value.where)
    for option in choice.options:
        if option.label == label:
            return assume(option.value, variable, label)
    return Value(Unresolved(choice.expression, f"it has no value when {variable} is {label}"), value.where)


def under(value: Value, labels: Mapping[str, str]) -> Value:
    """The value and all that it holds where variables have the labels."""
    for variable, label in labels.items():
        value = assume(value, variable, label)
    match value.data:
        case dict() as members:
            return Value({key: under(member, labels) for key, member in members.items()}, value.where)
        case list() as items:
            return Value([under(item, labels) for item in items], value.where)
        case Choice(variable=variable, options=options, expression=expression):
            chosen = tuple(Option(option.label, under(option.value, labels)) for option in options)
            return Value(Choice(variable, chosen, expression), value.where)
    return value


def graft(tree: Value, branch: Callable[[Value], Value], expression: str) -> Value:
    """Put a value in the place of every leaf of a decision tree; below, no variable is asked again."""
    choice = tree.data
    if not isinstance(choice, Choice):
        return branch(tree)
    options = tuple(
        Option(o.label, assume(graft(o.value, branch, expression), choice.variable, o.label)) for o in choice.options
    )
    return Value(Choice(choice.variable, options, expression), tree.where)


def leaves(value: Value) -> Iterator[Value]:
    """The values that a decision tree may come to; any other value is its own leaf."""
    if isinstance(value.data, Choice):
        for option in value.data.options:
            yield from leaves(option.value)
    else:
        yield value


def is_bounded(value: Value) -> bool:
    """Whether the decision tree is small enough to go on with."""
    return all(count < MAX_LEAVES for count, _ in enumerate(leaves(value)))


def bounded(value: Value) -> Value:
    """The value, or Unresolved when its decision tree has too many leaves."""
    if is_bounded(value):
        return value
    reason = f"it depends on more than {MAX_LEAVES} combinations of conditions and parameters"
    return Value(Unresolved(value.data.expression, reason), value.where)


def as_text(data: Any) -> str | None:
    """A scalar as CloudFormation writes it into a string; None for what is no scalar."""
    if isinstance(data, str):
        return data
    if isinstance(data, bool | int | float):
        return json.dumps(data)
    written: Callable[[], str] | None = getattr(data, "isoformat", None)  # of a date; datetime takes long to import
    return None if written is None else written()


def filled_in_later(data: Any) -> Unresolved | None:
    """A string that AWS or another tool has yet to fill in, as what is not known; None for any other value."""
    if not isinstance(data, str):
        return None
    if "{{" in data and "{{resolve:" in data:
        return Unresolved(data, "it is a dynamic reference, which AWS resolves at deployment")
    if is_markup(data):
        return Unresolved(data, "that is a placeholder which is filled in later")
    return None


def sources(*values: Value) -> tuple[Location, ...]:
    """Where values come from that were written elsewhere, as related locations of what is made of them."""
    found: dict[Location, None] = {}
    for value in values:
        place = value.where
        if isinstance(place, Place) and place.provenance is not None and place.file is not None:
            found[Location(place.file, place.value, place.provenance)] = None
        for option in value.data.options if isinstance(value.data, Choice) else ():
            found.update(dict.fromkeys(sources(option.value)))
    return tuple(found)
