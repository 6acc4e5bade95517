"""What the schema of a rule from anybody may cost: every look at a value is counted, and too many end the judgement.

A schema is bounded and so is a configuration, yet each part of one may look at each part of the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.logic.checks import Check, Errors, Unknowns
from iblint.logic.kleene import Truth
from iblint.logic.regex import MAX_TEXT
from iblint.model.path import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

MAX_LOOKS: Final = 10_000_000
"""Looks at values in one evaluation; no rule that anybody would write comes near."""

_STEPS_OF_A_LOOK: Final = 1000
"""Characters that a pattern looks at in the time that another look takes."""


class TooCostlyError(Exception):
    """An evaluation that was given up."""


class Meter:
    """Counts the looks of one evaluation after the other."""

    __slots__ = ("looks",)

    def __init__(self) -> None:
        self.looks = 0

    def counted(self, check: Check, schema: Mapping[str, Any]) -> Check:
        """The check of one schema object, which raises TooCostlyError when its evaluation takes too many looks."""
        own = 1 + len(schema.get("enum", ()))
        text = _looks(schema.get("pattern", ""))
        keys = sum(map(_looks, schema.get("patternProperties", ())))
        deep = not schema.keys().isdisjoint(("const", "enum", "uniqueItems"))

        def counting(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
            self.looks += own
            if isinstance(value, str):
                self.looks += text * min(len(value), MAX_TEXT) // MAX_TEXT
            elif isinstance(value, dict | list):
                self.looks += _size(value) if deep else len(value)
                if keys and isinstance(value, dict):
                    self.looks += keys * sum(len(key) for key in value if isinstance(key, str)) // MAX_TEXT
            if self.looks > MAX_LOOKS:
                raise TooCostlyError(f"it takes more than {MAX_LOOKS} looks at the values of this configuration")
            return check(value, path, errors, unknowns)

        return counting


def _looks(pattern: str) -> int:
    """What matching a pattern against a text of MAX_TEXT characters costs; it costs no more for each of fewer."""
    from iblint.logic.regex.limits import count_steps
    from iblint.logic.regex.parser import parse  # a run of the built-in rules needs neither

    return count_steps(parse(pattern)) // _STEPS_OF_A_LOOK


def _size(value: Any) -> int:
    """How many values a value holds."""
    waiting, size = [value], 0
    while waiting:
        item = waiting.pop()
        size += 1
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return size
