"""The questions that a rule may ask a live account, and the answer of no account.

``NoFacts`` takes the same arguments as any other ``Facts`` and looks at none of them.
"""

# ruff: noqa: ARG002

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.answers import (
    OFFLINE,
    BucketFacts,
    EndpointFacts,
    HostFacts,
    Identity,
    ImdsDefaults,
    InstanceTypeFacts,
    KeyFacts,
    KeyPairFacts,
    Missing,
    ProfileFacts,
    RolePolicies,
    RouteTableFacts,
    SecurityGroupFacts,
    SubnetFacts,
    TopicFacts,
    Unavailable,
    Use,
    VpcFacts,
)
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol
else:
    Protocol = object

PERMISSIONS: Mapping[str, str] = {
    "identity": "sts:GetCallerIdentity",
    "topic": "sns:GetTopicAttributes",
    "key": "kms:DescribeKey",
    "key_policy": "kms:GetKeyPolicy",
    "instance_profile": "iam:GetInstanceProfile",
    "role_policies": "iam:ListAttachedRolePolicies",
    "inline_policies": "iam:ListRolePolicies",
    "inline_policy": "iam:GetRolePolicy",
    "subnet": "ec2:DescribeSubnets",
    "security_group": "ec2:DescribeSecurityGroups",
    "default_vpc": "ec2:DescribeVpcs",
    "routes": "ec2:DescribeRouteTables",
    "endpoints": "ec2:DescribeVpcEndpoints",
    "offered": "ec2:DescribeInstanceTypeOfferings",
    "instance_type": "ec2:DescribeInstanceTypes",
    "key_pair": "ec2:DescribeKeyPairs",
    "bucket": "s3:ListBucket",
    "bucket_region": "s3:GetBucketLocation",
    "host": "ec2:DescribeHosts",
    "imds_defaults": "ec2:GetInstanceMetadataDefaults",
    "pipelines_of": "imagebuilder:ListImagePipelines",
    "configuration": "imagebuilder:GetInfrastructureConfiguration",
}
"""The IAM action that each question needs. (HeadBucket is allowed by s3:ListBucket.)"""


class Facts(Protocol):
    """Facts from a live account. Every question is answered once per run and costs at most a few read-only calls."""

    @property
    def live(self) -> bool:
        """Whether there is an account to ask; the live rules run only then."""

    @property
    def account(self) -> str | None:
        """The caller's account; None offline, and when the identity is not to be had."""

    @property
    def region(self) -> str | None:
        """The Region that the calls go to; None likewise."""

    def identity(self) -> Identity | Unavailable:
        """Who the caller is."""

    def topic(self, arn: str) -> TopicFacts | Missing | Unavailable:
        """The topic with an ARN."""

    def key(self, id: str, region: str) -> KeyFacts | Missing | Unavailable:
        """The key with an id, ARN or alias, in a Region. A predefined alias (alias/aws/...) is never looked up."""

    def key_policy(self, id: str, region: str) -> Mapping[str, Any] | Missing | Unavailable:
        """The policy document of a key with an id or ARN."""

    def instance_profile(self, name: str) -> ProfileFacts | Missing | Unavailable:
        """The instance profile with a name."""

    def role_policies(self, role: str) -> RolePolicies | Missing | Unavailable:
        """The policies of the role with a name."""

    def subnet(self, id: str) -> SubnetFacts | Missing | Unavailable:
        """The subnet with an id."""

    def security_group(self, id: str) -> SecurityGroupFacts | Missing | Unavailable:
        """The security group with an id."""

    def default_vpc(self) -> VpcFacts | Missing | Unavailable:
        """The default VPC of the Region."""

    def routes(self, subnet: str, vpc: str) -> RouteTableFacts | Missing | Unavailable:
        """The route table of a subnet: its own, else the main one of its VPC."""

    def endpoints(self, vpc: str) -> tuple[EndpointFacts, ...] | Unavailable:
        """The available endpoints of a VPC."""

    def offered(self, types: tuple[str, ...], zone: str | None) -> frozenset[str] | Unavailable:
        """Which of the instance types are offered in a zone, or in the Region."""

    def instance_type(self, name: str) -> InstanceTypeFacts | Missing | Unavailable:
        """The instance type with a name."""

    def key_pair(self, name: str) -> KeyPairFacts | Missing | Unavailable:
        """The key pair with a name."""

    def bucket(self, name: str) -> BucketFacts | Missing | Unavailable:
        """The bucket with a name."""

    def host(self, id: str) -> HostFacts | Missing | Unavailable:
        """The Dedicated Host with an id."""

    def imds_defaults(self) -> ImdsDefaults | Unavailable:
        """The account's defaults for instance metadata."""

    def pipelines_of(self, arn: str) -> tuple[Use, ...] | Unavailable:
        """The image pipelines that use the configuration with an ARN."""

    def configuration(self, arn: str) -> Mapping[str, Any] | Missing | Unavailable:
        """The infrastructure configuration with an ARN, as GetInfrastructureConfiguration answers."""


class NoFacts(Record):
    """Offline: nothing is known of any account."""

    account: str | None = None
    region: str | None = None

    @property
    def live(self) -> bool:
        """False."""
        return False

    def identity(self) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def topic(self, arn: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def key(self, id: str, region: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def key_policy(self, id: str, region: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def instance_profile(self, name: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def role_policies(self, role: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def subnet(self, id: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def security_group(self, id: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def default_vpc(self) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def routes(self, subnet: str, vpc: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def endpoints(self, vpc: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def offered(self, types: tuple[str, ...], zone: str | None) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def instance_type(self, name: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def key_pair(self, name: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def bucket(self, name: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def host(self, id: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def imds_defaults(self) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def pipelines_of(self, arn: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE

    def configuration(self, arn: str) -> Unavailable:
        """Not known offline."""
        return OFFLINE
