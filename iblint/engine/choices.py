"""Judge a spec with choices: once for each combination of the variables that a rule reads.

A ``Choice`` is a value that depends on a condition, or on a parameter with several allowed values. Choices of one
variable are correlated: in one judgement the variable has the same label everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from iblint.logic.budget import RUN_VALUES, RunBudget
from iblint.model.path import ROOT, Path
from iblint.model.values import ABSENT, Choice, Unresolved, is_plain, lookup
from iblint.model.verdict import Judgement, Verdict, Violation, not_applicable, passed, unknown
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_VALUES = 300_000
"""With more values than this in all combinations together, the choices count as unresolved."""

MAX_COMBINATIONS = 64
"""With more combinations than this, the choices count as unresolved."""

Assignment = Mapping[str, str]
NO_ASSIGNMENT: Assignment = {}

_LEAVES = frozenset({str, bool, int, Unresolved})
"""The most frequent types of values. They contain no other values."""


def judge_choices(
    spec: Mapping[str, Any],
    reads: tuple[Path, ...],
    judge: Callable[[Any, Assignment], Judgement],
    budget: RunBudget,
) -> Judgement:
    """Judge ``spec`` once for each combination of the variables below the paths ``reads`` (() for the whole spec).

    ``judge`` gets the spec without choices, and the label of each variable. If all judgements are FAIL, the result is
    FAIL; if all are PASS or NOT_APPLICABLE, it is PASS; if they differ, it is UNKNOWN.
    """
    values = [lookup(spec, path) for path in reads or (ROOT,)]
    labels = _labels(values)
    if not labels:
        return judge(spec, {})
    assignments = _assignments(values, labels)
    if assignments is None:
        reason = f"more than {MAX_COMBINATIONS} combinations of {shorten(', '.join(labels))} are too many to judge"
        return judge(_substitute(spec, {}, reason), {})
    number = len(assignments) * _size(spec)
    budget.values -= number
    if number > MAX_VALUES or budget.values < 0:
        most = f"{MAX_VALUES} values" if number > MAX_VALUES else f"the {RUN_VALUES} values that a run may have"
        reason = f"its {len(assignments)} combinations have more than {most}, which are too many to judge"
        return judge(_substitute(spec, {}, reason), {})
    otherwise = "the rule does not read the value that it depends on"
    return _combine([(each, judge(_substitute(spec, each, otherwise), each)) for each in assignments])


def has_choices(value: Any) -> bool:
    """Return whether a value contains a ``Choice``."""
    return not is_plain(value) and _has_choices(value)


def _has_choices(value: Any) -> bool:
    kind = type(value)
    if kind is dict:
        return any(map(_has_choices, value.values()))
    if kind is list:
        return any(map(_has_choices, value))
    return kind not in _LEAVES and next(_choices(value), None) is not None


def _labels(values: list[Any]) -> dict[str, tuple[str, ...]]:
    """Return the labels of each variable in the values."""
    found: dict[str, dict[str, None]] = {}
    for choice in _choices(values):
        found.setdefault(choice.variable, {}).update(dict.fromkeys(option.label for option in choice.options))
    return {variable: tuple(labels) for variable, labels in found.items()}


def _assignments(values: list[Any], labels: Mapping[str, tuple[str, ...]]) -> list[Assignment] | None:
    """Return every combination of labels that resolves all choices, or None if there are too many.

    A variable that occurs only in branches that are not taken is left out. So a chain of conditions has as many
    combinations as it has results.
    """
    pending: list[Assignment] = [{}]
    assignments: list[Assignment] = []
    while pending:
        if len(pending) + len(assignments) > MAX_COMBINATIONS:
            return None
        assignment = pending.pop()
        choice = next(_choices(values, assignment), None)
        if choice is None:
            assignments.append(assignment)
        else:
            variable = choice.variable
            pending += ({**assignment, variable: label} for label in reversed(labels[variable]))
    return assignments


def _size(value: Any) -> int:
    """Return the number of values in a spec in one combination, at most."""
    match value:
        case Mapping():
            return 1 + sum(map(_size, value.values()))
        case list():
            return 1 + sum(map(_size, value))
        case Choice():
            return max(_size(option.value) for option in value.options)
    return 1


def _choices(value: Any, assignment: Assignment = NO_ASSIGNMENT) -> Iterator[Choice]:
    """Yield the choices in a value that ``assignment`` leaves open, also those inside the branch that it selects."""
    match value:
        case Choice():
            label = assignment.get(value.variable)
            if label is None:
                yield value
            for option in value.options:
                if label is None or option.label == label:
                    yield from _choices(option.value, assignment)
        case Mapping():
            for item in value.values():
                yield from _choices(item, assignment)
        case list():
            for item in value:
                yield from _choices(item, assignment)


def _substitute(value: Any, assignment: Assignment, otherwise: str) -> Any:
    """Replace every Choice by the option that ``assignment`` selects, or by Unresolved. Drop absent list items."""
    match value:
        case Choice():
            label = assignment.get(value.variable)
            for option in value.options:
                if option.label == label:
                    return _substitute(option.value, assignment, otherwise)
            return Unresolved(value.expression, otherwise)
        case Mapping():
            pairs = ((key, _substitute(item, assignment, otherwise)) for key, item in value.items())
            return {key: item for key, item in pairs if item is not ABSENT}
        case list():
            items = (_substitute(item, assignment, otherwise) for item in value)
            return [item for item in items if item is not ABSENT]
    return value


def _combine(judged: list[tuple[Assignment, Judgement]]) -> Judgement:
    verdicts = {judgement.verdict for _, judgement in judged}
    if Verdict.ERROR in verdicts:
        return next(judgement for _, judgement in judged if judgement.verdict is Verdict.ERROR)
    if verdicts == {Verdict.FAIL}:
        return Judgement(Verdict.FAIL, judged[0][1].reason, _distinct(judged))
    if verdicts == {Verdict.NOT_APPLICABLE}:
        return not_applicable(judged[0][1].reason)
    if verdicts <= {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        return passed(next(judgement.reason for _, judgement in judged if judgement.verdict is Verdict.PASS))
    assignment, example = next(
        pair for verdict in (Verdict.FAIL, Verdict.UNKNOWN) for pair in judged if pair[1].verdict is verdict
    )
    given = ", ".join(f"{shorten(variable)} is {label}" for variable, label in assignment.items())
    return unknown(
        *(
            Violation(f.path, f"It depends: when {given}, {f.message}", f.help, f.severity, f.related, f.locate)
            for f in example.violations
        )
    )


def _distinct(judged: list[tuple[Assignment, Judgement]]) -> tuple[Violation, ...]:
    """Return the violations of all combinations, one for each path."""
    violations: dict[Path, Violation] = {}
    for _, judgement in judged:
        for violation in judgement.violations:
            violations.setdefault(violation.path, violation)
    return tuple(violations.values())
