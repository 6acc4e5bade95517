"""Records behave as frozen dataclasses do."""

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

from iblint.model.record import Record, compile_inits, field, names, replace


class Point(Record):
    """A place."""

    x: int
    y: int = 0
    notes: list[str] = field(default_factory=list)
    secret: str = field(default="", repr=False)


class Marked(Point):
    """With one more member."""

    mark: str = "*"


class Single(Record, eq=False):
    """Equal to itself alone."""

    x: int


class Pen(Record, frozen=False):
    """What changes."""

    at: Point
    ink: int = 3


def test_members_are_given_by_position_or_name_and_have_defaults():
    assert Point(1, y=2) == Point(1, 2, [])
    assert Point(1).notes is not Point(1).notes
    assert names(Point) == ("x", "y", "notes", "secret") == names(Point(1))


@pytest.mark.parametrize(("args", "given"), [((), {}), ((1, 2, [], "", 5), {}), ((1,), {"z": 1}), ((1,), {"x": 1})])
def test_wrong_arguments_are_a_type_error(args, given):
    with pytest.raises(TypeError):
        Point(*args, **given)


class Plain(Record):
    """With the shared ``__init__``."""

    x: int
    notes: list[str] = field(default_factory=list)
    y: int = 7


class Compiled(Record, compiled=True):
    """With an ``__init__`` of its own."""

    x: int
    notes: list[str] = field(default_factory=list)
    y: int = 7


compile_inits()


@pytest.mark.parametrize("kind", [Plain, Compiled])
def test_every_way_to_give_members_makes_the_same_record(kind):
    made = [kind(1), kind(x=1, y=7), kind(1, [], y=7), kind(1, notes=[]), kind(1, [], 7), kind(y=7, x=1)]
    assert all((each.x, each.notes, each.y) == (1, [], 7) for each in made)
    assert all(each == made[0] for each in made)
    assert len({id(each.notes) for each in made}) == len(made)


def test_wrong_arguments_have_the_same_message_with_and_without_compilation():
    for args, given in [((), {}), ((1, [], 2, 5), {}), ((1,), {"z": 1}), ((1,), {"x": 1})]:
        messages = set()
        for kind in (Plain, Compiled):
            with pytest.raises(TypeError) as caught:
                kind(*args, **given)
            messages.add(str(caught.value))
        assert len(messages) == 1


def test_nothing_can_be_set_added_or_deleted():
    point: Any = Point(1)
    for change in (lambda: setattr(point, "x", 2), lambda: setattr(point, "z", 2), lambda: delattr(point, "x")):
        with pytest.raises(AttributeError):
            change()
    assert not hasattr(point, "__dict__")
    pen = Pen(point)
    pen.ink = 2
    assert pen.ink == 2
    with pytest.raises(AttributeError):
        pen.color = "red"  # type: ignore[attr-defined]


def test_equality_is_that_of_members_and_of_the_class():
    assert Point(1) != Point(2)
    assert Point(1) != (1, 0, [], "")
    assert Point(1) != Marked(1) == Marked(1)
    assert Single(1) != Single(1)
    assert Pen(Point(1)) != Pen(Point(1))
    assert hash(Point(1, notes=())) == hash(Point(1, notes=()))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        hash(Point(1))


def test_a_copy_has_what_is_changed_and_all_else():
    assert replace(Point(1, 2), y=3) == Point(1, 3)
    assert names(replace(Marked(1, mark="+"), x=2)) == (*names(Point), "mark")
    assert replace(Marked(1, mark="+"), x=2).mark == "+"
    with pytest.raises(TypeError):
        replace(Point(1), z=1)


def test_records_are_shown_copied_pickled_and_matched():
    point = Point(1, 2, ["a"], "hidden")
    assert repr(point) == "Point(x=1, y=2, notes=['a'])"
    assert copy.copy(point) == copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point
    match point:
        case Point(1, y=y):
            assert y == 2
        case _:
            pytest.fail("no match")


def test_the_vocabulary_does_without_dataclasses():
    code = "import sys, iblint.pipeline; sys.exit('dataclasses' in sys.modules or 'inspect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
