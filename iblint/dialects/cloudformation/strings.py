"""Resolve the functions that make strings and lists: Sub, Join, Select, Split."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from itertools import groupby

from iblint.dialects.cloudformation.intrinsics import Call
from iblint.dialects.shared.decision_tree import Value, as_text, bounded, leaves, lift, sources
from iblint.dialects.shared.places import with_related
from iblint.model.record import replace
from iblint.model.values import ABSENT, Choice, Unresolved

MAX_LENGTH = 16_384
"""Characters of a composed string: nested calls could make one of any length."""

OPEN_PART = "${}"
"""The text of an unknown part of a string."""

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
    return _joined(call, "", [part for part in parts if part.data != ""])


def join(call: Call, delimiter: Value, items: Value) -> Value:
    """Resolve ``Fn::Join``."""

    def joined(delimiter: Value, items: Value) -> Value:
        unknown = _first_unresolved(call, delimiter, items)
        if unknown is not None:
            return unknown
        if not isinstance(delimiter.data, str) or not isinstance(items.data, list):
            return Value(call.unresolved("Fn::Join takes a delimiter and a list"), call.where)
        return _joined(call, delimiter.data, [item for item in items.data if item.data is not ABSENT])

    return lift(joined, delimiter, items, expression=call.expression)


def select(call: Call, index: Value, items: Value) -> Value:
    """Resolve ``Fn::Select``."""

    def selected(index: Value, items: Value) -> Value:
        unknown = _first_unresolved(call, index, items)
        if unknown is not None:
            return unknown
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
        unknown = _first_unresolved(call, delimiter, text)
        if unknown is not None:
            return unknown
        whole = as_text(text.data)
        if not isinstance(delimiter.data, str) or not delimiter.data or whole is None:
            return Value(call.unresolved("Fn::Split takes a delimiter and a string"), call.where)
        place = with_related(call.where, sources(text))
        return Value([Value(piece, place) for piece in whole.split(delimiter.data)], place)

    return lift(pieces, delimiter, text, expression=call.expression)


def _joined(call: Call, delimiter: str, parts: list[Value]) -> Value:
    """Return the parts as one string, for each of their branches. A single part keeps its place and links."""

    def text(part: Value) -> Value:
        if isinstance(part.data, Unresolved):
            return part if part.data.text is not None else Value(replace(part.data, text=OPEN_PART), part.where)
        text = as_text(part.data)
        if text is None:
            return Value(call.unresolved("a part of it is not a string"), call.where)
        return Value(text, part.where)

    def append(one: Value, other: Value) -> Value:
        unknown = _first_unresolved(call, one, other)
        if unknown is None:
            return _concatenated(call, delimiter, [one, other])
        return Value(replace(unknown.data, text=_known_text(delimiter, one, other)), unknown.where)

    def step(one: Value, other: Value) -> Value:
        if isinstance(one.data, Unresolved) and (one.data.text is None or isinstance(other.data, Choice)):
            return Value(replace(one.data, text=None), one.where)
        return bounded(lift(append, one, other, expression=call.expression))

    texts = [lift(text, part, expression=call.expression) for part in parts]
    if len(texts) < 2:
        return texts[0] if texts else Value("", call.where)
    runs: list[Value] = []
    for plain, grouped in groupby(texts, lambda part: isinstance(part.data, str)):
        run = list(grouped)
        runs += [_concatenated(call, delimiter, run)] if plain else run
    return Value(reduce(step, runs).data, with_related(call.where, sources(*parts)))


def _concatenated(call: Call, delimiter: str, strings: list[Value]) -> Value:
    """Return several strings as one."""
    length = sum(len(string.data) for string in strings) + len(delimiter) * (len(strings) - 1)
    if length > MAX_LENGTH:
        return Value(call.unresolved(f"it is longer than {MAX_LENGTH} characters"), call.where)
    return Value(delimiter.join(string.data for string in strings), call.where)


def _known_text(delimiter: str, *parts: Value) -> str | None:
    """Return the known text of a string with unknown parts, or None if it is long or ambiguous."""
    texts: list[str] = []
    for part in parts:
        known = part.data.text if isinstance(part.data, Unresolved) else part.data
        if known is None or "$" in (delimiter if isinstance(part.data, Unresolved) else delimiter + known):
            return None
        texts.append(known)
    text = delimiter.join(texts)
    return text if len(text) <= MAX_LENGTH else None


def _first_unresolved(call: Call, *values: Value) -> Value | None:
    """Return the call as unresolved, for the reason of the first unresolved value, or None if there is none."""
    reasons = (value.data.reason for value in values if isinstance(value.data, Unresolved))
    reason = next(reasons, None)
    return None if reason is None else Value(call.unresolved(reason), call.where)
