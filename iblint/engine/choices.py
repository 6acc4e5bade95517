"""Values that a variable picks: judging every combination that a rule can see, and no other.

A Choice stands for a value that a condition or a parameter with several allowed values decides. Choices of one variable
are correlated: in one judgement it has one label everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from iblint.model.path import ROOT, Path
from iblint.model.values import ABSENT, Choice, Unresolved, lookup
from iblint.model.verdict import Fault, Judgement, Verdict, not_applicable, passed, unknown

MAX_COMBINATIONS = 64
"""More than this is not enumerated: the values count as unresolved."""

Assignment = Mapping[str, str]


def judge_choices(
    spec: Mapping[str, Any], reads: tuple[Path, ...], judge: Callable[[Any, Assignment], Judgement]
) -> Judgement:
    """Judge ``spec`` once for each combination of the variables that stand under ``reads`` (() for the whole spec).

    ``judge`` gets the spec without choices, and the label of each variable. All FAIL is FAIL, all PASS (or not
    applicable) is PASS, and disagreement is UNKNOWN.
    """
    variables: dict[str, tuple[str, ...]] = {}
    for path in reads or (ROOT,):
        for choice in _choices(lookup(spec, path)):
            labels = tuple(option.label for option in choice.options)
            known = variables.setdefault(choice.variable, labels)
            variables[choice.variable] = known + tuple(label for label in labels if label not in known)
    if not variables:
        return judge(spec, {})
    count = 1
    for labels in variables.values():
        count *= len(labels)
    if count > MAX_COMBINATIONS:
        reason = f"{count} combinations of {', '.join(variables)} are too many to judge"
        return judge(_substitute(spec, {}, reason), {})
    assignments = [dict(zip(variables, labels, strict=True)) for labels in product(*variables.values())]
    otherwise = "the rule does not read what decides it"
    return _combine([(a, judge(_substitute(spec, a, otherwise), a)) for a in assignments])


def _choices(value: Any) -> Iterator[Choice]:
    match value:
        case Choice():
            yield value
            for option in value.options:
                yield from _choices(option.value)
        case Mapping():
            for item in value.values():
                yield from _choices(item)
        case list():
            for item in value:
                yield from _choices(item)


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


def _combine(judged: list[tuple[dict[str, str], Judgement]]) -> Judgement:
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
    given = ", ".join(f"{variable} is {label}" for variable, label in assignment.items())
    return unknown(
        *(
            Fault(f.path, f"It depends: when {given}, {f.message}", f.help, f.severity, f.related, f.locate)
            for f in example.faults
        )
    )


def _distinct(judged: list[tuple[dict[str, str], Judgement]]) -> tuple[Fault, ...]:
    """The faults of all combinations, one for each path: several branches may share a fault."""
    faults: dict[Path, Fault] = {}
    for _, judgement in judged:
        for fault in judgement.faults:
            faults.setdefault(fault.path, fault)
    return tuple(faults.values())
