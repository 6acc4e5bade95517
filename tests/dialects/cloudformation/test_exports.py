"""Stacks that import from each other: templates without anything of Image Builder are evidence when they export it."""

from __future__ import annotations

import json

import pytest

from iblint.model.settings import Override, Settings
from iblint.pipeline import check_paths
from tests.dialects.cloudformation.conftest import RULES
from tests.dialects.cloudformation.templates import FAIL, PASS, UNKNOWN, finding, template, verdict

TARGET = {"account": "111122223333", "region": "eu-west-1"}
IMPORTING = template({"SnsTopicArn": {"Fn::ImportValue": "shared-topic"}})


def exporting(value, name="shared-topic", **resources):
    return {"Resources": resources, "Outputs": {"Topic": {"Value": value, "Export": {"Name": name}}}}


def topic(**properties):
    return {"Type": "AWS::SNS::Topic", "Properties": properties}


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """Judge templates, each a file, in the order given. They are for one account and Region."""
    monkeypatch.chdir(tmp_path)

    def judged(*templates, **settings):
        names = [f"{number}.json" for number in range(len(templates))]
        for name, content in zip(names, templates, strict=True):
            (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return check_paths(names, Settings(**TARGET, **settings), rules=RULES)

    return judged


def test_a_topic_of_another_stack_is_seen_through_its_export(judge):
    others = exporting({"Ref": "Topic"}, Topic=topic())
    assert verdict(judge(IMPORTING, others), "IB204") is PASS
    assert verdict(judge(others, IMPORTING), "IB204") is PASS
    assert verdict(judge(IMPORTING), "IB204") is UNKNOWN


def test_a_foreign_key_of_the_topic_of_another_stack_is_seen(judge):
    foreign = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    others = exporting({"Ref": "Topic"}, Topic=topic(KmsMasterKeyId=foreign))
    report = judge(IMPORTING, others)
    assert verdict(report, "IB204") is FAIL
    assert "444455556666" in finding(report, "IB204").message


def test_a_key_of_a_third_stack_is_seen_through_both_exports(judge):
    second = exporting({"Ref": "Topic"}, Topic=topic(KmsMasterKeyId={"Fn::ImportValue": "shared-key"}))
    third = {
        "Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}}},
        "Outputs": {"Key": {"Value": {"Ref": "Key"}, "Export": {"Name": "shared-key"}}},
    }
    assert verdict(judge(IMPORTING, second, third), "IB204") is PASS
    assert verdict(judge(IMPORTING, second), "IB204") is UNKNOWN


def test_an_open_group_of_a_network_stack_is_seen(judge):
    ingress = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}]
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": ingress}}
    importing = template(
        {"SecurityGroupIds": [{"Fn::ImportValue": "builders"}], "SubnetId": "subnet-0123456789abcdef0"}
    )
    report = judge(importing, exporting({"Fn::GetAtt": ["Group", "GroupId"]}, "builders", Group=group))
    assert verdict(report, "IB504") is FAIL
    assert [place.file for place in finding(report, "IB504").related] == ["1.json"]
    assert "1.json" in report.texts


def test_an_export_that_two_stacks_have_names_nothing(judge):
    others = exporting({"Ref": "Topic"}, Topic=topic())
    assert verdict(judge(IMPORTING, others, others), "IB204") is UNKNOWN


def test_an_import_whose_name_is_not_known_names_nothing(judge):
    importing = template({"SnsTopicArn": {"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-topic"}}})
    assert verdict(judge(importing, exporting({"Ref": "Topic"}, Topic=topic())), "IB204") is UNKNOWN


ENV = {"Parameters": {"Env": {"Type": "String", "Default": "shared"}}}
COMPOSED = [
    {"Fn::Sub": "${Env}-topic"},
    {"Fn::Sub": ["${E}-topic", {"E": {"Ref": "Env"}}]},
    {"Fn::Join": ["-", [{"Ref": "Env"}, "topic"]]},
]


@pytest.mark.parametrize("name", COMPOSED)
def test_names_that_parameters_decide_are_known(judge, name):
    importing = template({"SnsTopicArn": {"Fn::ImportValue": name}}, **ENV)
    exports = exporting({"Ref": "Topic"}, name, Topic=topic()) | ENV
    for others in (exports, exporting({"Ref": "Topic"}, Topic=topic())):
        assert verdict(judge(importing, others), "IB204") is PASS
    assert verdict(judge(IMPORTING, exports), "IB204") is PASS
    assert verdict(judge(IMPORTING, exports, exporting("x")), "IB204") is UNKNOWN


def test_a_name_that_a_parameter_without_a_value_decides_names_nothing(judge):
    exports = exporting({"Ref": "Topic"}, {"Fn::Sub": "${Env}-topic"}, Topic=topic())
    assert verdict(judge(IMPORTING, exports | {"Parameters": {"Env": {"Type": "String"}}}), "IB204") is UNKNOWN


@pytest.mark.parametrize(
    ("exports", "expected"),
    [
        (exporting("arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab", "key"), FAIL),
        (exporting("1234abcd-12ab-34cd-56ef-1234567890ab", "key"), PASS),
        (exporting({"Fn::ImportValue": "key"}, "key"), UNKNOWN),
    ],
)
def test_a_key_that_another_stack_exports_as_text_is_known(judge, exports, expected):
    made = template(
        {"SnsTopicArn": {"Ref": "Topic"}}, Resources={"Topic": topic(KmsMasterKeyId={"Fn::ImportValue": "key"})}
    )
    exports["Resources"]["Other"] = {"Type": "AWS::SNS::Topic"}
    assert verdict(judge(made, exports), "IB204") is expected


def test_nothing_is_imported_from_another_account(judge):
    others = exporting({"Ref": "Topic"}, Topic=topic())
    mine, theirs = (Override((name,), account=account) for name, account in (("0.*", "1" * 12), ("1.*", "2" * 12)))
    assert verdict(judge(IMPORTING, others, overrides=(mine, theirs)), "IB204") is UNKNOWN
    assert verdict(judge(IMPORTING, others, overrides=(mine,)), "IB204") is UNKNOWN
    both = (mine, Override(("1.*",), account="1" * 12))
    assert verdict(judge(IMPORTING, others, overrides=both), "IB204") is PASS


@pytest.mark.parametrize("target", [{}, {"account": "111122223333"}, {"region": "eu-west-1"}])
def test_an_import_is_certain_only_if_account_and_region_are_declared(tmp_path, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    for name, content in (("a.json", IMPORTING), ("b.json", exporting({"Ref": "Topic"}, Topic=topic()))):
        (tmp_path / name).write_text(json.dumps(content))
    assert verdict(check_paths(["."], Settings(**target), rules=RULES), "IB204") is UNKNOWN
    assert verdict(check_paths(["."], Settings(**TARGET), rules=RULES), "IB204") is PASS


@pytest.mark.parametrize(
    "others",
    [
        '{"AWS::": "Export shared-topic"',
        '["AWS::", "Export", "shared-topic"]',
        '{"Resources": {"AWS::": 1}, "Outputs": {"Export": "shared-topic"}}',
        '{"Resources": {}, "Outputs": {"a": {"Export": {"Name": "shared-topic"}, "Value": ["AWS::"]}}}',
    ],
)
def test_a_file_of_others_is_no_problem_of_the_run(judge, others):
    report = judge(IMPORTING, others)
    assert verdict(report, "IB204") is UNKNOWN
    assert report.problems == ()
    assert len(report.configurations) == 1
