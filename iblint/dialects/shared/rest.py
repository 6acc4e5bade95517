"""Mappings that programs make: members that are known, and what is known of others."""

from __future__ import annotations

from iblint.dialects.shared.decision_tree import Value
from iblint.model.record import replace
from iblint.model.values import ABSENT, Choice, Option, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Members: TypeAlias = dict[Any, Value]


class _Rest:
    """The key under which a mapping has what is known of its other members."""

    def __repr__(self) -> str:
        return "REST"


REST = _Rest()


def is_rest(key: Any) -> bool:
    """Return whether a key stands for other members."""
    return key is REST


def merged(members: Members, other: Value, what: str) -> Members:
    """Return a mapping with the members of another value added, which replace those of the same name.

    ``what`` is the source of the other value, for messages.
    """
    data = other.data
    if isinstance(data, dict):
        return _overlaid(members, data)
    if isinstance(data, Choice) and all(isinstance(option.value.data, dict) for option in data.options):
        return _merged_choice(members, data)
    reason = data.reason if isinstance(data, Unresolved) else "it is no mapping"
    return _overlaid(members, {REST: Value(Unresolved(what, reason), other.where)})


def _overlaid(members: Members, other: Members) -> Members:
    found = dict(members)
    rest = other.get(REST)
    if rest is not None:
        found = {key: maybe(value, rest) for key, value in found.items()}
    found.update(other)
    return found


def maybe(value: Value, by: Value) -> Value:
    """Return a value that another one may have replaced."""
    assert isinstance(by.data, Unresolved)
    return Value(Unresolved(by.data.expression, f"it may replace what is written: {by.data.reason}"), value.where)


def _merged_choice(members: Members, choice: Choice) -> Members:
    """Return a mapping with the members of one of several others added."""
    results = [_overlaid(members, option.value.data) for option in choice.options]
    found: Members = {}
    for key in dict.fromkeys(key for result in results for key in result):
        values = [result.get(key) for result in results]
        if all(value is values[0] for value in values) and values[0] is not None:
            found[key] = values[0]
        elif any(REST in result for result in results):
            written = next(value for value in values if value is not None)
            found[key] = Value(Unresolved(choice.expression, f"it depends on {choice.variable}"), written.where)
        else:
            where = next(value for value in values if value is not None).where
            options = tuple(
                Option(option.label, Value(ABSENT, where) if value is None else value)
                for option, value in zip(choice.options, values, strict=True)
            )
            found[key] = Value(Choice(choice.variable, options, choice.expression), where)
    return found


def unknown_inside(value: Value, reason: str) -> Value:
    """Return a value whose mappings and lists are not known: what changes them is not followed."""
    if isinstance(value.data, dict | list):
        return Value(Unresolved("", reason), value.where)
    if isinstance(value.data, Choice):
        options = tuple(Option(o.label, unknown_inside(o.value, reason)) for o in value.data.options)
        return Value(replace(value.data, options=options), value.where)
    return value
