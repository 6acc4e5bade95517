"""The values that are not plain data: absent, unresolved, one of several (``Choice``), or with a YAML tag."""

from __future__ import annotations

import enum
import marshal
from collections.abc import Mapping

from iblint.model.path import Path
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, Literal, TypeAlias


class _Absent(enum.Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent.ABSENT
"""The value is not set. What that means depends on the origin of the document (see ``Origin``)."""

Absent: TypeAlias = "Literal[_Absent.ABSENT]"


class Unresolved(Record, compiled=True):
    """A value that cannot be known from the document alone, e.g. ``!ImportValue x`` or ``var.x``.

    Compiled, because a template has one for every reference.
    """

    expression: str
    """As the author wrote it, shortened: ``!Ref Tokens``."""
    reason: str
    """Why it is not known, as a clause: "the parameter has no default"."""
    refers_to: str | None = None
    """ID of the resource of this run whose name or ARN it is, if that is certain."""
    text: str | None = None
    """The known parts of a string with substitutions: ``${AWS::Region}`` or ``${}`` is an unknown part."""
    imports: str | None = None
    """The name of the export of another stack that it imports; empty if that name is not known."""
    kind: str | None = None
    """What it certainly is, in the words of ``model/kinds.py``: ``subnet id``."""


class Option(Record):
    """One value of a ``Choice``; ``value`` may be ABSENT (AWS::NoValue)."""

    label: str
    value: Any


class Choice(Record):
    """One of several known values, selected by a variable (a condition, or a parameter with allowed values).

    Choices with the same ``variable`` are correlated: in one judgement the variable has the same label everywhere.
    """

    variable: str
    options: tuple[Option, ...]
    expression: str


class Open(dict):  # type: ignore[type-arg]
    """A mapping with further members that are not known. Their value is ``rest``."""

    def __init__(self, members: Mapping[Any, Any], rest: Unresolved) -> None:
        super().__init__(members)
        self.rest = rest


class Tagged(Record):
    """A YAML node with a tag that YAML does not define (``!Ref x``). Only dialects know its meaning."""

    tag: str
    value: Any


class Reading(Record):
    """A plain scalar of YAML whose value does not show how it is written, such as ``NO`` or ``22:30``."""

    text: str
    """As it is written."""
    in_yaml_1_2: Any
    """Its value in YAML 1.2, as the AWS CLI v2 reads it. The value in the spec is that of YAML 1.1."""

    def differs(self, value: Any) -> bool:
        """Return whether YAML 1.2 has another value than YAML 1.1, which has ``value``."""
        return type(self.in_yaml_1_2) is not type(value) or self.in_yaml_1_2 != value


def is_plain(value: Any) -> bool:
    """Return whether a value is plain data, without Unresolved, Open, Choice or Tagged anywhere in it.

    ``marshal`` refuses instances of other classes, and is far quicker than a walk through the value in Python.
    """
    try:
        marshal.dumps(value, 2)
    except ValueError:
        return False
    return True


def lookup(value: Any, path: Path) -> Any:
    """Return the value at ``path``: plain data, ABSENT, or the Unresolved, Choice or Tagged value on the way there."""
    for step in path:
        if type(value) is dict:  # the quickest test, for the most frequent case
            value = value.get(step, ABSENT)
        elif isinstance(value, Mapping):
            value = value.get(step, value.rest if isinstance(value, Open) else ABSENT)
        elif isinstance(value, list):
            value = value[step] if isinstance(step, int) and step < len(value) else ABSENT
        elif isinstance(value, Unresolved | Choice | Tagged):
            return value
        else:
            return ABSENT
    return value
