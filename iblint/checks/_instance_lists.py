"""Judging the list of instance types: item by item, or by what the items have in common."""

from __future__ import annotations

from collections.abc import Callable

from iblint.checks._values import items, open_fault
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPES: Path = ("instanceTypes",)


def judge_each(resource: Resource, broken: Callable[[str], bool], message: str) -> Judgement:
    """Fail every known type that is ``broken``; ``message`` continues the sentence "'t3.nano' ..."."""
    known, doubtful = items(resource, TYPES)
    faults = [Violation(path, f"{show(item)} {message}") for path, item in known if broken(item)]
    if faults:
        return failed(*faults)
    if doubtful:
        return unknown(*(open_fault(resource, path, value) for path, value in doubtful))
    return passed() if known else not_applicable("No instance type is given.")


def judge_mixture(resource: Resource, kind_of: Callable[[str], str | None], why: str) -> Judgement:
    """Fail when two known types are of different kinds; types of no kind are left out. ``why`` is a sentence."""
    known, doubtful = items(resource, TYPES)
    kinds = [(path, item, kind) for path, item in known if (kind := kind_of(item)) is not None]
    for path, item, kind in kinds[1:]:
        _, first, first_kind = kinds[0]
        if kind != first_kind:
            field = resource.spell(TYPES)
            message = f"{field} mixes {first_kind} ({show(first)}) and {kind} ({show(item)}). {why}"
            return failed(Violation(path, message))
    if any(path == TYPES for path, _ in doubtful) or (doubtful and len(known) + len(doubtful) > 1):
        return unknown(*(open_fault(resource, path, value) for path, value in doubtful))
    return passed() if kinds else not_applicable("No instance type is known.")
