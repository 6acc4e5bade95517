"""IB504: the security groups of a build let nobody in."""

from __future__ import annotations

from iblint.checks._iam import Tri, common_answer, any_true, member
from iblint.checks._related import location, not_in_document, items_with_certainty
from iblint.checks._values import is_unresolved, items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.references import linked, possible, referrers
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
    """An inbound rule of a group."""

    rule: Any
    certain: bool
    """It is there whatever the conditions and parameters are."""
    place: Location


def check(resource: Resource, context: Context) -> Judgement:
    """Judge the inbound rules of each group that is part of the document: builds need none."""
    known, unresolved_items = items(resource, GROUPS)
    judged = [_judge_value(resource, path, value, context) for path, value in [*known, *unresolved_items]]
    violations = [violation for judgement in judged if judgement.verdict is Verdict.FAIL for violation in judgement.violations]
    if violations:
        return failed(*violations)
    for verdict in (Verdict.UNKNOWN, Verdict.PASS):
        decided = next((judgement for judgement in judged if judgement.verdict is verdict), None)
        if decided is not None:
            return decided
    return not_applicable("No security group of the configuration is part of the document.")


def _judge_value(resource: Resource, path: Path, value: Any, context: Context) -> Judgement:
    """The judgement of one entry of the list."""
    group = linked(context.world, value, "SecurityGroup", resource.file)
    if group is None:
        return not_in_document(resource, path, value, "the security group")
    rules = [
        _Inbound(rule, certain and not is_unresolved(rule), location(group, INGRESS, "inbound rules"))
        for rule, certain in items_with_certainty(group, INGRESS, context)
    ]
    attached = referrers(context.world, group, "SecurityGroupIngress", ("groupId",))
    rules += [_Inbound(each.spec, True, location(each, label="inbound rule")) for each in attached]
    name = f"The security group '{group.address}' in {resource.spell(path)}"
    return _judge(name, path, rules) if rules else passed(f"{name} has no inbound rule.")


def _judge(name: str, path: Path, rules: list[_Inbound]) -> Judgement:
    """The judgement of a group by its inbound rules, of which there is at least one."""
    answers = [(inbound, _opens(inbound.rule)) for inbound in rules]
    wide = next((inbound for inbound, opens in answers if opens and inbound.certain), None)
    places = tuple(dict.fromkeys(inbound.place for inbound in rules))
    if wide is not None:
        message = f"{name} lets everyone on the internet in, to {_reached(wide.rule)}. Builds need no inbound rule."
        return failed(Violation(path, message, related=(wide.place,)))
    doubt = any(opens is not False for _, opens in answers)
    if not any(inbound.certain for inbound in rules):
        return unknown(
            Violation(
                path, f"It is not known which inbound rules there are. {name} may have some.", None, related=places
            )
        )
    message = f"{name} has inbound rules. Builds need none: what they use they reach by outbound connections."
    if doubt:
        message += " Whether one of them is open to everyone is not known."
    return failed(Violation(path, message, severity=Severity.NOTE, related=places))


def _opens(rule: Any) -> Tri:
    """Whether a rule opens all ports or one for administration to everyone."""
    everyone = any_true(common_answer(map(_is_everyone, possible(rule, (key,)))) for key in ("cidrIp", "cidrIpv6"))
    ports = _reaches(rule)
    if everyone is False or ports is False:
        return False
    return None if everyone is None or ports is None else True


def _is_everyone(cidr: Any) -> Tri:
    if isinstance(cidr, str):
        return cidr.rpartition("/")[2].strip("0") == "" and "/" in cidr
    return False if cidr is ABSENT else None


def _reaches(rule: Any) -> Tri:
    """Whether a rule is for all ports or for one of administration."""
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
    """A port; -1, which is every port, when none is written; None when it is not known."""
    if value is ABSENT:
        return -1
    text = str(value)
    return int(text) if text.removeprefix("-").isdecimal() and text.isascii() else None


def _reached(rule: Any) -> str:
    """What a rule that is open to everyone lets them reach."""
    first, last = _number(member(rule, "fromPort")), _number(member(rule, "toPort"))
    if str(member(rule, "ipProtocol")) == _ALL_PROTOCOLS or first is None or last is None or first == -1:
        return "every port"
    return " and ".join(f"port {port} ({use})" for port, use in _ADMINISTRATION.items() if first <= port <= last)
