"""Resources that are evidence for configurations, with the properties that rules read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.dialects.shared.decision_tree import Value, lift
from iblint.dialects.terraform.blocks import content
from iblint.dialects.terraform.policies import structure_of
from iblint.dialects.terraform.values import is_unknown
from iblint.model.record import Record, field
from iblint.model.values import ABSENT, Choice, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.evaluate import Frame
    from iblint.dialects.terraform.scope import Scope
    from iblint.parse.hcl.body import Block

    Properties = dict[str, Value]


class Sibling(Record):
    """How a type of resource is read."""

    kind: str
    properties: Mapping[str, str] = field(default_factory=dict)
    """Argument -> property."""
    blocks: Mapping[str, Any] = field(default_factory=dict)
    policies: tuple[str, ...] = ()
    """Properties that are policies, as JSON texts."""
    finish: Callable[[Properties, Properties], None] | None = None
    """Adds to the properties what the arguments say in another form: ``finish(properties, arguments)``."""


def _profile(made: Properties, arguments: Properties) -> None:
    role = arguments.get("role")
    if role is not None and role.data is not None:
        made["roles"] = Value([role], role.where)


def _role(made: Properties, arguments: Properties) -> None:
    inline = arguments.get("inline_policy")
    if inline is not None:

        def documents(leaf: Value) -> Value:
            if not isinstance(leaf.data, list):
                return leaf
            found = [each.data["policy"] for each in leaf.data if isinstance(each.data, dict) and "policy" in each.data]
            return Value([Value({"policyDocument": structure_of(each)}, each.where) for each in found], leaf.where)

        made["policies"] = lift(documents, inline, expression="inline_policy")


_PORTS = {"from_port": "fromPort", "to_port": "toPort", "protocol": "ipProtocol", "ip_protocol": "ipProtocol"}
_SOURCES = {
    "cidr_blocks": "cidrIp",
    "ipv6_cidr_blocks": "cidrIpv6",
    "security_groups": "sourceSecurityGroupId",
    "prefix_list_ids": "sourcePrefixListId",
}


def inbound(rule: Value) -> Value:
    """Return an inbound rule of Terraform, whose sources are lists, as rules with one source each."""
    data = rule.data
    if not isinstance(data, dict):
        return Value([rule], rule.where)
    ports = {member: data[name] for name, member in _PORTS.items() if name in data and data[name].data is not None}
    found: list[Value] = []
    for name, member in _SOURCES.items():
        sources = data.get(name)
        if sources is None or sources.data is None:
            continue
        listed = sources.data if isinstance(sources.data, list) else [Value(_item(sources), sources.where)]
        found += [Value({**ports, member: item}, rule.where) for item in listed]
    return Value(
        found or [Value({**ports, "sourceSecurityGroupId": Value("self", rule.where)}, rule.where)], rule.where
    )


def _item(sources: Value) -> Any:
    data = sources.data
    if isinstance(data, Choice):
        return Unresolved(data.expression, "it depends on a condition")
    return data


def _group(made: Properties, arguments: Properties) -> None:
    ingress = arguments.get("ingress")
    if ingress is None:
        return

    def rules(leaf: Value) -> Value:
        if leaf.data is None or not isinstance(leaf.data, list):
            return Value(ABSENT if leaf.data is None else [leaf], leaf.where)
        return Value([each for rule in leaf.data for each in inbound(rule).data], leaf.where)

    made["securityGroupIngress"] = lift(rules, ingress, expression="ingress")


def _topic(made: Properties, arguments: Properties) -> None:  # noqa: ARG001 - the signature
    key = made.get("kmsMasterKeyId")
    if key is not None:
        made["kmsMasterKeyId"] = lift(
            lambda leaf: Value(ABSENT, leaf.where) if leaf.data == "" else leaf, key, expression="kms_master_key_id"
        )


_RECIPE = {"name": "name", "version": "version", "parent_image": "parentImage", "container_type": "containerType"}
_GROUP = Sibling("SecurityGroup", {"vpc_id": "vpcId", "name": "groupName"}, {"ingress": {}}, (), _group)
_SUBNET = Sibling("Subnet", {"vpc_id": "vpcId", "availability_zone": "availabilityZone"})

SIBLINGS: Mapping[str, Sibling] = {
    "aws_imagebuilder_image_pipeline": Sibling(
        "ImagePipeline",
        {
            "name": "name",
            "infrastructure_configuration_arn": "infrastructureConfigurationArn",
            "container_recipe_arn": "containerRecipeArn",
            "image_recipe_arn": "imageRecipeArn",
            "execution_role": "executionRole",
        },
    ),
    "aws_imagebuilder_image": Sibling(
        "Image",
        {
            "infrastructure_configuration_arn": "infrastructureConfigurationArn",
            "container_recipe_arn": "containerRecipeArn",
            "image_recipe_arn": "imageRecipeArn",
            "execution_role": "executionRole",
        },
    ),
    "aws_imagebuilder_container_recipe": Sibling("ContainerRecipe", _RECIPE),
    "aws_imagebuilder_image_recipe": Sibling("ImageRecipe", _RECIPE),
    "aws_imagebuilder_component": Sibling("Component", {"name": "name", "version": "version", "platform": "platform"}),
    "aws_sns_topic": Sibling("Topic", {"name": "topicName", "kms_master_key_id": "kmsMasterKeyId"}, {}, (), _topic),
    "aws_sns_topic_policy": Sibling("TopicPolicy", {"policy": "policyDocument"}, {}, ("policyDocument",)),
    "aws_kms_key": Sibling("Key", {"policy": "keyPolicy"}, {}, ("keyPolicy",)),
    "aws_kms_alias": Sibling("Alias", {"name": "aliasName", "target_key_id": "targetKeyId"}),
    "aws_iam_instance_profile": Sibling("InstanceProfile", {"name": "instanceProfileName"}, {}, (), _profile),
    "aws_iam_role": Sibling(
        "Role",
        {
            "name": "roleName",
            "managed_policy_arns": "managedPolicyArns",
            "assume_role_policy": "assumeRolePolicyDocument",
        },
        {"inline_policy": {}},
        ("assumeRolePolicyDocument",),
        _role,
    ),
    "aws_iam_role_policy": Sibling(
        "RolePolicy", {"role": "roleName", "policy": "policyDocument"}, {}, ("policyDocument",)
    ),
    "aws_iam_policy": Sibling(
        "ManagedPolicy", {"name": "managedPolicyName", "policy": "policyDocument"}, {}, ("policyDocument",)
    ),
    "aws_security_group": _GROUP,
    "aws_default_security_group": _GROUP,
    "aws_subnet": _SUBNET,
    "aws_default_subnet": _SUBNET,
    "aws_vpc": Sibling("VPC"),
    "aws_default_vpc": Sibling("VPC"),
    "aws_s3_bucket": Sibling("Bucket", {"bucket": "bucketName"}),
}

AWSCC: Mapping[str, str] = {
    "awscc_imagebuilder_image_pipeline": "ImagePipeline",
    "awscc_imagebuilder_image": "Image",
    "awscc_imagebuilder_container_recipe": "ContainerRecipe",
    "awscc_imagebuilder_image_recipe": "ImageRecipe",
    "awscc_imagebuilder_component": "Component",
    "awscc_sns_topic": "Topic",
    "awscc_kms_key": "Key",
    "awscc_kms_alias": "Alias",
    "awscc_iam_instance_profile": "InstanceProfile",
    "awscc_iam_role": "Role",
    "awscc_iam_role_policy": "RolePolicy",
    "awscc_iam_managed_policy": "ManagedPolicy",
    "awscc_ec2_security_group": "SecurityGroup",
    "awscc_ec2_security_group_ingress": "SecurityGroupIngress",
    "awscc_ec2_subnet": "Subnet",
    "awscc_ec2_vpc": "VPC",
    "awscc_s3_bucket": "Bucket",
}
"""Types of the awscc provider, whose attributes are those of CloudFormation in snake case."""

ATTACHMENTS: Mapping[str, Mapping[str, Any]] = {
    "aws_iam_role_policy_attachment": {},
    "aws_iam_policy_attachment": {},
    "aws_iam_role_policy_attachments_exclusive": {},
    "aws_security_group_rule": {},
    "aws_vpc_security_group_ingress_rule": {},
    "aws_kms_key_policy": {},
}
"""Types that add to another resource, or that stand for several."""

_POLICIES = frozenset({"keyPolicy", "policyDocument", "assumeRolePolicyDocument"})


def arguments_of(scope: Scope, block: Block, frame: Frame) -> Properties:
    """Return the arguments of a resource that is evidence."""
    sibling = SIBLINGS.get(block.labels[0])
    return content(scope, block.body, {} if sibling is None else sibling.blocks, frame)


def properties_of(type: str, arguments: Properties) -> Properties:
    """Return the properties of a resource from its arguments, named as in CloudFormation."""
    sibling = SIBLINGS.get(type)
    if sibling is None:
        made = {camel(name): _camel(value) for name, value in arguments.items()}
        return {name: structure_of(value) if name in _POLICIES else value for name, value in made.items()}
    made = {member: arguments[name] for name, member in sibling.properties.items() if name in arguments}
    for name in sibling.policies:
        if name in made:
            made[name] = structure_of(made[name])
    if sibling.finish is not None:
        sibling.finish(made, arguments)
    return made


def camel(name: str) -> str:
    """Return ``instance_types`` as ``instanceTypes``."""
    first, *others = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def _camel(value: Value) -> Value:
    if isinstance(value.data, Choice):
        return lift(_camel, value, expression=value.data.expression)
    if is_unknown(value.data):
        return value
    if isinstance(value.data, dict):
        return Value({camel(str(name)): _camel(item) for name, item in value.data.items()}, value.where)
    if isinstance(value.data, list):
        return Value([_camel(item) for item in value.data], value.where)
    return value
