"""``Record``, the base class of the frozen, slotted values of the model.

A record is declared and behaves like a frozen dataclass, and type checkers treat it as one. The reason for a class of
our own is start-up time: ``dataclasses`` compiles six methods for each class. Importing it and creating the fifty
classes of a run takes longer than the rest of a run on one file (a run with dataclasses takes 8.5 times as long as
``python -c pass``, one with records 4). Here all classes share their methods.

A class declared with ``compiled=True`` gets an ``__init__`` of its own, as a dataclass has, when a run has many files
(``compile_inits``). Compiling it takes as long as making a hundred records without it, so it pays only for the classes
with a record or more per configuration, and not in a run on one file.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple, TypeVar, dataclass_transform

    _Type = TypeVar("_Type")
else:

    def dataclass_transform(**_promises: object) -> object:
        """Return a decorator that does nothing: only type checkers read it."""
        return lambda decorator: decorator

    class _NamedTupleMeta(type):
        """The metaclass of the classes derived from ``NamedTuple``."""

        def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, object]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, space)
            fields = space["__annotations__"]
            defaults = [space.pop(field) for field in fields if field in space]
            made = namedtuple(name, fields, defaults=defaults, module=space["__module__"])
            for key, value in space.items():
                if key not in ("__module__", "__qualname__", "__slots__"):
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_NamedTupleMeta):
        """``typing.NamedTuple`` without importing ``typing``. Loaders make such tuples for every value of a file."""


__all__ = ["NamedTuple", "Record", "compile_inits", "field", "names", "replace"]


_MISSING: Any = object()
"""Stands for an argument that was not given."""

_to_compile: list[Any] = []
"""The classes declared with ``compiled=True`` that have the shared ``__init__`` yet."""


class _Field:
    """The options of a member: its default, the factory of its default, and whether ``repr`` shows it."""

    __slots__ = ("default", "factory", "repr")

    def __init__(self, default: Any, factory: Callable[[], Any] | None, repr: bool) -> None:
        self.default = default
        self.factory = factory
        self.repr = repr


def field(*, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, repr: bool = True) -> Any:
    """Declare a member with a default made anew for each record, or one that ``repr`` leaves out."""
    return _Field(default, default_factory, repr)


def _shared_init(self: Any, *args: Any, **kwargs: Any) -> None:
    """``__init__`` of the classes that are not compiled."""
    cls = type(self)
    setters = cls._setters
    if kwargs or len(args) != len(setters):
        arranged = _arrange(cls, args, kwargs)
        if arranged is None:
            _compile_init(cls)(self, *args, **kwargs)  # raises the TypeError that Python has for these arguments
            return
        args = arranged
    for set_member, value in zip(setters, args, strict=True):
        set_member(self, value)


def _arrange(cls: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return a value for each member, or None if the arguments are wrong."""
    members: Mapping[str, _Field] = cls._members
    values = list(args)
    used = 0
    for name in cls.__match_args__[len(args) :]:
        if name in kwargs:
            values.append(kwargs[name])
            used += 1
            continue
        member = members[name]
        value = member.default if member.factory is None else member.factory()
        if value is _MISSING:
            return None
        values.append(value)
    return tuple(values) if used == len(kwargs) and len(values) == len(members) else None


def _compile_init(cls: Any) -> Any:
    """Compile the ``__init__`` of a class. It sets the slots by their descriptors, since ``__setattr__`` refuses."""
    space: dict[str, Any] = {"_MISSING": _MISSING}
    arguments, body = ["self"], []
    for name, member in cls._members.items():
        space[f"_set_{name}"] = getattr(cls, name).__set__
        value = name
        if member.factory is not None:
            space[f"_new_{name}"] = member.factory
            value = f"_new_{name}() if {name} is _MISSING else {name}"
            arguments.append(f"{name}=_MISSING")
        elif member.default is not _MISSING:
            space[f"_default_{name}"] = member.default
            arguments.append(f"{name}=_default_{name}")
        else:
            arguments.append(name)
        body.append(f" _set_{name}(self, {value})\n")
    exec(f"def __init__({', '.join(arguments)}):\n{''.join(body) or ' pass'}", space)  # noqa: S102 - of declared names
    return space["__init__"]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class _RecordMeta(type):
    """The metaclass of records: one slot and one argument of ``__init__`` for each annotation."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        space: dict[str, Any],
        *,
        frozen: bool = True,
        eq: bool = True,
        compiled: bool = False,
    ) -> Any:
        members: dict[str, _Field] = {}
        for base in bases:
            members |= getattr(base, "_members", {})
        own: Mapping[str, Any] = space.get("__annotations__", {})
        for member in own:
            default = space.pop(member, _MISSING)
            members[member] = default if isinstance(default, _Field) else _Field(default, None, True)
        if not frozen:
            space.update(__setattr__=object.__setattr__, __delattr__=object.__delattr__)
        if not frozen or not eq:
            space.update(__eq__=object.__eq__, __hash__=object.__hash__)
        space.update(__init__=_shared_init, __slots__=tuple(own), __match_args__=tuple(members), _members=members)
        made: Any = super().__new__(cls, name, bases, space)
        made._setters = tuple([getattr(made, member).__set__ for member in members])
        if compiled:
            _to_compile.append(made)
        return made


class Record(metaclass=_RecordMeta):
    """The base class of records: frozen, and equal if they have the same class and equal members.

    With ``eq=False`` records are compared by identity. With ``frozen=False`` they are too, and can be changed.
    """

    def __repr__(self) -> str:
        members: Mapping[str, _Field] = self._members  # type: ignore[attr-defined]
        members_shown = (f"{name}={getattr(self, name)!r}" for name, member in members.items() if member.repr)
        return f"{type(self).__qualname__}({', '.join(members_shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), _values(self)

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(_values(self))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot assign to '{name}': a {type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete '{name}': a {type(self).__name__} is frozen")


def compile_inits() -> None:
    """Give each class declared with ``compiled=True`` an ``__init__`` of its own. Records behave the same with it."""
    while _to_compile:
        cls = _to_compile.pop()
        cls.__init__ = _compile_init(cls)


def replace(record_: _Type, /, **changes: Any) -> _Type:
    """Return a copy with other values for some members. Raises TypeError if a name is not that of a member."""
    values = [changes.pop(name) if name in changes else getattr(record_, name) for name in names(record_)]
    return type(record_)(*values, **changes)


def names(record_: Any) -> tuple[str, ...]:
    """Return the names of the members of a record, or of a record class, in order."""
    found: tuple[str, ...] = record_.__match_args__
    return found


def _values(record_: Any) -> tuple[Any, ...]:
    return tuple([getattr(record_, name) for name in record_.__match_args__])
