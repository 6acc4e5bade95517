"""Facts as the examples of live rules give them, in place of an account.

Each question of ``Facts`` is a section, with hyphens for underscores::

    facts:
      identity: {account: "210987654321", region: eu-west-1}     # these are the defaults
      subnet:
        subnet-0a1b2c3d4e5f60718: {vpc: vpc-0a1b2c3d4e5f60718, zone: eu-west-1a}
        subnet-0ffffffffffffffff: denied                         # denied, throttled, timeout or error: not to be read
      key-pair: denied                                           # the same for every key pair

What a section does not list does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.facts.questions import PERMISSIONS
from iblint.model.answers import (
    BucketFacts,
    EndpointFacts,
    FailureKind,
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
    Unavailable,
    Use,
    VpcFacts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Answer = TypeVar("_Answer")

ACCOUNT, REGION = "210987654321", "eu-west-1"


_FAILURES: Mapping[str, tuple[FailureKind, str]] = {
    "denied": ("denied", "the call was denied"),
    "throttled": ("throttled", "AWS throttled the call"),
    "timeout": ("timeout", "AWS did not answer in time"),
    "error": ("error", "the call failed"),
}


class CannedFacts:
    """Facts that were written down. A section of a wrong shape raises when a rule asks for it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    @property
    def live(self) -> bool:
        """True."""
        return True

    @property
    def account(self) -> str | None:
        """The caller's account."""
        identity = self.identity()
        return identity.account if isinstance(identity, Identity) else None

    @property
    def region(self) -> str | None:
        """The Region that the calls go to; None likewise."""
        identity = self.identity()
        return identity.region if isinstance(identity, Identity) else None

    def identity(self) -> Identity | Unavailable:
        """Who the caller is."""
        return self._single("identity", _identity)

    def topic(self, arn: str) -> TopicFacts | Missing | Unavailable:
        """The topic with an ARN."""
        return self._one("topic", arn, lambda f: TopicFacts(arn, **{"owner": arn.split(":")[4], **_named(f)}))

    def key(self, id: str, region: str) -> KeyFacts | Missing | Unavailable:
        """The key with an id."""
        return self._one(
            "key", id, lambda f: KeyFacts(**{"arn": f"arn:aws:kms:{region}:{f['account']}:key/1", **_named(f)})
        )

    def key_policy(self, id: str, region: str) -> Mapping[str, Any] | Missing | Unavailable:  # noqa: ARG002
        """The policy of the key with an id or ARN."""
        return self._one("key_policy", id, lambda f: f)

    def instance_profile(self, name: str) -> ProfileFacts | Missing | Unavailable:
        """The instance profile with a name."""
        arn = f"arn:aws:iam::{ACCOUNT}:instance-profile/{name}"
        return self._one("instance_profile", name, lambda f: ProfileFacts(**{"arn": arn, "role": None, **_named(f)}))

    def role_policies(self, role: str) -> RolePolicies | Missing | Unavailable:
        """The policies of a role."""
        return self._one(
            "role_policies", role, lambda f: RolePolicies(tuple(f.get("attached", ())), f.get("inline", {}))
        )

    def subnet(self, id: str) -> SubnetFacts | Missing | Unavailable:
        """The subnet with an id."""
        return self._one("subnet", id, lambda f: SubnetFacts(id, **_named(f)))

    def security_group(self, id: str) -> SecurityGroupFacts | Missing | Unavailable:
        """The security group with an id."""
        return self._one("security_group", id, lambda f: _group(id, f))

    def default_vpc(self) -> VpcFacts | Missing | Unavailable:
        """The default VPC."""
        id = self._data.get("default-vpc")
        return Missing("a default VPC") if id is None else self._single("default_vpc", lambda _: VpcFacts(id, True))

    def routes(self, subnet: str, vpc: str) -> RouteTableFacts | Missing | Unavailable:  # noqa: ARG002
        """The routes of a subnet."""
        return self._one("routes", subnet, lambda f: RouteTableFacts("rtb-1", f))

    def endpoints(self, vpc: str) -> tuple[EndpointFacts, ...] | Unavailable:
        """The endpoints of a VPC."""
        return self._several("endpoints", vpc, lambda service: EndpointFacts(f"vpce-{service}", service))

    def offered(self, types: tuple[str, ...], zone: str | None) -> frozenset[str] | Unavailable:
        """Which of the types are offered in a zone ("region" for the Region)."""
        offered = self._several("offered", zone or "region", str)
        return offered if isinstance(offered, Unavailable) else frozenset(offered) & frozenset(types)

    def instance_type(self, name: str) -> InstanceTypeFacts | Missing | Unavailable:
        """The instance type with a name."""
        return self._one("instance_type", name, lambda f: InstanceTypeFacts(name, **_named(f)))

    def key_pair(self, name: str) -> KeyPairFacts | Missing | Unavailable:
        """The key pair with a name."""
        return self._one("key_pair", name, lambda f: KeyPairFacts(name, **_named(f)))

    def bucket(self, name: str) -> BucketFacts | Missing | Unavailable:
        """The bucket with a name."""
        return self._one("bucket", name, lambda f: BucketFacts(name, **{"region": REGION, **_named(f)}))

    def host(self, id: str) -> HostFacts | Missing | Unavailable:
        """The Dedicated Host with an id."""
        fields = {"state": "available", "zone": f"{REGION}a"}
        return self._one("host", id, lambda f: HostFacts(id, **{**fields, **_named(f)}))

    def imds_defaults(self) -> ImdsDefaults | Unavailable:
        """The account's defaults for instance metadata."""
        return self._single("imds_defaults", lambda f: ImdsDefaults(**_named(f)))

    def pipelines_of(self, arn: str) -> tuple[Use, ...] | Unavailable:
        """The pipelines of a configuration: a list of ARN and what each builds."""
        return self._several("pipelines_of", arn, lambda f: Use(f["arn"], f["builds"]))

    def configuration(self, arn: str) -> Mapping[str, Any] | Missing | Unavailable:
        """The configuration with an ARN."""
        return self._one("configuration", arn, lambda f: f)

    def _single(self, question: str, make: Callable[[Any], _Answer]) -> _Answer | Unavailable:
        written = self._data.get(question.replace("_", "-"), {})
        return _failure(question, written) or make(written)

    def _one(self, question: str, key: str, make: Callable[[Any], _Answer]) -> _Answer | Missing | Unavailable:
        section = self._data.get(question.replace("_", "-"), {})
        failed = _failure(question, section)
        if failed is not None:
            return failed
        if key not in section:
            return Missing(f"the {question.replace('_', ' ')} '{key}'")
        return _failure(question, section[key]) or make(section[key])

    def _several(self, question: str, key: str, make: Callable[[Any], _Answer]) -> tuple[_Answer, ...] | Unavailable:
        section = self._data.get(question.replace("_", "-"), {})
        written = section if isinstance(section, str) else section.get(key, ())
        return _failure(question, written) or tuple(make(item) for item in written)


def _failure(question: str, written: Any) -> Unavailable | None:
    if not isinstance(written, str) or written not in _FAILURES:
        return None
    kind, reason = _FAILURES[written]
    return Unavailable(reason, PERMISSIONS[question] if kind == "denied" else None, kind)


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with underscores for the hyphens of their names."""
    return {name.replace("-", "_"): value for name, value in fields.items()}


def _identity(fields: Mapping[str, Any]) -> Identity:
    account = fields.get("account", ACCOUNT)
    return Identity(account, fields.get("arn", f"arn:aws:iam::{account}:user/builder"), fields.get("region", REGION))


def _group(id: str, fields: Mapping[str, Any]) -> SecurityGroupFacts:
    open_to_all = [{"protocol": "-1", "cidrs": ["0.0.0.0/0"]}]
    ingress, egress = fields.get("ingress", ()), fields.get("egress", open_to_all)
    return SecurityGroupFacts(id, fields["vpc"], tuple(map(_ports, ingress)), tuple(map(_ports, egress)))


def _ports(fields: Mapping[str, Any]) -> PortRange:
    return PortRange(
        fields["protocol"],
        fields.get("first"),
        fields.get("last"),
        tuple(fields.get("cidrs", ())),
        tuple(fields.get("others", ())),
    )
