"""IB501 to IB505: what a condition or a parameter decides about evidence does not decide a verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iblint.model.document import Source
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_sources
from tests.dialects.cloudformation.templates import FAIL, PASS, UNKNOWN

RULES = load_packs(Settings())
SLR = "arn:aws:iam::111122223333:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder"
NO_VALUE = {"Ref": "AWS::NoValue"}
CONDITIONS = {
    "Always": {"Fn::Equals": ["x", "x"]},
    "Never": {"Fn::Equals": ["x", "y"]},
    "Is": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
    "IsNot": {"Fn::Not": [{"Condition": "Is"}]},
}
"""Two that are decided, and two of which exactly one is true."""


def judge(rule: str, configuration: dict[str, Any], condition: str | None = None, **siblings: Any):
    """The verdict of a rule on the configuration 'Web' of a template."""
    properties = {"Name": "web", "InstanceProfileName": "b", **configuration}
    web = resource("ImageBuilder::InfrastructureConfiguration", condition, **properties)
    made = {
        "Parameters": {"Env": {"Type": "String"}, "Any": {"Type": "String"}},
        "Conditions": CONDITIONS,
        "Resources": {"Web": web, **siblings},
    }
    report = check_sources([Source("t.json", json.dumps(made).encode())], Settings(select=(rule,)), RULES)
    (judged,) = report.configurations
    assert not report.problems
    return judged.outcomes[0].verdict


def resource(type: str, condition: str | None = None, /, **properties: Any) -> dict[str, Any]:
    made = {"Type": f"AWS::{type}", "Properties": properties}
    return made | ({"Condition": condition} if condition else {})


def if_(condition: str, one: Any, other: Any = NO_VALUE) -> dict[str, Any]:
    return {"Fn::If": [condition, one, other]}


# IB501: the policy of the key

OTHER_ROLE = "arn:aws:iam::111122223333:role/other"
ALLOW = {"Effect": "Allow", "Principal": {"AWS": SLR}, "Action": "kms:*", "Resource": "*"}
DENY = {**ALLOW, "Effect": "Deny"}
OPEN_EFFECT = {**ALLOW, "Effect": {"Ref": "Any"}}
ELSEWHERE = {**DENY, "Action": "s3:*"}


def key_policy(*statements: Any, document: Any = None) -> Any:
    policy = {"Statement": list(statements)} if document is None else document
    topic = resource("SNS::Topic", KmsMasterKeyId={"Ref": "Key"})
    key = resource("KMS::Key", KeyPolicy=policy)
    return judge("IB501", {"SnsTopicArn": {"Ref": "Topic"}}, Topic=topic, Key=key)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([ALLOW], PASS),
        ([if_("Always", ALLOW)], PASS),
        ([if_("Never", ALLOW)], FAIL),
        ([if_("Is", ALLOW)], UNKNOWN),
        ([if_("Is", ALLOW, ALLOW)], UNKNOWN),
        ([ALLOW, if_("Is", DENY)], UNKNOWN),
        ([ALLOW, if_("Is", NO_VALUE, DENY)], UNKNOWN),
        ([ALLOW, if_("Never", DENY)], PASS),
        ([ALLOW, if_("Always", DENY)], UNKNOWN),
        ([ALLOW, if_("Is", ELSEWHERE)], PASS),
        ([ALLOW, OPEN_EFFECT], UNKNOWN),
        ([OPEN_EFFECT], UNKNOWN),
        ([ALLOW, {"Ref": "Any"}], UNKNOWN),
        ([ALLOW, {**ALLOW, "Effect": if_("Is", "Allow", "Deny")}], UNKNOWN),
        ([{**ALLOW, "Action": if_("Is", "kms:*", "s3:*")}], UNKNOWN),
        ([{**ALLOW, "Principal": if_("Is", {"AWS": SLR}, {"AWS": "*"})}], PASS),
        ([{**ALLOW, "Principal": if_("Is", {"AWS": SLR}, {"AWS": OTHER_ROLE})}], UNKNOWN),
        ([{**ALLOW, "Principal": {"AWS": if_("Is", SLR, OTHER_ROLE)}}], UNKNOWN),
        ([{**ALLOW, "Principal": {"AWS": if_("Always", SLR, OTHER_ROLE)}}], PASS),
        ([{**ALLOW, "Principal": {"AWS": [OTHER_ROLE, if_("Is", SLR)]}}], UNKNOWN),
        ([{**ALLOW, "Principal": {"AWS": {"Fn::Select": [{"Ref": "Any"}, [SLR, OTHER_ROLE]]}}}], UNKNOWN),
        (
            [
                {
                    **ALLOW,
                    "Principal": "*",
                    "Condition": if_("Is", {"ArnEquals": {"aws:PrincipalArn": SLR}}, {"Bool": {}}),
                }
            ],
            UNKNOWN,
        ),
    ],
)
def test_a_statement_of_a_key_policy_counts_only_if_it_is_certain(statements, expected):
    assert key_policy(*statements) is expected


def test_the_policy_of_a_key_is_judged_in_each_branch():
    allowing, silent = {"Statement": [ALLOW]}, {"Statement": []}
    assert key_policy(document=if_("Is", allowing, silent)) is UNKNOWN
    assert key_policy(document=if_("Always", allowing, silent)) is PASS
    assert key_policy(document=if_("Never", allowing, silent)) is FAIL
    assert key_policy(document={"Statement": if_("Is", [ALLOW], [])}) is UNKNOWN


# IB503: the policies of the role

BUILD, SSM = (
    f"arn:aws:iam::aws:policy/{n}" for n in ("EC2InstanceProfileForImageBuilder", "AmazonSSMManagedInstanceCore")
)


def writes_to(resources: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": resources}]}


WRITES = writes_to("*")
REFUSES = {"Statement": [{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}]}
BUCKET = "arn:aws:s3:::logs/*"
LOGS = {"Logging": {"S3Logs": {"S3BucketName": "logs"}}}


def policies(*policies: Any, managed: Any = (BUILD, SSM), configuration: Any = LOGS, **siblings: Any) -> Any:
    role = resource("IAM::Role", AssumeRolePolicyDocument={}, ManagedPolicyArns=list(managed), Policies=list(policies))
    profile = resource("IAM::InstanceProfile", Roles=[{"Ref": "Role"}])
    uses = {**configuration, "InstanceProfileName": {"Ref": "Profile"}}
    return judge("IB503", uses, Role=role, Profile=profile, **siblings)


def inline(document: Any) -> dict[str, Any]:
    return {"PolicyName": "p", "PolicyDocument": document}


def attached(document: Any, condition: str | None = None) -> dict[str, Any]:
    return resource("IAM::Policy", condition, PolicyName="p", PolicyDocument=document, Roles=[{"Ref": "Role"}])


@pytest.mark.parametrize(
    ("inlines", "expected"),
    [
        ([inline(WRITES)], PASS),
        ([], FAIL),
        ([if_("Is", inline(WRITES))], UNKNOWN),
        ([if_("Always", inline(WRITES))], PASS),
        ([if_("Never", inline(WRITES))], FAIL),
        ([inline(if_("Is", WRITES, REFUSES))], UNKNOWN),
        ([inline(WRITES), inline(REFUSES)], UNKNOWN),
        (
            [inline({"Statement": [{**WRITES["Statement"][0], "Resource": if_("Is", BUCKET, "arn:aws:s3:::x/*")}]})],
            UNKNOWN,
        ),
        ([inline({"Statement": [{**WRITES["Statement"][0], "Resource": if_("Is", BUCKET, "*")}]})], PASS),
        ([inline({"Ref": "Any"})], UNKNOWN),
        ([inline(WRITES), inline({"Statement": [if_("Is", REFUSES["Statement"][0])]})], UNKNOWN),
    ],
)
def test_a_policy_of_the_role_counts_only_if_it_is_certain(inlines, expected):
    assert policies(*inlines) is expected


@pytest.mark.parametrize(
    ("condition", "expected"), [(None, PASS), ("Always", PASS), ("Never", FAIL), ("Is", UNKNOWN), ("IsNot", UNKNOWN)]
)
def test_an_attached_policy_counts_only_if_it_certainly_exists(condition, expected):
    assert policies(More=attached(WRITES, condition)) is expected


@pytest.mark.parametrize(
    ("managed", "expected"),
    [
        ([BUILD, SSM], PASS),
        ([BUILD, if_("Is", SSM)], UNKNOWN),
        ([BUILD, if_("Always", SSM)], PASS),
        ([BUILD, if_("Never", SSM)], FAIL),
        ([BUILD], FAIL),
    ],
)
def test_a_managed_policy_counts_only_if_it_is_certain(managed, expected):
    assert policies(managed=managed, configuration={}) is expected


# IB502: the recipes that are built with the configuration

ARM = "arn:aws:imagebuilder:eu-west-1:aws:image/amazon-linux-2023-arm64/x.x.x"
INTEL = "arn:aws:imagebuilder:eu-west-1:aws:image/amazon-linux-2023-x86/x.x.x"


def recipe(parent: Any, condition: str | None = None) -> dict[str, Any]:
    return resource("ImageBuilder::ImageRecipe", condition, Name="r", Version="1.0.0", ParentImage=parent)


def user(uses: Any = None, condition: str | None = None, builds: Any = None) -> dict[str, Any]:
    return resource(
        "ImageBuilder::ImagePipeline",
        condition,
        Name="p",
        InfrastructureConfigurationArn=uses or {"Ref": "Web"},
        ImageRecipeArn=builds or {"Ref": "Recipe"},
    )


@pytest.mark.parametrize(
    ("pipeline", "expected"),
    [
        (user(), FAIL),
        (user(condition="Always"), FAIL),
        (user(condition="Is"), UNKNOWN),
        (user(if_("Is", {"Ref": "Web"}, {"Ref": "Any"})), UNKNOWN),
        (user(if_("Always", {"Ref": "Web"}, {"Ref": "Any"})), FAIL),
        (user(builds=if_("Is", {"Ref": "Recipe"}, {"Ref": "Any"})), UNKNOWN),
        (user(builds={"Ref": "Good"}), PASS),
    ],
)
def test_a_recipe_counts_only_if_it_is_certainly_built_with_the_configuration(pipeline, expected):
    made = {"Recipe": recipe(ARM), "Good": recipe(INTEL), "P": pipeline}
    assert judge("IB502", {"InstanceTypes": ["m7i.large"]}, **made) is expected


def test_a_pipeline_that_never_exists_is_left_out():
    found = judge("IB502", {"InstanceTypes": ["m7i.large"]}, Recipe=recipe(ARM), P=user(condition="Never"))
    assert found not in (FAIL, PASS, UNKNOWN)


def test_a_pipeline_under_the_condition_of_the_configuration_counts():
    made = {"Recipe": recipe(ARM), "P": user(condition="Is")}
    assert judge("IB502", {"InstanceTypes": ["m7i.large"]}, "Is", **made) is FAIL
    assert judge("IB502", {"InstanceTypes": ["m7i.large"]}, "IsNot", **made) not in (FAIL, UNKNOWN)


# IB504: inbound rules of the security groups

WIDE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}


@pytest.mark.parametrize(("condition", "expected"), [(None, FAIL), ("Always", FAIL), ("Never", PASS), ("Is", UNKNOWN)])
def test_an_inbound_rule_counts_only_if_it_certainly_exists(condition, expected):
    group = resource("EC2::SecurityGroup", GroupDescription="g")
    rule = resource("EC2::SecurityGroupIngress", condition, GroupId={"Ref": "Group"}, **WIDE)
    assert judge("IB504", {"SecurityGroupIds": [{"Ref": "Group"}]}, Group=group, Rule=rule) is expected
    ingress = [WIDE if condition is None else if_(condition, WIDE)]
    inside = resource("EC2::SecurityGroup", GroupDescription="g", SecurityGroupIngress=ingress)
    assert judge("IB504", {"SecurityGroupIds": [{"Ref": "Group"}]}, Group=inside) is expected


# IB505: the VPCs of subnet and groups


def network(subnet_vpc: Any, group_vpc: Any) -> Any:
    siblings = {
        "Subnet": resource("EC2::Subnet", VpcId=subnet_vpc),
        "Group": resource("EC2::SecurityGroup", VpcId=group_vpc),
        "One": resource("EC2::VPC"),
        "Two": resource("EC2::VPC"),
    }
    used = {"SubnetId": {"Ref": "Subnet"}, "SecurityGroupIds": [{"Ref": "Group"}]}
    return judge("IB505", used, **siblings)


@pytest.mark.parametrize(
    ("subnet_vpc", "group_vpc", "expected"),
    [
        ({"Ref": "One"}, {"Ref": "One"}, PASS),
        ({"Ref": "One"}, {"Ref": "Two"}, FAIL),
        ({"Ref": "One"}, if_("Is", {"Ref": "One"}, {"Ref": "Two"}), UNKNOWN),
        ({"Ref": "One"}, if_("Always", {"Ref": "One"}, {"Ref": "Two"}), PASS),
        ({"Ref": "Any"}, {"Ref": "Any"}, PASS),
        ({"Ref": "Any"}, {"Ref": "One"}, UNKNOWN),
    ],
)
def test_the_vpc_of_a_sibling_counts_only_if_it_is_certain(subnet_vpc, group_vpc, expected):
    assert network(subnet_vpc, group_vpc) is expected


def test_the_same_words_in_two_templates_are_two_vpcs():
    """Both stacks refer to a parameter of the same name, but nothing gives them one value."""
    network = {
        "Parameters": {"Vpc": {"Type": "String"}},
        "Resources": {kind: resource(f"EC2::{kind}", VpcId={"Ref": "Vpc"}) for kind in ("Subnet", "SecurityGroup")},
        "Outputs": {"Out": {"Value": {"Ref": "SecurityGroup"}, "Export": {"Name": "group"}}},
    }
    web = resource(
        "ImageBuilder::InfrastructureConfiguration",
        Name="web",
        InstanceProfileName="b",
        SubnetId={"Ref": "Subnet"},
        SecurityGroupIds=[{"Fn::ImportValue": "group"}],
    )
    own = {**network, "Resources": {"Web": web, "Subnet": network["Resources"]["Subnet"]}, "Outputs": {}}
    sources = [Source(f"{n}.json", json.dumps(made).encode()) for n, made in enumerate((own, network))]
    settings = Settings(select=("IB505",), account="111122223333", region="eu-west-1")
    (judged,) = check_sources(sources, settings, RULES).configurations
    assert judged.outcomes[0].verdict is UNKNOWN
