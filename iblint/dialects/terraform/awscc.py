"""The arguments of ``awscc_imagebuilder_infrastructure_configuration`` as the request.

The provider sends what is written to the Cloud Control API, which creates the CloudFormation resource: nothing has a
default, and CloudFormation's defaults hold.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.dialects.shared.decision_tree import Value, lift
from iblint.dialects.terraform.aws import NAMES
from iblint.dialects.terraform.types import convert
from iblint.dialects.terraform.values import RefusedError, is_unknown
from iblint.model.values import ABSENT, Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TYPE = "awscc_imagebuilder_infrastructure_configuration"
ORIGIN = "cloudformation"
BLOCKS: Mapping[str, Any] = {}
"""The resource has attributes in place of blocks."""

_OBJECTS = frozenset({"instance_metadata_options", "logging", "s3_logs", "placement"})
_LISTS = frozenset({"instance_types", "security_group_ids"})
_MAPS = frozenset({"tags", "resource_tags"})
_NOT_SENT = frozenset({"id", "arn", "infrastructure_configuration_id"})
_KINDS = {"http_put_response_hop_limit": "number", "terminate_instance_on_failure": "bool"}


def request(arguments: Mapping[str, Value]) -> dict[str, Value]:
    """Return the members of the request for arguments. Unknown arguments are kept."""
    made = {NAMES.get(name, name): _sent(name, each) for name, each in arguments.items() if name not in _NOT_SENT}
    return {name: value for name, value in made.items() if value.data is not ABSENT}


def _sent(name: str, value: Value) -> Value:
    def sent(leaf: Value) -> Value:
        if leaf.data is None:
            return Value(ABSENT, leaf.where)
        if is_unknown(leaf.data):
            return leaf
        if name in _OBJECTS and isinstance(leaf.data, dict):
            return Value(request(leaf.data), leaf.where)
        try:
            return convert(leaf, _kind(name))
        except RefusedError:
            return leaf

    return lift(sent, value, expression=value.data.expression if isinstance(value.data, Choice) else "")


def _kind(name: str) -> Any:
    if name in _LISTS:
        return "list", "string"
    return ("map", "string") if name in _MAPS else _KINDS.get(name, "string")
