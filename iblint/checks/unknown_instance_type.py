"""IB108: every well-formed instance type is one that EC2 is known to have."""

from __future__ import annotations

from iblint.checks._instance_types import known, split, suggest
from iblint.checks._values import is_open, items, open_fault
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Fault, Judgement, failed, not_applicable, passed, unknown
from iblint.model.wording import show

TYPES: Path = ("instanceTypes",)


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each type that is not in the table; malformed ones are left to the rule on the form of a type."""
    value = lookup(resource.spec, TYPES)
    if not isinstance(value, list) and not is_open(value):
        return not_applicable(f"{resource.spell(TYPES)} is not a list.")
    types, open_items = items(resource, TYPES)
    faults = [_fault(resource, path, name) for path, name in types if split(name) and not known(name)]
    if faults:
        return failed(*faults)
    if open_items:
        return unknown(*(open_fault(resource, path, value) for path, value in open_items))
    return passed()


def _fault(resource: Resource, path: Path, name: str) -> Fault:
    field = resource.spell(path)
    message = f"{field} is {show(name)}, which is not an instance type that iblint knows"
    meant = suggest(name)
    if meant is None:
        return Fault(path, f"{message}.")
    return Fault(path, f"{message} (did you mean '{meant}'?).", f"Set {field} to {meant}, if that is what was meant.")
