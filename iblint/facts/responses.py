"""Parse the responses of AWS. Each function raises if a response has not the documented shape: nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from iblint.model.answers import (
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

Response: TypeAlias = "Mapping[str, Any]"

_OLD_NAMES = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}
"""The names that GetBucketLocation has for two Regions."""


def identity(response: Response) -> Identity:
    """Parse GetCallerIdentity, which does not say the Region."""
    arn = _text(response, "Arn")
    return Identity(_account(response["Account"]), arn, "", arn.split(":")[1])


def topic(response: Response, arn: str) -> TopicFacts:
    """Parse GetTopicAttributes."""
    attributes = response["Attributes"]
    owner = _account(attributes.get("Owner") or _text(attributes, "TopicArn").split(":")[4])
    fifo = str(attributes.get("FifoTopic", "false")).lower() == "true"
    return TopicFacts(arn, owner, attributes.get("KmsMasterKeyId") or None, fifo)


def key(response: Response, *_: str) -> KeyFacts:
    """Parse DescribeKey. The account is the one in the key's ARN: the owner's."""
    data = response["KeyMetadata"]
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


def key_policy(response: Response, *_: str) -> Mapping[str, Any]:
    """Parse GetKeyPolicy."""
    return _document(response["Policy"])


def role_policy(response: Response, *_: str) -> Mapping[str, Any]:
    """Parse GetRolePolicy."""
    return _document(response["PolicyDocument"])


def _document(policy: Any) -> Mapping[str, Any]:
    """Return a policy document, which may be parsed, JSON or URL-encoded JSON."""
    if isinstance(policy, str):
        from urllib.parse import unquote  # imports much, and botocore has usually decoded the document

        policy = json.loads(policy if policy.lstrip().startswith("{") else unquote(policy))
    if not isinstance(policy, Mapping):
        raise TypeError("a policy is an object")
    return policy


def instance_profile(response: Response, _: str) -> ProfileFacts:
    """Parse GetInstanceProfile."""
    data = response["InstanceProfile"]
    roles = data["Roles"]
    return ProfileFacts(_text(data, "Arn"), _text(roles[0], "RoleName") if roles else None)


def attached_policies(items: Sequence[Response], _: str) -> tuple[str, ...]:
    """Parse ListAttachedRolePolicies: the ARNs."""
    return tuple(_text(policy, "PolicyArn") for policy in items)


def names(items: Sequence[Any], _: str) -> tuple[str, ...]:
    """Parse ListRolePolicies."""
    return tuple(str(name) for name in items)


def subnet(response: Response, _: str) -> SubnetFacts:
    """Parse DescribeSubnets for one subnet."""
    (data,) = response["Subnets"]
    public = data.get("MapPublicIpOnLaunch", False)
    return SubnetFacts(_text(data, "SubnetId"), _text(data, "VpcId"), _text(data, "AvailabilityZone"), public is True)


def security_group(response: Response, _: str) -> SecurityGroupFacts:
    """Parse DescribeSecurityGroups for one group."""
    (data,) = response["SecurityGroups"]
    return SecurityGroupFacts(
        _text(data, "GroupId"),
        _text(data, "VpcId"),
        tuple(_ports(rule) for rule in data["IpPermissions"]),
        tuple(_ports(rule) for rule in data["IpPermissionsEgress"]),
    )


def _ports(rule: Response) -> PortRange:
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


def default_vpc(response: Response) -> VpcFacts | Missing:
    """Parse DescribeVpcs for the default VPC."""
    for data in response["Vpcs"]:
        if data["IsDefault"]:
            return VpcFacts(_text(data, "VpcId"), True)
    return Missing("a default VPC")


def route_tables(items: Sequence[Response], _: str) -> tuple[Response, ...]:
    """Return the route tables of DescribeRouteTables as they are."""
    return tuple(items)


def route_table(tables: Sequence[Response], subnet: str) -> RouteTableFacts | Missing:
    """Return the route table of a subnet, its own or else the main one, with its active routes."""
    own = [t for t in tables if any(a.get("SubnetId") == subnet for a in t["Associations"])]
    main = [t for t in tables if any(a.get("Main") for a in t["Associations"])]
    for table in (*own, *main):
        active = (r for r in table["Routes"] if r.get("State") != "blackhole")
        return RouteTableFacts(_text(table, "RouteTableId"), {_destination(r): _target(r) for r in active})
    return Missing(f"a route table for the subnet '{subnet}'")


def _destination(route: Response) -> str:
    keys = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    return next(str(route[k]) for k in keys if route.get(k))


def _target(route: Response) -> str:
    keys = (
        *("NatGatewayId", "TransitGatewayId", "EgressOnlyInternetGatewayId", "VpcPeeringConnectionId"),
        *("NetworkInterfaceId", "InstanceId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "GatewayId"),
    )
    return next((str(route[k]) for k in keys if route.get(k)), "unknown")


def endpoints(items: Sequence[Response], _: str) -> tuple[EndpointFacts, ...]:
    """Parse DescribeVpcEndpoints: the endpoints that are available."""
    return tuple(
        EndpointFacts(_text(e, "VpcEndpointId"), _text(e, "ServiceName"), e.get("VpcEndpointType") or "Interface")
        for e in items
        if str(e.get("State", "available")).lower() == "available"
    )


def instance_type(response: Response, _: str) -> InstanceTypeFacts:
    """Parse DescribeInstanceTypes for one type."""
    (data,) = response["InstanceTypes"]
    architectures = tuple(data["ProcessorInfo"]["SupportedArchitectures"])
    return InstanceTypeFacts(_text(data, "InstanceType"), architectures, data["CurrentGeneration"] is True)


def key_pair(response: Response, _: str) -> KeyPairFacts:
    """Parse DescribeKeyPairs for one key pair."""
    (data,) = response["KeyPairs"]
    return KeyPairFacts(_text(data, "KeyName"), data.get("KeyType", "rsa"))


def offered(items: Sequence[Response], *_: Any) -> frozenset[str]:
    """Parse DescribeInstanceTypeOfferings."""
    return frozenset(str(offering["InstanceType"]) for offering in items)


def bucket(response: Response, _: str) -> str | None:
    """Parse HeadBucket: the bucket's Region, if the response says it."""
    region = response.get("BucketRegion")
    return str(region) if region else None


def bucket_region(response: Response, _: str) -> str:
    """Parse GetBucketLocation: the bucket's Region."""
    region = response.get("LocationConstraint")
    return _OLD_NAMES.get(region) or str(region)


def host(response: Response, id: str) -> HostFacts | Missing:
    """Parse DescribeHosts for one host."""
    if not response["Hosts"]:
        return Missing(f"the Dedicated Host '{id}'")
    (data,) = response["Hosts"]
    takes = data.get("HostProperties", {})
    return HostFacts(
        _text(data, "HostId"),
        _text(data, "State"),
        _text(data, "AvailabilityZone"),
        takes.get("InstanceFamily"),
        takes.get("InstanceType"),
    )


def imds_defaults(response: Response) -> ImdsDefaults:
    """Parse GetInstanceMetadataDefaults."""
    data = response.get("AccountLevel") or {}
    tokens, limit = data.get("HttpTokens"), data.get("HttpPutResponseHopLimit")
    return ImdsDefaults(
        None if tokens in (None, "no-preference") else str(tokens),
        None if limit in (None, -1) else int(limit),
        str(data.get("HttpTokensEnforced", "")).lower() in ("enabled", "true"),
    )


def pipelines_of(items: Sequence[Response], _: str) -> tuple[Use, ...]:
    """Parse ListImagePipelines."""
    return tuple(
        Use(
            _text(each, "arn"),
            "container" if each.get("containerRecipeArn") else "ami" if each.get("imageRecipeArn") else "unknown",
        )
        for each in items
    )


def configuration(response: Response, arn: str) -> Mapping[str, Any]:
    """Parse GetInfrastructureConfiguration."""
    found = response["infrastructureConfiguration"]
    if not isinstance(found, Mapping) or found["arn"] != arn:
        raise TypeError("the response is not about this configuration")
    return found


def _text(mapping: Response, member: str) -> str:
    value = mapping[member]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{member} is not a string")
    return value


def _account(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 12 or not value.isdecimal():
        raise TypeError("not an account ID")
    return value
