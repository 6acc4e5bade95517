"""No place, spelling or form makes a weak request disappear, and none makes it sound."""

from __future__ import annotations

import json

import pytest

from .conftest import verdict_of
from .test_cost import grows_like_its_size

WEAK = '"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {"httpTokens": "optional"}'
PROPERTIES = '"Name": "web", "InstanceProfileName": "b", "InstanceMetadataOptions": {"HttpTokens": "optional"}'
ARN = "arn:aws:imagebuilder:eu-west-1:210987654321:infrastructure-configuration/web"

TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"
TASK = "arn:aws:states:::aws-sdk:imagebuilder:createInfrastructureConfiguration"
PULUMI = "aws:imagebuilder:InfrastructureConfiguration"
OPTIONAL = '{"httpTokens": "optional"}'
KIND = '"kind": "InfrastructureConfiguration"'
UPBOUND = f'"apiVersion": "imagebuilder.aws.upbound.io/v1beta1", {KIND}'

HIDING = {
    "below a key": f'{{"a": {{"b": [[{{"c": {{{WEAK}}}}}]]}}}}',
    "beside a request": f'[{{"name": "x", "instanceProfileName": "b"}}, {{{WEAK}}}]',
    "among items of others": f'[{{"a": 1}}, {{"b": 2}}, {{"c": 3}}, {{{WEAK}}}]',
    "in capitals": f"{{{PROPERTIES}}}",
    "in several spellings": f'{{"Name": "a", "instance_profile_name": "b", "instance-metadata-options": {OPTIONAL}}}',
    "with swapped letters": f'{{"name": "a", "instanceProfielName": "b", "instanceMetadataOptions": {OPTIONAL}}}',
    "a member twice": f'{{{WEAK}, "InstanceMetadataOptions": {{"HttpTokens": "required"}}}}',
    "an update": f'{{"infrastructureConfigurationArn": "{ARN}", "instanceProfileName": "b"}}',
    "an update in capitals": f'{{"InfrastructureConfigurationArn": "{ARN}", "InstanceProfileName": "b"}}',
    "an answer": f'{{"infrastructureConfiguration": {{"arn": "{ARN}", {WEAK}}}}}',
    "an answer beside foreign keys": f'{{"x": {{"arn": "{ARN}", "fetchedAt": "now", "etag": "1", {WEAK}}}}}',
    "Cloud Control": f'{{"TypeName": "{TYPE}", "DesiredState": {{{PROPERTIES}}}}}',
    "a task": f'{{"Resource": "{TASK}", "Parameters": {{{PROPERTIES}}}}}',
    "a task in China": f'{{"Resource": "{TASK.replace("aws:", "aws-cn:", 1)}", "Arguments": {{{PROPERTIES}}}}}',
    "a task that waits": f'{{"Resource": "{TASK}.waitForTaskToken", "Parameters": {{{PROPERTIES}}}}}',
    "Pulumi": f'{{"resources": {{"a": {{"type": "{PULUMI}", "properties": {{{WEAK}}}}}}}}}',
}


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING.keys())
def test_a_weak_request_fails_wherever_it_is(checked, text):
    result = checked({"r.json": text})
    assert result.code == 1, result
    verdicts = [
        outcome["verdict"]
        for configuration in result.report["configurations"]
        for outcome in configuration["outcomes"]
        if outcome["rule"] == "IB201"
    ]
    assert "fail" in verdicts


UNCERTAIN = {
    "a tag around it": f"a: !Settings {{{WEAK}}}",
    "another operator": f'{{"apiVersion": "imagebuilder.x/v1", {KIND}, "spec": {{{WEAK}}}}}',
    "part of a composition": f'{{"base": {{{UPBOUND}, "spec": {{"forProvider": {{{WEAK}}}}}}}}}',
    "an initial state": f'{{{UPBOUND}, "spec": {{"initProvider": {{"name": "x"}}, "forProvider": {{{WEAK}}}}}}}',
    "broken JSON in a string": f'{{"TypeName": "{TYPE}", "DesiredState": "{{\\"Name\\": "}}',
    "a task with camelCase": f'{{"Resource": "{TASK}", "Parameters": {{{WEAK}}}}}',
    "properties from a variable": f'{{"type": "{PULUMI}", "properties": "${{config}}"}}',
}


@pytest.mark.parametrize("text", UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_what_is_not_certain_is_a_problem(checked, text):
    result = checked({"r.yaml": text})
    assert result.code == 4, result
    assert result.report["configurations"] == []


@pytest.mark.parametrize(
    "beside",
    [
        '"InstanceMetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}',
        '"instance_metadata_options": {"http_tokens": "required"}',
        '"metadata": {"httpTokens": "required"}',
    ],
)
def test_a_misspelled_copy_never_outweighs_the_member(checked, beside):
    text = f"{{{beside}, {WEAK}}}"
    assert verdict_of(checked({"r.json": text}), "IB201") == "fail"
    text = f"{{{WEAK}, {beside}}}"
    assert verdict_of(checked({"r.json": text}), "IB201") == "fail"


def test_an_expression_is_never_taken_for_a_value(checked):
    parameters = {
        "Name": "web",
        "InstanceProfileName": "b",
        "InstanceMetadataOptions": {"HttpTokens.$": "$.required", "HttpPutResponseHopLimit": 2},
        "TerminateInstanceOnFailure.$": "$.true",
    }
    resource = "arn:aws:states:::aws-sdk:imagebuilder:createInfrastructureConfiguration"
    result = checked({"m.json": json.dumps({"States": {"A": {"Resource": resource, "Parameters": parameters}}})})
    assert [verdict_of(result, rule) for rule in ("IB201", "IB301", "IB202")] == ["unknown", "unknown", "pass"]


@pytest.mark.parametrize(
    "make",
    [
        lambda count: json.dumps({f"k{i}": {"instanceProfileNames": "x", "y": [i]} for i in range(count)}),
        lambda count: json.dumps({f"foreignKeyOfLength{i}": "instanceTypes" for i in range(count)}),
        lambda count: json.dumps([[{"name": "a"}] for _ in range(count)] + ["instanceTypes"]),
    ],
    ids=["near misses", "long keys", "lists"],
)
def test_a_search_takes_steps_like_the_size_of_a_document(make):
    assert grows_like_its_size(make, 400)
