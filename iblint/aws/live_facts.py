"""Facts from a live account, by the reads of the allow-list. Each question is asked once; no answer ever raises."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.aws import responses as answers
from iblint.aws.asking import UNREADABLE, Asking
from iblint.aws.errors import AwsError, classify
from iblint.aws.session import Session
from iblint.facts.questions import PERMISSIONS
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
from iblint.model.errors import IblintError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class LiveFacts(Asking):
    """The answers of one account and Region, kept for the run."""

    @property
    def live(self) -> bool:
        """True."""
        return True

    @property
    def account(self) -> str | None:
        """The caller's account; None when the identity is not to be had."""
        identity = self.identity()
        return identity.account if isinstance(identity, Identity) else None

    @property
    def region(self) -> str | None:
        """The Region that the calls go to; None likewise."""
        identity = self.identity()
        return identity.region if isinstance(identity, Identity) else None

    def identity(self) -> Identity | Unavailable:
        """Who the caller is."""
        return self._sure(
            "identity",
            (),
            lambda: answers.identity(self._client("sts").get_caller_identity(), self._session.region),
        )

    def topic(self, arn: str) -> TopicFacts | Missing | Unavailable:
        """The topic with an ARN, asked for in its own Region."""
        region = arn.split(":")[3] if arn.count(":") >= 5 else None
        return self._ask(
            "topic",
            (arn,),
            f"the topic '{arn}'",
            lambda: answers.topic(arn, self._client("sns", region).get_topic_attributes(TopicArn=arn)),
        )

    def key(self, id: str, region: str) -> KeyFacts | Missing | Unavailable:
        """The key with an id, ARN or alias, in a Region; a predefined alias is not looked up, which could create it."""
        if "alias/aws/" in id:
            return Unavailable("the key is managed by AWS and is not looked up", None, "error")
        return self._ask(
            "key",
            (id, region),
            f"the key '{id}'",
            lambda: answers.key(self._client("kms", region).describe_key(KeyId=id)),
        )

    def key_policy(self, id: str, region: str) -> Mapping[str, Any] | Missing | Unavailable:
        """The policy document of a key with an id or ARN."""
        return self._ask(
            "key_policy",
            (id, region),
            f"the key '{id}'",
            lambda: answers.document(
                self._client("kms", region).get_key_policy(KeyId=id, PolicyName="default")["Policy"]
            ),
        )

    def instance_profile(self, name: str) -> ProfileFacts | Missing | Unavailable:
        """The instance profile with a name."""
        return self._ask(
            "instance_profile",
            (name,),
            f"the instance profile '{name}'",
            lambda: answers.profile(self._client("iam").get_instance_profile(InstanceProfileName=name)),
        )

    def role_policies(self, role: str) -> RolePolicies | Missing | Unavailable:
        """The policies of the role with a name, with the documents of those that are its own."""
        what = f"the role '{role}'"
        listed = ("iam", "list_attached_role_policies", "AttachedPolicies")
        attached = self._pages("role_policies", what, *listed, RoleName=role)
        names = self._pages("inline_policies", what, "iam", "list_role_policies", "PolicyNames", RoleName=role)
        for answer in (attached, names):
            if isinstance(answer, Missing | Unavailable):
                return answer
        documents: dict[str, Any] = {}
        for name in names if isinstance(names, list) else ():
            document = self._inline_policy(role, name)
            if isinstance(document, Missing | Unavailable):
                return document
            documents[name] = document
        found = attached if isinstance(attached, list) else []
        return self._ask("attached", (role,), what, lambda: answers.policies(found, documents))

    def subnet(self, id: str) -> SubnetFacts | Missing | Unavailable:
        """The subnet with an id."""
        return self._ask(
            "subnet",
            (id,),
            f"the subnet '{id}'",
            lambda: answers.subnet(self._client("ec2").describe_subnets(SubnetIds=[id])),
        )

    def security_group(self, id: str) -> SecurityGroupFacts | Missing | Unavailable:
        """The security group with an id."""
        return self._ask(
            "security_group",
            (id,),
            f"the security group '{id}'",
            lambda: answers.security_group(self._client("ec2").describe_security_groups(GroupIds=[id])),
        )

    def default_vpc(self) -> VpcFacts | Missing | Unavailable:
        """The default VPC of the Region."""
        default = [{"Name": "is-default", "Values": ["true"]}]
        return self._ask(
            "default_vpc",
            (),
            "a default VPC",
            lambda: answers.default_vpc(self._client("ec2").describe_vpcs(Filters=default)),
        )

    def routes(self, subnet: str, vpc: str) -> RouteTableFacts | Missing | Unavailable:
        """The route table of a subnet: its own, else the main one of its VPC."""
        of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        tables = self._pages("routes", vpc, "ec2", "describe_route_tables", "RouteTables", Filters=of_vpc)
        if isinstance(tables, Missing | Unavailable):
            return tables
        what = f"a route table for the subnet '{subnet}'"
        return self._ask("routes_of", (subnet, vpc), what, lambda: answers.routes(tables, subnet))

    def endpoints(self, vpc: str) -> tuple[EndpointFacts, ...] | Unavailable:
        """The available endpoints of a VPC."""
        of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        found = self._pages("endpoints", vpc, "ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=of_vpc)
        if isinstance(found, Missing | Unavailable):
            return UNREADABLE if isinstance(found, Missing) else found
        return self._sure("endpoints_of", (vpc,), lambda: answers.endpoints(found))

    def offered(self, types: tuple[str, ...], zone: str | None) -> frozenset[str] | Unavailable:
        """Which of the instance types are offered in a zone, or in the Region."""
        place = "region" if zone is None else "availability-zone"
        filters = [{"Name": "instance-type", "Values": sorted(set(types))}]
        if zone is not None:
            filters.append({"Name": "location", "Values": [zone]})
        found = self._pages(
            "offered",
            f"{zone} {sorted(set(types))}",
            *("ec2", "describe_instance_type_offerings", "InstanceTypeOfferings"),
            LocationType=place,
            Filters=filters,
        )
        if isinstance(found, Missing | Unavailable):
            return UNREADABLE if isinstance(found, Missing) else found
        return self._sure("offers", (types, zone), lambda: frozenset(str(offer["InstanceType"]) for offer in found))

    def instance_type(self, name: str) -> InstanceTypeFacts | Missing | Unavailable:
        """The instance type with a name."""
        return self._ask(
            "instance_type",
            (name,),
            f"the instance type '{name}'",
            lambda: answers.instance_type(self._client("ec2").describe_instance_types(InstanceTypes=[name])),
        )

    def key_pair(self, name: str) -> KeyPairFacts | Missing | Unavailable:
        """The key pair with a name."""
        return self._ask(
            "key_pair",
            (name,),
            f"the key pair '{name}'",
            lambda: answers.key_pair(self._client("ec2").describe_key_pairs(KeyNames=[name])),
        )

    def bucket(self, name: str) -> BucketFacts | Missing | Unavailable:
        """The bucket with a name, when the caller can see it."""
        what = f"the bucket '{name}'"
        head = self._ask("bucket", (name,), what, lambda: self._client("s3").head_bucket(Bucket=name))
        if isinstance(head, Missing | Unavailable):
            return head
        region = head.get("BucketRegion")
        if region:
            return BucketFacts(name, str(region))
        return self._ask(
            "bucket_region",
            (name,),
            what,
            lambda: answers.bucket(name, self._client("s3").get_bucket_location(Bucket=name)),
        )

    def host(self, id: str) -> HostFacts | Missing | Unavailable:
        """The Dedicated Host with an id."""
        return self._ask(
            "host",
            (id,),
            f"the Dedicated Host '{id}'",
            lambda: answers.host(self._client("ec2").describe_hosts(HostIds=[id])),
        )

    def imds_defaults(self) -> ImdsDefaults | Unavailable:
        """The account's defaults for instance metadata."""
        return self._sure(
            "imds_defaults",
            (),
            lambda: answers.imds_defaults(self._client("ec2").get_instance_metadata_defaults()),
        )

    def pipelines_of(self, arn: str) -> tuple[Use, ...] | Unavailable:
        """The image pipelines that use the configuration with an ARN."""
        filters = [{"name": "infrastructureConfigurationArn", "values": [arn]}]
        found = self._pages(
            "pipelines_of", arn, "imagebuilder", "list_image_pipelines", "imagePipelineList", filters=filters
        )
        if isinstance(found, Missing | Unavailable):
            return UNREADABLE if isinstance(found, Missing) else found
        return self._sure("uses", (arn,), lambda: answers.uses(found))

    def configuration(self, arn: str) -> Mapping[str, Any] | Missing | Unavailable:
        """The infrastructure configuration with an ARN."""
        return self._ask(
            "configuration",
            (arn,),
            f"the configuration '{arn}'",
            lambda: answers.configuration(
                self._client("imagebuilder").get_infrastructure_configuration(infrastructureConfigurationArn=arn)
            ),
        )

    def _inline_policy(self, role: str, name: str) -> Mapping[str, Any] | Missing | Unavailable:
        return self._ask(
            "inline_policy",
            (role, name),
            f"the policy '{name}' of the role '{role}'",
            lambda: answers.document(
                self._client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            ),
        )


def establish(session: Session) -> LiveFacts:
    """Facts from an account, once it is known who asks. Raises AwsError when that cannot be established."""
    facts = LiveFacts(session)
    try:
        identity = answers.identity(session.reader("sts").get_caller_identity(), session.region)
    except IblintError:
        raise
    except Exception as error:
        failure = classify(error, permission=PERMISSIONS["identity"])
        raise AwsError(failure, "It cannot be established who the caller is") from None
    facts.know("identity", identity)
    return facts
