"""The table of all questions about an account.

The allow-list of API calls, the least-privilege policy and the documentation of permissions derive from it
(``facts.permissions``). To read another fact, add a question here and ask it in a check:
``context.facts.ask(KEY_PAIR, name)``. A check sees ``Missing`` only if the type of the question's answer names it.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.facts import examples, responses
from iblint.model.answers import (
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
from iblint.model.question import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Ask = Callable[..., Any]
    """Asks a question: ``ask(question, *arguments)``."""

REGION_WIDE = "region"
"""The first argument of OFFERED for the whole Region."""


def _topic_region(arn: str) -> str | None:
    return arn.split(":")[3] if arn.count(":") >= 5 else None


def _describe_key(id: str, _: str) -> Mapping[str, Any] | Unavailable:
    if "alias/aws/" in id:  # DescribeKey of a predefined alias can create the key
        return Unavailable("the key is managed by AWS and is not looked up", None, "error")
    return {"KeyId": id}


def _offerings(location: str, types: tuple[str, ...]) -> Mapping[str, Any]:
    filters = [{"Name": "instance-type", "Values": sorted(types)}]
    if location == REGION_WIDE:
        return {"LocationType": "region", "Filters": filters}
    return {"LocationType": "availability-zone", "Filters": [*filters, {"Name": "location", "Values": [location]}]}


def _in_vpc(vpc: str) -> Mapping[str, Any]:
    return {"Filters": [{"Name": "vpc-id", "Values": [vpc]}]}


def _role_policies(ask: Ask, role: str) -> RolePolicies | Missing | Unavailable:
    attached = ask(ATTACHED_POLICIES, role)
    names = ask(INLINE_POLICIES, role)
    for answer in (attached, names):
        if isinstance(answer, Missing | Unavailable):
            return answer
    documents: dict[str, Any] = {}
    for name in names:
        document = ask(INLINE_POLICY, role, name)
        if isinstance(document, Missing | Unavailable):
            return document
        documents[name] = document
    return RolePolicies(attached, documents)


def _route_table(ask: Ask, subnet: str, vpc: str) -> RouteTableFacts | Missing | Unavailable:
    tables = ask(ROUTE_TABLES, vpc)
    return tables if isinstance(tables, Unavailable) else responses.route_table(tables, subnet)


def _bucket(ask: Ask, name: str) -> BucketFacts | Missing | Unavailable:
    region = ask(BUCKET_EXISTS, name)
    if region is None:
        region = ask(BUCKET_REGION, name)
    return region if isinstance(region, Missing | Unavailable) else BucketFacts(name, region)


IDENTITY: Question[Identity] = Question(
    "identity",
    responses.identity,
    "sts:GetCallerIdentity",
    scope="none",
    example=examples.identity,
    rules=("IB901",),
)

TOPIC: Question[TopicFacts | Missing] = Question(  # of an ARN; asked in the topic's own Region
    "topic",
    responses.topic,
    "sns:GetTopicAttributes",
    lambda arn: {"TopicArn": arn},
    region=_topic_region,
    scope="topic",
    missing="the topic '{0}'",
    example=examples.topic,
    rules=("IB204", "IB903", "IB904"),
)
KEY: Question[KeyFacts | Missing] = Question(  # of an id, ARN or alias, and a Region
    "key",
    responses.key,
    "kms:DescribeKey",
    _describe_key,
    region=lambda _, region: region,
    scope="topic-key",
    missing="the key '{0}'",
    example=examples.key,
    rules=("IB204", "IB904"),
)
KEY_POLICY: Question[Mapping[str, Any] | Missing] = Question(  # of an id or ARN, and a Region
    "key-policy",
    responses.key_policy,
    "kms:GetKeyPolicy",
    lambda id, _: {"KeyId": id, "PolicyName": "default"},
    region=lambda _, region: region,
    scope="topic-key",
    missing="the key '{0}'",
    example=examples.as_is,
    rules=("IB904",),
)

INSTANCE_PROFILE: Question[ProfileFacts | Missing] = Question(
    "instance-profile",
    responses.instance_profile,
    "iam:GetInstanceProfile",
    lambda name: {"InstanceProfileName": name},
    scope="instance-profile",
    missing="the instance profile '{0}'",
    example=examples.instance_profile,
    rules=("IB902",),
)
ATTACHED_POLICIES: Question[tuple[str, ...] | Missing] = Question(
    "attached-policies",
    responses.attached_policies,
    "iam:ListAttachedRolePolicies",
    lambda role: {"RoleName": role},
    items="AttachedPolicies",
    scope="role",
    missing="the role '{0}'",
)
INLINE_POLICIES: Question[tuple[str, ...] | Missing] = Question(
    "inline-policies",
    responses.names,
    "iam:ListRolePolicies",
    lambda role: {"RoleName": role},
    items="PolicyNames",
    scope="role",
    missing="the role '{0}'",
)
INLINE_POLICY: Question[Mapping[str, Any] | Missing] = Question(
    "inline-policy",
    responses.role_policy,
    "iam:GetRolePolicy",
    lambda role, name: {"RoleName": role, "PolicyName": name},
    scope="role",
    missing="the policy '{1}' of the role '{0}'",
)
ROLE_POLICIES: Question[RolePolicies | Missing] = Question(
    "role-policies",
    _role_policies,
    parts=(ATTACHED_POLICIES, INLINE_POLICIES, INLINE_POLICY),
    missing="the role '{0}'",
    example=examples.role_policies,
    rules=("IB902",),
)

SUBNET: Question[SubnetFacts | Missing] = Question(
    "subnet",
    responses.subnet,
    "ec2:DescribeSubnets",
    lambda id: {"SubnetIds": [id]},
    missing="the subnet '{0}'",
    missing_codes=("InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed"),
    example=examples.by_name(SubnetFacts),
    rules=("IB905", "IB906", "IB909"),
)
SECURITY_GROUP: Question[SecurityGroupFacts | Missing] = Question(
    "security-group",
    responses.security_group,
    "ec2:DescribeSecurityGroups",
    lambda id: {"GroupIds": [id]},
    missing="the security group '{0}'",
    missing_codes=("InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidGroupId.NotFound"),
    example=examples.security_group,
    rules=("IB905",),
)
DEFAULT_VPC: Question[VpcFacts | Missing] = Question(
    "default-vpc",
    responses.default_vpc,
    "ec2:DescribeVpcs",
    lambda: {"Filters": [{"Name": "is-default", "Values": ["true"]}]},
    missing="a default VPC",
    example=examples.default_vpc,
    rules=("IB905",),
)
ROUTE_TABLES: Question[tuple[Mapping[str, Any], ...]] = Question(
    "route-tables", responses.route_tables, "ec2:DescribeRouteTables", _in_vpc, items="RouteTables"
)
ROUTES: Question[RouteTableFacts | Missing] = Question(  # of a subnet, and its VPC
    "routes",
    _route_table,
    parts=(ROUTE_TABLES,),
    missing="a route table for the subnet '{0}'",
    example=examples.routes,
    rules=("IB905",),
)
ENDPOINTS: Question[tuple[EndpointFacts, ...]] = Question(  # of a VPC
    "endpoints",
    responses.endpoints,
    "ec2:DescribeVpcEndpoints",
    _in_vpc,
    items="VpcEndpoints",
    example=examples.endpoints,
    rules=("IB905",),
)

OFFERED: Question[frozenset[str]] = Question(  # in a zone or REGION_WIDE, which of some instance types
    "offered",
    responses.offered,
    "ec2:DescribeInstanceTypeOfferings",
    _offerings,
    items="InstanceTypeOfferings",
    example=examples.offered,
    rules=("IB906",),
)
INSTANCE_TYPE: Question[InstanceTypeFacts | Missing] = Question(
    "instance-type",
    responses.instance_type,
    "ec2:DescribeInstanceTypes",
    lambda name: {"InstanceTypes": [name]},
    missing="the instance type '{0}'",
    missing_codes=("InvalidInstanceType",),
    example=examples.by_name(InstanceTypeFacts),
    rules=("IB906",),
)
KEY_PAIR: Question[KeyPairFacts | Missing] = Question(
    "key-pair",
    responses.key_pair,
    "ec2:DescribeKeyPairs",
    lambda name: {"KeyNames": [name]},
    missing="the key pair '{0}'",
    missing_codes=("InvalidKeyPair.NotFound",),
    example=examples.by_name(KeyPairFacts),
    rules=("IB907",),
)
HOST: Question[HostFacts | Missing] = Question(
    "host",
    responses.host,
    "ec2:DescribeHosts",
    lambda id: {"HostIds": [id]},
    missing="the Dedicated Host '{0}'",
    missing_codes=("InvalidHostID.NotFound", "InvalidHostID.Malformed"),
    example=examples.host,
    rules=("IB909",),
)
IMDS_DEFAULTS: Question[ImdsDefaults] = Question(
    "imds-defaults",
    responses.imds_defaults,
    "ec2:GetInstanceMetadataDefaults",
    example=lambda fields: ImdsDefaults(**examples.members(fields)),
    rules=("IB910",),
)

BUCKET_EXISTS: Question[str | Missing | None] = Question(
    "bucket-exists",
    responses.bucket,
    "s3:HeadBucket",
    lambda name: {"Bucket": name},
    permission="s3:ListBucket",
    scope="bucket",
    missing="the bucket '{0}'",
)
BUCKET_REGION: Question[str | Missing] = Question(
    "bucket-region",
    responses.bucket_region,
    "s3:GetBucketLocation",
    lambda name: {"Bucket": name},
    scope="bucket",
    missing="the bucket '{0}'",
)
BUCKET: Question[BucketFacts | Missing] = Question(
    "bucket",
    _bucket,
    parts=(BUCKET_EXISTS, BUCKET_REGION),
    missing="the bucket '{0}'",
    example=examples.bucket,
    rules=("IB908",),
)

PIPELINES_OF: Question[tuple[Use, ...]] = Question(  # the image pipelines that use the configuration with an ARN
    "pipelines-of",
    responses.pipelines_of,
    "imagebuilder:ListImagePipelines",
    lambda arn: {"filters": [{"name": "infrastructureConfigurationArn", "values": [arn]}]},
    items="imagePipelineList",
    scope="pipeline",
    example=examples.pipelines_of,
    rules=("IB202",),
)
CONFIGURATION: Question[Mapping[str, Any] | Missing] = Question(  # of an ARN; ``plan`` and ``apply`` ask, no rule does
    "configuration",
    responses.configuration,
    "imagebuilder:GetInfrastructureConfiguration",
    lambda arn: {"infrastructureConfigurationArn": arn},
    scope="configuration",
    missing="the configuration '{0}'",
    example=examples.as_is,
)

QUESTIONS: tuple[Question[Any], ...] = tuple(value for value in globals().values() if isinstance(value, Question))
"""Every question above."""
