"""IB505: the security groups are in the VPC of the subnet, and the placement is in its Availability Zone."""

from __future__ import annotations

from iblint.checks._iam import Tri
from iblint.checks._related import location
from iblint.checks._values import is_unresolved, items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.references import find_resource
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
    """A subnet or a security group with its VPC."""

    path: Path
    name: str
    vpc: tuple[str, str] | None
    """How the VPC is identified (sibling, id, expression or default) and its name; None if it is not known."""
    places: tuple[Location, ...] = ()


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the VPCs, and the Availability Zones of subnet and placement, as far as the document has them."""
    known, unresolved_items = items(resource, GROUPS)
    groups = [_group(resource, path, value, context) for path, value in [*known, *unresolved_items]]
    value = lookup(resource.spec, SUBNET)
    subnet = find_resource(context.world, value, "Subnet", resource.file)
    home = _home(resource, value, subnet, context)
    if not any(member.places for member in [home, *groups]):
        if is_unresolved(value) or unresolved_items:
            message = "Cannot tell whether subnet and security groups are in one VPC: their values are unresolved."
            return unknown(Violation(SUBNET if is_unresolved(value) else GROUPS, message))
        return not_applicable("Neither the subnet nor a security group is part of the document.")
    differing = [(group, _in_other_vpc(home, group)) for group in groups]
    violations = [_violation(home, group) for group, answer in differing if answer]
    zone = _in_other_zone(resource, subnet, context) if subnet else False
    if zone and subnet:
        violations.append(_wrong_zone(resource, subnet))
    if violations:
        return failed(*violations)
    undecided = [group.name for group, answer in differing if answer is None] + ["the placement"] * (zone is None)
    if undecided:
        message = f"Cannot tell whether {', '.join(undecided)} and {home.name} belong together."
        return unknown(Violation(home.path, message, related=home.places))
    return passed("Subnet, security groups and placement belong together, as far as they are part of the document.")


def _home(resource: Resource, value: Any, subnet: Resource | None, context: Context) -> _Member:
    """Return where the instances are launched: in the subnet or, without one, in the default VPC."""
    if value is ABSENT:
        return _Member(GROUPS, "the default VPC (no subnet is set)", _DEFAULT)
    name = f"the subnet in {resource.spell(SUBNET)}"
    if subnet is None:
        return _Member(SUBNET, name, None)
    return _Member(SUBNET, name, _vpc(subnet, context), (location(subnet, VPC),))


def _group(resource: Resource, path: Path, value: Any, context: Context) -> _Member:
    name = f"the security group in {resource.spell(path)}"
    group = find_resource(context.world, value, "SecurityGroup", resource.file)
    if group is not None:
        return _Member(path, name, _vpc(group, context), (location(group, VPC),))
    vpc = find_resource(context.world, value, "VPC", resource.file)
    if vpc is not None and isinstance(value, Unresolved) and "DefaultSecurityGroup" in value.expression:
        return _Member(path, name, ("sibling", vpc.address), (location(vpc),))
    return _Member(path, name, None)


def _vpc(sibling: Resource, context: Context) -> tuple[str, str] | None:
    """Return the VPC of a subnet or group of the document."""
    value = lookup(sibling.spec, VPC)
    if value is ABSENT:
        return _DEFAULT
    vpc = find_resource(context.world, value, "VPC", sibling.file)
    if vpc is not None:
        return "sibling", vpc.address
    if isinstance(value, Unresolved | Choice):
        return "expression", value.expression
    return ("id", value) if isinstance(value, str) else None


def _in_other_vpc(home: _Member, group: _Member) -> Tri:
    """Return whether a group is in another VPC. VPCs identified in different ways may be the same one."""
    if home.vpc is None or group.vpc is None:
        return None
    if home.vpc == group.vpc:
        return False
    kinds = {home.vpc[0], group.vpc[0]}
    return True if kinds in ({"sibling"}, {"id"}, {"sibling", "default"}) else None


def _violation(home: _Member, group: _Member) -> Violation:
    message = (
        f"{group.name[:1].upper()}{group.name[1:]} is in {_vpc_name(group)}, but the instances are launched in "
        f"{_launch_vpc(home)}. An instance can only use security groups of its own VPC."
    )
    return Violation(group.path, message, related=(*group.places, *home.places))


def _vpc_name(member: _Member) -> str:
    how, name = member.vpc or ("", "")
    return name if how == "default" else f"the VPC '{name}'"


def _launch_vpc(home: _Member) -> str:
    return home.name if home.path == GROUPS else f"{_vpc_name(home)} of {home.name}"


def _in_other_zone(resource: Resource, subnet: Resource, context: Context) -> Tri:
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
    help = f"Set {resource.spell(ZONE)} to {own}, or remove it: the subnet determines the zone."
    places = (location(subnet, ("availabilityZone",)),)
    return Violation(ZONE, message, help, severity=Severity.WARNING, related=places)
