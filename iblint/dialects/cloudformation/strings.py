"""Resolve the functions that make strings and lists: Sub, Join, Select, Split."""

from __future__ import annotations

import re
from collections.abc import Callable

from iblint.dialects.cloudformation.intrinsics import Call
from iblint.dialects.shared.decision_tree import Value, as_text, leaves, lift, sources
from iblint.dialects.shared.places import with_related
from iblint.dialects.shared.text_sums import first_unresolved, joined
from iblint.model.kinds import TEXT, item_of, list_of
from iblint.model.record import replace
from iblint.model.values import ABSENT, Unresolved

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def substitute(call: Call, text: str, value_of: Callable[[str], Value]) -> Value:
    """Resolve ``Fn::Sub``. A text that is one variable and nothing else has that variable's value, links included."""
    parts: list[Value] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        parts.append(Value(text[end : match.start()], call.where))
        name = match[1].strip()
        parts.append(Value("${" + name[1:] + "}", call.where) if name.startswith("!") else value_of(name))
        end = match.end()
    parts.append(Value(text[end:], call.where))
    return _text(call, "", [part for part in parts if part.data != ""])


def join(call: Call, delimiter: Value, items: Value) -> Value:
    """Resolve ``Fn::Join``."""

    def text(delimiter: Value, items: Value) -> Value:
        unknown = first_unresolved(call, delimiter, items)
        if unknown is not None:
            return unknown
        if not isinstance(delimiter.data, str) or not isinstance(items.data, list):
            return Value(call.unresolved("Fn::Join takes a delimiter and a list"), call.where)
        return _text(call, delimiter.data, [item for item in items.data if item.data is not ABSENT])

    return lift(text, delimiter, items, expression=call.expression)


def select(call: Call, index: Value, items: Value) -> Value:
    """Resolve ``Fn::Select``."""

    def selected(index: Value, items: Value) -> Value:
        unknown = first_unresolved(call, index, items)
        if unknown is not None:
            kind = item_of(items.data.kind) if isinstance(items.data, Unresolved) else None
            return Value(replace(unknown.data, kind=kind), unknown.where)
        number = as_text(index.data) or ""
        if not isinstance(items.data, list) or not re.fullmatch("[0-9]{1,6}", number, re.ASCII):
            return Value(call.unresolved("Fn::Select takes an index and a list"), call.where)
        before = items.data[: int(number) + 1]
        if any(leaf.data is ABSENT for item in before for leaf in leaves(item)):
            return Value(call.unresolved("the list contains AWS::NoValue"), call.where)
        if int(number) >= len(items.data):
            return Value(call.unresolved(f"the list has no item {number}"), call.where)
        chosen: Value = items.data[int(number)]
        return Value(chosen.data, with_related(call.where, sources(chosen)))

    return lift(selected, index, items, expression=call.expression)


def split(call: Call, delimiter: Value, text: Value) -> Value:
    """Resolve ``Fn::Split``."""

    def pieces(delimiter: Value, text: Value) -> Value:
        unknown = first_unresolved(call, delimiter, text)
        if unknown is not None:
            return Value(replace(unknown.data, kind=list_of(TEXT)), unknown.where)
        whole = as_text(text.data)
        if not isinstance(delimiter.data, str) or not delimiter.data or whole is None:
            return Value(call.unresolved("Fn::Split takes a delimiter and a string"), call.where)
        place = with_related(call.where, sources(text))
        return Value([Value(piece, place) for piece in whole.split(delimiter.data)], place)

    return lift(pieces, delimiter, text, expression=call.expression)


def _text(call: Call, delimiter: str, parts: list[Value]) -> Value:
    """Return the parts as one string. It is a string also where it is not known."""

    def as_string(value: Value) -> Value:
        if isinstance(value.data, Unresolved) and value.data.kind is None:
            return Value(replace(value.data, kind=TEXT), value.where)
        return value

    return lift(as_string, joined(call, delimiter, parts), expression=call.expression)
