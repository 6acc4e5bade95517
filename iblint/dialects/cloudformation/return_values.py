"""The kinds of what references and parameters of a template are, by the types of resources and parameters.

Sources: "Return values" of each type in the CloudFormation template reference, and "AWS-specific parameter types" in
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html.
docs/cloudformation.md is made from these tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.dialects.cloudformation.intrinsics import is_function
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.shared.decision_tree import as_text
from iblint.model.kinds import (
    BUCKET_NAME,
    FIFO_TOPIC_ARN,
    INSTANCE_PROFILE_NAME,
    KEY_PAIR_NAME,
    ROLE_NAME,
    SECURITY_GROUP_ID,
    SUBNET_ID,
    TEXT,
    TOPIC_ARN,
    list_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

_Attributes: TypeAlias = "Mapping[str, str]"

REF = "Ref"
_VPC_ID = "VPC id"


def _image_builder(what: str) -> _Attributes:
    arn = f"Image Builder {what} ARN"
    return {REF: arn, "Arn": arn, "Name": TEXT}


RETURN_VALUES: Mapping[str, _Attributes] = {
    "AWS::AutoScaling::AutoScalingGroup": {REF: "Auto Scaling group name"},
    "AWS::EC2::Host": {REF: "Dedicated Host id", "HostId": "Dedicated Host id"},
    "AWS::EC2::KeyPair": {REF: KEY_PAIR_NAME, "KeyPairId": "key pair id", "KeyFingerprint": TEXT},
    "AWS::EC2::SecurityGroup": {REF: SECURITY_GROUP_ID, "GroupId": SECURITY_GROUP_ID, "VpcId": _VPC_ID},
    "AWS::EC2::Subnet": {
        REF: SUBNET_ID,
        "SubnetId": SUBNET_ID,
        "VpcId": _VPC_ID,
        "AvailabilityZone": "Availability Zone name",
        "CidrBlock": "CIDR block",
        "Ipv6CidrBlocks": list_of("CIDR block"),
        "NetworkAclAssociationId": "network ACL association id",
    },
    "AWS::EC2::VPC": {
        REF: _VPC_ID,
        "VpcId": _VPC_ID,
        "CidrBlock": "CIDR block",
        "CidrBlockAssociations": list_of("CIDR block association id"),
        "DefaultNetworkAcl": "network ACL id",
        "DefaultSecurityGroup": SECURITY_GROUP_ID,
        "Ipv6CidrBlocks": list_of("CIDR block"),
    },
    "AWS::IAM::InstanceProfile": {REF: INSTANCE_PROFILE_NAME, "Arn": "instance profile ARN"},
    "AWS::IAM::ManagedPolicy": {REF: "IAM policy ARN", "PolicyArn": "IAM policy ARN"},
    "AWS::IAM::Role": {REF: ROLE_NAME, "Arn": "IAM role ARN", "RoleId": "IAM role id"},
    "AWS::ImageBuilder::Component": _image_builder("component"),
    "AWS::ImageBuilder::ContainerRecipe": _image_builder("container recipe"),
    "AWS::ImageBuilder::DistributionConfiguration": _image_builder("distribution configuration"),
    "AWS::ImageBuilder::Image": {**_image_builder("image"), "ImageId": "image id"},
    "AWS::ImageBuilder::ImagePipeline": _image_builder("image pipeline"),
    "AWS::ImageBuilder::ImageRecipe": _image_builder("image recipe"),
    "AWS::ImageBuilder::InfrastructureConfiguration": _image_builder("infrastructure configuration"),
    "AWS::KMS::Alias": {REF: "KMS alias name"},
    "AWS::KMS::Key": {REF: "KMS key id", "KeyId": "KMS key id", "Arn": "KMS key ARN"},
    "AWS::ResourceGroups::Group": {REF: "resource group name", "Arn": "resource group ARN"},
    "AWS::S3::Bucket": {
        REF: BUCKET_NAME,
        "Arn": "S3 bucket ARN",
        "DomainName": "S3 bucket domain",
        "DualStackDomainName": "S3 bucket domain",
        "RegionalDomainName": "S3 bucket domain",
        "WebsiteURL": "S3 bucket address",
    },
    "AWS::SNS::Topic": {REF: TOPIC_ARN, "TopicArn": TOPIC_ARN, "TopicName": "SNS topic name"},
}
"""Type of a resource -> its attributes -> their kinds; Ref under its own name."""

_OF_AWS: Mapping[str, str] = {
    "AWS::EC2::AvailabilityZone::Name": "Availability Zone name",
    "AWS::EC2::Image::Id": "image id",
    "AWS::EC2::Instance::Id": "instance id",
    "AWS::EC2::KeyPair::KeyName": KEY_PAIR_NAME,
    "AWS::EC2::SecurityGroup::GroupName": "security group name",
    "AWS::EC2::SecurityGroup::Id": SECURITY_GROUP_ID,
    "AWS::EC2::Subnet::Id": SUBNET_ID,
    "AWS::EC2::VPC::Id": _VPC_ID,
    "AWS::EC2::Volume::Id": "volume id",
    "AWS::Route53::HostedZone::Id": "hosted zone id",
    "AWS::SSM::Parameter::Name": "Parameter Store name",
}
_SINGLE = {"String": TEXT, "Number": TEXT, **_OF_AWS}

PARAMETER_KINDS: Mapping[str, str] = {
    **_SINGLE,
    "CommaDelimitedList": list_of(TEXT),
    **{f"List<{type}>": list_of(kind) for type, kind in _SINGLE.items()},
}
"""Type of a parameter -> the kind of its value. CloudFormation checks that what a type of AWS names exists."""

_STORED = "AWS::SSM::Parameter::Value<"


def parameter_kind(type: str) -> str | None:
    """Return the kind of the value of a parameter, given its type."""
    if type.startswith(_STORED):
        type = type.removeprefix(_STORED).removesuffix(">")
    return PARAMETER_KINDS.get(type)


def kind_of(template: Template, logical_id: str, attribute: str) -> str | None:
    """Return the kind of an attribute of a resource, or of a reference to it (REF); None if it is not known."""
    declared = template.by_id.get(logical_id)
    if declared is None or declared.replaced:
        return None
    kind = RETURN_VALUES.get(declared.type, {}).get(attribute, TEXT if attribute == REF else None)
    if kind == TOPIC_ARN:
        return _topic(declared)
    if declared.type == "AWS::EC2::SecurityGroup" and attribute == REF and "VpcId" not in _properties(declared):
        return TEXT  # the reference to a group without a VPC may be its name
    if kind == ROLE_NAME and _may_name_a_profile(template, declared):
        return TEXT
    return kind


def _properties(declared: Declared) -> Mapping[Any, Any]:
    properties = declared.body.get("Properties", {})
    return properties if isinstance(properties, dict) else {}


def _topic(declared: Declared) -> str:
    """Return the kind of a topic's ARN, which depends on whether it is a FIFO topic."""
    properties = _properties(declared)
    if any(map(is_function, properties)):
        return TEXT
    fifo = as_text(properties.get("FifoTopic", False))
    return {"true": FIFO_TOPIC_ARN, "false": TOPIC_ARN}.get((fifo or "").lower(), TEXT)


def _may_name_a_profile(template: Template, role: Declared) -> bool:
    """Return whether an instance profile of the template may have the name of a role: people use one name for both."""
    own = _properties(role).get("RoleName")
    return any(name == own or not isinstance(name, str) for name in _profile_names(template))


def _profile_names(template: Template) -> Iterator[Any]:
    for declared in template.resources:
        if declared.type == "AWS::IAM::InstanceProfile":
            properties = _properties(declared)
            if "InstanceProfileName" in properties or any(map(is_function, properties)):
                yield properties.get("InstanceProfileName")
