"""Conditions: comparisons and boolean operators as decision trees over what they cannot decide.

A comparison that is not decided becomes a variable, named by its normal form in its module, so that the same comparison
always agrees with itself and with its negation.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from iblint.dialects.shared.decision_tree import Value, graft, is_bounded, leaves, lift
from iblint.dialects.shared.places import Where
from iblint.dialects.terraform.types import convert, equal
from iblint.dialects.terraform.values import (
    NotKnownError,
    RefusedError,
    first_unknown,
    is_primitive,
    is_unknown,
    over_choices,
    plain,
    unknown,
)
from iblint.model.record import Record
from iblint.model.values import Choice, Option, Unresolved
from iblint.parse.hcl.expressions import Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Tag(Record):
    """What distinguishes the variables of one module, loop or instance from those of another."""

    prefix: str
    instance: str = ""

    def name(self, expression: str) -> str:
        """Return the name of the variable for an expression that is not decided."""
        own = self.instance if "each." in expression or "count." in expression else ""
        return f"{self.prefix}{expression}{own}"


def variable(name: str, expression: str, where: Where) -> Value:
    """Return a boolean that is not known: a choice of true and false."""
    options = tuple(Option(label, Value(label == "true", where)) for label in ("true", "false"))
    return Value(Choice(name, options, expression), where)


def as_condition(value: Value, expression: Expression, tag: Tag) -> Value:
    """Return a value as a tree of booleans and of unresolved values that no condition can have."""

    def decided(branch: Value) -> Value:
        if isinstance(branch.data, Unresolved):
            return variable(tag.name(branch.data.expression), branch.data.expression, branch.where)
        if is_unknown(branch.data):
            return unknown(expression, "it is no boolean")
        try:
            made = convert(branch, "bool")
        except RefusedError as error:
            return unknown(expression, f"Terraform would refuse it: {error}")
        return unknown(expression, "Terraform would refuse it: null is no condition") if made.data is None else made

    return settled(lift(decided, value, expression=expression.text))


def negate(value: Value) -> Value:
    """Return the opposite of each leaf of a condition."""
    if isinstance(value.data, Choice):
        return lift(negate, value, expression=value.data.expression)
    return Value(not value.data, value.where) if isinstance(value.data, bool) else value


def joined(one: Value, other: Value, *, stop: bool, expression: Expression) -> Value:
    """Return ``||`` (``stop`` is true) or ``&&`` of two conditions."""

    def branch(leaf: Value) -> Value:
        if leaf.data is stop:
            return leaf
        if isinstance(leaf.data, bool):
            return other
        return lift(lambda right: right if right.data is stop else leaf, other, expression=expression.text)

    tree = settled(graft(one, branch, expression.text))
    return tree if is_bounded(tree) else unknown(expression, "it depends on more than 64 combinations of conditions")


def settled(tree: Value) -> Value:
    """Return a single value if all leaves of a tree are equal, else the tree."""
    if not isinstance(tree.data, Choice):
        return tree
    found = {leaf.data if isinstance(leaf.data, bool | Unresolved) else id(leaf.data): leaf for leaf in leaves(tree)}
    return Value(next(iter(found.values())).data, tree.where) if len(found) == 1 else tree


def compared(one: Value, other: Value, expression: Expression, tag: Tag) -> Value:
    """Return whether two values are equal, as a tree."""
    return settled(over_choices(partial(_equals, expression, tag), [one, other], expression.text))


def _equals(expression: Expression, tag: Tag, one: Value, other: Value) -> Value:
    try:
        return Value(equal(plain(one), plain(other)), one.where)
    except NotKnownError:
        pass
    if _never_equal(one, other) or _never_equal(other, one):
        return Value(False, one.where)
    names = [_name(one), _name(other)]
    if None in names:
        return unknown(expression, "an operand is not known")
    return variable(tag.name(" == ".join(sorted(map(str, names)))), expression.text, one.where)


def _never_equal(one: Value, other: Value) -> bool:
    """Return whether a text with known parts cannot be a known text."""
    if not isinstance(one.data, Unresolved) or one.data.text is None or not isinstance(other.data, str):
        return False
    first, _, rest = one.data.text.partition("${")
    last = rest.rpartition("}")[2]
    return not (other.data.startswith(first) and other.data.endswith(last))


def _name(value: Value) -> str | None:
    """Return the normal form of an operand; None for one that has none, such as a list with an unknown element."""
    if isinstance(value.data, Unresolved):
        return value.data.expression
    if value.data is None or is_primitive(value.data):
        return json.dumps(value.data, default=str)
    return None if first_unknown(value) is not None else json.dumps(plain(value), default=str, sort_keys=True)


def over_leaves(condition: Value, take: Callable[[bool], Value], expression: Expression) -> Value:
    """Return a value for each leaf of a condition; each of the two is made once."""
    made: dict[bool, Value] = {}

    def branch(leaf: Value) -> Value:
        if not isinstance(leaf.data, bool):
            return leaf
        if leaf.data not in made:
            made[leaf.data] = take(leaf.data)
        return made[leaf.data]

    return graft(condition, branch, expression.text)


def labels_of(tree: Value, wanted: Any = True) -> dict[str, str]:
    """Return the labels that variables have wherever a tree has a value."""
    worlds: list[set[tuple[str, str]]] = []

    def visit(node: Value, world: dict[str, str]) -> None:
        if isinstance(node.data, Choice):
            for option in node.data.options:
                visit(option.value, {**world, node.data.variable: option.label})
        elif node.data is wanted:
            worlds.append(set(world.items()))

    visit(tree, {})
    return dict(set.intersection(*worlds)) if worlds else {}
