"""Strings that are joined of parts, some of which are unresolved or have several values."""

from __future__ import annotations

from functools import reduce
from itertools import groupby

from iblint.dialects.shared.decision_tree import Value, as_text, bounded, lift, sources
from iblint.dialects.shared.places import Where, with_related
from iblint.model.kinds import kind_of_text
from iblint.model.record import replace
from iblint.model.values import Choice, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Computed(Protocol):
        """The expression that makes a string."""

        @property
        def expression(self) -> str:
            """The expression as its author wrote it."""
            ...

        @property
        def where(self) -> Where:
            """Where it is written."""
            ...

        def unresolved(self, reason: str) -> Unresolved:
            """Return it as an unresolved value."""
            ...


MAX_LENGTH = 16_384
"""Characters of a composed string: nested calls could make one of any length."""

OPEN_PART = "${}"
"""The text of an unknown part of a string."""


def joined(call: Computed, delimiter: str, parts: list[Value]) -> Value:
    """Return the parts as one string, for each of their branches. A single part keeps its place and links."""

    def text(part: Value) -> Value:
        if isinstance(part.data, Unresolved):
            return part if part.data.text is not None else Value(replace(part.data, text=OPEN_PART), part.where)
        text = as_text(part.data)
        if text is None:
            return Value(call.unresolved("a part of it is not a string"), call.where)
        return Value(text, part.where)

    def append(one: Value, other: Value) -> Value:
        unknown = first_unresolved(call, one, other)
        if unknown is None:
            return _concatenated(call, delimiter, [one, other])
        text = _known_text(delimiter, one, other)
        return Value(replace(unknown.data, text=text, kind=kind_of_text(text)), unknown.where)

    def step(one: Value, other: Value) -> Value:
        if isinstance(one.data, Unresolved) and (one.data.text is None or isinstance(other.data, Choice)):
            return Value(replace(one.data, text=None, refers_to=None, kind=None), one.where)
        return bounded(lift(append, one, other, expression=call.expression))

    texts = [lift(text, part, expression=call.expression) for part in parts]
    if len(texts) < 2:
        return texts[0] if texts else Value("", call.where)
    runs: list[Value] = []
    for plain, grouped in groupby(texts, lambda part: isinstance(part.data, str)):
        run = list(grouped)
        runs += [_concatenated(call, delimiter, run)] if plain else run
    return Value(reduce(step, runs).data, with_related(call.where, sources(*parts)))


def _concatenated(call: Computed, delimiter: str, strings: list[Value]) -> Value:
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


def first_unresolved(call: Computed, *values: Value) -> Value | None:
    """Return the call as unresolved, for the reason of the first unresolved value, or None if there is none."""
    reasons = (value.data.reason for value in values if isinstance(value.data, Unresolved))
    reason = next(reasons, None)
    return None if reason is None else Value(call.unresolved(reason), call.where)
