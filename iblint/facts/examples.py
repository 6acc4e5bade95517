"""Answers from what an example of a rule says about an account (see ``example_account`` for the format)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from iblint.model.answers import (
    BucketFacts,
    EndpointFacts,
    HostFacts,
    Identity,
    KeyFacts,
    PortRange,
    ProfileFacts,
    RolePolicies,
    RouteTableFacts,
    SecurityGroupFacts,
    TopicFacts,
    Use,
    VpcFacts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias, TypeVar

    _Facts = TypeVar("_Facts")

ACCOUNT, REGION = "210987654321", "eu-west-1"
"""The account and Region of an example that names none."""

Fields: TypeAlias = "Mapping[str, Any]"


def by_name(facts: Callable[..., _Facts]) -> Callable[..., _Facts]:
    """Return a function that makes such facts from the name or id that was asked for and the fields of an example."""
    return lambda fields, name: facts(name, **members(fields))


def members(fields: Fields) -> dict[str, Any]:
    """Return the fields, with underscores for the hyphens in their names."""
    return {name.replace("-", "_"): value for name, value in fields.items()}


def as_is(value: Any, *_: Any) -> Any:
    """Return the value: the example has it in the form of the answer."""
    return value


def identity(fields: Fields) -> Identity:
    """``{account: "210987654321", region: eu-west-1, arn: ...}``; each may be omitted."""
    account = fields.get("account", ACCOUNT)
    return Identity(account, fields.get("arn", f"arn:aws:iam::{account}:user/builder"), fields.get("region", REGION))


def topic(fields: Fields, arn: str) -> TopicFacts:
    """``{kms-key: alias/builds, owner: ..., fifo: true}``."""
    return TopicFacts(arn, **{"owner": arn.split(":")[4], **members(fields)})


def key(fields: Fields, _: str, region: str) -> KeyFacts:
    """``{account: "210987654321", state: Disabled}``."""
    return KeyFacts(**{"arn": f"arn:aws:kms:{region}:{fields['account']}:key/1", **members(fields)})


def instance_profile(fields: Fields, name: str) -> ProfileFacts:
    """``{role: builder}``."""
    arn = f"arn:aws:iam::{ACCOUNT}:instance-profile/{name}"
    return ProfileFacts(**{"arn": arn, "role": None, **members(fields)})


def role_policies(fields: Fields, _: str) -> RolePolicies:
    """``{attached: [ARN], inline: {name: document}}``."""
    return RolePolicies(tuple(fields.get("attached", ())), fields.get("inline", {}))


def security_group(fields: Fields, id: str) -> SecurityGroupFacts:
    """``{vpc: vpc-1, ingress: [...], egress: [...]}``; by default everything is let out and nothing in."""
    everything = [{"protocol": "-1", "cidrs": ["0.0.0.0/0"]}]
    ingress, egress = fields.get("ingress", ()), fields.get("egress", everything)
    return SecurityGroupFacts(id, fields["vpc"], tuple(map(_ports, ingress)), tuple(map(_ports, egress)))


def _ports(fields: Fields) -> PortRange:
    return PortRange(
        fields["protocol"],
        fields.get("first"),
        fields.get("last"),
        tuple(fields.get("cidrs", ())),
        tuple(fields.get("others", ())),
    )


def default_vpc(id: str) -> VpcFacts:
    """``vpc-1``."""
    return VpcFacts(id, True)


def routes(targets: Mapping[str, str], *_: str) -> RouteTableFacts:
    """``{0.0.0.0/0: nat-1}``."""
    return RouteTableFacts("rtb-1", targets)


def endpoints(services: Sequence[str], _: str) -> tuple[EndpointFacts, ...]:
    """``[com.amazonaws.eu-west-1.ssm]``."""
    return tuple(EndpointFacts(f"vpce-{service}", service) for service in services)


def offered(names: Sequence[str], _: str, types: Sequence[str]) -> frozenset[str]:
    """``[m7i.large]``, for a zone or for ``region``."""
    return frozenset(names) & frozenset(types)


def bucket(fields: Fields, name: str) -> BucketFacts:
    """``{region: eu-west-1}``."""
    return BucketFacts(name, **{"region": REGION, **members(fields)})


def host(fields: Fields, id: str) -> HostFacts:
    """``{state: pending, zone: eu-west-1a, instance-type: mac2.metal}``."""
    return HostFacts(id, **{"state": "available", "zone": f"{REGION}a", **members(fields)})


def pipelines_of(pipelines: Sequence[Fields], _: str) -> tuple[Use, ...]:
    """``[{arn: ..., builds: container}]``."""
    return tuple(Use(pipeline["arn"], pipeline["builds"]) for pipeline in pipelines)
