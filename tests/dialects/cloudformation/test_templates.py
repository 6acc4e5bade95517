"""Templates as people write them: every verdict, place and message through the whole pipeline."""

from __future__ import annotations

import json

import pytest

from iblint.model.path import to_pointer
from iblint.model.values import Unresolved
from tests.dialects.cloudformation.templates import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNKNOWN,
    finding,
    found,
    parameter,
    specs,
    template,
    tokens,
    verdict,
    verdicts,
)

# The template itself

YAML = """\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Web:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      Name: web
      InstanceProfileName: builder
      TerminateInstanceOnFailure: false
      InstanceMetadataOptions:
        HttpTokens: optional
        HttpPutResponseHopLimit: 1
"""


def test_findings_point_at_the_properties_of_a_template(judge):
    report = judge(YAML)
    (configuration,) = report.configurations
    assert (configuration.id, configuration.dialect, configuration.address) == ("web.yaml#Web", "cloudformation", "Web")
    assert (configuration.line, configuration.name) == (3, "web")
    assert found(report, "IB201") == [(10, "/instanceMetadataOptions/httpTokens")]
    assert found(report, "IB202") == [(11, "/instanceMetadataOptions/httpPutResponseHopLimit")]
    assert found(report, "IB301") == [(8, "/terminateInstanceOnFailure")]
    assert finding(report).message.startswith("InstanceMetadataOptions.HttpTokens is 'optional'")


@pytest.mark.parametrize("name", ["web.json", "web.template", "web.yaml"])
def test_json_is_read_under_any_name(judge, name):
    report = judge(tokens("optional"), name)
    assert verdict(report) is FAIL
    assert finding(report).location.file == name


def test_a_value_that_is_absent_has_the_defaults_of_cloudformation(judge):
    outcome = verdicts(judge(template({})))
    assert outcome["IB201"] is FAIL
    assert outcome["IB202"] is UNKNOWN
    assert outcome["IB204"] is NOT_APPLICABLE
    assert outcome["IB301"] is PASS


def test_a_missing_value_is_shown_at_the_configuration(judge):
    report = judge(template({}))
    assert finding(report).location.span.line == 1
    assert finding(report, "IB201").message.startswith("InstanceMetadataOptions.HttpTokens is not set")


@pytest.mark.parametrize(
    ("properties", "path", "name", "meant"),
    [
        ({"SNSTopicArn": "arn:aws:sns:eu-west-1:111122223333:a"}, "/SNSTopicArn", "SNSTopicArn", "SnsTopicArn"),
        ({"snsTopicArn": "arn:aws:sns:eu-west-1:111122223333:a"}, "/SnsTopicArn", "snsTopicArn", "SnsTopicArn"),
        (
            {"InstanceMetadataOptions": {"httpTokens": "required"}},
            "/instanceMetadataOptions/HttpTokens",
            "InstanceMetadataOptions.httpTokens",
            "HttpTokens",
        ),
        ({"Logging": {"S3Logs": {"Bucket": "b"}}}, "/logging/s3Logs/Bucket", "Logging.S3Logs.Bucket", "S3BucketName"),
    ],
)
def test_names_that_the_resource_type_does_not_have_are_unknown_fields(judge, properties, path, name, meant):
    report = judge(template(properties))
    one = finding(report, "IB101")
    assert to_pointer(one.path) == path
    assert one.message.startswith(f"{name} is not a field")
    assert f"id you mean '{meant}'?" in one.message


def test_a_wrong_name_does_not_stand_in_for_the_right_one(judge):
    assert verdict(judge(template({"InstanceMetadataOptions": {"httpTokens": "required"}}))) is FAIL
    assert verdict(judge(template({"instanceMetadataOptions": {"HttpTokens": "required"}}))) is FAIL


@pytest.mark.parametrize("key", ["ClientToken", "clientToken", "DryRun", "$schema"])
def test_what_only_the_request_has_is_no_property(judge, key):
    assert verdict(judge(template({key: "x"})), "IB101") is FAIL


def test_list_items_are_spelled_as_in_the_template(judge):
    report = judge(template({"InstanceTypes": ["t3.large", "t3,large"]}))
    assert "InstanceTypes[1]" in finding(report, "IB107").message


def test_tags_are_a_mapping(judge):
    assert verdict(judge(template({"Tags": {"Team": "web"}, "ResourceTags": {"a": "b"}})), "IB103") is PASS
    report = judge(template({"Tags": [{"Key": "team", "Value": "web"}]}))
    assert found(report, "IB103") == [(1, "/tags")]


# Coercions


@pytest.mark.parametrize(
    ("written", "expected"), [("true", PASS), ("True", PASS), ("false", FAIL), ("False", FAIL), ("no", PASS)]
)
def test_strings_are_turned_into_booleans(judge, written, expected):
    report = judge(template({"TerminateInstanceOnFailure": written}))
    assert verdict(report, "IB103") is (FAIL if written == "no" else PASS)
    if written != "no":
        assert verdict(report, "IB301") is expected


def test_the_fact_of_a_coercion_is_kept(judge):
    report = judge(template({"TerminateInstanceOnFailure": "false"}))
    assert finding(report, "IB301").provenance == "the string 'false', which CloudFormation turns into a boolean"


def test_strings_are_turned_into_numbers_and_numbers_into_strings(judge):
    report = judge(
        template(
            {"InstanceMetadataOptions": {"HttpPutResponseHopLimit": "1"}, "Name": 2024, "Tags": {"a": 47, "b": True}}
        )
    )
    assert verdict(report, "IB103") is PASS
    assert finding(report, "IB202").message.startswith("InstanceMetadataOptions.HttpPutResponseHopLimit is 1, and it")
    assert report.configurations[0].name == "2024"


def test_what_cloudformation_does_not_turn_into_the_type_is_wrong(judge):
    report = judge(template({"InstanceTypes": "t3.large", "TerminateInstanceOnFailure": 1}))
    assert [path for _, path in found(report, "IB103")] == ["/instanceTypes", "/terminateInstanceOnFailure"]


# Parameters


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Default": "required"}, PASS),
        ({"Default": "optional"}, FAIL),
        ({"Default": "required", "AllowedValues": ["required", "optional"]}, PASS),
        ({"AllowedValues": ["optional", "both"]}, FAIL),
        ({"AllowedValues": ["required"]}, PASS),
        ({"AllowedValues": ["optional", "required"]}, UNKNOWN),
        ({}, UNKNOWN),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "required"}, UNKNOWN),
        ({"NoEcho": True, "Default": "required"}, UNKNOWN),
        ({"Default": ["required"]}, UNKNOWN),
        ({"Default": "{{resolve:ssm:/tokens}}"}, UNKNOWN),
    ],
)
def test_what_a_parameter_comes_to(judge, fields, expected):
    for reference in ({"Ref": "Tokens"}, {"Fn::Sub": "${Tokens}"}, {"Fn::Join": ["", [{"Ref": "Tokens"}]]}):
        assert verdict(judge(tokens(reference, **parameter(**fields)))) is expected


def test_a_condition_on_a_default_that_aws_resolves_is_open(judge):
    conditions = {"Hardened": {"Fn::Equals": [{"Ref": "Tokens"}, "required"]}}
    value = {"Fn::If": ["Hardened", "required", "optional"]}
    sections = parameter(Default="{{resolve:ssm:/tokens}}")
    assert verdict(judge(tokens(value, Conditions=conditions, **sections))) is UNKNOWN


def test_an_unresolved_value_says_which_expression_and_why(judge):
    report = judge(
        """\
        Parameters:
          Tokens: {Type: String}
        Resources:
          Web:
            Type: AWS::ImageBuilder::InfrastructureConfiguration
            Properties:
              InstanceMetadataOptions: {HttpTokens: !Ref Tokens}
        """
    )
    assert "'!Ref Tokens', and parameter 'Tokens' has no default" in finding(report).message
    assert [place.span.line for place in finding(report).related] == [2]


def test_a_bad_default_is_shown_where_it_is_written_and_where_it_is_used(judge):
    report = judge(
        """\
        Parameters:
          Tokens:
            Type: String
            Default: optional
        Resources:
          Web:
            Type: AWS::ImageBuilder::InfrastructureConfiguration
            Properties:
              InstanceMetadataOptions:
                HttpTokens: !Ref Tokens
        """
    )
    one = finding(report)
    assert (one.location.span.line, one.provenance) == (4, "the default of parameter 'Tokens'")
    assert [(place.span.line, place.label) for place in one.related] == [(10, "used here")]
    assert to_pointer(one.path) == "/instanceMetadataOptions/httpTokens"


def test_defaults_are_coerced_and_split(judge):
    report = judge(
        template(
            {"TerminateInstanceOnFailure": {"Ref": "End"}, "InstanceTypes": {"Ref": "Types"}},
            Parameters={
                "End": {"Type": "String", "Default": "false"},
                "Types": {"Type": "CommaDelimitedList", "Default": "t3.large, m5 large"},
            },
        )
    )
    assert verdict(report, "IB301") is FAIL
    assert [path for _, path in found(report, "IB107")] == ["/instanceTypes/1"]


def test_an_empty_list_parameter_has_no_items():
    made = template({"SecurityGroupIds": {"Ref": "A"}}, Parameters={"A": {"Type": "List<String>", "Default": ""}})
    assert specs(made)["Web"]["securityGroupIds"] == []


# References and functions


def test_references_to_resources_are_links():
    made = template(
        {
            "SnsTopicArn": {"Ref": "Topic"},
            "InstanceProfileName": {"Fn::GetAtt": ["Profile", "Arn"]},
            "SubnetId": {"Fn::Sub": "${Subnet}"},
            "KeyPair": {"Fn::Sub": "x-${Subnet}"},
        },
        Resources={
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
            "Subnet": {"Type": "AWS::EC2::Subnet"},
        },
    )
    spec = specs(made)["Web"]
    reason = "it is known only after deployment"
    assert spec["snsTopicArn"] == Unresolved('{"Ref": "Topic"}', reason, "web.yaml#Topic", kind="SNS topic ARN")
    assert spec["instanceProfileName"].refers_to == "web.yaml#Profile"
    assert spec["instanceProfileName"].expression == '{"Fn::GetAtt": ["Profile", "Arn"]}'
    assert spec["subnetId"].refers_to == "web.yaml#Subnet"
    assert spec["keyPair"].refers_to is None


def test_siblings_have_their_properties_in_camel_case():
    made = template(
        {},
        Resources={
            "Pipeline": {
                "Type": "AWS::ImageBuilder::ImagePipeline",
                "Properties": {"ContainerRecipeArn": {"Ref": "Recipe"}, "Schedule": {"ScheduleExpression": "x"}},
            },
            "Recipe": {"Type": "AWS::ImageBuilder::ContainerRecipe"},
            "Other": {"Type": "AWS::Lambda::Function", "Properties": {"Role": 1}},
        },
        Outputs={
            "Topic": {"Value": {"Ref": "Recipe"}, "Export": {"Name": {"Fn::Sub": "shared-topic"}}},
            "Local": {"Value": "x"},
        },
    )
    found = specs(made)
    assert found.keys() == {"Web", "Pipeline", "Recipe", "Outputs/Topic"}
    assert found["Pipeline"]["containerRecipeArn"].refers_to == "web.yaml#Recipe"
    assert found["Pipeline"]["schedule"] == {"scheduleExpression": "x"}
    assert found["Outputs/Topic"]["name"] == "shared-topic"
    assert found["Outputs/Topic"]["value"].refers_to == "web.yaml#Recipe"


ENV = {
    "Parameters": {
        "Env": {"Type": "String", "Default": "dev"},
        "List": {"Type": "CommaDelimitedList", "Default": "a,b"},
    },
    "Mappings": {"Sizes": {"dev": {"type": "t3.large", "list": ["x", "y"]}, "prod": {"type": "m5.large"}}},
}


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"Fn::Sub": "${Env}-web-${!Env}"}, "dev-web-${Env}"),
        ({"Fn::Sub": ["${Env}-${Own}", {"Own": {"Ref": "Env"}}]}, "dev-dev"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Env"}, 3]]}, "a-dev-3"),
        ({"Fn::Join": ["-", {"Ref": "List"}]}, "a-b"),
        ({"Fn::Join": ["-", []]}, ""),
        ({"Fn::Select": [1, ["a", "b"]]}, "b"),
        ({"Fn::Select": ["1", {"Fn::Split": ["/", "a/b"]}]}, "b"),
        ({"Fn::Select": [0, ["a", {"Fn::ImportValue": "x"}]]}, "a"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Env"}, "type"]}, "t3.large"),
        ({"Fn::FindInMap": ["Sizes", "none", "type", {"DefaultValue": "d"}]}, "d"),
        ({"Fn::Select": [1, {"Fn::FindInMap": ["Sizes", "dev", "list"]}]}, "y"),
        ({"Fn::Sub": "${AWS::AccountId}"}, Unresolved),
        ({"Fn::Sub": "${Nothing}"}, Unresolved),
        ({"Fn::Sub": "${List}"}, Unresolved),
        ({"Fn::Sub": ["a"]}, Unresolved),
        ({"Fn::Join": ["-"]}, Unresolved),
        ({"Fn::Join": ["-", "a"]}, Unresolved),
        ({"Fn::Join": ["-", [["a"]]]}, Unresolved),
        ({"Fn::Select": [2, ["a", "b"]]}, Unresolved),
        ({"Fn::Select": [-1, ["a", "b"]]}, Unresolved),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, Unresolved),
        ({"Fn::Split": ["", "a"]}, Unresolved),
        ({"Fn::FindInMap": ["Sizes", "none", "type"]}, Unresolved),
        ({"Fn::FindInMap": ["Sizes", "dev"]}, Unresolved),
        ({"Fn::FindInMap": ["None", "dev", "type"]}, Unresolved),
        ({"Ref": ["a"]}, Unresolved),
        ({"Ref": "Nothing"}, Unresolved),
        ({"Fn::GetAtt": "Web"}, Unresolved),
        ({"Fn::GetAtt": "Nothing.Arn"}, Unresolved),
        ({"Fn::GetAtt": {"a": "b"}}, Unresolved),
        ({"Fn::If": ["a"]}, Unresolved),
        ({"Fn::If": {"a": "b"}}, Unresolved),
        ({"Fn::ImportValue": {"Fn::Sub": "${Env}-x"}}, Unresolved),
        ({"Fn::Transform": {"Name": "AWS::Include"}}, Unresolved),
        ({"Fn::Base64": "x"}, Unresolved),
        ({"Fn::Cidr": ["10.0.0.0/16", 1, 8]}, Unresolved),
        ({"Fn::Length": [1]}, Unresolved),
        ({"Fn::ToJsonString": {"a": 1}}, Unresolved),
        ({"Fn::Nonsense": None}, Unresolved),
        ("{{resolve:ssm:/a/b}}", Unresolved),
        ("a-{{resolve:secretsmanager:x:SecretString:y}}", Unresolved),
        ({"Fn::Sub": "a-{{resolve:ssm:/a/b}}"}, Unresolved),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
def test_what_a_function_comes_to(raw, value):
    description = specs(template({"Description": raw}, **ENV))["Web"]["description"]
    if value is Unresolved:
        assert isinstance(description, Unresolved)
        assert description.reason
    else:
        assert description == value


SHORT = """\
Parameters:
  Env: {Type: String, Default: dev}
Mappings: {Sizes: {dev: {type: t3.large}}}
Conditions:
  IsDev: !Equals [!Ref Env, dev]
Resources:
  Web:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      Name: !If [IsDev, !Sub "${Env}-web", !Ref AWS::StackName]
      Description: !Join ["-", !Split ["/", !Select [0, ["a/b"]]]]
      KeyPair: !FindInMap [Sizes, !Ref Env, type]
      SubnetId: !GetAtt Subnet.SubnetId
      InstanceProfileName: !GetAtt [Profile, Name]
      SnsTopicArn: !ImportValue
        Fn::Sub: "${AWS::Region}-topic"
      SecurityGroupIds: !Cidr x
      InstanceTypes: !Whatever {a: [1, "b"]}
  Subnet: {Type: AWS::EC2::Subnet}
  Profile: {Type: AWS::IAM::InstanceProfile}
"""


def test_short_forms_are_the_same_functions():
    spec = specs(SHORT)["Web"]
    known = {key: value for key, value in spec.items() if isinstance(value, str)}
    assert known == {"name": "dev-web", "description": "a-b", "keyPair": "t3.large"}
    open_ = {key: (value.expression, value.refers_to) for key, value in spec.items() if key not in known}
    assert open_ == {
        "subnetId": ("!GetAtt Subnet.SubnetId", "web.yaml#Subnet"),
        "instanceProfileName": ("!GetAtt [Profile, Name]", "web.yaml#Profile"),
        "snsTopicArn": ('!ImportValue {"Fn::Sub": "${AWS::Region}-topic"}', None),
        "securityGroupIds": ("!Cidr x", None),
        "instanceTypes": ('!Whatever {"a": [1, "b"]}', None),
    }


@pytest.mark.parametrize(
    ("name", "settings", "value"),
    [
        ("AWS::AccountId", {"account": "111122223333"}, "111122223333"),
        ("AWS::Region", {"region": "eu-west-1"}, "eu-west-1"),
        ("AWS::Partition", {"region": "eu-west-1"}, "aws"),
        ("AWS::Partition", {"region": "cn-north-1"}, "aws-cn"),
        ("AWS::Partition", {"region": "us-gov-west-1"}, "aws-us-gov"),
        ("AWS::URLSuffix", {"region": "cn-north-1"}, "amazonaws.com.cn"),
        ("AWS::Partition", {}, None),
        ("AWS::StackName", {"region": "eu-west-1", "account": "111122223333"}, None),
    ],
)
def test_pseudo_parameters_come_from_what_is_declared(judge, name, settings, value):
    report = judge(template({"Name": {"Ref": name}}), **settings)
    assert report.configurations[0].name == (value or "Web")


def test_the_topic_of_the_declared_account_is_known(judge):
    arn = {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:builds"}
    settings = {"account": "111122223333", "region": "eu-west-1", "sns_topic_keys": {"*": "none"}}
    assert verdict(judge(template({"SnsTopicArn": arn}), **settings), "IB205") is PASS
    assert verdict(judge(template({"SnsTopicArn": arn})), "IB205") is UNKNOWN


def test_no_value_is_absent(judge):
    report = judge(
        template({"InstanceMetadataOptions": {"Ref": "AWS::NoValue"}, "InstanceTypes": [{"Ref": "AWS::NoValue"}]})
    )
    assert verdict(report) is FAIL
    assert "not set" in finding(report).message


def test_an_unknown_key_of_a_mapping_is_one_of_its_keys(judge):
    def sizes(*values):
        return {"Mappings": {"M": {f"region-{i}": {"tokens": value} for i, value in enumerate(values)}}}

    lookup = {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "tokens"]}
    assert verdict(judge(tokens(lookup, **sizes("required", "required")))) is PASS
    assert verdict(judge(tokens(lookup, **sizes("optional", "optional")))) is FAIL
    assert verdict(judge(tokens(lookup, **sizes("optional", "required")))) is UNKNOWN
    lookup["Fn::FindInMap"].append({"DefaultValue": "optional"})
    assert verdict(judge(tokens(lookup, **sizes("required", "required")))) is UNKNOWN


def test_a_mapping_names_its_entry_beside_the_property(judge):
    report = judge(
        """\
        Mappings:
          M:
            a:
              tokens: optional
        Resources:
          Web:
            Type: AWS::ImageBuilder::InfrastructureConfiguration
            Properties:
              InstanceMetadataOptions:
                HttpTokens: !FindInMap [M, a, tokens]
        """
    )
    assert finding(report).location.span.line == 10
    assert [place.span.line for place in finding(report).related] == [4]


def test_items_that_a_condition_leaves_out_are_no_items(judge):
    """The usual way to write an optional network: a parameter that is empty unless it is given."""
    text = """\
        Parameters:
          Subnet: {{Type: String{default}}}
          Group: {{Type: String, Default: ""}}
        Conditions:
          HasSubnet: !Not [!Equals [!Ref Subnet, ""]]
        Resources:
          Web:
            Type: AWS::ImageBuilder::InfrastructureConfiguration
            Properties:
              SubnetId: !If [HasSubnet, !Ref Subnet, !Ref "AWS::NoValue"]
              SecurityGroupIds:
                - !If [HasSubnet, !Ref Group, !Ref "AWS::NoValue"]
        """
    report = judge(text.format(default=', Default: ""'))
    assert verdict(report, "IB109") is PASS
    assert verdict(report, "IB208") is FAIL
    report = judge(text.format(default=""))
    assert (verdict(report, "IB109"), verdict(report, "IB208")) == (UNKNOWN, UNKNOWN)


# Macros and loops


def test_properties_that_a_macro_may_add_are_not_known(judge):
    report = judge(template({"Fn::Transform": {"Name": "AWS::Include"}, "TerminateInstanceOnFailure": False}))
    outcome = verdicts(report)
    assert (outcome["IB201"], outcome["IB202"], outcome["IB204"]) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert outcome["IB301"] is UNKNOWN  # it may replace what is written too


def test_all_properties_from_a_macro_are_not_known(judge):
    made = template({})
    made["Resources"]["Web"]["Properties"] = {"Fn::Transform": {"Name": "AWS::Include"}}
    outcome = verdicts(judge(made))
    assert (outcome["IB201"], outcome["IB102"]) == (UNKNOWN, UNKNOWN)


def test_outside_a_loop_a_variable_without_sub_is_text(judge):
    assert verdict(judge(tokens("${Env}"))) is FAIL


def test_a_configuration_whose_logical_id_is_a_number_is_judged(judge):
    text = "Resources:\n  1:\n    Type: AWS::ImageBuilder::InfrastructureConfiguration\n    Properties: {Name: web}\n"
    (configuration,) = judge(text).configurations
    assert configuration.address == "1"


def test_globals_of_sam_are_no_obstacle(judge):
    report = judge(tokens("required", Transform="AWS::Serverless-2016-10-31", Globals={"Function": {"Timeout": 3}}))
    assert verdict(report) is PASS


# Settings in the template


def test_metadata_declares_settings(judge):
    made = template({"InstanceMetadataOptions": {"HttpPutResponseHopLimit": 1}})
    assert verdict(judge(made), "IB202") is UNKNOWN
    made["Resources"]["Web"]["Metadata"] = {"iblint": {"build-type": "ami"}, "Other": 1}
    assert verdict(judge(made), "IB202") is PASS


def test_comments_declare_settings(judge):
    text = YAML.replace("  Web:\n", "  # iblint: build-type=ami\n  Web:\n")
    assert verdict(judge(text), "IB202") is PASS


@pytest.mark.parametrize(
    ("settings", "line", "words"),
    [
        ("{build-typ: ami}", 6, "Unknown key 'build-typ' in this metadata. Did you mean 'build-type'?"),
        (
            "{build-type: amy}",
            6,
            "'amy' is not a value of build-type: write container, ami or both. Did you mean 'ami'?",
        ),
        ("{ignore: IB201}", 6, "iblint cannot suppress findings yet"),
        ("{build-type: !Ref Kind}", 6, "'!Ref Kind' is not a value of build-type"),
        ("ami", 6, "The iblint metadata is not a mapping"),
        ("{sns-topic-key: }", 6, "is not a value of sns-topic-key"),
    ],
)
def test_metadata_that_cannot_be_read_is_a_problem(judge, settings, line, words):
    metadata = f"    Type: AWS::ImageBuilder::InfrastructureConfiguration\n    Metadata:\n      iblint: {settings}\n"
    report = judge(YAML.replace("    Type: AWS::ImageBuilder::InfrastructureConfiguration\n", metadata))
    (problem,) = report.problems
    assert (problem.line, report.exit_code) == (line, 4)
    assert words in problem.message


# What is no template, or a broken one


@pytest.mark.parametrize(
    "text",
    [
        YAML + "   broken: [\n",
        "Resources:\n  Web:\n    Type: AWS::ImageBuilder::InfrastructureConfiguration\n    Type: twice\n",
        '{"Resources": {"Web": {"Type": "AWS::ImageBuilder::InfrastructureConfiguration"',
        YAML + "{% if prod %}\n  More: 1\n{% endif %}\n",
    ],
)
def test_a_broken_template_that_names_the_type_is_a_problem(judge, text):
    report = judge(text)
    assert [problem.file for problem in report.problems] == ["web.yaml"]
    assert (report.exit_code, report.configurations) == (4, ())


@pytest.mark.parametrize(
    "text",
    [
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties: [\n",
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n",
        "Resources:\n  - Type: AWS::ImageBuilder::InfrastructureConfiguration\n",
        "Resources:\n  Web: {Type: [AWS::ImageBuilder::InfrastructureConfiguration]}\n  Other: 1\n",
        "Resources:\n  Fn::ForEach::A: [x]\n  iblint: 1\n",
        "# Image Builder\n\nUse `AWS::ImageBuilder::InfrastructureConfiguration`:\n\n```yaml\nResources: [\n```\n",
    ],
)
def test_other_texts_are_skipped(judge, text):
    report = judge(text)
    assert (report.problems, report.configurations, report.findings, report.exit_code) == ((), (), (), 0)


@pytest.mark.parametrize("properties", ["[a]", "text", "null", "1"])
def test_properties_that_are_no_mapping_are_a_problem(judge, properties):
    report = judge(
        f"Resources:\n  Web:\n    Type: AWS::ImageBuilder::InfrastructureConfiguration\n    Properties: {properties}\n"
    )
    (problem,) = report.problems
    assert (problem.line, report.exit_code) == (4, 4)
    assert "not a mapping" in problem.message


def test_a_configuration_without_properties_is_judged(judge):
    report = judge("Resources:\n  Web:\n    Type: AWS::ImageBuilder::InfrastructureConfiguration\n")
    assert found(report, "IB102") == [(2, "/instanceProfileName"), (2, "/name")]


def test_a_document_forced_to_be_a_template_must_be_one(judge):
    report = judge("name: web\n", dialect="cloudformation")
    assert [problem.message[:30] for problem in report.problems] == ["The document has no resources,"]
    assert judge("Resources: {A: {Type: AWS::SNS::Topic}}\n", dialect="cloudformation").exit_code == 0


def test_templates_of_one_stream_are_kept_apart(judge):
    report = judge(YAML + "---\n" + YAML)
    assert [c.id for c in report.configurations] == ["web.yaml#Web", "web.yaml#1/Web"]
