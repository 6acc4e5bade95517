"""IB905: subnet and security groups exist, are in one VPC, and allow the traffic that builds need and no other."""

from __future__ import annotations

from iblint.checks._live import caller, unavailable_violation, wrong_account
from iblint.checks._values import cannot_tell, items
from iblint.checks.network_consistency import GROUPS, SUBNET, ZONE
from iblint.facts import questions
from iblint.model.answers import Missing, PortRange, SecurityGroupFacts, SubnetFacts, Unavailable
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import Record, field
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, Choice, Tagged, Unresolved, lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, passed, unknown

_ADMINISTRATION = {22: "SSH", 3389: "RDP"}
_HTTPS = 443
_EVERYONE = ("0.0.0.0/0", "::/0")
_NEEDED = ("ssm", "ssmmessages", "ec2messages", "imagebuilder", "s3", "logs")
"""The services that a build needs. Without a route to the internet the VPC needs an endpoint for each."""


class _Findings(Record, frozen=False):
    """The violations and unknown values found so far."""

    resource: Resource
    context: Context
    violations: list[Violation] = field(default_factory=list)
    unknowns: list[Violation] = field(default_factory=list)

    def fail(self, path: Path, message: str, help: str, severity: Severity | None = None) -> None:
        self.violations.append(Violation(path, message, help, severity))


def check(resource: Resource, context: Context) -> Judgement:
    """Look up the subnet (or the default VPC), the groups, the routes and the endpoints."""
    wrong = wrong_account(SUBNET, context)
    if wrong is not None:
        return wrong
    found = _Findings(resource, context)
    vpc = _home(found)
    known, unresolved_items = items(resource, GROUPS)
    for path, id in known:
        _judge_group(found, path, id, vpc)
    found.unknowns += [cannot_tell(resource, path, value) for path, value in unresolved_items]
    if found.violations:
        return failed(*found.violations)
    if found.unknowns:
        return unknown(*found.unknowns)
    return passed(f"The instances are launched in the VPC '{vpc}', with the network access that they need.")


def _home(found: _Findings) -> str | None:
    """Return the VPC that the instances are launched in; None if it is not known."""
    value = lookup(found.resource.spec, SUBNET)
    if value is ABSENT:
        return _default_vpc(found)
    if isinstance(value, Unresolved | Choice | Tagged):
        found.unknowns.append(cannot_tell(found.resource, SUBNET, value))
        return None
    if not isinstance(value, str):
        return None
    subnet = found.context.facts.ask(questions.SUBNET, value)
    if isinstance(subnet, Unavailable):
        found.unknowns.append(unavailable_violation(SUBNET, f"The subnet '{value}'", subnet))
        return None
    if isinstance(subnet, Missing):
        field = found.resource.spell(SUBNET)
        found.fail(SUBNET, f"The subnet '{value}' in {field} does not exist. No build can start.", _USE_TARGET)
        return None
    _judge_zone(found, subnet)
    _judge_route(found, subnet)
    return subnet.vpc


_USE_TARGET = "Use one of the target account and Region."


def _default_vpc(found: _Findings) -> str | None:
    vpc = found.context.facts.ask(questions.DEFAULT_VPC)
    if isinstance(vpc, Unavailable):
        found.unknowns.append(unavailable_violation(SUBNET, "The default VPC", vpc))
        return None
    if isinstance(vpc, Missing):
        field = found.resource.spell(SUBNET)
        message = f"{field} is not set, and the Region has no default VPC. No build can start."
        found.fail(SUBNET, message, f"Set {field} and {found.resource.spell(GROUPS)}.")
        return None
    return vpc.id


def _judge_zone(found: _Findings, subnet: SubnetFacts) -> None:
    zone = lookup(found.resource.spec, ZONE)
    if isinstance(zone, str) and zone != subnet.zone:
        field = found.resource.spell(ZONE)
        message = (
            f"{field} is '{zone}', but the subnet '{subnet.id}' is in '{subnet.zone}'. Instances cannot be in both."
        )
        help = f"Set {field} to {subnet.zone}, or remove it: the subnet determines the zone."
        found.fail(ZONE, message, help, Severity.WARNING)


def _judge_route(found: _Findings, subnet: SubnetFacts) -> None:
    """Fail a subnet without a route to Systems Manager: a build there times out after about forty minutes."""
    table = found.context.facts.ask(questions.ROUTES, subnet.id, subnet.vpc)
    if isinstance(table, Unavailable):
        found.unknowns.append(unavailable_violation(SUBNET, f"The route table of the subnet '{subnet.id}'", table))
        return
    routes = {} if isinstance(table, Missing) else table.routes
    gateway = next((routes[everyone] for everyone in _EVERYONE if everyone in routes), None)
    if gateway is None:
        _judge_endpoints(found, subnet)
    elif gateway.startswith("igw-") and not subnet.public_ip:
        message = (
            f"The subnet '{subnet.id}' routes to an internet gateway, but assigns no public addresses. Instances "
            "cannot reach Systems Manager, and builds time out, unless they get an address in another way."
        )
        help = "Use a subnet with a NAT gateway, or one that assigns public addresses."
        found.fail(SUBNET, message, help, Severity.WARNING)


def _judge_endpoints(found: _Findings, subnet: SubnetFacts) -> None:
    endpoints = found.context.facts.ask(questions.ENDPOINTS, subnet.vpc)
    if isinstance(endpoints, Unavailable):
        found.unknowns.append(unavailable_violation(SUBNET, f"The endpoints of the VPC '{subnet.vpc}'", endpoints))
        return
    region = caller(found.context).region
    there = {endpoint.service.rpartition(f".{region}.")[2] for endpoint in endpoints}
    lacks = [service for service in _NEEDED if service not in there]
    if lacks:
        message = (
            f"The subnet '{subnet.id}' has no route to the internet, and its VPC has no endpoint for "
            f"{', '.join(lacks)}. Builds time out, or cannot use these services."
        )
        found.fail(SUBNET, message, "Add the endpoints, or a route through a NAT gateway.", Severity.WARNING)


def _judge_group(found: _Findings, path: Path, id: str, vpc: str | None) -> None:
    group = found.context.facts.ask(questions.SECURITY_GROUP, id)
    name = f"The security group '{id}' in {found.resource.spell(path)}"
    if isinstance(group, Unavailable):
        found.unknowns.append(unavailable_violation(path, name, group))
    elif isinstance(group, Missing):
        found.fail(path, f"{name} does not exist. No build can start.", _USE_TARGET)
    elif vpc is not None and group.vpc != vpc:
        message = f"{name} is in the VPC '{group.vpc}', but the instances are launched in '{vpc}'. No build can start."
        found.fail(path, message, "Use security groups of the subnet's VPC.")
    else:
        _judge_ports(found, path, name, group)


def _judge_ports(found: _Findings, path: Path, name: str, group: SecurityGroupFacts) -> None:
    opened = [ports for ports in group.ingress if _opens(ports)]
    if opened:
        message = f"{name} allows inbound traffic from the whole internet to {_reached(opened[0])}. Builds need none."
        found.fail(path, message, "Remove the inbound rule, or use a security group without inbound rules.")
    elif not any(_allows_https(ports) for ports in group.egress):
        message = f"{name} allows no outbound traffic to port {_HTTPS}. Builds cannot reach AWS, and time out."
        found.fail(path, message, f"Allow outbound TCP to port {_HTTPS}.", Severity.WARNING)


def _opens(ports: PortRange) -> bool:
    """Return whether a rule opens SSH or RDP to everyone."""
    reached = any(_covers(ports, port) for port in _ADMINISTRATION)
    return reached and any(cidr in _EVERYONE for cidr in ports.cidrs)


def _allows_https(ports: PortRange) -> bool:
    return _covers(ports, _HTTPS) and bool(ports.cidrs or ports.others)


def _covers(ports: PortRange, port: int) -> bool:
    if ports.protocol == "-1":
        return True
    if ports.protocol not in ("tcp", "6"):
        return False
    return ports.first is None or ports.last is None or ports.first <= port <= ports.last


def _reached(ports: PortRange) -> str:
    if ports.protocol == "-1" or ports.first is None:
        return "every port"
    return " and ".join(f"port {port} ({use})" for port, use in _ADMINISTRATION.items() if _covers(ports, port))
