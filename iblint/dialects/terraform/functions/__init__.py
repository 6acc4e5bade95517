"""Terraform's functions. One that is not here gives an unresolved value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform.functions import collections, encoding, numeric, strings
from iblint.dialects.terraform.values import MAX_ITEMS, NotKnownError, at, over_choices, plain, unknown, wrapped
from iblint.parse.hcl.expressions import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.scope import Scope

PLAIN: Mapping[str, Callable[..., Any]] = {**strings.PLAIN, **numeric.PLAIN, **collections.PLAIN, **encoding.PLAIN}
"""Functions over plain data, all of whose arguments must be known."""

STRUCTURAL: Mapping[str, Callable[..., Value]] = {**collections.STRUCTURAL, **strings.STRUCTURAL, **encoding.STRUCTURAL}
"""Functions ``(expression, *values)`` that look at the structure of their arguments: what is inside may be unknown."""

MAX_LENGTH = 1 << 20
"""Characters of a string that a function makes."""


def call(scope: Scope, expression: Call, arguments: list[Value]) -> Value:
    """Return the value of a function call. Raises NotKnownError and RefusedError."""
    name = expression.name.removeprefix("core::")
    if name in encoding.OF_MODULE:
        _check_count(encoding.OF_MODULE[name], 2 + len(arguments))
        return over_choices(partial(encoding.OF_MODULE[name], scope, expression), arguments, expression.text)
    if name in STRUCTURAL:
        return over_choices(partial(_structural, STRUCTURAL[name], expression), arguments, expression.text)
    function = PLAIN.get(name)
    if function is None:
        return unknown(expression, f"iblint does not evaluate the function '{expression.name}'")
    return over_choices(partial(_plain, function, expression), arguments, expression.text)


def _structural(function: Callable[..., Value], expression: Call, *arguments: Value) -> Value:
    _check_count(function, 1 + len(arguments))
    return function(expression, *arguments)


def _plain(function: Callable[..., Any], expression: Call, *arguments: Value) -> Value:
    _check_count(function, len(arguments))
    made = function(*[plain(argument) for argument in arguments])
    if isinstance(made, list | dict) and len(made) > MAX_ITEMS:
        raise NotKnownError(f"it has more than {MAX_ITEMS} elements")
    if isinstance(made, str) and len(made) > MAX_LENGTH:
        raise NotKnownError("the string is too long")
    return wrapped(made, at(expression))


def _check_count(function: Callable[..., Any], count: int) -> None:
    """Raise NotKnownError if a function does not take so many arguments."""
    code = function.__code__
    least = code.co_argcount - len(function.__defaults__ or ())
    if count < least or (count > code.co_argcount and not code.co_flags & 0x04):
        raise NotKnownError("Terraform would refuse it: the function takes another number of arguments")
