"""IB906: the instance types are offered in the zone or Region of the launch."""

from __future__ import annotations

from iblint.checks._live import caller, unavailable_violation, wrong_account
from iblint.checks._values import cannot_tell, items
from iblint.checks.network_consistency import SUBNET, ZONE
from iblint.facts import questions
from iblint.model.answers import Missing, SubnetFacts, Unavailable
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, not_applicable, passed, unknown

TYPES: Path = ("instanceTypes",)


def check(resource: Resource, context: Context) -> Judgement:
    """Look up which types are offered in the subnet's zone, the placement's zone or the Region."""
    known, unresolved_items = items(resource, TYPES)
    wrong = wrong_account(TYPES, context)
    if wrong is not None:
        return wrong
    if not known:
        if unresolved_items:
            return unknown(*(cannot_tell(resource, path, value) for path, value in unresolved_items))
        return not_applicable("No instance type is given.")
    zone = _zone(resource, context)
    offered = context.facts.ask(
        questions.OFFERED, zone or questions.REGION_WIDE, tuple(sorted({name for _, name in known}))
    )
    where = f"the zone '{zone}'" if zone else f"the Region '{caller(context).region}'"
    if isinstance(offered, Unavailable):
        return unknown(unavailable_violation(TYPES, f"The list of instance types offered in {where}", offered))
    none = not offered and not unresolved_items
    violations = [
        Violation(
            path, f"{_why(name, where, context)} {_consequence(none)}", severity=None if none else Severity.WARNING
        )
        for path, name in known
        if name not in offered
    ]
    if violations:
        return failed(*violations)
    if unresolved_items:
        return unknown(*(cannot_tell(resource, path, value) for path, value in unresolved_items))
    return passed(f"All instance types are offered in {where}.")


def _zone(resource: Resource, context: Context) -> str | None:
    """Return the Availability Zone of the launch, or None if it is not known."""
    subnet = lookup(resource.spec, SUBNET)
    if isinstance(subnet, str):
        found = context.facts.ask(questions.SUBNET, subnet)
        if isinstance(found, SubnetFacts):
            return found.zone
    zone = lookup(resource.spec, ZONE)
    return zone if isinstance(zone, str) else None


def _why(name: str, where: str, context: Context) -> str:
    if isinstance(context.facts.ask(questions.INSTANCE_TYPE, name), Missing):
        return f"The instance type '{name}' does not exist in this Region."
    return f"The instance type '{name}' is not offered in {where}."


def _consequence(none: bool) -> str:
    return "No build can start." if none else "Image Builder has one type fewer to choose from when capacity is short."
