"""Answers to the questions about an AWS account (``model.question``).

A resource that was asked for has three possible answers: its facts, ``Missing`` if AWS says that it does not exist, and
``Unavailable`` if it could not be read. A rule may only pass or fail by the first two.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.record import Record, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

FailureKind: TypeAlias = "Literal['denied', 'throttled', 'timeout', 'error', 'offline']"

FAILURE_REASONS: Mapping[FailureKind, str] = {
    "denied": "the call was denied",
    "throttled": "AWS throttled the call",
    "timeout": "AWS did not answer in time",
    "error": "the call failed",
    "offline": "the account is only read with --live",
}
"""Why a fact could not be read: a clause for messages."""


class Unavailable(Record):
    """A fact that could not be read."""

    reason: str
    """A clause, such as "the call was denied"."""
    permission: str | None = None
    """The IAM action to grant, such as "sns:GetTopicAttributes", if that would help."""
    kind: FailureKind = "error"


class Missing(Record):
    """A resource that does not exist, as AWS says."""

    what: str
    """Its name in messages: "the subnet 'subnet-0abc'"."""


OFFLINE = Unavailable(FAILURE_REASONS["offline"], None, "offline")
"""The answer to every question without an account."""


class Identity(Record):
    """The caller, and the Region that the calls go to."""

    account: str
    arn: str
    region: str
    partition: str = "aws"


class TopicFacts(Record):
    """An SNS topic."""

    arn: str
    owner: str
    """Twelve digits: the account that owns the topic."""
    kms_key: str | None = None
    """KmsMasterKeyId as it is set: key ID, key ARN, alias or alias ARN; None for a topic without encryption."""
    fifo: bool = False


class KeyFacts(Record):
    """A KMS key."""

    arn: str
    account: str
    state: str = "Enabled"
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    manager: str = "CUSTOMER"
    """CUSTOMER or AWS."""


class ProfileFacts(Record):
    """An instance profile."""

    arn: str
    role: str | None
    """The name of its role, without a path."""


class RolePolicies(Record):
    """The policies of a role."""

    attached: tuple[str, ...] = ()
    """ARNs of managed policies."""
    inline: Mapping[str, Any] = field(default_factory=dict)
    """Name -> policy document."""


class SubnetFacts(Record):
    """A subnet."""

    id: str
    vpc: str
    zone: str
    public_ip: bool = False
    """Whether instances get a public address at launch."""


class PortRange(Record):
    """A rule of a security group. Ports are None if it allows all ports."""

    protocol: str
    """tcp, udp, icmp, a number, or "-1" for all."""
    first: int | None = None
    last: int | None = None
    cidrs: tuple[str, ...] = ()
    """IPv4 and IPv6 ranges."""
    others: tuple[str, ...] = ()
    """IDs of security groups and prefix lists."""


class SecurityGroupFacts(Record):
    """A security group."""

    id: str
    vpc: str
    ingress: tuple[PortRange, ...] = ()
    egress: tuple[PortRange, ...] = ()


class VpcFacts(Record):
    """A VPC."""

    id: str
    default: bool = False


class RouteTableFacts(Record):
    """The route table that a subnet uses: destination (CIDR or prefix list) -> ID of the active target."""

    id: str
    routes: Mapping[str, str] = field(default_factory=dict)


class EndpointFacts(Record):
    """An available VPC endpoint."""

    id: str
    service: str
    """``com.amazonaws.us-east-1.ssm``."""
    kind: str = "Interface"


class InstanceTypeFacts(Record):
    """An instance type."""

    name: str
    architectures: tuple[str, ...] = ()
    """x86_64, arm64, i386, x86_64_mac, arm64_mac."""
    current_generation: bool = True


class KeyPairFacts(Record):
    """A key pair of EC2."""

    name: str
    kind: str = "rsa"


class BucketFacts(Record):
    """An S3 bucket that the caller can see."""

    name: str
    region: str


class HostFacts(Record):
    """A Dedicated Host."""

    id: str
    state: str
    zone: str
    family: str | None = None
    """The instance family that it supports, if it supports several sizes."""
    instance_type: str | None = None
    """The only instance type that it supports."""


class ImdsDefaults(Record):
    """The account's defaults for instance metadata in a Region; None if not set."""

    http_tokens: str | None = None
    hop_limit: int | None = None
    enforced: bool = False
    """Whether EC2 refuses to launch instances that allow IMDSv1."""


class Use(Record):
    """A pipeline that uses a configuration."""

    arn: str
    builds: Literal["container", "ami", "unknown"]
