"""A plan file binds account, Region, request, rules and version."""

import json

import pytest

from tests.apply.conftest import ARN, SPEC
from tests.fake_aws.seed import client
from tests.fake_aws.server import ACCOUNT


@pytest.fixture
def planned(bare_fake, iblint, tmp_path):
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json").code == 0
    return tmp_path / "plan.json"


def edit(path, change):
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def test_the_plan_is_applied(bare_fake, iblint, planned):
    assert iblint(bare_fake, "apply", "plan.json", "--yes").code == 0
    assert bare_fake.imagebuilder.creates() == [ARN]


def test_another_request_is_refused(bare_fake, iblint, planned, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC + "description: new\n")
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "the request of 'web.yaml#golden-web'" in refused.err
    assert bare_fake.writes() == []


def test_another_account_is_refused(bare_fake, iblint, planned):
    bare_fake.accounts["AKIAFAKEFAKEFAKEFAKE"] = "333322221111"
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "is no longer in the plan" in refused.err
    assert bare_fake.writes() == []


def test_another_region_is_refused(bare_fake, iblint, planned, monkeypatch):
    environment = {**bare_fake.environment, "AWS_REGION": "us-east-1"}
    monkeypatch.setattr(type(bare_fake), "environment", environment)
    assert iblint(bare_fake, "apply", "plan.json", "--yes").code == 1
    assert bare_fake.writes() == []


def test_another_version_or_other_rules_are_refused(bare_fake, iblint, planned):
    edit(planned, lambda data: data["tool"].update(version="0.0.1"))
    assert "iblint was 0.0.1" in iblint(bare_fake, "apply", "plan.json", "--yes").err
    edit(planned, lambda data: data["tool"]["packs"][0].update(digest="sha256:0"))
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "the rules of 'iblint' have changed" in refused.err
    assert bare_fake.writes() == []


def test_a_change_in_the_account_is_refused(bare_fake, iblint, planned):
    client(bare_fake, "imagebuilder").create_infrastructure_configuration(
        name="golden-web", instanceProfileName="builder"
    )
    writes = len(bare_fake.writes())
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "the planned action was 'create', now 'drift'" in refused.err
    assert len(bare_fake.writes()) == writes


def test_options_of_the_plan_cannot_be_given_again(bare_fake, iblint, planned):
    refused = iblint(bare_fake, "apply", "plan.json", "--yes", "--region", "us-east-1")
    assert refused.code == 2
    assert "--region is part of the plan" in refused.err


@pytest.mark.parametrize(
    "options",
    [
        {"yes": True},
        {"confirm_update": True},
        {"state_dir": "elsewhere"},
        {"external_id": "x"},
        {"region": [5]},
        {"region": ["evil.example.com/#"]},
        {"account": "1"},
        {"role_arn": ["x"]},
        {"waive": ["IB207"], "reason": ["x"], "until": ["soon"]},
        {"waive": ["IB207"], "reason": ["x"], "until": ["2020-01-01"]},
        {"waive": "IB207"},
        {"aws_profile": 5},
        {"select": 3},
        {"resource": {"a": 1}},
        {"config": 7},
        {"build_type": True},
        {"update": "x"},
        {"no_config": 1},
    ],
    ids=str,
)
def test_a_plan_file_can_only_have_what_a_command_line_can(bare_fake, iblint, planned, options):
    bare_fake.calls.clear()
    edit(planned, lambda data: data["command"]["options"].update(options))
    refused = iblint(bare_fake, "apply", "plan.json")
    assert refused.code == 2
    assert "internal" not in refused.err
    assert "no terminal" not in refused.err
    assert bare_fake.calls == []


def test_a_waiver_that_was_not_planned_is_refused(bare_fake, iblint, planned, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC.replace("required", "optional"))
    waiver = ("--waive", "IB201", "--reason", "old agent", "--until", "2999-01-01")
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json", *waiver).code == 0
    edit(planned, lambda data: data["command"]["options"].update(reason=["another"], until=["2999-12-31"]))
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "has other waivers" in refused.err
    assert bare_fake.writes() == []


STACK = """\
Parameters: {Text: {Type: String}}
Resources:
  Web:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      Name: golden-web
      InstanceProfileName: builder
      Description: !Ref Text
      InstanceMetadataOptions: {HttpTokens: optional, HttpPutResponseHopLimit: 2}
"""


def test_every_option_of_a_plan_is_restored(bare_fake, iblint, tmp_path):
    (tmp_path / "stack.yaml").write_text(STACK)
    (tmp_path / "params.json").write_text('{"Parameters": {"Text": "-- hello"}}')
    options = ("--resource", "Web", "--region", "us-east-1", "--parameters", "params.json", "--build-type", "ami")
    waiver = ("--waive", "IB201", "--reason", "--yes", "--until", "2999-01-01")
    planned = ("--out", "plan.json", "--account", ACCOUNT, "--ignore", "IB3,IB4", "--no-config", "--update")
    assert iblint(bare_fake, "plan", "stack.yaml", *options, *waiver, *planned).code == 0
    done = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert done.code == 0, done
    assert bare_fake.imagebuilder.creates() == [ARN.replace("eu-west-1", "us-east-1")]


def without(*path):
    def change(data):
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    return change


@pytest.mark.parametrize(
    "damage",
    [
        *(
            lambda d, c=c: d.update(c)
            for c in ({"iblintPlan": "2"}, {"command": None}, {"plans": None}, {"plans": [5]})
        ),
        *(lambda d, c=c: d.update(c) for c in ({"command": {"specs": 1}}, {"tool": 5})),
        lambda d: d["tool"].update(packs=[1]),
        lambda d: d["command"].update(specs=[]),
        lambda d: d["command"].update(specs=[5]),
        without("tool", "version"),
        *(without("plans", 0, key) for key in ("identity", "configuration", "digest", "action", "changes", "decision")),
    ],
)
def test_a_damaged_plan_is_refused(bare_fake, iblint, planned, damage):
    bare_fake.calls.clear()
    edit(planned, damage)
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 2
    assert "internal" not in refused.err
    assert bare_fake.calls == []


def test_a_plan_file_that_is_nested_too_deeply_is_damaged(bare_fake, iblint, tmp_path):
    (tmp_path / "plan.json").write_text('{"iblintPlan": ' + "[" * 200_000)
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert (refused.code, "The plan file is damaged" in refused.err) == (2, True)


def test_a_plan_is_applied_alone(bare_fake, iblint, planned):
    refused = iblint(bare_fake, "apply", "web.yaml", "plan.json", "--yes")
    assert refused.code == 2
    assert "plan.json is a plan" in refused.err
    assert bare_fake.writes() == []


def test_a_refused_plan_is_not_written(bare_fake, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC.replace("required", "optional"))
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json").code == 1
    assert not (tmp_path / "plan.json").exists()


def test_standard_input_has_no_plan_file(bare_fake, iblint):
    assert iblint(bare_fake, "plan", "-", "--out", "plan.json").code == 2
