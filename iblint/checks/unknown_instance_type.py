"""IB108: every well-formed instance type is one that EC2 is known to have."""

from __future__ import annotations

from iblint.checks._instance_types import is_known, split, suggest
from iblint.checks._values import is_unresolved, items, cannot_tell
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPES: Path = ("instanceTypes",)
MAX_SUGGESTIONS = 20
"""Types of one list for which a near one is looked for: each is compared with hundreds."""


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each type that is not in the table; malformed ones are left to the rule on the form of a type."""
    value = lookup(resource.spec, TYPES)
    if not isinstance(value, list) and not is_unresolved(value):
        return not_applicable(f"{resource.spell(TYPES)} is not a list.")
    types, unresolved_items = items(resource, TYPES)
    strange = [(path, name) for path, name in types if split(name) and not is_known(name)]
    if strange:
        return failed(*(_violation(resource, path, name, i < MAX_SUGGESTIONS) for i, (path, name) in enumerate(strange)))
    if unresolved_items:
        return unknown(*(cannot_tell(resource, path, value) for path, value in unresolved_items))
    return passed()


def _violation(resource: Resource, path: Path, name: str, near: bool) -> Violation:
    """The fault of one type, with the type that was meant when ``near`` types are to be looked for."""
    field = resource.spell(path)
    message = f"{field} is {show(name)}, which is not an instance type that iblint knows"
    meant = suggest(name) if near else None
    if meant is None:
        return Violation(path, f"{message}.")
    return Violation(
        path, f"{message} (did you mean '{meant}'?).", f"Set {field} to {meant}, if that is what was meant."
    )
