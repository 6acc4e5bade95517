"""A mapping or list of a program after all that may happen to it before a call."""

from __future__ import annotations

import ast

from iblint.dialects.boto3_calls.effects import Effect, effect_of, has_stray_changes, order_of
from iblint.dialects.boto3_calls.scopes import Binding, Names, Scope
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.rest import merged, unknown_inside
from iblint.model.values import ABSENT, Choice, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.dialects.boto3_calls.effects import Order
    from iblint.dialects.boto3_calls.evaluate import Evaluator
    from iblint.dialects.shared.rest import Members

_MAX_USES = 300
"""Uses of one name that are looked at."""


def changed(evaluator: Evaluator, use: ast.Name, scope: Scope, binding: Binding, value: Value) -> Value:
    """Return a mapping or list after all that the program may do to it until the call."""
    if len(getattr(binding.node, "targets", ())) > 1:
        return Value(Unresolved("", "it has several names"), value.where)
    changes: list[tuple[tuple[int, int], Order, Effect]] = []
    uses = evaluator.names.uses(use.id, scope)
    if len(uses) > _MAX_USES:
        return Value(Unresolved("", f"the program uses it in more than {_MAX_USES} places"), value.where)
    for other in uses:
        if other is use or evaluator.names.parents[other] is binding.node:
            continue
        effect = effect_of(other, evaluator.names)
        if effect is None:
            continue
        orders = {order_of(other, place, binding, scope, evaluator.names) for place in (use, evaluator.at)}
        order: Order = orders.pop() if len(orders) == 1 else "maybe"
        if order != "after":
            changes.append(((other.lineno, other.col_offset), order, effect))
    for _, order, effect in sorted(changes, key=lambda change: change[0]):
        value = _apply(evaluator, value, order, effect)
    return value


def _apply(evaluator: Evaluator, value: Value, order: Order, effect: Effect) -> Value:
    """Return a value after one change."""
    if effect.kind == "anything":
        return Value(Unresolved("", "the program may change it before the call"), value.where)
    if effect.kind == "leak":
        return _leaked(value, evaluator.names)
    if not isinstance(value.data, dict):
        return Value(Unresolved("", "the program changes it before the call"), value.where)
    members: Members = dict(value.data)
    if effect.kind == "merge":
        assert isinstance(effect.node, ast.Call)
        return Value(_updated(evaluator, members, effect.node, order), value.where)
    key = effect.key
    written = members.get(key)
    if effect.kind == "default" and written is not None and not isinstance(written.data, Choice | type(ABSENT)):
        return value
    if order == "before" and effect.kind == "set" and effect.node is not None:
        members[key] = evaluator.value(effect.node)
    elif order == "before" and effect.kind == "remove":
        members[key] = Value(ABSENT, value.where)
    else:
        members[key] = _maybe(evaluator, effect, members.get(key, value))
    return Value(members, value.where)


def _maybe(evaluator: Evaluator, effect: Effect, before: Value) -> Value:
    """Return a member that may be changed before the call."""
    if effect.kind == "set" and effect.node is not None:
        return evaluator.unresolved(effect.node, "it is not certain that the program sets it before the call")
    return Value(Unresolved(str(effect.key), "the program may change it before the call"), before.where)


def _leaked(value: Value, names: Names) -> Value:
    """Return a value whose members other code has, and may change what is in them."""
    if not has_stray_changes(names):
        return value
    reason = "the program may change it before the call"
    if isinstance(value.data, dict):
        return Value({key: unknown_inside(member, reason) for key, member in value.data.items()}, value.where)
    if isinstance(value.data, list):
        return Value([unknown_inside(item, reason) for item in value.data], value.where)
    return unknown_inside(value, reason)


def _updated(evaluator: Evaluator, members: Members, call: ast.Call, order: Order) -> Members:
    """Return a mapping after ``x.update(...)``."""
    added: Members = {}
    for argument in call.args:
        added = merged(added, evaluator.value(argument), evaluator.source.shown(argument))
    added = evaluator.keywords(added, call)
    if order == "before":
        return merged(members, Value(added, evaluator.place(call)), evaluator.source.shown(call))
    reason = "the program may change it before the call"
    unknown = {key: Value(Unresolved(evaluator.source.shown(call), reason), v.where) for key, v in added.items()}
    return merged(members, Value(unknown, evaluator.place(call)), evaluator.source.shown(call))
