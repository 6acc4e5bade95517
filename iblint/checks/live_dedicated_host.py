"""IB909: the Dedicated Host is available, in the right zone, and accepts one of the instance types."""

from __future__ import annotations

from iblint.checks._live import identifier_at, missing, unavailable
from iblint.checks._values import items
from iblint.checks.network_consistency import SUBNET, ZONE
from iblint.facts import questions
from iblint.model.answers import HostFacts, Missing, SubnetFacts, Unavailable
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, passed

HOST: Path = ("placement", "hostId")
TYPES: Path = ("instanceTypes",)


def check(resource: Resource, context: Context) -> Judgement:
    """Look up the host, and compare it with zone, subnet and instance types."""
    id = identifier_at(resource, HOST, context)
    if isinstance(id, Judgement):
        return id
    host = context.facts.ask(questions.HOST, id)
    if isinstance(host, Unavailable):
        return unavailable(HOST, f"The Dedicated Host '{id}'", host)
    field = resource.spell(HOST)
    if isinstance(host, Missing):
        help = f"Allocate a host, or set {field} to one that exists."
        return missing(resource, HOST, host, "No build can start.", help)
    wrong = _wrong(resource, host, context)
    if wrong is None:
        return passed(f"The Dedicated Host '{id}' is available and fits.")
    return failed(Violation(HOST, f"The Dedicated Host '{id}' in {field} {wrong} No build can start."))


def _wrong(resource: Resource, host: HostFacts, context: Context) -> str | None:
    """Return why instances cannot use the host, as the end of a sentence; None if they can."""
    if host.state != "available":
        return f"is in state '{host.state}'."
    for zone, whence in _zones(resource, context):
        if zone != host.zone:
            return f"is in '{host.zone}', but {whence} in '{zone}'."
    known, unresolved_items = items(resource, TYPES)
    names = [name for _, name in known]
    if names and not unresolved_items and not any(_accepts(host, name) for name in names):
        accepted = host.instance_type or f"{host.family} types"
        return f"only accepts {accepted}, but {resource.spell(TYPES)} has none."
    return None


def _zones(resource: Resource, context: Context) -> list[tuple[str, str]]:
    """Return the zones of placement and subnet, each with the subject of a sentence."""
    zone, subnet = lookup(resource.spec, ZONE), lookup(resource.spec, SUBNET)
    zones = [(zone, f"{resource.spell(ZONE)} is")] if isinstance(zone, str) else []
    found = context.facts.ask(questions.SUBNET, subnet) if isinstance(subnet, str) else None
    if isinstance(found, SubnetFacts):
        zones.append((found.zone, f"the subnet '{found.id}' is"))
    return zones


def _accepts(host: HostFacts, name: str) -> bool:
    if host.instance_type is not None:
        return name == host.instance_type
    return host.family is None or name.partition(".")[0] == host.family
