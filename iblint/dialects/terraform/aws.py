"""The arguments of ``aws_imagebuilder_infrastructure_configuration`` as the request that the provider sends.

Source: the provider's ``internal/service/imagebuilder/infrastructure_configuration.go``. It sends an optional argument
only if it is not its type's zero value; ``terminate_instance_on_failure`` always, and ``s3_key_prefix`` as "/" if it is
not set. A plan has the same arguments, so ``request`` serves both.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.dialects.shared.decision_tree import Value, lift
from iblint.dialects.shared.places import place_of
from iblint.dialects.terraform.types import convert
from iblint.dialects.terraform.values import NotKnownError, RefusedError, SetOf, is_unknown
from iblint.model.record import replace
from iblint.model.values import ABSENT, Choice, Open, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TYPE = "aws_imagebuilder_infrastructure_configuration"
ORIGIN = "terraform"
BLOCKS: Mapping[str, Any] = {
    "instance_metadata_options": {},
    "logging": {"s3_logs": {}},
    "placement": {},
}
"""The nested blocks of the resource, each at most once."""

_MEMBERS = {
    "name": "name",
    "description": "description",
    "instance_profile_name": "instanceProfileName",
    "instance_types": "instanceTypes",
    "security_group_ids": "securityGroupIds",
    "subnet_id": "subnetId",
    "key_pair": "keyPair",
    "sns_topic_arn": "snsTopicArn",
    "terminate_instance_on_failure": "terminateInstanceOnFailure",
    "resource_tags": "resourceTags",
    "tags": "tags",
    "instance_metadata_options": "instanceMetadataOptions",
    "http_tokens": "httpTokens",
    "http_put_response_hop_limit": "httpPutResponseHopLimit",
    "logging": "logging",
    "s3_logs": "s3Logs",
    "s3_bucket_name": "s3BucketName",
    "s3_key_prefix": "s3KeyPrefix",
    "placement": "placement",
    "availability_zone": "availabilityZone",
    "host_id": "hostId",
    "host_resource_group_arn": "hostResourceGroupArn",
    "tenancy": "tenancy",
}
NAMES: Mapping[str, str] = _MEMBERS
"""Argument -> member of the request."""

_SETS = ("instance_types", "security_group_ids")
_NOT_SENT = frozenset({"region", "tags_all", "id", "arn", "date_created", "date_updated"})
_KINDS = {"http_put_response_hop_limit": "number", "terminate_instance_on_failure": "bool"}
DEFAULT_PREFIX = "the provider's default of s3_key_prefix"


def request(arguments: Mapping[str, Value], default_tags: Value | None = None) -> dict[str, Value]:
    """Return the members of the request that the provider sends for arguments. Unknown arguments are kept."""
    made: dict[str, Value] = {}
    for name, value in arguments.items():
        if name in _NOT_SENT:
            continue
        if name == "logging":
            made["logging"] = _block(value, _logging)
        elif name in BLOCKS:
            made[_MEMBERS[name]] = _block(value, _members)
        elif name in _SETS:
            made[_MEMBERS[name]] = _set(value)
        elif name != "tags":
            made[_MEMBERS.get(name, name)] = _sent(name, value)
    tags = _tags(arguments.get("tags"), default_tags)
    if tags is not None:
        made["tags"] = tags
    return {name: value for name, value in made.items() if value.data is not ABSENT}


def _sent(name: str, value: Value) -> Value:
    """Return an argument as it is sent: converted to its type, and absent if it is zero."""

    def sent(leaf: Value) -> Value:
        if leaf.data is None or leaf.data in ("", [], {}) or (isinstance(leaf.data, SetOf) and not leaf.data):
            return Value(ABSENT, leaf.where)
        if is_unknown(leaf.data) or isinstance(leaf.data, list | dict):
            return leaf
        try:
            made = convert(leaf, _KINDS.get(name, "string"))
        except RefusedError:
            return leaf  # Terraform refuses it; the rules say what is wrong with it
        zero = made.data == 0 and not isinstance(made.data, bool)
        return Value(ABSENT, leaf.where) if zero else made

    return lift(sent, value, expression=_text(value))


def _text(value: Value) -> str:
    return value.data.expression if isinstance(value.data, Choice) else ""


def _set(value: Value) -> Value:
    """Return a set of strings: each once, empty ones left out; absent if it has no element at all."""

    def sent(leaf: Value) -> Value:
        if leaf.data is None or leaf.data == []:
            return Value(ABSENT, leaf.where)
        if not isinstance(leaf.data, list):
            return leaf
        kept: list[Value] = []
        seen: set[str] = set()
        for item in leaf.data:
            try:
                text = item if isinstance(item.data, Choice) or is_unknown(item.data) else convert(item, "string")
            except RefusedError:
                text = item
            if text.data is None or text.data == "" or (isinstance(text.data, str) and text.data in seen):
                continue
            if isinstance(text.data, str):
                seen.add(text.data)
            kept.append(text)
        return Value(kept, leaf.where)

    return lift(sent, value, expression=_text(value))


def _block(value: Value, members: Any) -> Value:
    """Return the only block of a list; absent if there is none, or nothing in it is sent."""

    def sent(leaf: Value) -> Value:
        if leaf.data is None:
            return Value(ABSENT, leaf.where)
        if not isinstance(leaf.data, list):
            return leaf
        if not leaf.data:
            return Value(ABSENT, leaf.where)
        block = leaf.data[0]
        if not isinstance(block.data, dict):
            return Value(ABSENT, leaf.where) if block.data is None else block
        made = members(block)
        kept = {name: each for name, each in made.items() if each.data is not ABSENT}
        return Value(kept, block.where) if kept else Value(ABSENT, block.where)

    return lift(sent, value, expression=_text(value))


def _members(block: Value) -> dict[str, Value]:
    return {_MEMBERS.get(name, name): _sent(name, value) for name, value in block.data.items()}


def _logging(block: Value) -> dict[str, Value]:
    made = {name: _sent(name, value) for name, value in block.data.items() if name != "s3_logs"}
    if "s3_logs" in block.data:
        made["s3Logs"] = _block(block.data["s3_logs"], _s3_logs)
    return made


def _s3_logs(block: Value) -> dict[str, Value]:
    made = _members(block)
    prefix = made.get("s3KeyPrefix")
    place = replace(place_of(block.where), provenance=DEFAULT_PREFIX)
    default = Value("/", place)
    if prefix is None:
        made["s3KeyPrefix"] = default
    else:
        made["s3KeyPrefix"] = lift(
            lambda leaf: default if leaf.data is ABSENT else leaf, prefix, expression=_text(prefix)
        )
    return made


def _tags(own: Value | None, default: Value | None) -> Value | None:
    """Return the tags of the resource: those of the provider, overlaid by its own."""
    if own is None or own.data is None:
        return None if default is None else _sent("tags", default)
    if default is None or default.data is None:
        return _sent("tags", _strings(own))

    def merged(one: Value, other: Value) -> Value:
        for each in (other, one):
            if is_unknown(each.data):
                if each is one and isinstance(other.data, dict):
                    rest = each.data if isinstance(each.data, Unresolved) else Unresolved("default_tags", "not known")
                    return Value(Open(dict(other.data), rest), other.where)
                return each
        if other.data is None:
            return one
        if not isinstance(one.data, dict) or not isinstance(other.data, dict):
            return other
        both = {**one.data, **other.data}
        for each in (other, one):
            if isinstance(each.data, Open):
                return Value(Open(both, each.data.rest), other.where)
        return Value(both, other.where)

    return _sent("tags", _strings(lift(merged, default, own, expression=_text(own))))


def _strings(tags: Value) -> Value:
    try:
        return convert(tags, ("map", "string"))
    except (RefusedError, NotKnownError):
        return tags
