"""Records: the frozen, slotted classes that the vocabulary is made of.

They are declared like dataclasses, behave like them, and type checkers take them for such. But making a dataclass
compiles six methods: importing ``dataclasses`` and making the fifty classes of a run took longer than a whole run takes
now. Here the methods are shared, and only ``__init__`` is compiled, for a class that has many instances.
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

    class _Tuples(type):
        """Makes the classes derived from ``NamedTuple``."""

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

    class NamedTuple(metaclass=_Tuples):
        """``typing.NamedTuple`` without the import of ``typing``, for the tuples that are made by the thousand."""


__all__ = ["NamedTuple", "Record", "field", "names", "replace"]


_MISSING: Any = object()
"""Stands for an argument that was not given."""

_WORTH_COMPILING = 100
"""Instances after which a class gets an ``__init__`` of its own: compiling one takes as long as so many do without."""


class _Field:
    """What ``field`` says of a member."""

    __slots__ = ("default", "factory", "shown")

    def __init__(self, default: Any, factory: Callable[[], Any] | None, shown: bool) -> None:
        self.default = default
        self.factory = factory
        self.shown = shown


def field(*, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, repr: bool = True) -> Any:
    """Say more of a member than its type: a default that is made anew for each record, or that ``repr`` omits it."""
    return _Field(default, default_factory, repr)


def _plain_init(self: Any, *args: Any, **kwargs: Any) -> None:
    """What each class begins with as its ``__init__``: slow, and ready at once."""
    cls = type(self)
    names = cls.__match_args__
    cls._made += 1
    values = args if len(args) == len(names) and not kwargs else _arranged(cls, args, kwargs)
    if values is None or cls._made >= _WORTH_COMPILING:
        cls.__init__ = _compile_init(cls)
        cls.__init__(self, *args, **kwargs)  # which says what is wrong with the arguments, if anything is
        return
    for name, value in zip(names, values, strict=True):
        _set(self, name, value)


_set = object.__setattr__


def _arranged(cls: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any] | None:
    """A value for each member; None when the arguments are wrong."""
    given = {**dict(zip(cls.__match_args__, args, strict=False)), **kwargs}
    doubtful = len(given) != len(args) + len(kwargs)
    values = [given.pop(name) if name in given else _default(member) for name, member in cls._members.items()]
    return None if given or doubtful or any(value is _MISSING for value in values) else values


def _default(member: _Field) -> Any:
    return member.default if member.factory is None else member.factory()


def _compile_init(cls: Any) -> Any:
    """The ``__init__`` of a class of records; slots are set by their descriptors, which no ``__setattr__`` stops."""
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
class _Making(type):
    """Makes the classes of records: one slot and one argument for each annotation."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], space: dict[str, Any], *, frozen: bool = True, eq: bool = True
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
        space.update(__init__=_plain_init, __slots__=tuple(own), __match_args__=tuple(members))
        space.update(_members=members, _made=0)
        return super().__new__(cls, name, bases, space)


class Record(metaclass=_Making):
    """The base of records: frozen, and equal when all members are.

    Those of a class with ``frozen=False`` can be changed, and equal themselves alone; ``eq=False`` is the latter only.
    """

    def __repr__(self) -> str:
        members: Mapping[str, _Field] = self._members  # type: ignore[attr-defined]
        shown = (f"{name}={getattr(self, name)!r}" for name, member in members.items() if member.shown)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), _values(self)

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(_values(self))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot assign to '{name}': a {type(self).__name__} does not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete '{name}': a {type(self).__name__} does not change")


def replace(record_: _Type, /, **changes: Any) -> _Type:
    """A copy with other values for some members. Raises TypeError for a name that is no member."""
    values = [changes.pop(name) if name in changes else getattr(record_, name) for name in names(record_)]
    return type(record_)(*values, **changes)


def names(record_: Any) -> tuple[str, ...]:
    """The members of a record, or of a class of records, in order."""
    found: tuple[str, ...] = record_.__match_args__
    return found


def _values(record_: Any) -> tuple[Any, ...]:
    return tuple([getattr(record_, name) for name in record_.__match_args__])
