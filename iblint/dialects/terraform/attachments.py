"""Resources that add to others: policies attached to roles, rules of security groups, policies of keys."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform.policies import structure_of
from iblint.dialects.terraform.siblings import inbound
from iblint.model.record import Record
from iblint.model.values import ABSENT, Choice, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.siblings import Properties


class Found(Record, eq=False, frozen=False):
    """A resource that is evidence, before it gets its shape."""

    type: str
    id: str
    properties: Properties
    exists: Value | None
    """As in ``Instance``."""


def attach(found: list[Found], type: str, arguments: Properties, exists: Value | None) -> None:
    """Add what an attachment says to the resources that it names."""
    match type:
        case "aws_iam_role_policy_attachment":
            _attach(found, arguments.get("role"), [arguments.get("policy_arn")], exists)
        case "aws_iam_policy_attachment":
            roles = arguments.get("roles")
            for role in _listed(roles):
                _attach(found, role, [arguments.get("policy_arn")], exists)
        case "aws_iam_role_policy_attachments_exclusive":
            policies = arguments.get("policy_arns")
            _attach(found, arguments.get("role_name"), list(_listed(policies)), exists)
        case "aws_kms_key_policy":
            policy = arguments.get("policy")
            for key in _named(found, "aws_kms_key", "keyId", arguments.get("key_id")):
                if policy is not None:
                    key.properties["keyPolicy"] = structure_of(policy) if exists is None else _open(policy)


def _listed(value: Value | None) -> Iterator[Value]:
    if value is None or value.data is None:
        return
    yield from value.data if isinstance(value.data, list) else [value]


def _open(value: Value) -> Value:
    return Value(Unresolved("policy", "it is not certain that the resource exists"), value.where)


def _attach(found: list[Found], role: Value | None, policies: list[Value | None], exists: Value | None) -> None:
    if role is None:
        return
    certain = exists is None
    roles = list(_named(found, "aws_iam_role", "roleName", role))
    if not roles and isinstance(role.data, Unresolved | Choice):
        roles, certain = [each for each in found if each.type == "aws_iam_role"], False
    for each in roles:
        for policy in policies:
            if policy is None:
                continue
            item = policy if certain or (exists is not None and _same(exists, each.exists)) else _open(policy)
            held = each.properties.get("managedPolicyArns")
            if held is None or held.data in (None, ABSENT):
                each.properties["managedPolicyArns"] = Value([item], item.where)
            elif isinstance(held.data, list):
                each.properties["managedPolicyArns"] = Value([*held.data, item], held.where)


def _same(one: Value, other: Value | None) -> bool:
    """Return whether two resources exist together."""
    return other is not None and _labels(one.data) == _labels(other.data) and isinstance(one.data, Choice)


def _labels(data: Any) -> Any:
    if isinstance(data, Choice):
        return data.variable, tuple((option.label, _labels(option.value.data)) for option in data.options)
    return data if isinstance(data, bool) else None


def _named(found: list[Found], type: str, name: str, value: Value | None) -> Iterator[Found]:
    """Yield the resources of a type that a value names, by reference or by name."""
    if value is None:
        return
    for each in found:
        own = each.properties.get(name)
        if each.type == type and (
            (isinstance(value.data, Unresolved) and value.data.refers_to == each.id)
            or (isinstance(value.data, str) and own is not None and own.data == value.data)
        ):
            yield each


def group_rules(type: str, arguments: Properties) -> list[Properties]:
    """Return the inbound rules that a rule resource stands for: one for each source."""
    group = arguments.get("security_group_id")
    if type == "aws_security_group_rule":
        direction = arguments.get("type")
        if direction is not None and direction.data == "egress":
            return []
    else:
        for name, many in (("cidr_ipv4", "cidr_blocks"), ("cidr_ipv6", "ipv6_cidr_blocks")):
            if name in arguments and arguments[name].data is not None:
                arguments = {**arguments, many: Value([arguments[name]], arguments[name].where)}
    where = next(iter(arguments.values())).where if arguments else None
    if where is None:
        return []
    rules = inbound(Value(dict(arguments), where)).data
    return [{**rule.data, **({} if group is None else {"groupId": group})} for rule in rules]
