"""Values that a variable picks: judging every combination that a rule can see, and no other.

A Choice stands for a value that a condition or a parameter with several allowed values decides. Choices of one variable
are correlated: in one judgement it has one label everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from iblint.model.path import ROOT, Path
from iblint.model.values import ABSENT, Choice, Unresolved, is_plain, lookup
from iblint.model.verdict import Judgement, Verdict, Violation, not_applicable, passed, unknown
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_COMBINATIONS = 64
"""More than this is not enumerated: the values count as unresolved."""

Assignment = Mapping[str, str]
NO_WORLD: Assignment = {}

_LEAVES = frozenset({str, bool, int, Unresolved})
"""What stands in a spec most often, and holds nothing else."""


def judge_choices(
    spec: Mapping[str, Any], reads: tuple[Path, ...], judge: Callable[[Any, Assignment], Judgement]
) -> Judgement:
    """Judge ``spec`` once for each combination of the variables that stand under ``reads`` (() for the whole spec).

    ``judge`` gets the spec without choices, and the label of each variable. All FAIL is FAIL, all PASS (or not
    applicable) is PASS, and disagreement is UNKNOWN.
    """
    values = [lookup(spec, path) for path in reads or (ROOT,)]
    labels = _labels(values)
    if not labels:
        return judge(spec, {})
    worlds = _worlds(values, labels)
    if worlds is None:
        reason = f"more than {MAX_COMBINATIONS} combinations of {shorten(', '.join(labels))} are too many to judge"
        return judge(_substitute(spec, {}, reason), {})
    otherwise = "the rule does not read what decides it"
    return _combine([(world, judge(_substitute(spec, world, otherwise), world)) for world in worlds])


def has_choices(value: Any) -> bool:
    """Whether a choice stands anywhere in a value."""
    return not is_plain(value) and _has_choices(value)


def _has_choices(value: Any) -> bool:
    kind = type(value)
    if kind is dict:
        return any(map(_has_choices, value.values()))
    if kind is list:
        return any(map(_has_choices, value))
    return kind not in _LEAVES and next(_choices(value), None) is not None


def _labels(values: list[Any]) -> dict[str, tuple[str, ...]]:
    """The labels of each variable that stands in the values."""
    found: dict[str, dict[str, None]] = {}
    for choice in _choices(values):
        found.setdefault(choice.variable, {}).update(dict.fromkeys(option.label for option in choice.options))
    return {variable: tuple(labels) for variable, labels in found.items()}


def _worlds(values: list[Any], labels: Mapping[str, tuple[str, ...]]) -> list[Assignment] | None:
    """Every combination of labels that decides all values, or None when there are too many.

    A variable that stands only in branches which are not taken is left out, so a chain of conditions has as many
    combinations as it has ends.
    """
    pending: list[Assignment] = [{}]
    worlds: list[Assignment] = []
    while pending:
        if len(pending) + len(worlds) > MAX_COMBINATIONS:
            return None
        world = pending.pop()
        choice = next(_choices(values, world), None)
        if choice is None:
            worlds.append(world)
        else:
            variable = choice.variable
            pending += ({**world, variable: label} for label in reversed(labels[variable]))
    return worlds


def _choices(value: Any, world: Assignment = NO_WORLD) -> Iterator[Choice]:
    """The choices in a value that ``world`` does not decide; of those that it does, in the branch that is taken."""
    match value:
        case Choice():
            label = world.get(value.variable)
            if label is None:
                yield value
            for option in value.options:
                if label is None or option.label == label:
                    yield from _choices(option.value, world)
        case Mapping():
            for item in value.values():
                yield from _choices(item, world)
        case list():
            for item in value:
                yield from _choices(item, world)


def _substitute(value: Any, assignment: Assignment, otherwise: str) -> Any:
    """Replace every Choice by the option that ``assignment`` picks, or by Unresolved; absent list items are dropped."""
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
    """The faults of all combinations, one for each path: several branches may share a fault."""
    faults: dict[Path, Violation] = {}
    for _, judgement in judged:
        for fault in judgement.violations:
            faults.setdefault(fault.path, fault)
    return tuple(faults.values())
