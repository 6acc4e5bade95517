"""Strings that a Python program makes of parts: f-strings, ``+``, ``%``, ``format`` and ``join``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from string import Formatter

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.text_sums import joined
from iblint.model.record import Record, replace
from iblint.model.resource import Place
from iblint.model.values import Choice, Option, Unresolved

_PERCENT = re.compile(r"%(?:([sd])|(%)|)")


class Sum(Record):
    """The expression that makes a string."""

    expression: str
    where: Place

    def unresolved(self, reason: str) -> Unresolved:
        """Return it as an unresolved value."""
        return Unresolved(self.expression, reason)


def joined_texts(expression: Sum, delimiter: str, parts: Sequence[Value]) -> Value:
    """Return the parts as one string, as Python writes them into a string."""
    return joined(expression, delimiter, [_written(part) for part in parts])


def _written(part: Value) -> Value:
    """Return a scalar as Python's ``str()`` writes it."""
    data = part.data
    if isinstance(data, Choice):
        options = tuple(Option(option.label, _written(option.value)) for option in data.options)
        return Value(replace(data, options=options), part.where)
    if isinstance(data, bool | int | float) or data is None:
        return Value(str(data), part.where)
    return part


def percent_parts(text: Value, operands: Sequence[Value]) -> list[Value] | None:
    """Return the parts of ``text % operands``; None if it is not made of ``%s`` and ``%d`` alone."""
    waiting = list(operands)
    parts: list[Value] = []
    end = 0
    for match in _PERCENT.finditer(text.data):
        parts.append(Value(text.data[end : match.start()], text.where))
        end = match.end()
        if match[2]:
            parts.append(Value("%", text.where))
        elif not match[1] or not waiting or not _fits(waiting[0], match[1]):
            return None
        else:
            parts.append(waiting.pop(0))
    parts.append(Value(text.data[end:], text.where))
    return None if waiting else parts


def _fits(operand: Value, kind: str) -> bool:
    data = operand.data
    return isinstance(data, Unresolved) or (type(data) is int if kind == "d" else isinstance(data, str | int | Choice))


def format_parts(text: Value, call: ast.Call, value: Callable[[ast.AST], Value]) -> list[Value] | None:
    """Return the parts of ``text.format(...)``; None if a field is more than a name or a number."""
    arguments: dict[str, ast.expr] = {str(index): argument for index, argument in enumerate(call.args)}
    arguments |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    parts: list[Value] = []
    automatic = 0
    try:
        for literal, field, spec, conversion in Formatter().parse(text.data):
            parts.append(Value(literal, text.where))
            if field is None:
                continue
            if not field:
                field, automatic = str(automatic), automatic + 1
            if spec or conversion or field not in arguments:
                return None
            parts.append(value(arguments[field]))
    except ValueError:  # the format is not valid
        return None
    return parts
