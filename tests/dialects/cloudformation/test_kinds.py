"""Kinds: what a reference certainly is, although its value is not known before the deployment."""

from __future__ import annotations

from pathlib import Path

import pytest

from iblint.model.kinds import ANY, fits_length, is_expected, is_made_by_aws, item_of, list_of
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from tests.dialects.cloudformation.templates import FAIL, NOT_APPLICABLE, PASS, UNKNOWN, finding, template, verdicts

SOUND = Path(__file__).parent / "sound"
GROUP = {"GroupDescription": "builds", "VpcId": {"Ref": "Vpc"}}
SIBLINGS = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24"}},
    "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": GROUP},
    "Classic": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "builds"}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
    "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
    "Topic": {"Type": "AWS::SNS::Topic"},
    "Fifo": {"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": True}},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}},
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "KeyPair": {"Type": "AWS::EC2::KeyPair", "Properties": {"KeyName": "k"}},
    "Other": {"Type": "Custom::Thing"},
}
PARAMETERS = {
    "SubnetParam": {"Type": "AWS::EC2::Subnet::Id"},
    "VpcParam": {"Type": "AWS::EC2::VPC::Id"},
    "GroupParam": {"Type": "AWS::EC2::SecurityGroup::Id"},
    "GroupsParam": {"Type": "List<AWS::EC2::SecurityGroup::Id>"},
    "SubnetsParam": {"Type": "List<AWS::EC2::Subnet::Id>"},
    "KeyParam": {"Type": "AWS::EC2::KeyPair::KeyName"},
    "StoredSubnet": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>"},
    "StoredGroups": {"Type": "AWS::SSM::Parameter::Value<List<AWS::EC2::SecurityGroup::Id>>"},
    "Text": {"Type": "String"},
    "Texts": {"Type": "CommaDelimitedList"},
    "Number": {"Type": "Number"},
}


def ref(name):
    return {"Ref": name}


def att(name, attribute):
    return {"Fn::GetAtt": [name, attribute]}


def sub(text):
    return {"Fn::Sub": text}


def judged(judge, properties, **sections):
    sections.setdefault("Parameters", PARAMETERS)
    resources = SIBLINGS | sections.pop("Resources", {})
    report = judge(template(properties, Resources=resources, **sections))
    assert report.problems == ()
    return report


@pytest.mark.parametrize(
    ("rule", "member", "value", "expected"),
    [
        # the name of the profile
        ("IB106", "InstanceProfileName", ref("Profile"), PASS),
        ("IB106", "InstanceProfileName", sub("${Profile}"), PASS),
        ("IB106", "InstanceProfileName", att("Profile", "Arn"), FAIL),
        ("IB106", "InstanceProfileName", sub("${Profile.Arn}"), FAIL),
        ("IB106", "InstanceProfileName", ref("Role"), FAIL),
        ("IB106", "InstanceProfileName", att("Role", "Arn"), FAIL),
        ("IB106", "InstanceProfileName", ref("Topic"), FAIL),
        ("IB106", "InstanceProfileName", ref("Subnet"), FAIL),
        ("IB106", "InstanceProfileName", ref("Bucket"), UNKNOWN),  # the profile may have that name
        ("IB106", "InstanceProfileName", ref("Other"), UNKNOWN),
        ("IB106", "InstanceProfileName", ref("Text"), UNKNOWN),
        ("IB106", "InstanceProfileName", sub("x-${Profile}"), UNKNOWN),
        # the id of the subnet
        ("IB110", "SubnetId", ref("Subnet"), PASS),
        ("IB110", "SubnetId", att("Subnet", "SubnetId"), PASS),
        ("IB110", "SubnetId", ref("SubnetParam"), PASS),
        ("IB110", "SubnetId", ref("StoredSubnet"), PASS),
        ("IB110", "SubnetId", {"Fn::Select": [0, ref("SubnetsParam")]}, PASS),
        ("IB110", "SubnetId", ref("Vpc"), FAIL),
        ("IB110", "SubnetId", ref("VpcParam"), FAIL),
        ("IB110", "SubnetId", ref("Group"), FAIL),
        ("IB110", "SubnetId", att("Subnet", "CidrBlock"), FAIL),
        ("IB110", "SubnetId", att("Subnet", "AvailabilityZone"), FAIL),
        ("IB110", "SubnetId", {"Fn::Select": [0, ref("GroupsParam")]}, FAIL),
        ("IB110", "SubnetId", ref("Text"), UNKNOWN),
        ("IB110", "SubnetId", {"Fn::Select": [0, ref("Texts")]}, UNKNOWN),
        ("IB110", "SubnetId", {"Fn::ImportValue": "subnet"}, UNKNOWN),
        ("IB110", "SubnetId", att("Other", "SubnetId"), UNKNOWN),
        ("IB103", "SubnetId", ref("SubnetsParam"), FAIL),
        ("IB103", "SubnetId", {"Fn::GetAZs": ""}, FAIL),
        # the ids of the groups
        ("IB110", "SecurityGroupIds", [ref("Group")], PASS),
        ("IB110", "SecurityGroupIds", [att("Group", "GroupId"), att("Vpc", "DefaultSecurityGroup")], PASS),
        ("IB110", "SecurityGroupIds", [ref("GroupParam")], PASS),
        ("IB110", "SecurityGroupIds", ref("GroupsParam"), PASS),
        ("IB110", "SecurityGroupIds", ref("StoredGroups"), PASS),
        ("IB110", "SecurityGroupIds", [ref("Classic")], UNKNOWN),  # it may be the name
        ("IB110", "SecurityGroupIds", [ref("Group"), ref("Subnet")], FAIL),
        ("IB110", "SecurityGroupIds", ref("SubnetsParam"), FAIL),
        ("IB110", "SecurityGroupIds", ref("Texts"), UNKNOWN),
        ("IB103", "SecurityGroupIds", ref("GroupsParam"), PASS),
        ("IB103", "SecurityGroupIds", [ref("Group")], PASS),
        ("IB103", "SecurityGroupIds", ref("Group"), FAIL),
        ("IB103", "SecurityGroupIds", ref("GroupParam"), FAIL),
        ("IB103", "SecurityGroupIds", ref("Text"), FAIL),
        ("IB103", "SecurityGroupIds", [ref("GroupsParam")], FAIL),
        ("IB103", "SecurityGroupIds", [ref("Texts")], FAIL),
        ("IB103", "SecurityGroupIds", [{"Fn::Split": [",", ref("Text")]}], FAIL),
        ("IB103", "SecurityGroupIds", {"Fn::Split": [",", ref("Text")]}, PASS),
        ("IB103", "SecurityGroupIds", att("Other", "Ids"), UNKNOWN),
        # items that are empty or repeated
        ("IB109", "SecurityGroupIds", [ref("Group"), ref("GroupParam")], PASS),
        ("IB109", "SecurityGroupIds", [ref("Group"), "sg-0aa1e7c25d30f4b69"], PASS),
        ("IB109", "SecurityGroupIds", [ref("GroupParam"), "sg-0aa1e7c25d30f4b69"], UNKNOWN),
        ("IB109", "SecurityGroupIds", [ref("Group"), ref("Group")], FAIL),
        ("IB109", "SecurityGroupIds", [ref("Group"), att("Group", "GroupId")], FAIL),
        ("IB109", "SecurityGroupIds", [ref("GroupParam"), ref("GroupParam")], FAIL),
        ("IB109", "SecurityGroupIds", [ref("Text")], UNKNOWN),
        # the ARN of the topic
        ("IB112", "SnsTopicArn", ref("Topic"), PASS),
        ("IB112", "SnsTopicArn", att("Topic", "TopicArn"), PASS),
        ("IB112", "SnsTopicArn", sub("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:builds"), PASS),
        ("IB112", "SnsTopicArn", sub("arn:aws:sns:eu-west-1:${AWS::AccountId}:builds"), PASS),
        ("IB112", "SnsTopicArn", sub("arn:aws:sns:eu-west-1:${AWS::AccountId}:builds.fifo"), FAIL),
        ("IB112", "SnsTopicArn", sub("arn:aws:sns:eu-west-1:${AWS::AccountId}:${Text}"), UNKNOWN),
        ("IB112", "SnsTopicArn", att("Topic", "TopicName"), FAIL),
        ("IB112", "SnsTopicArn", ref("Fifo"), FAIL),
        ("IB112", "SnsTopicArn", att("Key", "Arn"), FAIL),
        ("IB112", "SnsTopicArn", ref("Bucket"), FAIL),
        # the name of the bucket
        ("IB118", "Logging", {"S3Logs": {"S3BucketName": ref("Bucket")}}, PASS),
        ("IB118", "Logging", {"S3Logs": {"S3BucketName": att("Bucket", "Arn")}}, FAIL),
        ("IB118", "Logging", {"S3Logs": {"S3BucketName": att("Bucket", "DomainName")}}, FAIL),
        ("IB118", "Logging", {"S3Logs": {"S3BucketName": ref("Text")}}, UNKNOWN),
        # the key pair
        ("IB207", "KeyPair", ref("KeyPair"), FAIL),
        ("IB207", "KeyPair", ref("KeyParam"), FAIL),
        ("IB207", "KeyPair", ref("Text"), UNKNOWN),
        # what is no text and no list
        ("IB103", "TerminateInstanceOnFailure", ref("Text"), UNKNOWN),
        ("IB103", "InstanceMetadataOptions", {"HttpPutResponseHopLimit": ref("Text")}, UNKNOWN),
        ("IB103", "InstanceMetadataOptions", {"HttpPutResponseHopLimit": ref("Texts")}, UNKNOWN),
        ("IB103", "InstanceMetadataOptions", ref("Text"), FAIL),
        ("IB201", "InstanceMetadataOptions", {"HttpTokens": ref("Topic")}, UNKNOWN),
    ],
)
def test_a_reference_is_judged_by_its_kind(judge, rule, member, value, expected):
    assert verdicts(judged(judge, {member: value}))[rule] is expected


def test_the_message_says_what_the_value_is(judge):
    report = judged(judge, {"SubnetId": ref("Vpc")})
    assert finding(report, "IB110").message.startswith('SubnetId is {"Ref": "Vpc"} (VPC id), which is not a subnet id.')
    report = judged(judge, {"SecurityGroupIds": [ref("GroupsParam")]})
    assert "(list of security group ids), but must be a string" in finding(report, "IB103").message


@pytest.mark.parametrize(
    ("names", "role", "expected"),
    [
        (("builds",), None, FAIL),
        ((), "builds", FAIL),
        (("other",), "builds", FAIL),
        (("builds",), "builds", UNKNOWN),
        ((ref("Role"),), None, UNKNOWN),
        ((ref("Text"),), None, UNKNOWN),
        (("other", sub("${AWS::StackName}-x")), "builds", UNKNOWN),
    ],
)
def test_a_role_is_no_profile_unless_one_may_have_its_name(judge, names, role, expected):
    resources = {
        f"Own{number}": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"InstanceProfileName": name, "Roles": []}}
        for number, name in enumerate(names)
    }
    properties = {"AssumeRolePolicyDocument": {}} | ({"RoleName": role} if role else {})
    resources["Role"] = {"Type": "AWS::IAM::Role", "Properties": properties}
    assert verdicts(judged(judge, {"InstanceProfileName": ref("Role")}, Resources=resources))["IB106"] is expected


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ({"FifoTopic": False}, PASS),
        ({"FifoTopic": "true"}, FAIL),
        ({"FifoTopic": ref("Text")}, UNKNOWN),
        ({"Fn::Transform": {"Name": "Defaults"}}, UNKNOWN),
    ],
)
def test_a_fifo_topic_is_no_topic_for_builds(judge, topic, expected):
    resources = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": topic}}
    assert verdicts(judged(judge, {"SnsTopicArn": ref("Topic")}, Resources=resources))["IB112"] is expected


def test_what_a_macro_may_replace_has_no_kind(judge):
    report = judged(judge, {"SubnetId": ref("Vpc")}, Transform="OurMacro")
    assert verdicts(report)["IB110"] is UNKNOWN


def test_both_branches_of_a_condition_are_judged(judge):
    sections = {"Conditions": {"IsOn": {"Fn::Equals": [ref("Text"), "on"]}}}
    for other, expected in ((ref("Vpc"), UNKNOWN), (ref("SubnetParam"), PASS)):
        value = {"Fn::If": ["IsOn", ref("Subnet"), other]}
        assert verdicts(judged(judge, {"SubnetId": value}, **sections))["IB110"] is expected
    value = {"Fn::If": ["IsOn", ref("Vpc"), att("Subnet", "CidrBlock")]}
    assert verdicts(judged(judge, {"SubnetId": value}, **sections))["IB110"] is FAIL


@pytest.mark.parametrize("spelling", [ref("Subnet"), att("Subnet", "SubnetId"), sub("${Subnet}")])
def test_a_reference_gives_the_verdicts_of_a_literal(judge, spelling):
    """Metamorphic, for all rules that look at the format."""
    literal, reference = (
        verdicts(judged(judge, {"SubnetId": value, "SecurityGroupIds": [ref("Group")]}))
        for value in ("subnet-0f3c5a9d17e2b4680", spelling)
    )
    formats = [code for code in literal if code.startswith(("IB1", "IB2", "IB3"))]
    assert {code: literal[code] for code in formats} == {code: reference[code] for code in formats}


@pytest.mark.parametrize("path", sorted(SOUND.iterdir()), ids=lambda path: path.name)
def test_sound_templates_have_no_open_question(path, monkeypatch):
    monkeypatch.chdir(SOUND)
    report = check_paths([path.name], Settings(strict=True), rules=load_packs(Settings()))
    open_ = [o for c in report.configurations for o in c.outcomes if o.verdict not in (PASS, NOT_APPLICABLE)]
    assert (open_, report.findings, report.problems, report.exit_code) == ([], (), (), 0)
    assert report.configurations


def test_there_are_ten_sound_templates_and_all_refer_to_their_own_resources():
    texts = [path.read_text(encoding="utf-8") for path in SOUND.iterdir()]
    assert len(texts) >= 10
    assert all("Ref" in text and "InfrastructureConfiguration" in text for text in texts)


def test_what_is_expected():
    assert is_expected("subnet id", "subnet id") is True
    assert is_expected("VPC id", "subnet id") is False
    assert is_expected("subnet ids", "subnet id") is False
    assert is_expected("S3 bucket name", "instance profile name") is None
    assert is_expected("IAM role name", "instance profile name") is False
    assert is_expected("text", ANY) is is_expected(None, ANY) is is_expected("text", "subnet id") is None
    assert is_expected("VPC id", ANY) is True
    assert is_expected(list_of("subnet id"), "subnet id") is False
    assert (item_of("list of subnet ids"), item_of("subnet id"), item_of(None)) == ("subnet id", None, None)
    assert [is_made_by_aws(kind) for kind in ("VPC id", "text", None, list_of("text"))] == [True, False, False, False]
    assert [fits_length("VPC id", least, 64) for least in (0, 1, 2)] == [True, True, False]
    assert [fits_length("VPC id", 1, most) for most in (None, 63, 64)] == [True, False, True]
    assert [fits_length("text", least, most) for least, most in ((0, None), (1, None), (0, 5))] == [True, False, False]
