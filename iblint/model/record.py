"""Records: the frozen, slotted classes that the vocabulary is made of.

They are declared like dataclasses, behave like them, and type checkers take them for such. But making a dataclass
compiles six methods: importing ``dataclasses`` and making the fifty classes of a run took longer than a whole run takes
now. Here the methods are shared, and only ``__init__`` is compiled, for a class that has many instances.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.hints import Any, TypeVar, dataclass_transform

__all__ = ["field", "names", "record", "replace"]

_Type = TypeVar("_Type")

_MISSING: Any = object()
"""Stands for an argument that was not given."""

_WORTH_COMPILING = 24
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


class _Record:
    """The methods that all records share. A class knows its members by ``_members``, own and inherited."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()
    _members: Mapping[str, _Field] = {}

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name, member in self._members.items() if member.shown)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), _values(self)


class _Equal(_Record):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(_values(self))


class _Frozen(_Record):
    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot assign to '{name}': a {type(self).__name__} does not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete '{name}': a {type(self).__name__} does not change")


class _FrozenEqual(_Frozen, _Equal):
    __slots__ = ()


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_Type] | None = None, /, *, frozen: bool = True, eq: bool = True) -> Any:
    """Make a class a record: one slot and one argument for each annotation, equal when all members are.

    With ``frozen=False`` members can be set, and each record equals itself alone; ``eq=False`` is the latter only.
    """
    if cls is None:
        return lambda decorated: _make(decorated, frozen, eq)
    return _make(cls, frozen, eq)


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


def _make(cls: Any, frozen: bool, eq: bool) -> Any:
    shared = (_FrozenEqual if eq else _Frozen) if frozen else _Record
    own: dict[str, Any] = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 - inspect takes long to import
    members = {**getattr(cls, "_members", {})}
    space = {name: value for name, value in cls.__dict__.items() if name not in ("__dict__", "__weakref__")}
    for name in own:
        default = space.pop(name, _MISSING)
        members[name] = default if isinstance(default, _Field) else _Field(default, None, True)
    space.update(__init__=_plain_init, _made=0, __slots__=tuple(own), __match_args__=tuple(members), _members=members)
    bases = tuple(base for base in cls.__bases__ if base is not object)
    made = type(cls)(cls.__name__, bases if any(issubclass(b, shared) for b in bases) else (*bases, shared), space)
    made.__qualname__ = cls.__qualname__
    return made


def _plain_init(self: Any, *args: Any, **kwargs: Any) -> None:
    """What each class begins with as its ``__init__``: slow, and ready at once."""
    cls = type(self)
    cls._made += 1
    given = {**dict(zip(cls.__match_args__, args, strict=False)), **kwargs}
    doubtful = len(given) != len(args) + len(kwargs)
    values = [given.pop(name) if name in given else _default(member) for name, member in cls._members.items()]
    if given or doubtful or cls._made == _WORTH_COMPILING or any(value is _MISSING for value in values):
        cls.__init__ = _compile_init(cls)
        cls.__init__(self, *args, **kwargs)  # which says what is wrong with the arguments, if anything is
        return
    for name, value in zip(cls.__match_args__, values, strict=True):
        object.__setattr__(self, name, value)


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
