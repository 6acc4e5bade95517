"""What a value can be besides plain data: absent, unresolved, one of several, or tagged by the syntax."""

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
"""The value is not written. What that means depends on the origin of the document (see ``Origin``)."""

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
    """Id of the resource of this run whose name or ARN it is, when that is certain."""
    text: str | None = None
    """What is known of a string that is put together: ``${AWS::Region}`` or ``${}`` stands for a part that is not."""
    imports: str | None = None
    """The name of the export of another stack whose value it is; empty when that name is not known."""


class Option(Record):
    """One value that a ``Choice`` may take; ``value`` may be ABSENT (AWS::NoValue)."""

    label: str
    value: Any


class Choice(Record):
    """One of several known values, picked by a variable (a condition, a parameter with allowed values).

    Choices with the same ``variable`` are correlated: within one judgement the variable has one label everywhere.
    """

    variable: str
    options: tuple[Option, ...]
    expression: str


class Open(dict):  # type: ignore[type-arg]
    """A mapping that has more members than are written, because something else makes them: they have ``rest``."""

    def __init__(self, members: Mapping[Any, Any], rest: Unresolved) -> None:
        super().__init__(members)
        self.rest = rest


class Tagged(Record):
    """A YAML node with a tag that YAML itself does not define (``!Ref x``). Only extractors know what it means."""

    tag: str
    value: Any


def is_plain(value: Any) -> bool:
    """Whether a value is plain data: surely nothing that stands in it is unresolved, open, a choice or tagged.

    To ``marshal`` is by far the quickest way to walk through it, and refuses instances of any class of ours.
    """
    try:
        marshal.dumps(value, 2)
    except ValueError:
        return False
    return True


def lookup(value: Any, path: Path) -> Any:
    """Return what stands at ``path``: a plain value, ABSENT, or the Unresolved / Choice / Tagged met on the way."""
    for step in path:
        if type(value) is dict:  # by far the quickest question
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
