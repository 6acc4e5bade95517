"""AWS's answers -> the values of ``model.live``. What has not the documented shape raises: it is not guessed at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

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
    PortRange,
    ProfileFacts,
    RolePolicies,
    RouteTableFacts,
    SecurityGroupFacts,
    SubnetFacts,
    TopicFacts,
    Use,
    VpcFacts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Answer: TypeAlias = "Mapping[str, Any]"

_OLD_REGIONS = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}
"""What GetBucketLocation calls two Regions."""


def identity(answer: Answer, region: str) -> Identity:
    """GetCallerIdentity, for calls that go to ``region``."""
    arn = _text(answer, "Arn")
    return Identity(_account(answer["Account"]), arn, region, arn.split(":")[1])


def topic(arn: str, answer: Answer) -> TopicFacts:
    """GetTopicAttributes."""
    attributes = answer["Attributes"]
    owner = _account(attributes.get("Owner") or _text(attributes, "TopicArn").split(":")[4])
    fifo = str(attributes.get("FifoTopic", "false")).lower() == "true"
    return TopicFacts(arn, owner, attributes.get("KmsMasterKeyId") or None, fifo)


def key(answer: Answer) -> KeyFacts:
    """DescribeKey. The account is that of the key's ARN, which is the owner's."""
    data = answer["KeyMetadata"]
    arn = _text(data, "Arn")
    spec = data.get("KeySpec") or data.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    return KeyFacts(
        arn,
        _account(arn.split(":")[4]),
        _text(data, "KeyState"),
        spec,
        data.get("KeyUsage", "ENCRYPT_DECRYPT"),
        data.get("KeyManager", "CUSTOMER"),
    )


def document(policy: Any) -> Mapping[str, Any]:
    """A policy document, whether botocore has parsed it or left it as (URL-encoded) JSON."""
    data = (
        json.loads(policy if policy.lstrip().startswith("{") else unquote(policy))
        if isinstance(policy, str)
        else policy
    )
    if not isinstance(data, Mapping):
        raise TypeError("a policy is an object")
    return data


def profile(answer: Answer) -> ProfileFacts:
    """GetInstanceProfile."""
    data = answer["InstanceProfile"]
    roles = data["Roles"]
    return ProfileFacts(_text(data, "Arn"), _text(roles[0], "RoleName") if roles else None)


def policies(attached: Sequence[Answer], inline: Mapping[str, Any]) -> RolePolicies:
    """ListAttachedRolePolicies, with the documents of the role's own policies."""
    return RolePolicies(tuple(_text(policy, "PolicyArn") for policy in attached), inline)


def subnet(answer: Answer) -> SubnetFacts:
    """DescribeSubnets of one subnet."""
    (data,) = answer["Subnets"]
    public = data.get("MapPublicIpOnLaunch", False)
    return SubnetFacts(_text(data, "SubnetId"), _text(data, "VpcId"), _text(data, "AvailabilityZone"), public is True)


def security_group(answer: Answer) -> SecurityGroupFacts:
    """DescribeSecurityGroups of one group."""
    (data,) = answer["SecurityGroups"]
    return SecurityGroupFacts(
        _text(data, "GroupId"),
        _text(data, "VpcId"),
        tuple(_ports(rule) for rule in data["IpPermissions"]),
        tuple(_ports(rule) for rule in data["IpPermissionsEgress"]),
    )


def _ports(rule: Answer) -> PortRange:
    return PortRange(
        str(rule["IpProtocol"]),
        rule.get("FromPort"),
        rule.get("ToPort"),
        (
            *(_text(r, "CidrIp") for r in rule.get("IpRanges", ())),
            *(_text(r, "CidrIpv6") for r in rule.get("Ipv6Ranges", ())),
        ),
        (
            *(str(pair.get("GroupId") or pair.get("GroupName")) for pair in rule.get("UserIdGroupPairs", ())),
            *(_text(each, "PrefixListId") for each in rule.get("PrefixListIds", ())),
        ),
    )


def default_vpc(answer: Answer) -> VpcFacts | Missing:
    """DescribeVpcs of the default VPC."""
    for data in answer["Vpcs"]:
        if data["IsDefault"]:
            return VpcFacts(_text(data, "VpcId"), True)
    return Missing("a default VPC")


def routes(tables: Sequence[Answer], subnet: str) -> RouteTableFacts | Missing:
    """DescribeRouteTables of a VPC: the table of the subnet, else the main one, with its active routes."""
    own = [t for t in tables if any(a.get("SubnetId") == subnet for a in t["Associations"])]
    main = [t for t in tables if any(a.get("Main") for a in t["Associations"])]
    for table in (*own, *main):
        active = (r for r in table["Routes"] if r.get("State") != "blackhole")
        return RouteTableFacts(_text(table, "RouteTableId"), {_destination(r): _target(r) for r in active})
    return Missing(f"a route table for the subnet '{subnet}'")


def _destination(route: Answer) -> str:
    keys = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    return next(str(route[k]) for k in keys if route.get(k))


def _target(route: Answer) -> str:
    keys = (
        *("NatGatewayId", "TransitGatewayId", "EgressOnlyInternetGatewayId", "VpcPeeringConnectionId"),
        *("NetworkInterfaceId", "InstanceId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "GatewayId"),
    )
    return next((str(route[k]) for k in keys if route.get(k)), "unknown")


def endpoints(found: Sequence[Answer]) -> tuple[EndpointFacts, ...]:
    """DescribeVpcEndpoints."""
    return tuple(
        EndpointFacts(_text(e, "VpcEndpointId"), _text(e, "ServiceName"), e.get("VpcEndpointType") or "Interface")
        for e in found
        if str(e.get("State", "available")).lower() == "available"
    )


def instance_type(answer: Answer) -> InstanceTypeFacts:
    """DescribeInstanceTypes of one type."""
    (data,) = answer["InstanceTypes"]
    architectures = tuple(data["ProcessorInfo"]["SupportedArchitectures"])
    return InstanceTypeFacts(_text(data, "InstanceType"), architectures, data["CurrentGeneration"] is True)


def key_pair(answer: Answer) -> KeyPairFacts:
    """DescribeKeyPairs of one pair."""
    (data,) = answer["KeyPairs"]
    return KeyPairFacts(_text(data, "KeyName"), data.get("KeyType", "rsa"))


def bucket(name: str, answer: Answer) -> BucketFacts:
    """GetBucketLocation."""
    place = answer.get("LocationConstraint")
    return BucketFacts(name, _OLD_REGIONS.get(place) or str(place))


def host(answer: Answer) -> HostFacts | Missing:
    """DescribeHosts of one host."""
    if not answer["Hosts"]:
        return Missing("the Dedicated Host")
    (data,) = answer["Hosts"]
    takes = data.get("HostProperties", {})
    return HostFacts(
        _text(data, "HostId"),
        _text(data, "State"),
        _text(data, "AvailabilityZone"),
        takes.get("InstanceFamily"),
        takes.get("InstanceType"),
    )


def imds_defaults(answer: Answer) -> ImdsDefaults:
    """GetInstanceMetadataDefaults."""
    data = answer.get("AccountLevel") or {}
    tokens, limit = data.get("HttpTokens"), data.get("HttpPutResponseHopLimit")
    return ImdsDefaults(
        None if tokens in (None, "no-preference") else str(tokens),
        None if limit in (None, -1) else int(limit),
        str(data.get("HttpTokensEnforced", "")).lower() in ("enabled", "true"),
    )


def uses(found: Sequence[Answer]) -> tuple[Use, ...]:
    """ListImagePipelines."""
    return tuple(
        Use(
            _text(each, "arn"),
            "container" if each.get("containerRecipeArn") else "ami" if each.get("imageRecipeArn") else "unknown",
        )
        for each in found
    )


def configuration(answer: Answer) -> Mapping[str, Any]:
    """GetInfrastructureConfiguration."""
    found = answer["infrastructureConfiguration"]
    if not isinstance(found, Mapping):
        raise TypeError("a configuration is an object")
    return found


def _text(mapping: Answer, member: str) -> str:
    value = mapping[member]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{member} is no text")
    return value


def _account(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 12 or not value.isdecimal():
        raise TypeError("no account")
    return value
