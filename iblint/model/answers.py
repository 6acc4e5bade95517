"""What a live account says: the answers of read-only calls (``model.facts`` asks for them).

A question about one thing has three answers: the thing, ``Missing`` (AWS says that it does not exist) and
``Unavailable`` (it could not be read). Only the first two are knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.record import Record, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

FailureKind: TypeAlias = "Literal['denied', 'throttled', 'timeout', 'error', 'offline']"


class Unavailable(Record):
    """A fact that could not be read."""

    reason: str
    """A clause: "the call was denied"."""
    permission: str | None = None
    """The IAM action to grant, "sns:GetTopicAttributes", when that would help."""
    kind: FailureKind = "error"


class Missing(Record):
    """AWS says that a thing does not exist."""

    what: str
    """As messages name it: "the subnet 'subnet-0abc'"."""


OFFLINE = Unavailable("no account is asked (it is, with --live)", None, "offline")


class Identity(Record):
    """Who the caller is, and where the calls go."""

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
    """KmsMasterKeyId as it is set: key id, key ARN, alias or alias ARN; None for a topic without encryption."""
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
    """Whether instances get a public address when they are launched."""


class PortRange(Record):
    """What one rule of a security group lets through. Ports are None when the rule is about all of them."""

    protocol: str
    """tcp, udp, icmp, a number, or "-1" for all."""
    first: int | None = None
    last: int | None = None
    cidrs: tuple[str, ...] = ()
    """The IPv4 and IPv6 ranges."""
    others: tuple[str, ...] = ()
    """Ids of security groups and prefix lists."""


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
    """The route table that a subnet uses: destination (a CIDR or prefix list) -> id of the active target."""

    id: str
    routes: Mapping[str, str] = field(default_factory=dict)


class EndpointFacts(Record):
    """A VPC endpoint that is available."""

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
    """The instance family that it takes, when it takes several sizes."""
    instance_type: str | None = None
    """The one type that it takes."""


class ImdsDefaults(Record):
    """The account's defaults for instance metadata in a Region; None for what is not set."""

    http_tokens: str | None = None
    hop_limit: int | None = None
    enforced: bool = False
    """Launches that allow IMDSv1 are refused."""


class Use(Record):
    """A pipeline that uses a configuration."""

    arn: str
    builds: Literal["container", "ami", "unknown"]
