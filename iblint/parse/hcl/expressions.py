"""Expressions of HCL. They are plain data: what they mean is up to the dialect that evaluates them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.model.span import Span
    from iblint.parse.hcl.source import HclText


class Expression:
    """An expression, from byte ``start`` to byte ``end`` of its text."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: HclText, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def text(self) -> str:
        """The expression as its author wrote it, on one line."""
        return self.source.on_one_line(self.start, self.end)

    @property
    def span(self) -> Span:
        """Where it is written."""
        return self.source.span(self.start, self.end)


class Literal(Expression):
    """A number, boolean or null, or a string without interpolations. Numbers are integers, or ``Decimal``."""

    __slots__ = ("value",)

    def __init__(self, source: HclText, start: int, end: int, value: Any) -> None:
        super().__init__(source, start, end)
        self.value = value


class Template(Expression):
    """A string with interpolations: its literal and computed parts."""

    __slots__ = ("is_wrapped", "parts")

    def __init__(
        self, source: HclText, start: int, end: int, parts: tuple[Expression, ...], *, is_wrapped: bool
    ) -> None:
        super().__init__(source, start, end)
        self.parts = parts
        self.is_wrapped = is_wrapped
        """Whether it is one interpolation and nothing else, which may have any type."""


class Name(Expression):
    """The name at the beginning of a reference: ``var``, ``local``, a resource type, the variable of a loop."""

    __slots__ = ("name",)

    def __init__(self, source: HclText, start: int, end: int, name: str) -> None:
        super().__init__(source, start, end)
        self.name = name


class Step(Expression):
    """An attribute or element of another expression: ``on.key``, ``on[key]``."""

    __slots__ = ("is_attribute", "key", "on")

    def __init__(
        self, source: HclText, start: int, end: int, on: Expression, key: Expression, *, is_attribute: bool
    ) -> None:
        super().__init__(source, start, end)
        self.on = on
        self.key = key
        self.is_attribute = is_attribute


class Each(Expression):
    """A splat: ``on[*].steps``. ``item`` is the expression for one element, over the name ``""``."""

    __slots__ = ("item", "on")

    def __init__(self, source: HclText, start: int, end: int, on: Expression, item: Expression) -> None:
        super().__init__(source, start, end)
        self.on = on
        self.item = item


class Call(Expression):
    """A function call; ``expands`` if the last argument is a list of arguments (``...``)."""

    __slots__ = ("arguments", "expands", "name")

    def __init__(
        self, source: HclText, start: int, end: int, name: str, arguments: tuple[Expression, ...], *, expands: bool
    ) -> None:
        super().__init__(source, start, end)
        self.name = name
        self.arguments = arguments
        self.expands = expands


class Operation(Expression):
    """An operator with one or two operands: ``!a``, ``a + b``."""

    __slots__ = ("operands", "operator")

    def __init__(self, source: HclText, start: int, end: int, operator: str, operands: tuple[Expression, ...]) -> None:
        super().__init__(source, start, end)
        self.operator = operator
        self.operands = operands


class Conditional(Expression):
    """``condition ? yes : no``, also as a directive of a template."""

    __slots__ = ("condition", "no", "yes")

    def __init__(
        self, source: HclText, start: int, end: int, condition: Expression, yes: Expression, no: Expression
    ) -> None:
        super().__init__(source, start, end)
        self.condition = condition
        self.yes = yes
        self.no = no


class TupleCons(Expression):
    """``[a, b]``."""

    __slots__ = ("items",)

    def __init__(self, source: HclText, start: int, end: int, items: tuple[Expression, ...]) -> None:
        super().__init__(source, start, end)
        self.items = items


class ObjectCons(Expression):
    """``{a = b}``. A key that is a bare name is a literal string."""

    __slots__ = ("entries",)

    def __init__(
        self, source: HclText, start: int, end: int, entries: tuple[tuple[Expression, Expression], ...]
    ) -> None:
        super().__init__(source, start, end)
        self.entries = entries


class For(Expression):
    """``[for k, v in over : value if test]``, ``{for ... : key => value...}``, or a loop of a template.

    ``key`` is None for a list, and ``joins`` tells the loop of a template, whose values make one string.
    """

    __slots__ = ("groups", "joins", "key", "key_name", "over", "test", "value", "value_name")

    def __init__(self, source: HclText, start: int, end: int, **parts: Any) -> None:
        super().__init__(source, start, end)
        self.key_name: str | None = parts.get("key_name")
        self.value_name: str = parts["value_name"]
        self.over: Expression = parts["over"]
        self.key: Expression | None = parts.get("key")
        self.value: Expression = parts["value"]
        self.test: Expression | None = parts.get("test")
        self.groups: bool = parts.get("groups", False)
        self.joins: bool = parts.get("joins", False)


class Broken(Expression):
    """An expression that cannot be read; ``reason`` says why, as a clause."""

    __slots__ = ("reason",)

    def __init__(self, source: HclText, start: int, end: int, reason: str) -> None:
        super().__init__(source, start, end)
        self.reason = reason
