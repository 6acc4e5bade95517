"""What iblint may ever call. A handler in front of every client raises for anything else, before it is sent."""

from __future__ import annotations

from collections.abc import Iterable

from iblint.model.errors import IblintError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

READS: frozenset[str] = frozenset(
    {
        "sts:GetCallerIdentity",
        "sns:GetTopicAttributes",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "iam:GetInstanceProfile",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:GetRolePolicy",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcs",
        "ec2:DescribeRouteTables",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeKeyPairs",
        "ec2:DescribeHosts",
        "ec2:GetInstanceMetadataDefaults",
        "s3:HeadBucket",
        "s3:GetBucketLocation",
        "imagebuilder:ListImagePipelines",
        "imagebuilder:GetInfrastructureConfiguration",
    }
)
"""What the live rules and the plan read."""

ASSUME: frozenset[str] = frozenset({"sts:AssumeRole"})
"""What is called when a role is asked for."""

WRITES: frozenset[str] = frozenset(
    {
        "imagebuilder:CreateInfrastructureConfiguration",
        "imagebuilder:UpdateInfrastructureConfiguration",
        "imagebuilder:TagResource",
        "imagebuilder:UntagResource",
    }
)
"""What ``apply`` alone may call besides."""


class NotAllowed(IblintError):
    """A call that is not on the allow-list: a defect of iblint. Nothing was sent."""


def guard(client: Any, allowed: Iterable[str]) -> None:
    """Let a client make the allowed calls only (``service:Operation``)."""
    names = frozenset(allowed)

    def refuse(model: Any, **_: Any) -> None:
        name = f"{model.service_model.service_name}:{model.name}"
        if name not in names:
            raise NotAllowed(f"The call {name} is not on the list of calls that are allowed here. Please report this.")

    client.meta.events.register_first("before-parameter-build", refuse)
    client.meta.events.register_first("before-call", refuse)
