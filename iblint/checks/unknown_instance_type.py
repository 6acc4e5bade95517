"""IB108: every well-formed instance type is in the table of instance types."""

from __future__ import annotations

from iblint.checks._instance_types import is_known, split, suggest
from iblint.checks._values import cannot_tell, is_unresolved, items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPES: Path = ("instanceTypes",)
MAX_SUGGESTIONS = 20
"""Types of one list that get a suggestion. Finding one takes hundreds of comparisons."""


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each type that is not in the table. Another rule reports malformed ones."""
    value = lookup(resource.spec, TYPES)
    if not isinstance(value, list) and not is_unresolved(value):
        return not_applicable(f"{resource.spell(TYPES)} is not a list.")
    types, unresolved_items = items(resource, TYPES)
    unlisted = [(path, name) for path, name in types if split(name) and not is_known(name)]
    if unlisted:
        return failed(
            *(_violation(resource, path, name, i < MAX_SUGGESTIONS) for i, (path, name) in enumerate(unlisted))
        )
    if unresolved_items:
        return unknown(*(cannot_tell(resource, path, value) for path, value in unresolved_items))
    return passed()


def _violation(resource: Resource, path: Path, name: str, suggested: bool) -> Violation:
    """Return the violation of one type, with a suggestion if ``suggested`` is true."""
    field = resource.spell(path)
    message = f"{field} {show(name)} is not a known instance type"
    meant = suggest(name) if suggested else None
    if meant is None:
        return Violation(path, f"{message}.")
    return Violation(path, f"{message} (did you mean '{meant}'?).", f"Set {field} to {meant} if you meant that type.")
