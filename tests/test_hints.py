"""The stand-ins for ``typing`` do at run time what the real names do."""

import pickle
import typing

from iblint import hints
from iblint.hints import Any, Literal, NamedTuple, Protocol, TypeVar, cast, overload

_T = TypeVar("_T")
Word = Literal["a", "b"] | None


class Pair(NamedTuple):
    """Two things."""

    left: int
    right: str = "b"

    @property
    def both(self) -> str:
        """Both."""
        return f"{self.left}{self.right}"


class Judge(Protocol):
    """What can judge."""

    def judge(self, what: Any) -> bool:
        """Judge."""
        ...


class Fair:
    """Judges."""

    def judge(self, what: _T) -> bool:
        return bool(what)


@overload
def twice(what: int) -> int: ...
@overload
def twice(what: str) -> str: ...
def twice(what):
    return what * 2


def test_every_name_is_one_of_typing():
    assert set(hints.__all__) <= set(typing.__all__)
    assert all(hasattr(hints, name) for name in hints.__all__)


def test_tuples_with_names_are_as_those_of_typing():
    class Real(typing.NamedTuple):
        """Two things."""

        left: int
        right: str = "b"

    pair = Pair(1)
    assert pair == (1, "b") == Real(1)
    assert pair.both == "1b"
    assert (pair._fields, pair._field_defaults, pair._asdict()) == (
        ("left", "right"),
        {"right": "b"},
        Real(1)._asdict(),
    )
    assert pair._replace(left=2) == Pair(2, "b")
    assert pickle.loads(pickle.dumps(pair)) == pair
    assert (Pair.__name__, Pair.__module__, Pair.__doc__) == ("Pair", __name__, "Two things.")
    assert not hasattr(pair, "__dict__")


def test_the_rest_changes_nothing():
    assert Fair().judge(1)
    assert isinstance(Fair(), Fair)
    assert cast("Judge", 7) == 7
    assert (twice(2), twice("a")) == (4, "aa")
