"""Verdicts that an attack got wrong: what proves nothing must leave a core rule unknown, never passed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iblint.model.settings import Override, Settings
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from tests.dialects.cloudformation.templates import FAIL, PASS, UNKNOWN, finding, template, verdict

RULES = load_packs(Settings())
OWN, OTHER = "111122223333", "444455556666"
KEY = f"arn:aws:kms:eu-west-1:{OTHER}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TARGET = {"account": OWN, "region": "eu-west-1"}
NEVER, OPEN = {"Fn::Equals": ["a", "b"]}, {"Fn::Equals": [{"Ref": "Env"}, "prod"]}


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """Judge templates, each a file, in the order given."""
    monkeypatch.chdir(tmp_path)

    def judged(*templates: Any, **settings: Any):
        names = [f"{number}.json" for number in range(len(templates))]
        for name, content in zip(names, templates, strict=True):
            (tmp_path / name).write_text(json.dumps(content))
        return check_paths(names, Settings(**settings), rules=RULES)

    return judged


def sns(region: str, account: str) -> str:
    return f"arn:aws:sns:{region}:{account}:builds"


def with_topic(arn: Any, *, condition: str | None = None, **sections: Any) -> dict[str, Any]:
    """A configuration that notifies ``arn``, beside a topic of the name 'builds' without a key."""
    topic: dict[str, Any] = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "builds"}}
    if condition:
        topic["Condition"] = condition
    resources = {"Topic": topic, **sections.pop("Resources", {})}
    parameters = {"Env": {"Type": "String"}, **sections.pop("Parameters", {})}
    return template({"SnsTopicArn": arn}, Resources=resources, Parameters=parameters, **sections)


def pipeline(recipe: str, configuration: Any, *, kind: str = "ImagePipeline", **more: Any) -> dict[str, Any]:
    properties = {f"{recipe}RecipeArn": {"Fn::ImportValue": "recipe"}, "InfrastructureConfigurationArn": configuration}
    return {"Type": f"AWS::ImageBuilder::{kind}", "Properties": properties, **more}


def one_hop(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    parameters = {"Env": {"Type": "String"}, "Arn": {"Type": "String"}, **sections.pop("Parameters", {})}
    hops = {"InstanceMetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}}
    return template(hops, Resources=resources, Parameters=parameters, **sections)


WEB = {"Ref": "Web"}
AMI = pipeline("Image", WEB)


# Fault 6: evidence of the same account, Region and world


@pytest.mark.parametrize(
    "arn",
    [
        sns("eu-west-1", "999999999999"),
        {"Fn::Sub": "arn:aws:sns:${AWS::Region}:999999999999:builds"},
        {"Fn::Sub": "arn:aws:sns:us-east-1:${AWS::AccountId}:builds"},
        {"Fn::Join": [":", ["arn:aws:sns", {"Ref": "AWS::Region"}, OTHER, "builds"]]},
        {"Fn::Sub": ["arn:${AWS::Partition}:sns:${R}:${AWS::AccountId}:builds", {"R": "eu-west-1"}]},
        {"Fn::If": ["Is", sns("eu-west-1", OWN), {"Ref": "Topic"}]},
        "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:builds",
    ],
)
@pytest.mark.parametrize("declared", [{}, {"account": OWN}, {"region": "eu-west-1"}, {"account": OTHER[::-1]}])
def test_a_topic_of_the_same_name_is_no_evidence_unless_account_and_region_are_the_targets(judge, arn, declared):
    if declared == {"account": OWN} and "us-east-1" in json.dumps(arn):
        declared = {}
    found = verdict(judge(with_topic(arn, Conditions={"Is": OPEN}), **declared), "IB204")
    certain = "Partition" in json.dumps(arn) and "region" in declared
    assert found is (PASS if certain else UNKNOWN)


def test_a_topic_of_the_targets_account_and_region_is_evidence(judge):
    assert verdict(judge(with_topic(sns("eu-west-1", OWN)), **TARGET), "IB204") is PASS
    assert verdict(judge(with_topic(sns("eu-west-2", OWN)), **TARGET), "IB204") is UNKNOWN
    assert verdict(judge(with_topic(sns("eu-west-1", OTHER)), **TARGET), "IB204") is UNKNOWN
    own = {"Fn::Sub": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:builds"}
    assert verdict(judge(with_topic(own)), "IB204") is PASS


def test_the_message_names_the_topic_of_the_same_name(judge):
    shown = finding(judge(with_topic(sns("eu-west-1", OWN))), "IB204")
    assert "'Topic', which has the same name" in shown.message
    assert "--account" in (shown.help or "")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [(NEVER, UNKNOWN), (OPEN, UNKNOWN), ({"Fn::Not": [NEVER]}, PASS), ({"Fn::Equals": [{"Ref": "Set"}, "x"]}, PASS)],
)
@pytest.mark.parametrize(
    "arn", [sns("eu-west-1", OWN), {"Fn::Sub": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:builds"}]
)
def test_a_topic_that_may_not_exist_is_no_evidence(judge, arn, condition, expected):
    sections = {"Conditions": {"Is": condition}, "Parameters": {"Set": {"Type": "String", "Default": "x"}}}
    assert verdict(judge(with_topic(arn, condition="Is", **sections), **TARGET), "IB204") is expected


def test_a_topic_that_exists_wherever_the_configuration_does_is_evidence(judge):
    conditions = {"Is": OPEN, "Both": {"Fn::And": [{"Condition": "Is"}, {"Fn::Equals": [{"Ref": "Env"}, "x"]}]}}
    made = with_topic(sns("eu-west-1", OWN), condition="Is", Conditions=conditions)
    assert verdict(judge(made, **TARGET), "IB204") is UNKNOWN
    for own in ("Is", "Both"):
        made["Resources"]["Web"]["Condition"] = own
        assert verdict(judge(made, **TARGET), "IB204") is PASS
    made["Resources"]["Web"]["Properties"]["SnsTopicArn"] = {
        "Fn::If": ["Is", sns("eu-west-1", OWN), {"Ref": "AWS::NoValue"}]
    }
    del made["Resources"]["Web"]["Condition"]
    assert verdict(judge(made, **TARGET), "IB204") is PASS


def test_a_topic_in_a_loop_that_may_be_empty_is_no_evidence(judge):
    for collection, expected in ((["a"], PASS), ({"Ref": "Names"}, UNKNOWN), ([], UNKNOWN)):
        made = with_topic(sns("eu-west-1", OWN), Parameters={"Names": {"Type": "CommaDelimitedList"}})
        topic = made["Resources"].pop("Topic")
        made["Resources"]["Fn::ForEach::Topics"] = ["Each", collection, {"Topic${Each}": topic}]
        assert verdict(judge(made, **TARGET), "IB204") is expected


def test_a_topic_is_seen_as_it_is_where_the_configuration_exists(judge):
    """With the default the topic has no key; the configuration exists only where it has a foreign one."""
    made = with_topic(
        {"Ref": "Topic"},
        Parameters={"Env": {"Type": "String", "Default": "dev"}},
        Conditions={"IsProd": OPEN},
    )
    made["Resources"]["Topic"]["Properties"]["KmsMasterKeyId"] = {"Fn::If": ["IsProd", KEY, {"Ref": "AWS::NoValue"}]}
    assert verdict(judge(made, **TARGET), "IB204") is PASS
    made["Resources"]["Web"]["Condition"] = "IsProd"
    assert verdict(judge(made, **TARGET), "IB204") is UNKNOWN
    made["Resources"]["Topic"]["Condition"] = "IsProd"
    assert verdict(judge(made, **TARGET), "IB204") is FAIL


@pytest.mark.parametrize("condition", [NEVER, OPEN])
def test_an_export_that_may_not_exist_is_no_evidence(judge, condition):
    importing = template({"SnsTopicArn": {"Fn::ImportValue": "topic"}})
    exporting = {
        "Parameters": {"Env": {"Type": "String"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"Topic": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic"}}},
    }
    assert verdict(judge(importing, exporting, **TARGET), "IB204") is PASS
    exporting["Conditions"] = {"Is": condition}
    exporting["Outputs"]["Topic"]["Condition"] = "Is"
    assert verdict(judge(importing, exporting, **TARGET), "IB204") is UNKNOWN


def test_a_condition_of_another_template_is_another_one(judge):
    """Both stacks compare a parameter Env, but nothing makes them have the same value."""
    choice = {"Fn::If": ["Is", {"Fn::ImportValue": "topic"}, {"Ref": "AWS::NoValue"}]}
    head = {"Parameters": {"Env": {"Type": "String"}}, "Conditions": {"Is": OPEN}}
    key = {"Fn::If": ["Is", {"Ref": "AWS::NoValue"}, KEY]}
    exporting = {
        **head,
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}}},
        "Outputs": {"Topic": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic"}}},
    }
    assert verdict(judge(template({"SnsTopicArn": choice}, **head), exporting, **TARGET), "IB204") is UNKNOWN


@pytest.mark.parametrize("condition", [NEVER, OPEN])
def test_an_alias_that_may_not_exist_is_no_evidence(judge, condition):
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}}
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
        "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/b", "TargetKeyId": {"Ref": "Key"}}},
    }
    made = with_topic({"Ref": "Topic"}, Resources=resources, Conditions={"Is": condition})
    made["Resources"]["Topic"]["Properties"]["KmsMasterKeyId"] = "alias/b"
    assert verdict(judge(made), "IB501") is PASS
    made["Resources"]["Alias"]["Condition"] = "Is"
    assert verdict(judge(made), "IB501") is UNKNOWN


# Fault 7: an open use

OPEN_USES = [
    {"Ref": "Arn"},
    {"Fn::Sub": "${Arn}"},
    {"Fn::Sub": "arn:aws:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/${Env}"},
    {"Fn::Sub": "arn:aws:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/w${Env}b"},
    {"Fn::Join": ["", ["arn:aws:imagebuilder:", {"Ref": "Env"}, ":infrastructure-configuration/web"]]},
    {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "Arn"}]}]},
    {"Fn::Transform": {"Name": "Configuration"}},
    {"Fn::ImportValue": "configuration"},
    {"Fn::ImportValue": {"Fn::Sub": "${Env}-configuration"}},
    {"Fn::GetAtt": ["Nested", "Outputs.Arn"]},
    {"Fn::If": ["Is", {"Ref": "Arn"}, "arn:aws:imagebuilder:eu-west-1:aws:infrastructure-configuration/x"]},
    {"Fn::If": ["Is", {"Ref": "Web"}, {"Ref": "Other"}]},
    f"arn:aws:imagebuilder:eu-west-1:{OWN}:infrastructure-configuration/web",
    "{{resolve:ssm:/infra/arn}}",
]
NESTED = {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "x"}}}


@pytest.mark.parametrize("kind", ["ImagePipeline", "Image"])
@pytest.mark.parametrize("configuration", OPEN_USES, ids=[json.dumps(use)[:40] for use in OPEN_USES])
def test_a_container_pipeline_that_may_use_the_configuration_leaves_the_build_type_unknown(judge, configuration, kind):
    user = pipeline("Container", configuration, kind=kind)
    made = one_hop({"Ami": AMI, "Containers": user, **NESTED}, Conditions={"Is": OPEN})
    report = judge(made)
    assert verdict(report, "IB202") is UNKNOWN
    assert report.configurations[0].build_type == "unknown"
    assert f"The {kind} 'Containers' on line 1 may build containers with it." in finding(report, "IB202").message
    made["Resources"]["Containers"] = pipeline("Image", configuration, kind=kind)
    assert verdict(judge(made), "IB202") is PASS  # an AMI more or less


@pytest.mark.parametrize(
    "configuration",
    [
        {"Fn::Sub": "arn:aws:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/containers"},
        {"Fn::Sub": "arn:aws:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/c-${Env}"},
        {"Fn::Sub": "arn:aws:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/web-${Env}"},
        f"arn:aws:imagebuilder:eu-west-1:{OTHER}:infrastructure-configuration/web",
        {"Fn::Sub": "arn:aws:imagebuilder:us-east-1:${AWS::AccountId}:infrastructure-configuration/web"},
        {"Ref": "Ami"},
    ],
)
def test_a_container_pipeline_that_uses_another_configuration_does_not_matter(judge, configuration):
    made = one_hop({"Ami": AMI, "Containers": pipeline("Container", configuration)})
    assert verdict(judge(made, **TARGET), "IB202") is PASS


def test_a_container_pipeline_of_another_branch_does_not_matter(judge):
    """Where the first configuration exists, the pipeline uses that one."""
    configuration = {"Fn::If": ["Is", {"Ref": "Web"}, {"Ref": "Other"}]}
    made = one_hop({"Ami": pipeline("Image", configuration)}, Conditions={"Is": OPEN})
    assert verdict(judge(made), "IB202") is UNKNOWN
    made["Resources"]["Web"]["Condition"] = "Is"
    assert verdict(judge(made), "IB202") is PASS


def test_an_open_use_in_another_template_of_the_run_counts(judge):
    """Whichever is read first, and unless it is deployed elsewhere or names another configuration."""
    made = one_hop({"Ami": AMI})

    def other(recipe: str, configuration: Any) -> dict[str, Any]:
        parameters = {"Arn": {"Type": "String"}, "Env": {"Type": "String"}}
        return {"Parameters": parameters, "Resources": {"P": pipeline(recipe, configuration)}}

    containers = other("Container", {"Ref": "Arn"})
    assert verdict(judge(made), "IB202") is PASS
    assert verdict(judge(made, containers), "IB202") is UNKNOWN
    assert verdict(judge(containers, made), "IB202") is UNKNOWN
    assert "of 1.json may build containers" in finding(judge(made, containers), "IB202").message
    assert verdict(judge(made, other("Image", {"Ref": "Arn"})), "IB202") is PASS
    named = {"Fn::Sub": "arn:aws:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/c-${Env}"}
    assert verdict(judge(made, other("Container", named)), "IB202") is PASS
    elsewhere = tuple(Override((f"{n}.*",), account=account) for n, account in enumerate((OWN, OTHER)))
    assert verdict(judge(made, containers, overrides=elsewhere), "IB202") is PASS


# Fault 20: an AMI pipeline that is not, or may not be


@pytest.mark.parametrize("condition", [NEVER, OPEN, {"Fn::Equals": [{"Ref": "Set"}, "y"]}])
def test_an_ami_pipeline_that_may_not_exist_is_no_evidence(judge, condition):
    sections = {"Conditions": {"Is": condition}, "Parameters": {"Set": {"Type": "String", "Default": "x"}}}
    made = one_hop({"Ami": AMI | {"Condition": "Is"}}, **sections)
    assert verdict(judge(made), "IB202") is UNKNOWN
    made["Resources"]["Web"]["Condition"] = "Is"
    assert verdict(judge(made), "IB202") is PASS


@pytest.mark.parametrize("condition", ["Fn::Equals", ["a"], {"Fn::Equals": ["a", "a"]}])
def test_a_condition_that_is_not_a_name_proves_nothing(judge, condition):
    assert verdict(judge(one_hop({"Ami": AMI | {"Condition": condition}})), "IB202") is UNKNOWN


@pytest.mark.parametrize(
    "configuration",
    [
        f"arn:aws:imagebuilder:eu-west-1:{OTHER}:infrastructure-configuration/web",
        f"arn:aws:imagebuilder:us-east-1:{OWN}:infrastructure-configuration/web",
        {"Fn::Sub": f"arn:aws:imagebuilder:${{AWS::Region}}:{OTHER}:infrastructure-configuration/web"},
        {"Fn::Sub": "arn:aws:imagebuilder:us-east-1:${AWS::AccountId}:infrastructure-configuration/web"},
    ],
)
def test_an_ami_pipeline_of_another_account_or_region_is_no_evidence(judge, configuration):
    made = one_hop({"Ami": pipeline("Image", configuration)})
    assert verdict(judge(made), "IB202") is UNKNOWN
    assert verdict(judge(made, **TARGET), "IB202") is UNKNOWN


def test_a_container_pipeline_that_may_not_exist_decides_nothing(judge):
    made = one_hop({"Containers": pipeline("Container", WEB)}, Conditions={"Is": OPEN, "Never": NEVER})
    assert verdict(judge(made), "IB202") is FAIL
    made["Resources"]["Containers"]["Condition"] = "Is"
    assert verdict(judge(made), "IB202") is UNKNOWN
    made["Resources"]["Ami"] = AMI
    assert verdict(judge(made), "IB202") is UNKNOWN
    made["Resources"]["Containers"]["Condition"] = "Never"
    assert verdict(judge(made), "IB202") is PASS


def test_a_pipeline_is_seen_as_it_is_where_the_configuration_exists(judge):
    parameters = {"Env": {"Type": "String", "Default": "dev"}}
    use = {"Fn::If": ["IsProd", WEB, {"Ref": "Other"}]}
    made = one_hop({"Ami": AMI, "Containers": pipeline("Container", use)}, Parameters=parameters)
    made["Conditions"] = {"IsProd": OPEN}
    made["Resources"]["Web"]["Condition"] = "IsProd"
    assert verdict(judge(made), "IB202") is UNKNOWN


def test_a_pipeline_under_a_condition_of_another_template_may_not_exist(judge):
    """Both templates compare a parameter Env, but nothing makes them have the same value."""
    made = one_hop({}, Conditions={"Is": OPEN}, Outputs={"W": {"Value": WEB, "Export": {"Name": "web"}}})
    made["Resources"]["Web"]["Condition"] = "Is"
    user = pipeline("Image", {"Fn::ImportValue": "web"})
    other = {"Parameters": {"Env": {"Type": "String"}}, "Conditions": {"Is": OPEN}, "Resources": {"Ami": user}}
    assert verdict(judge(made, other, **TARGET), "IB202") is PASS
    assert verdict(judge(made, other), "IB202") is UNKNOWN
    user["Condition"] = "Is"
    assert verdict(judge(made, other, **TARGET), "IB202") is UNKNOWN


# Metamorphic: a sibling that has nothing to do with the configuration never makes a verdict better

UNRELATED: dict[str, dict[str, Any]] = {
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "others"}},
    "Same": {"Type": "AWS::SNS::Topic", "Condition": "Never", "Properties": {"TopicName": "builds"}},
    "Ami": pipeline("Image", f"arn:aws:imagebuilder:eu-west-1:{OTHER}:infrastructure-configuration/web"),
    "Open": pipeline("Image", {"Ref": "Arn"}),
    "Not": pipeline("Image", WEB, Condition="Never"),
    "Other": template({"Name": "other"})["Resources"]["Web"],
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}},
    "Alias": {"Type": "AWS::KMS::Alias", "Condition": "Never", "Properties": {"AliasName": "alias/b"}},
    "Bucket": {"Type": "AWS::S3::Bucket"},
}


@pytest.mark.parametrize("name", UNRELATED)
@pytest.mark.parametrize("topic", [sns("eu-west-1", OWN), {"Ref": "Arn"}, {"Fn::ImportValue": "topic"}])
@pytest.mark.parametrize("declared", [{}, TARGET], ids=["undeclared", "declared"])
def test_an_unrelated_sibling_never_turns_unknown_into_pass(judge, name, topic, declared):
    made = one_hop({}, Conditions={"Never": NEVER})
    made["Resources"]["Web"]["Properties"]["SnsTopicArn"] = topic

    def judged():
        return {o.rule: o.verdict for o in judge(made, **declared).configurations[-1].outcomes}

    before = judged()
    assert (before["IB202"], before["IB204"]) == (UNKNOWN, UNKNOWN)
    made["Resources"][name] = UNRELATED[name]
    after = judged()
    assert [rule for rule in before if before[rule] is UNKNOWN and after[rule] is PASS] == []


# Fault 21: macros

CORE = ("IB201", "IB202", "IB204", "IB301")
MACROS: list[Any] = [
    "Weaken",
    ["Weaken"],
    ["AWS::LanguageExtensions", "Weaken"],
    {"Name": "Weaken", "Parameters": {"A": "b"}},
    [{"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/part.yaml"}}],
    "AWS::Include",
    {"Fn::Sub": "${Env}"},
    ["aws::languageextensions"],
    "AWS::LanguageExtensions\n",
    [None, 3],
]
HARMLESS: list[Any] = [
    "AWS::Serverless-2016-10-31",
    ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    {"Name": "AWS::CodeDeployBlueGreen"},
    "AWS::ServiceCatalog",
    [],
    None,
]
TRANSFORM = {"Fn::Transform": {"Name": "Weaken"}}
INCLUDE = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/part.yaml"}}}


def good(**sections: Any) -> dict[str, Any]:
    """A template that passes every core rule."""
    options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
    properties = {"InstanceMetadataOptions": options, "SnsTopicArn": {"Ref": "Topic"}}
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "builds"}}
    return template(properties, Resources={"Topic": topic}, **sections)


def core(report: Any) -> list[Any]:
    return [verdict(report, rule) for rule in CORE]


@pytest.mark.parametrize("key", ["Transform", "Fn::Transform"])
@pytest.mark.parametrize("macro", MACROS, ids=json.dumps)
def test_a_macro_may_replace_everything_in_a_template(judge, macro, key):
    report = judge(good(**{key: macro}))
    assert core(report) == [UNKNOWN] * 4
    assert "is 'required', and a macro may replace it." in finding(report).message
    assert core(judge(template({}, **{key: macro}))) == [UNKNOWN] * 4


@pytest.mark.parametrize("transform", HARMLESS, ids=json.dumps)
def test_transforms_of_aws_replace_nothing(judge, transform):
    assert core(judge(good(Transform=transform))) == [PASS] * 4


@pytest.mark.parametrize("macro", [TRANSFORM, INCLUDE, {"Fn::Transform": "x"}])
@pytest.mark.parametrize(
    ("where", "unknown"),
    [
        (("Resources",), CORE),
        (("Resources", "Web"), CORE),
        (("Resources", "Web", "Properties"), CORE),
        (("Resources", "Web", "Properties", "InstanceMetadataOptions"), ("IB201", "IB202")),
        (("Resources", "Topic"), ("IB204",)),
        (("Resources", "Topic", "Properties"), ("IB204",)),
        (("Resources", "Web", "Metadata"), ()),
        (("Outputs",), ()),
    ],
)
def test_a_macro_in_a_mapping_may_replace_all_of_it(judge, where, unknown, macro):
    made = good(Outputs={"A": {"Value": "b"}})
    made["Resources"]["Web"]["Metadata"] = {"A": "b"}
    target = made
    for step in where:
        target = target[step]
    target |= macro
    assert [rule for rule, one in zip(CORE, core(judge(made)), strict=True) if one is UNKNOWN] == list(unknown)


def test_a_loop_only_adds_to_a_mapping(judge):
    made = good(Transform="AWS::LanguageExtensions")
    made["Parameters"] = {"Keys": {"Type": "CommaDelimitedList"}}
    loop = {"Fn::ForEach::Each": ["Each", {"Ref": "Keys"}, {"${Each}": "x"}]}
    made["Resources"]["Web"]["Properties"]["InstanceMetadataOptions"] |= loop
    made["Resources"] |= {"Fn::ForEach::Topics": ["Each", ["a"], {"T${Each}": {"Type": "AWS::SNS::Topic"}}]}
    assert core(judge(made)) == [PASS] * 4
    del made["Resources"]["Web"]["Properties"]["InstanceMetadataOptions"]["HttpTokens"]
    assert core(judge(made))[0] is UNKNOWN


@pytest.mark.parametrize("macro", [TRANSFORM, INCLUDE])
@pytest.mark.parametrize("section", ["Conditions", "Parameters", "Mappings", "M", "Set"])
def test_a_macro_in_a_section_makes_what_it_decides_unknown(judge, section, macro):
    tokens = {
        "Conditions": {"Fn::If": ["Is", "required", "optional"]},
        "Parameters": {"Ref": "Set"},
        "Set": {"Ref": "Set"},
    }.get(section, {"Fn::FindInMap": ["M", "a", "Value"]})
    sections = {
        "Conditions": {"Is": {"Fn::Equals": ["a", "a"]}},
        "Parameters": {"Set": {"Type": "String", "Default": "required"}},
        "Mappings": {"M": {"a": {"Value": "required"}}},
    }
    made = good(**sections)
    made["Resources"]["Web"]["Properties"]["InstanceMetadataOptions"]["HttpTokens"] = tokens
    assert verdict(judge(made)) is PASS
    target = {"M": made["Mappings"]["M"], "Set": made["Parameters"]["Set"]}.get(section) or made[section]
    target |= macro
    assert verdict(judge(made)) is UNKNOWN


@pytest.mark.parametrize("where", [(), ("Resources",), ("Resources", "Ami"), ("Resources", "Ami", "Properties")])
def test_an_ami_pipeline_that_a_macro_may_replace_is_no_evidence(judge, where):
    made = one_hop({"Ami": dict(AMI, Properties=dict(AMI["Properties"]))})
    assert verdict(judge(made), "IB202") is PASS
    target = made
    for step in where:
        target = target[step]
    target |= TRANSFORM
    assert verdict(judge(made), "IB202") is UNKNOWN
    made["Resources"]["Web"]["Metadata"] = {"iblint": {"build-type": "ami"}}
    assert verdict(judge(made), "IB202") is PASS  # declared


@pytest.mark.parametrize("where", [(), ("Outputs",), ("Outputs", "Topic"), ("Outputs", "Topic", "Export")])
def test_an_export_that_a_macro_may_replace_is_no_evidence(judge, where):
    importing = template({"SnsTopicArn": {"Fn::ImportValue": "topic"}})
    exporting = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"Topic": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic"}}},
    }
    target: dict[str, Any] = exporting
    for step in where:
        target = target[step]
    target |= TRANSFORM
    assert verdict(judge(importing, exporting), "IB204") is UNKNOWN


def test_a_resource_with_the_name_of_a_function_is_no_macro(judge):
    made = good()
    made["Resources"]["Ref"] = {"Type": "AWS::S3::Bucket"}
    assert core(judge(made)) == [PASS] * 4


@pytest.mark.parametrize("macro", [{"Transform": "Weaken"}, TRANSFORM])
def test_a_macro_makes_no_verdict_better_or_worse(judge, macro):
    made = template({"InstanceMetadataOptions": {"HttpTokens": "optional"}, "TerminateInstanceOnFailure": False})
    assert core(judge(made)) != [UNKNOWN] * 4
    assert core(judge(made | macro)) == [UNKNOWN] * 4


@pytest.mark.parametrize(
    "inner",
    [
        ["Hops", {"Ref": "Env"}, "x"],
        ["Hops", "b", {"Ref": "Env"}],
        ["Hops", {"Ref": "Env"}, "x", {"DefaultValue": 64}],
        ["Hops", "c", {"Ref": "Env"}, {"DefaultValue": "1"}],
    ],
)
def test_any_other_key_of_one_mapping_may_be_a_key_of_another(judge, inner):
    """Env may be 'old': the first mapping has no such key, and the second one has it, with a hop limit of 1."""
    hops = {"a": {"x": 2, "y": 3}, "b": {"x": 2, "old": 1}, "c": {"x": 3, "z": 2}, "old": {"x": 1, "y": 3}}
    limit = {"Fn::FindInMap": ["Hops", "a", {"Ref": "Env"}, {"DefaultValue": {"Fn::FindInMap": inner}}]}
    properties = {"InstanceMetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": limit}}
    made = template(
        properties, Mappings={"Hops": hops}, Parameters={"Env": {"Type": "String"}}, Transform="AWS::LanguageExtensions"
    )
    assert verdict(judge(made, build_type="container"), "IB202") == UNKNOWN
