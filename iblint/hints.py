"""The names of ``typing`` that the annotations of this package use, without ``typing``.

Importing it takes a quarter of the time that Python needs to start, and only type checkers read annotations. They find
the real names here; a run finds stand-ins, which do what a run needs of them: next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import (
        IO,
        Any,
        Final,
        Literal,
        NamedTuple,
        NoReturn,
        ParamSpec,
        Protocol,
        TextIO,
        TypeAlias,
        TypeGuard,
        TypeVar,
        cast,
        dataclass_transform,
        overload,
    )
else:
    from collections import namedtuple

    IO = Any = Final = NoReturn = TextIO = TypeAlias = TypeGuard = object

    class Literal:
        """``Literal["a", "b"]`` in an alias."""

        def __class_getitem__(cls, _values):
            return object

    class Protocol:
        """The base of protocols."""

    class ParamSpec:
        """The parameters of a function."""

        args = kwargs = object

        def __init__(self, name):
            self.__name__ = name

    def TypeVar(name, **_bounds):
        """What stands for a type."""
        return name

    def cast(_type, value):
        """The value."""
        return value

    def overload(signature):
        """One signature of the function that is defined last."""
        return signature

    def dataclass_transform(**_promises):
        """A decorator's promise to type checkers."""
        return lambda decorator: decorator

    class _Tuples(type):
        """Makes tuples with names of the classes that are derived from ``NamedTuple``."""

        def __new__(cls, name, bases, space):
            if not bases:
                return super().__new__(cls, name, bases, space)
            fields = space["__annotations__"]
            defaults = [space.pop(field) for field in fields if field in space]
            made = namedtuple(name, fields, defaults=defaults, module=space["__module__"])
            for key, value in space.items():
                if key not in ("__module__", "__qualname__", "__slots__"):
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Tuples):
        """The base of tuples whose items have names."""


__all__ = [
    "IO",
    "TYPE_CHECKING",
    "Any",
    "Final",
    "Literal",
    "NamedTuple",
    "NoReturn",
    "ParamSpec",
    "Protocol",
    "TextIO",
    "TypeAlias",
    "TypeGuard",
    "TypeVar",
    "cast",
    "dataclass_transform",
    "overload",
]
