"""IB504: the security groups of a build allow no inbound traffic."""

from __future__ import annotations

from iblint.checks._iam import Tri, any_true, common_answer, member
from iblint.checks._related import find, items_at_with_certainty, location, not_in_document
from iblint.checks._values import is_unresolved, items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.references import is_there, possible_values, referrers
from iblint.model.resource import Location, Resource
from iblint.model.values import ABSENT
from iblint.model.verdict import Judgement, Severity, Verdict, Violation, failed, not_applicable, passed, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

GROUPS: Path = ("securityGroupIds",)
INGRESS: Path = ("securityGroupIngress",)

_ADMINISTRATION = {22: "SSH", 3389: "RDP"}
_ALL_PROTOCOLS = "-1"
_TCP = ("tcp", "6")


class _Inbound(Record):
    """An inbound rule of a security group."""

    rule: Any
    certain: bool
    """Whether the group has it whatever the conditions and parameters are."""
    place: Location


def check(resource: Resource, context: Context) -> Judgement:
    """Judge the inbound rules of each security group that is part of the document: builds need none."""
    known, unresolved_items = items(resource, GROUPS)
    judged = [_judge_value(resource, path, value, context) for path, value in [*known, *unresolved_items]]
    violations = [v for judgement in judged if judgement.verdict is Verdict.FAIL for v in judgement.violations]
    if violations:
        return failed(*violations)
    for verdict in (Verdict.UNKNOWN, Verdict.PASS):
        decided = next((judgement for judgement in judged if judgement.verdict is verdict), None)
        if decided is not None:
            return decided
    return not_applicable("No security group of the configuration is part of the document.")


def _judge_value(resource: Resource, path: Path, value: Any, context: Context) -> Judgement:
    """Judge one item of the list."""
    group = find(resource, value, "SecurityGroup", resource, context)
    if group is None:
        return not_in_document(resource, path, value, "the security group")
    rules = [
        _Inbound(rule, certain and not is_unresolved(rule), location(group, INGRESS, "inbound rules"))
        for rule, certain in items_at_with_certainty(group, INGRESS, context)
    ]
    attached = referrers(context.world, group, "SecurityGroupIngress", ("groupId",))
    rules += [
        _Inbound(each.spec, there is True, location(each, label="inbound rule"))
        for each in attached
        if (there := is_there(resource, each, context.given)) is not False
    ]
    name = f"The security group '{group.address}' in {resource.spell(path)}"
    return _judge(name, path, rules) if rules else passed(f"{name} has no inbound rule.")


def _judge(name: str, path: Path, rules: list[_Inbound]) -> Judgement:
    """Judge a security group by its inbound rules (at least one)."""
    answers = [(inbound, _opens(inbound.rule)) for inbound in rules]
    wide = next((inbound for inbound, opens in answers if opens and inbound.certain), None)
    places = tuple(dict.fromkeys(inbound.place for inbound in rules))
    if wide is not None:
        message = f"{name} allows inbound traffic from the whole internet to {_reached(wide.rule)}. Builds need none."
        return failed(Violation(path, message, related=(wide.place,)))
    undecided = any(opens is not False for _, opens in answers)
    if not any(inbound.certain for inbound in rules):
        message = f"Cannot tell whether {name[:1].lower()}{name[1:]} has inbound rules: they depend on a condition."
        return unknown(Violation(path, message, related=places))
    message = f"{name} has inbound rules. Builds need none: they only make outbound connections."
    if undecided:
        message += " It is unknown whether one of the rules is open to everyone."
    return failed(Violation(path, message, severity=Severity.NOTE, related=places))


def _opens(rule: Any) -> Tri:
    """Return whether a rule opens all ports, or SSH or RDP, to everyone."""
    ranges = (possible_values(rule, (key,)) for key in ("cidrIp", "cidrIpv6"))
    everyone = any_true(common_answer(map(_is_everyone, cidrs)) for cidrs in ranges)
    ports = _reaches(rule)
    if everyone is False or ports is False:
        return False
    return None if everyone is None or ports is None else True


def _is_everyone(cidr: Any) -> Tri:
    if isinstance(cidr, str):
        return cidr.rpartition("/")[2].strip("0") == "" and "/" in cidr
    return False if cidr is ABSENT else None


def _reaches(rule: Any) -> Tri:
    """Return whether a rule covers all ports, or SSH or RDP."""
    protocol = member(rule, "ipProtocol")
    first, last = _number(member(rule, "fromPort")), _number(member(rule, "toPort"))
    if str(protocol) == _ALL_PROTOCOLS:
        return True
    if str(protocol).lower() not in _TCP:
        return False if isinstance(protocol, str | int) else None
    if first is None or last is None:
        return None
    return first == -1 or any(first <= port <= last for port in _ADMINISTRATION)


def _number(value: Any) -> int | None:
    """Return a port number; -1 (every port) if none is set; None if it is not known."""
    if value is ABSENT:
        return -1
    text = str(value)
    return int(text) if text.removeprefix("-").isdecimal() and text.isascii() else None


def _reached(rule: Any) -> str:
    """Return the ports, in words, that a rule opens to everyone."""
    first, last = _number(member(rule, "fromPort")), _number(member(rule, "toPort"))
    if str(member(rule, "ipProtocol")) == _ALL_PROTOCOLS or first is None or last is None or first == -1:
        return "every port"
    return " and ".join(f"port {port} ({use})" for port, use in _ADMINISTRATION.items() if first <= port <= last)
