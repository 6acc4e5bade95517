"""IB505: subnet, security groups and placement belong together."""

from __future__ import annotations

from iblint.checks._iam import Tri
from iblint.checks._related import location
from iblint.checks._values import is_unresolved, items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.references import linked
from iblint.model.resource import Location, Resource
from iblint.model.values import ABSENT, Choice, Unresolved, lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SUBNET: Path = ("subnetId",)
GROUPS: Path = ("securityGroupIds",)
ZONE: Path = ("placement", "availabilityZone")
VPC: Path = ("vpcId",)

_DEFAULT = ("default", "the default VPC")


class _Member(Record):
    """A subnet or a group with the VPC that it is in."""

    path: Path
    name: str
    vpc: tuple[str, str] | None
    """How the VPC is known, and what it is called; None when it is not known."""
    places: tuple[Location, ...] = ()


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the VPCs, and the subnet's Availability Zone with the placement, as far as the document tells them."""
    known, unresolved_items = items(resource, GROUPS)
    groups = [_group(resource, path, value, context) for path, value in [*known, *unresolved_items]]
    value = lookup(resource.spec, SUBNET)
    subnet = linked(context.world, value, "Subnet", resource.file)
    home = _home(resource, value, subnet, context)
    if not any(member.places for member in [home, *groups]):
        if is_unresolved(value) or unresolved_items:
            message = "It is not known which subnet and security groups are used, so they cannot be compared."
            return unknown(Violation(SUBNET if is_unresolved(value) else GROUPS, message))
        return not_applicable("Neither the subnet nor a security group is part of the document.")
    apart = [(group, _apart(home, group)) for group in groups]
    violations = [_violation(home, group) for group, answer in apart if answer]
    zone = _zones_apart(resource, subnet, context) if subnet else False
    if zone and subnet:
        violations.append(_wrong_zone(resource, subnet))
    if violations:
        return failed(*violations)
    doubtful = [group.name for group, answer in apart if answer is None] + ["the placement"] * (zone is None)
    if doubtful:
        message = f"It is not known whether {', '.join(doubtful)} and {home.name} belong together."
        return unknown(Violation(home.path, message, related=home.places))
    return passed("Subnet, security groups and placement belong together, as far as they are part of the document.")


def _home(resource: Resource, value: Any, subnet: Resource | None, context: Context) -> _Member:
    """Where the instances are launched: in the subnet, or without one in the default VPC."""
    if value is ABSENT:
        return _Member(GROUPS, "the default VPC, because there is no subnet", _DEFAULT)
    name = f"the subnet in {resource.spell(SUBNET)}"
    if subnet is None:
        return _Member(SUBNET, name, None)
    return _Member(SUBNET, name, _vpc(subnet, context), (location(subnet, VPC),))


def _group(resource: Resource, path: Path, value: Any, context: Context) -> _Member:
    name = f"the security group in {resource.spell(path)}"
    group = linked(context.world, value, "SecurityGroup", resource.file)
    if group is not None:
        return _Member(path, name, _vpc(group, context), (location(group, VPC),))
    vpc = linked(context.world, value, "VPC", resource.file)
    if vpc is not None and isinstance(value, Unresolved) and "DefaultSecurityGroup" in value.expression:
        return _Member(path, name, ("sibling", vpc.address), (location(vpc),))
    return _Member(path, name, None)


def _vpc(sibling: Resource, context: Context) -> tuple[str, str] | None:
    """The VPC of a subnet or group of the document."""
    value = lookup(sibling.spec, VPC)
    if value is ABSENT:
        return _DEFAULT
    vpc = linked(context.world, value, "VPC", sibling.file)
    if vpc is not None:
        return "sibling", vpc.address
    if isinstance(value, Unresolved | Choice):
        return "expression", value.expression
    return ("id", value) if isinstance(value, str) else None


def _apart(home: _Member, group: _Member) -> Tri:
    """Whether a group is of another VPC; two that are called in different ways may still be the same one."""
    if home.vpc is None or group.vpc is None:
        return None
    if home.vpc == group.vpc:
        return False
    kinds = {home.vpc[0], group.vpc[0]}
    return True if kinds in ({"sibling"}, {"id"}, {"sibling", "default"}) else None


def _violation(home: _Member, group: _Member) -> Violation:
    message = (
        f"{group.name[:1].upper()}{group.name[1:]} belongs to {_called(group)}, "
        f"but the instances are launched in {_called(home)}: {home.name}. An instance takes groups of its own VPC only."
    )
    return Violation(group.path, message, related=(*group.places, *home.places))


def _called(member: _Member) -> str:
    how, name = member.vpc or ("", "")
    return name if how == "default" else f"the VPC '{name}'"


def _zones_apart(resource: Resource, subnet: Resource, context: Context) -> Tri:
    placed, own = lookup(resource.spec, ZONE), lookup(subnet.spec, ("availabilityZone",))
    if placed is ABSENT or own is ABSENT or placed == own:
        return False if placed is ABSENT or placed == own else None
    return True if isinstance(placed, str) and isinstance(own, str) else None


def _wrong_zone(resource: Resource, subnet: Resource) -> Violation:
    own, placed = show(lookup(subnet.spec, ("availabilityZone",))), show(lookup(resource.spec, ZONE))
    message = (
        f"{resource.spell(ZONE)} is {placed}, but the subnet '{subnet.address}' is in {own}. "
        "Instances cannot be in both."
    )
    help = f"Set {resource.spell(ZONE)} to {own}, or leave it out: the subnet decides the zone."
    places = (location(subnet, ("availabilityZone",)),)
    return Violation(ZONE, message, help, severity=Severity.WARNING, related=places)
