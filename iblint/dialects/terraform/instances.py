"""The instances of a block with ``count`` or ``for_each``, and whether each exists."""

from __future__ import annotations

import json
from collections.abc import Callable

from iblint.dialects.shared.decision_tree import Value, leaves, lift
from iblint.dialects.terraform import logic
from iblint.dialects.terraform.evaluate import TOP, Frame, evaluate
from iblint.dialects.terraform.types import convert
from iblint.dialects.terraform.values import (
    NotKnownError,
    RefusedError,
    SetOf,
    any_unknown,
    is_number,
    is_unknown,
    reason_of,
    unknown,
)
from iblint.model.document import InputError
from iblint.model.record import Record
from iblint.model.values import Choice, Open
from iblint.parse.hcl.body import Block
from iblint.parse.hcl.expressions import Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.scope import Scope

MAX_INSTANCES = 100
"""Instances of one resource that are judged."""


class Instance(Record, eq=False):
    """One instance of a block."""

    key: str
    """Its key in addresses: ``[0]``, ``["a"]``; empty without ``count`` and ``for_each``, and if it is not known."""
    frame: Frame
    exists: Value | None = None
    """Whether it exists, as a tree of booleans, or unresolved; None if it does."""


class Instances(Record, eq=False):
    """The instances of a block."""

    found: tuple[Instance, ...]
    repeats: str = ""
    """``count``, ``for_each`` or nothing."""
    reason: str | None = None
    """Why it is not known which instances there are, as a clause. Then the one in ``found`` stands for all."""
    marks: frozenset[str] = frozenset()
    """What the number of instances depends on."""

    def by_key(self, key: str) -> Instance | None:
        """Return the instance with a key."""
        return next((instance for instance in self.found if instance.key == key), None)


def instances_of(scope: Scope, block: Block) -> Instances:
    """Return the instances of a block in a module."""
    for name, make in (("count", _counted), ("for_each", _for_each)):
        attribute = block.body.attributes.get(name)
        if attribute is None:
            continue
        expression = attribute.expression
        value, marks = scope.run.marked(lambda expression=expression: evaluate(scope, expression))  # type: ignore[misc]
        try:
            found = make(scope, block, expression, value)
        except (NotKnownError, RefusedError) as error:
            frame = _open_frame(name, expression, str(error))
            maybe = unknown(expression, str(error))
            return Instances((Instance("", frame, maybe),), name, str(error), frozenset(marks))
        return Instances(tuple(found), name, None, frozenset(marks))
    return Instances((Instance("", TOP),))


def _open_frame(name: str, expression: Expression, reason: str) -> Frame:
    names = ("key", "value") if name == "for_each" else ("index",)
    found = {each: unknown(expression, reason) for each in names}
    root = "each" if name == "for_each" else "count"
    for each, value in found.items():
        found[each] = Value(_renamed(value.data, f"{root}.{each}"), value.where)
    return Frame({root: Value(found, value.where)}, "", "[?]")


def _renamed(data: Any, expression: str) -> Any:
    from iblint.model.record import replace

    return replace(data, expression=expression)


def _bounded(scope: Scope, block: Block, keys: list[Any]) -> list[Any]:
    if len(keys) > MAX_INSTANCES:
        span = block.header
        message = (
            f"The {block.type} '{'.'.join(block.labels)}' has {len(keys)} instances; those beyond {MAX_INSTANCES} were "
            "not judged."
        )
        problem = InputError(block.source.file, span.line, span.column, message)
        if problem not in scope.run.problems:
            scope.run.problems.append(problem)
    return keys[:MAX_INSTANCES]


def _counted(scope: Scope, block: Block, expression: Expression, value: Value) -> list[Instance]:
    counts: list[int] = []
    for leaf in leaves(value):
        if is_unknown(leaf.data):
            raise NotKnownError(reason_of(leaf.data))
        number = convert(leaf, "number").data
        if not is_number(number) or number != int(number) or number < 0:
            raise RefusedError("count must be a whole number")
        counts.append(int(number))
    found = []
    for index in _bounded(scope, block, list(range(min(max(counts), 10**6)))):
        exists = _where(value, lambda leaf, index=index: convert(leaf, "number").data > index, expression)  # type: ignore[misc]
        names = {"count": Value({"index": Value(index, value.where)}, value.where)}
        found.append(Instance(f"[{index}]", Frame(names, "", f"[{index}]"), exists))
    return found


def _where(value: Value, test: Callable[[Value], bool], expression: Expression) -> Value | None:
    """Return the tree of a test of each leaf; None if all of them pass it."""
    if not isinstance(value.data, Choice):
        return None if test(value) else Value(False, value.where)
    tree = logic.settled(lift(lambda leaf: Value(test(leaf), leaf.where), value, expression=expression.text))
    return None if tree.data is True else tree


def _for_each(scope: Scope, block: Block, expression: Expression, value: Value) -> list[Instance]:
    keys: dict[str, None] = {}
    for leaf in leaves(value):
        keys.update(dict.fromkeys(_keys(leaf)))
    found = []
    for key in _bounded(scope, block, sorted(keys, key=lambda key: key.encode("utf-8", "surrogatepass"))):
        written = f"[{json.dumps(key, ensure_ascii=False)}]"
        each = lift(lambda leaf, key=key: _value_at(leaf, key, expression), value, expression=f"each.value{written}")
        names = {"each": Value({"key": Value(key, value.where), "value": each}, value.where)}
        exists = _where(value, lambda leaf, key=key: key in _keys(leaf), expression)  # type: ignore[misc]
        found.append(Instance(written, Frame(names, "", written), exists))
    return found


def _keys(leaf: Value) -> list[str]:
    data = leaf.data
    if is_unknown(data):
        raise NotKnownError(reason_of(data))
    if isinstance(data, Open):
        raise NotKnownError(data.rest.reason)
    if isinstance(data, dict):
        return list(data)
    if isinstance(data, SetOf):
        missing = any_unknown(data)
        if missing is not None:
            raise NotKnownError(reason_of(missing))
        if all(isinstance(item.data, str) for item in data):
            return [item.data for item in data]
    raise RefusedError("for_each takes a map, or a set of strings")


def _value_at(leaf: Value, key: str, expression: Expression) -> Value:
    if isinstance(leaf.data, dict) and key in leaf.data:
        found: Value = leaf.data[key]
        return found
    if isinstance(leaf.data, list):
        return next((item for item in leaf.data if item.data == key), leaf)
    return unknown(expression, "Terraform would refuse it: there is no such instance")
