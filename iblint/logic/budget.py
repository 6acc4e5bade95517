"""The evaluation budget of rules that are not built in: evaluation steps are counted, and too many end the evaluation.

The size of a schema is bounded and so is that of a configuration, but an evaluation may combine each part of one with
each part of the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.logic.combinators import Check, Errors, Unknowns
from iblint.logic.kleene import Truth
from iblint.logic.regex import MAX_TEXT
from iblint.model.path import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

MAX_STEPS: Final = 5_000_000
"""Steps of one evaluation. A step is one subschema applied to one value; real rules need a few thousand."""

RUN_STEPS: Final = 15_000_000
CONFIGURATION_STEPS: Final = 50_000
"""Steps of all rules that are not built in, in one run, and those that each configuration adds."""

RUN_VALUES: Final = 4_000_000
CONFIGURATION_VALUES: Final = 20_000
"""Values of choices, in each of their combinations and for each rule, in one run, and those that each configuration
adds. Ordinary configurations have some hundreds."""

RUN_VIOLATIONS: Final = 60_000
"""Violations of schemas that are described in one run: three times the findings that a report holds."""

_PATTERN_STEPS: Final = 1000
"""Steps of a pattern match (characters compared) that cost as much as one evaluation step."""


class TooCostlyError(Exception):
    """An evaluation exceeded its budget."""


class RunBudget:
    """What judging may take in one process of a run: steps of rules of other packs, values of choices, violations.

    A pack may have a thousand rules and a run thousands of configurations: a limit for each evaluation is none for all.
    """

    __slots__ = ("left", "values", "violations")

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a run."""
        self.left = RUN_STEPS
        self.values = RUN_VALUES
        self.violations = RUN_VIOLATIONS

    def add_configuration(self) -> None:
        """Allow what one more configuration may take. It may take so many values although others took too many."""
        self.left += CONFIGURATION_STEPS
        self.values = max(self.values, 0) + CONFIGURATION_VALUES

    def require(self) -> None:
        """Raise TooCostlyError if no step is left."""
        if self.left < 0:
            raise TooCostlyError(
                f"the rules of packs took more than {RUN_STEPS} evaluation steps and {CONFIGURATION_STEPS} for each "
                "configuration; select fewer of them, write simpler schemas, or check fewer files in one run"
            )


class Budget:
    """The steps that the current evaluation has used."""

    __slots__ = ("run", "steps")

    def __init__(self, run: RunBudget | None = None) -> None:
        self.run = run
        self.steps = 0

    def limited_evaluation(self, check: Check) -> Check:
        """Return the check of a whole schema. It raises TooCostlyError if the run has no steps left."""

        def limited_check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
            if self.run is not None:
                self.run.require()
            self.steps = 0
            try:
                return check(value, path, errors, unknowns)
            finally:
                if self.run is not None:
                    self.run.left -= self.steps

        return limited_check

    def limited(self, check: Check, schema: Mapping[str, Any]) -> Check:
        """Return the check of one schema object that counts its steps and raises TooCostlyError beyond MAX_STEPS."""
        fixed = 1 + len(schema.get("enum", ()))
        pattern = _pattern_cost(schema.get("pattern", ""))
        key_patterns = sum(map(_pattern_cost, schema.get("patternProperties", ())))
        deep = not schema.keys().isdisjoint(("const", "enum", "uniqueItems"))

        def limited_check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
            self.steps += fixed
            if isinstance(value, str):
                self.steps += pattern * min(len(value), MAX_TEXT) // MAX_TEXT
            elif isinstance(value, dict | list):
                self.steps += _size(value) if deep else len(value)
                if key_patterns and isinstance(value, dict):
                    self.steps += key_patterns * sum(len(key) for key in value if isinstance(key, str)) // MAX_TEXT
            if self.steps > MAX_STEPS:
                raise TooCostlyError(f"it takes more than {MAX_STEPS} evaluation steps on this configuration")
            return check(value, path, errors, unknowns)

        return limited_check


def _pattern_cost(pattern: str) -> int:
    """Return the cost of matching a pattern against MAX_TEXT characters, in evaluation steps."""
    from iblint.logic.regex.limits import count_steps
    from iblint.logic.regex.parser import parse  # not needed for built-in rules

    return count_steps(parse(pattern)) // _PATTERN_STEPS


def _size(value: Any) -> int:
    """Return the number of values in a value, itself included."""
    waiting, size = [value], 0
    while waiting:
        item = waiting.pop()
        size += 1
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return size
