"""IB505: the security groups are in the VPC of the subnet, and the placement is in its Availability Zone."""

from __future__ import annotations

from iblint.checks._iam import Tri
from iblint.checks._related import find, location
from iblint.checks._values import is_unresolved, items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import Record
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

_DEFAULT_GROUP = ("DefaultSecurityGroup", "default_security_group_id")
"""How CloudFormation and Terraform call the default security group of a VPC."""


class _Vpc(Record):
    """A VPC: how it is identified (sibling, id, expression or default), by what, and its name for messages."""

    how: str
    key: str
    name: str


_DEFAULT = _Vpc("default", "", "the default VPC")


class _Member(Record):
    """A subnet or a security group with its VPC."""

    path: Path
    name: str
    vpc: _Vpc | None
    """None if it is not known."""
    places: tuple[Location, ...] = ()


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the VPCs, and the Availability Zones of subnet and placement, as far as the document has them."""
    known, unresolved_items = items(resource, GROUPS)
    groups = [_group(resource, path, value, context) for path, value in [*known, *unresolved_items]]
    value = lookup(resource.spec, SUBNET)
    subnet = find(resource, value, "Subnet", resource, context)
    home = _home(resource, value, subnet, context)
    if not any(member.places for member in [home, *groups]):
        if is_unresolved(value) or unresolved_items:
            message = "Cannot tell whether subnet and security groups are in one VPC: their values are unresolved."
            return unknown(Violation(SUBNET if is_unresolved(value) else GROUPS, message))
        return not_applicable("Neither the subnet nor a security group is part of the document.")
    differing = [(group, _in_other_vpc(home, group)) for group in groups]
    violations = [_violation(home, group) for group, answer in differing if answer]
    zone = _in_other_zone(resource, subnet) if subnet else False
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
    return _Member(SUBNET, name, _vpc(resource, subnet, context), (location(subnet, VPC),))


def _group(resource: Resource, path: Path, value: Any, context: Context) -> _Member:
    name = f"the security group in {resource.spell(path)}"
    group = find(resource, value, "SecurityGroup", resource, context)
    if group is not None:
        return _Member(path, name, _vpc(resource, group, context), (location(group, VPC),))
    vpc = find(resource, value, "VPC", resource, context)
    is_default = isinstance(value, Unresolved) and any(word in value.expression for word in _DEFAULT_GROUP)
    if vpc is not None and is_default:
        return _Member(path, name, _Vpc("sibling", vpc.id, vpc.address), (location(vpc),))
    return _Member(path, name, None)


def _vpc(resource: Resource, sibling: Resource, context: Context) -> _Vpc | None:
    """Return the VPC of a subnet or group of the document."""
    value = lookup(sibling.spec, VPC)
    if value is ABSENT:
        return _DEFAULT
    vpc = find(resource, value, "VPC", sibling, context)
    if vpc is not None:
        return _Vpc("sibling", vpc.id, vpc.address)
    if isinstance(value, Unresolved | Choice):  # the same words in another template may name another VPC
        return _Vpc("expression", f"{sibling.template}{value.expression}", value.expression)
    return _Vpc("id", value, value) if isinstance(value, str) else None


def _in_other_vpc(home: _Member, group: _Member) -> Tri:
    """Return whether a group is in another VPC. VPCs identified in different ways may be the same one."""
    if home.vpc is None or group.vpc is None:
        return None
    if home.vpc == group.vpc:
        return False
    kinds = {home.vpc.how, group.vpc.how}
    return True if kinds in ({"sibling"}, {"id"}, {"sibling", "default"}) else None


def _violation(home: _Member, group: _Member) -> Violation:
    message = (
        f"{group.name[:1].upper()}{group.name[1:]} is in {_vpc_name(group)}, but the instances are launched in "
        f"{_launch_vpc(home)}. An instance can only use security groups of its own VPC."
    )
    return Violation(group.path, message, related=(*group.places, *home.places))


def _vpc_name(member: _Member) -> str:
    if member.vpc is None:
        return "another VPC"
    return member.vpc.name if member.vpc == _DEFAULT else f"the VPC '{member.vpc.name}'"


def _launch_vpc(home: _Member) -> str:
    return home.name if home.path == GROUPS else f"{_vpc_name(home)} of {home.name}"


def _in_other_zone(resource: Resource, subnet: Resource) -> Tri:
    placed, own = lookup(resource.spec, ZONE), lookup(subnet.spec, ("availabilityZone",))
    if placed is ABSENT:
        return False
    if isinstance(placed, str) and isinstance(own, str):
        return placed != own
    return False if placed == own and resource.template == subnet.template else None


def _wrong_zone(resource: Resource, subnet: Resource) -> Violation:
    own, placed = show(lookup(subnet.spec, ("availabilityZone",))), show(lookup(resource.spec, ZONE))
    message = (
        f"{resource.spell(ZONE)} is {placed}, but the subnet '{subnet.address}' is in {own}. "
        "Instances cannot be in both."
    )
    help = f"Set {resource.spell(ZONE)} to {own}, or remove it: the subnet determines the zone."
    places = (location(subnet, ("availabilityZone",)),)
    return Violation(ZONE, message, help, severity=Severity.WARNING, related=places)
