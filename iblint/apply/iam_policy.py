"""The least that a caller must be allowed, as IAM policies for given requests. Nothing is asked of any account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from iblint.apply.request import arn_of
from iblint.model.answers import Identity
from iblint.model.errors import UsageError
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SERVICE_ROLE = "role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder"

_PLAIN = re.compile(r"[\w+=,.@:/ -]+")
_EC2_READS = (
    *("ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "ec2:DescribeRouteTables"),
    *("ec2:DescribeVpcEndpoints", "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes"),
    *("ec2:DescribeKeyPairs", "ec2:DescribeHosts", "ec2:GetInstanceMetadataDefaults"),
)
"""EC2 has no resources to narrow these to."""


class Subject(Record):
    """One request, where it goes to, and the role in its instance profile."""

    request: Mapping[str, Any]
    identity: Identity
    role: str

    @property
    def profile(self) -> str:
        """The ARN of the instance profile."""
        return self.arn(f"instance-profile/{_plain(str(self.request['instanceProfileName']))}")

    @property
    def role_arn(self) -> str:
        """The ARN of the role that builds run with."""
        return self.arn(f"role/{_plain(self.role)}")

    def arn(self, rest: str) -> str:
        """The ARN of something of IAM in the account."""
        return f"arn:{self.identity.partition}:iam::{self.identity.account}:{rest}"


def apply_policy(subjects: Sequence[Subject], *, update: bool) -> dict[str, Any]:
    """What ``apply`` itself needs, beside the reads of ``preflight_policy``."""
    writes = ["imagebuilder:CreateInfrastructureConfiguration", "imagebuilder:TagResource"]
    if update:
        writes += ["imagebuilder:UntagResource", "imagebuilder:UpdateInfrastructureConfiguration"]
    service = {"StringEquals": {"iam:AWSServiceName": "imagebuilder.amazonaws.com"}}
    return _policy(
        _allow("WriteTheConfigurations", [*writes, "imagebuilder:GetInfrastructureConfiguration"], _arns(subjects)),
        _allow(
            "HandTheRoleToBuildInstances",
            ["iam:PassRole"],
            (subject.role_arn for subject in subjects),
            {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
        _allow("LookAtTheProfile", ["iam:GetInstanceProfile"], (subject.profile for subject in subjects)),
        _allow("LookAtTheRole", ["iam:GetRole"], (subject.role_arn for subject in subjects)),
        _allow(
            "MakeTheServiceRoleOnFirstUse",
            ["iam:CreateServiceLinkedRole"],
            (subject.arn(SERVICE_ROLE) for subject in subjects),
            service,
        ),
        _allow("LetImageBuilderCheckTheTopic", ["sns:Publish"], _values(subjects, "snsTopicArn")),
    )


def preflight_policy(subjects: Sequence[Subject]) -> dict[str, Any]:
    """What the live rules and ``plan`` read."""
    topics = _values(subjects, "snsTopicArn")
    keys = [":".join([*topic.replace(":sns:", ":kms:").split(":")[:5], "key/*"]) for topic in topics]
    return _policy(
        _allow("ReadTheConfigurations", ["imagebuilder:GetInfrastructureConfiguration"], _arns(subjects)),
        _allow("FindPipelinesThatUseThem", ["imagebuilder:ListImagePipelines"], ["*"]),
        _allow("ReadTheProfile", ["iam:GetInstanceProfile"], (subject.profile for subject in subjects)),
        _allow(
            "ReadTheRolesPolicies",
            ["iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
            (subject.role_arn for subject in subjects),
        ),
        _allow("ReadTheTopic", ["sns:GetTopicAttributes"], topics),
        _allow("ReadTheTopicsKey", ["kms:DescribeKey", "kms:GetKeyPolicy"], keys),
        _allow("ReadNetworkTypesAndDefaults", _EC2_READS, ["*"]),
        _allow("FindTheLogBucket", ["s3:GetBucketLocation", "s3:ListBucket"], _buckets(subjects)),
    )


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [s for s in statements if s["Resource"]]}


def _plain(name: str) -> str:
    """A name from a specification, which must not widen the policy. Raises UsageError for what IAM would expand."""
    if not _PLAIN.fullmatch(name):
        raise UsageError(f"{name!r} cannot be part of a policy. Correct it first: 'iblint check' says how.")
    return name


def _allow(
    sid: str, actions: Iterable[str], resources: Iterable[str], condition: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": sorted(set(resources)),
    }
    return statement if condition is None else {**statement, "Condition": dict(condition)}


def _arns(subjects: Iterable[Subject]) -> list[str]:
    return [arn_of(subject.identity, _plain(str(subject.request["name"]))) for subject in subjects]


def _values(subjects: Iterable[Subject], key: str) -> list[str]:
    return [_plain(str(subject.request[key])) for subject in subjects if key in subject.request]


def _buckets(subjects: Iterable[Subject]) -> list[str]:
    named = [(s.identity.partition, ((s.request.get("logging") or {}).get("s3Logs") or {})) for s in subjects]
    return [
        f"arn:{partition}:s3:::{_plain(str(logs['s3BucketName']))}"
        for partition, logs in named
        if logs.get("s3BucketName")
    ]
