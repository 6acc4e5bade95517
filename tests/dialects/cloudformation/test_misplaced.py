"""Configurations that are no resources of a template: nothing judges them, and that is a problem."""

from __future__ import annotations

import pytest

from tests.dialects.cloudformation.templates import template

SET = "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateBody: "
OURS = "{Type: AWS::ImageBuilder::InfrastructureConfiguration, Properties: {Name: web}}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"Resources:\n  - {OURS}\n", 2),
        (f"Resources:\n  Web: [{OURS}]\n", 2),
        (f"Resources:\n  Web: !If [Prod, {OURS}, x]\n", 2),
        (f"Resources:\n  Fn::ForEach::Envs: [Env, {{'Web${{Env}}': {OURS}}}]\n", 2),
        (f"Resources:\n  Fn::Transform:\n    Name: Macro\n    Parameters: {{Web: {OURS}}}\n", 4),
        ("Resources:\n  Web:\n    Type: !Sub AWS::ImageBuilder::InfrastructureConfiguration\n    Properties: {}\n", 2),
        ("Resources:\n  Web:\n    Type: 'AWS::ImageBuilder::InfrastructureConfiguration '\n    Properties: {}\n", 2),
        (f"service: builds\nresources:\n  Resources:\n    Web: {OURS}\n", 4),
        (f"Web: {OURS}\n", 1),
        (f"{SET}'{OURS}'\n", 5),
        ('{"Web": {"Type": "\\u0041WS::ImageBuilder::InfrastructureConfiguration", "Properties": {}}}', 1),
    ],
)
def test_a_configuration_that_is_no_resource_is_a_problem(judge, text, line):
    report = judge(text)
    (problem,) = report.problems
    assert (problem.line, report.exit_code, report.configurations) == (line, 4, ())
    assert "was not judged" in problem.message


def test_it_is_a_problem_beside_others_that_are_judged(judge):
    made = template({}, Other=[{"Type": "AWS::ImageBuilder::InfrastructureConfiguration", "Properties": {}}])
    report = judge(made)
    assert (len(report.configurations), len(report.problems)) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "types: [AWS::ImageBuilder::InfrastructureConfiguration]\n",
        "Type: AWS::ImageBuilder::InfrastructureConfiguration\nDescription: the type\n",
        "{ResourceTypes: {'AWS::ImageBuilder::InfrastructureConfiguration': {Properties: {Name: {}}}}}\n",
        "Resources: {R: {Type: Custom::R, Properties: {Types: [AWS::ImageBuilder::InfrastructureConfiguration]}}}\n",
    ],
)
def test_a_text_that_only_names_the_type_is_skipped(judge, text):
    report = judge(text)
    assert (report.problems, report.configurations, report.exit_code) == ((), (), 0)
