"""Least-privilege IAM policies for the callers of ``plan`` and ``apply``, narrowed to given requests. No AWS calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from iblint.apply.request import UPDATED, arn_of
from iblint.facts.permissions import actions_by_scope
from iblint.facts.questions import QUESTIONS
from iblint.model.answers import Identity
from iblint.model.errors import UsageError
from iblint.model.question import Question, Scope
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SERVICE_ROLE = "role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder"

_PLAIN = re.compile(r"[\w+=,.@:/ -]+")
"""Names without a character that IAM expands."""

_READS: Mapping[Scope, str] = {
    "configuration": "ReadConfigurations",
    "pipeline": "ListPipelines",
    "instance-profile": "ReadInstanceProfile",
    "role": "ReadRolePolicies",
    "topic": "ReadTopic",
    "topic-key": "ReadTopicKey",
    "any": "ReadNetworkTypesAndDefaults",
    "bucket": "ReadLogBucket",
}
"""The Sid of the statement for each scope of ``facts.questions``."""


class Subject(Record):
    """A request, its account and Region, and the role in its instance profile."""

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
        """Return the ARN of an IAM resource in the account."""
        return f"arn:{self.identity.partition}:iam::{self.identity.account}:{rest}"


def apply_policy(subjects: Sequence[Subject], *, update: bool) -> dict[str, Any]:
    """Return the policy for the writes of ``apply``. It is needed in addition to ``preflight_policy``."""
    writes = ["imagebuilder:CreateInfrastructureConfiguration", "imagebuilder:TagResource"]
    if update:
        writes += ["imagebuilder:UntagResource", "imagebuilder:UpdateInfrastructureConfiguration"]
    service = {"StringEquals": {"iam:AWSServiceName": "imagebuilder.amazonaws.com"}}
    return _policy(
        _allow("WriteConfigurations", [*writes, "imagebuilder:GetInfrastructureConfiguration"], _arns(subjects)),
        _allow(
            "PassRoleToBuildInstances",
            ["iam:PassRole"],
            (subject.role_arn for subject in subjects),
            {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
        _allow("ReadInstanceProfile", ["iam:GetInstanceProfile"], (subject.profile for subject in subjects)),
        _allow("ReadRole", ["iam:GetRole"], (subject.role_arn for subject in subjects)),
        _allow(
            "CreateServiceLinkedRole",
            ["iam:CreateServiceLinkedRole"],
            (subject.arn(SERVICE_ROLE) for subject in subjects),
            service,
        ),
        _allow("PublishToTopic", ["sns:Publish"], _values(subjects, "snsTopicArn")),
    )


def preflight_policy(subjects: Sequence[Subject], questions: Iterable[Question[Any]] = QUESTIONS) -> dict[str, Any]:
    """Return the policy for the reads of ``plan`` and of the live rules: every question that they may ask."""
    actions = actions_by_scope(questions)
    reads = [_allow(sid, actions.get(scope, ()), _resources(scope, subjects)) for scope, sid in _READS.items()]
    return _policy(*reads)


def _resources(scope: Scope, subjects: Sequence[Subject]) -> list[str]:
    """Return the ARNs that the permissions of a scope are narrowed to."""
    match scope:
        case "configuration":
            return _arns(subjects)
        case "instance-profile":
            return [subject.profile for subject in subjects]
        case "role":
            return [subject.role_arn for subject in subjects]
        case "topic":
            return _values(subjects, "snsTopicArn")
        case "topic-key":
            topics = _values(subjects, "snsTopicArn")
            return [":".join([*topic.replace(":sns:", ":kms:").split(":")[:5], "key/*"]) for topic in topics]
        case "bucket":
            return _buckets(subjects)
        case _:
            return ["*"]


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [s for s in statements if s["Action"] and s["Resource"]]}


def _plain(name: str) -> str:
    """Return a name from a specification. Raises UsageError if IAM would expand it, which would widen the policy."""
    if not _PLAIN.fullmatch(name):
        raise UsageError(f"{name!r} cannot be part of a policy. Correct it first: 'iblint check' shows how.")
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
    updated = [_plain(str(subject.request[UPDATED])) for subject in subjects if UPDATED in subject.request]
    created = [subject for subject in subjects if UPDATED not in subject.request]
    return [*updated, *[arn_of(each.identity, _plain(str(each.request["name"]))) for each in created]]


def _values(subjects: Iterable[Subject], key: str) -> list[str]:
    return [_plain(str(subject.request[key])) for subject in subjects if key in subject.request]


def _buckets(subjects: Iterable[Subject]) -> list[str]:
    named = [(s.identity.partition, ((s.request.get("logging") or {}).get("s3Logs") or {})) for s in subjects]
    return [
        f"arn:{partition}:s3:::{_plain(str(logs['s3BucketName']))}"
        for partition, logs in named
        if logs.get("s3BucketName")
    ]
