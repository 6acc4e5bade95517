"""A plan file binds account, Region, request, rules and version."""

import hashlib
import json

import pytest

from iblint.apply.plan_file import plan_digest
from tests.apply.conftest import ARN, SPEC
from tests.fake_aws.seed import client
from tests.fake_aws.server import ACCOUNT


@pytest.fixture
def planned(bare_fake, iblint, tmp_path):
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json").code == 0
    return tmp_path / "plan.json"


def digest_of(path):
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def edit(path, change):
    data = json.loads(path.read_text())
    change(data)
    data["digest"] = plan_digest(data)  # as somebody would who makes a plan by hand
    path.write_text(json.dumps(data))


def test_the_plan_is_applied(bare_fake, iblint, planned):
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes").code == 0
    assert bare_fake.imagebuilder.creates() == [ARN]


def test_another_request_is_refused(bare_fake, iblint, planned, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC + "description: new\n")
    assert "'web.yaml' has changed" in iblint(bare_fake, "apply", "--plan", "plan.json", "--yes").err
    edit(planned, lambda data: data["inputs"]["files"][0].update(digest=digest_of(tmp_path / "web.yaml")))
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert refused.code == 1
    assert "the request of 'web.yaml#golden-web'" in refused.err
    assert bare_fake.writes() == []


def test_another_account_is_refused(bare_fake, iblint, planned):
    bare_fake.accounts["AKIAFAKEFAKEFAKEFAKE"] = "333322221111"
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert refused.code == 1
    assert "is no longer in the plan" in refused.err
    assert bare_fake.writes() == []


def test_another_region_is_refused(bare_fake, iblint, planned, monkeypatch):
    environment = {**bare_fake.environment, "AWS_REGION": "us-east-1"}
    monkeypatch.setattr(type(bare_fake), "environment", environment)
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes").code == 1
    assert bare_fake.writes() == []


def test_another_version_or_other_rules_are_refused(bare_fake, iblint, planned):
    edit(planned, lambda data: data["tool"].update(version="0.0.1"))
    assert "iblint was 0.0.1" in iblint(bare_fake, "apply", "--plan", "plan.json", "--yes").err
    edit(planned, lambda data: data["tool"]["packs"][0].update(digest="sha256:0"))
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert refused.code == 1
    assert "the rules of 'iblint' have changed" in refused.err
    assert bare_fake.writes() == []


def test_a_change_in_the_account_is_refused(bare_fake, iblint, planned):
    client(bare_fake, "imagebuilder").create_infrastructure_configuration(
        name="golden-web", instanceProfileName="builder"
    )
    writes = len(bare_fake.writes())
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert refused.code == 1
    assert "the planned action was 'create', now 'drift'" in refused.err
    assert len(bare_fake.writes()) == writes


def test_options_of_the_plan_cannot_be_given_again(bare_fake, iblint, planned):
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", "--region", "us-east-1")
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
        {"waive": ["IB207"], "reason": ["x"], "until": ["2999-01-01"]},
        {"waivers": "waivers.yaml"},
        {"aws_profile": ["prod"]},
        {"role_arn": ["arn:aws:iam::210987654321:role/admin"]},
        {"select": ["IB2"]},
        {"ignore": ["IB207"]},
        {"rules": ["rules"]},
        {"packs": ["pack"]},
        {"config": "iblint.yaml"},
        {"no_config": True},
        {"resource": {"a": 1}},
        {"build_type": True},
        {"update": "x"},
        {"no_config": 1},
    ],
    ids=str,
)
def test_a_plan_file_can_only_have_what_a_command_line_can(bare_fake, iblint, planned, options):
    bare_fake.calls.clear()
    edit(planned, lambda data: data["command"]["options"].update(options))
    refused = iblint(bare_fake, "apply", "--plan", "plan.json")
    assert refused.code == 2
    assert "internal" not in refused.err
    assert "no terminal" not in refused.err
    assert bare_fake.calls == []


WAIVER = ("--waive", "IB201", "--reason", "old agent", "--until", "2999-01-01")


@pytest.fixture
def waived(bare_fake, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC.replace("required", "optional"))
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json", *WAIVER).code == 0
    bare_fake.calls.clear()
    return tmp_path / "plan.json"


def test_a_plan_with_a_waiver_needs_the_same_waiver_again(bare_fake, iblint, waived):
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert refused.code == 1
    assert "it was made with a waiver of IB201 until 2999-01-01" in refused.err
    assert bare_fake.calls == []
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", *WAIVER).code == 0
    assert bare_fake.imagebuilder.creates() == [ARN]


@pytest.mark.parametrize(
    "given",
    [
        ("--waive", "IB201", "--reason", "another", "--until", "2999-01-01"),
        ("--waive", "IB201", "--reason", "old agent", "--until", "2999-12-31"),
        ("--waive", "IB202", "--reason", "old agent", "--until", "2999-01-01"),
        (*WAIVER, "--waive", "IB207", "--reason", "more", "--until", "2999-01-01"),
    ],
    ids=" ".join,
)
def test_another_waiver_than_the_planned_one_is_refused(bare_fake, iblint, waived, given):
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", *given)
    assert (refused.code, "The plan has changed" in refused.err) == (1, True)
    assert bare_fake.calls == []


@pytest.mark.parametrize("where", ["options", "inputs", "decision"])
def test_a_waiver_in_the_plan_file_is_not_a_waiver(bare_fake, iblint, planned, tmp_path, where):
    (tmp_path / "web.yaml").write_text(SPEC.replace("required", "optional"))

    def smuggle(data):
        waiver = {"rule": "IB201", "reason": "agreed", "until": "2999-01-01"}
        data["inputs"]["files"][0]["digest"] = digest_of(tmp_path / "web.yaml")
        if where == "options":
            data["command"]["options"] |= {"waive": ["IB201"], "reason": ["agreed"], "until": ["2999-01-01"]}
        elif where == "inputs":
            data["inputs"]["waivers"] = [waiver]
        else:
            data["plans"][0]["decision"]["waived"] = [{"rule": "IB201", "waiver": waiver}]

    bare_fake.calls.clear()
    edit(planned, smuggle)
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes").code in (1, 2)
    assert bare_fake.calls == []


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


def test_every_option_that_a_plan_keeps_is_restored(bare_fake, iblint, tmp_path):
    (tmp_path / "stack.yaml").write_text(STACK)
    (tmp_path / "params.json").write_text('{"Parameters": {"Text": "-- hello"}}')
    options = ("--resource", "Web", "--region", "us-east-1", "--parameters", "params.json", "--build-type", "ami")
    given = ("--waive", "IB201", "--reason", "--yes", "--until", "2999-01-01", "--ignore", "IB3,IB4", "--no-config")
    planned = ("--out", "plan.json", "--account", ACCOUNT, "--update")
    assert iblint(bare_fake, "plan", "stack.yaml", *options, *given, *planned).code == 0
    done = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", *given)
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
            for c in ({"iblintPlan": "1"}, {"command": None}, {"plans": None}, {"plans": [5]})
        ),
        *(lambda d, c=c: d.update(c) for c in ({"command": {"specs": 1}}, {"tool": 5}, {"inputs": 5})),
        *(without("inputs", key) for key in ("files", "settings", "waivers")),
        lambda d: d["inputs"].update(files=[1]),
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
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert refused.code == 2
    assert "internal" not in refused.err
    assert bare_fake.calls == []


def test_a_plan_file_that_is_nested_too_deeply_is_damaged(bare_fake, iblint, tmp_path):
    (tmp_path / "plan.json").write_text('{"iblintPlan": ' + "[" * 200_000)
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert (refused.code, "The plan file is damaged" in refused.err) == (2, True)


def test_a_plan_is_applied_alone(bare_fake, iblint, planned):
    refused = iblint(bare_fake, "apply", "web.yaml", "--plan", "plan.json", "--yes")
    assert (refused.code, "give no SPEC" in refused.err) == (2, True)
    assert bare_fake.writes() == []


def test_the_account_can_be_demanded_of_a_plan_that_names_none(bare_fake, iblint, planned):
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", "--account", "333322221111").code in (1, 5)
    assert bare_fake.writes() == []
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", "--account", ACCOUNT).code == 0


def test_a_plan_of_another_account_cannot_be_redirected(bare_fake, iblint, tmp_path):
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json", "--account", ACCOUNT).code == 0
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", "--account", "333322221111")
    assert (refused.code, "--account is part of the plan" in refused.err) == (2, True)


def test_apply_needs_a_specification_or_a_plan(bare_fake, iblint):
    assert "Name a specification" in iblint(bare_fake, "apply", "--yes").err


def test_the_digest_is_printed_and_checked(bare_fake, iblint, planned):
    digest = json.loads(planned.read_text())["digest"]
    assert f"Plan digest: {digest}\n" in iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json").out
    assert json.loads(iblint(bare_fake, "plan", "web.yaml", "--format", "json").out)["digest"] == digest
    bare_fake.calls.clear()
    other = "sha256:" + "0" * 64
    for given, code in [(other, 1), ("sha256:0", 2), (digest.upper(), 2), ("", 2)]:
        assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", "--plan-digest", given).code == code
    assert iblint(bare_fake, "apply", "web.yaml", "--yes", "--plan-digest", digest).code == 2
    assert bare_fake.calls == []
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes", "--plan-digest", digest).code == 0


CHANGED = {
    "spec": lambda folder: (folder / "web.yaml").write_text(SPEC + "# a comment\n"),
    "settings": lambda folder: (folder / ".iblint.yaml").write_text("ignore: [IB207]\n"),
    "severity": lambda folder: (folder / ".iblint.yaml").write_text("severity: {IB207: note}\n"),
    "override": lambda folder: (folder / ".iblint.yaml").write_text(
        "overrides: [{files: ['*.yaml'], severity: {IB207: note}}]\n"
    ),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_what_the_plan_was_made_from_is_bound(bare_fake, iblint, planned, tmp_path, change):
    before = json.loads(planned.read_text())["digest"]
    change(tmp_path)
    bare_fake.calls.clear()
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert (refused.code, "The plan has changed" in refused.err) == (1, True)
    assert bare_fake.calls == []
    assert json.loads(iblint(bare_fake, "plan", "web.yaml", "--format", "json").out)["digest"] != before


@pytest.mark.parametrize(
    "options",
    [
        ("--region", "us-east-1"),
        ("--account", ACCOUNT),
        ("--build-type", "both"),
        ("--update",),
        ("--ignore", "IB207"),
        ("--waive", "IB207", "--reason", "x", "--until", "2999-01-01"),
    ],
    ids=" ".join,
)
def test_the_digest_covers_options_and_waivers(bare_fake, iblint, planned, options):
    before = json.loads(planned.read_text())["digest"]
    assert json.loads(iblint(bare_fake, "plan", "web.yaml", "--format", "json", *options).out)["digest"] != before


def test_a_plan_is_bound_to_its_file_of_parameters(bare_fake, iblint, tmp_path):
    (tmp_path / "stack.yaml").write_text(STACK.replace("optional", "required"))
    (tmp_path / "params.json").write_text('{"Parameters": {"Text": "hello"}}')
    planned = ("--resource", "Web", "--parameters", "params.json", "--build-type", "ami", "--out", "plan.json")
    assert iblint(bare_fake, "plan", "stack.yaml", *planned).code == 0
    (tmp_path / "params.json").write_text('{"Parameters": {"Text": "hello" }}')
    refused = iblint(bare_fake, "apply", "--plan", "plan.json", "--yes")
    assert (refused.code, "'params.json' has changed" in refused.err) == (1, True)


def test_a_plan_edited_without_its_digest_is_damaged(bare_fake, iblint, planned):
    text = planned.read_text()
    planned.write_text(text.replace('"create"', '"update"'))
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes").code == 2


def test_a_refused_plan_is_not_written(bare_fake, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC.replace("required", "optional"))
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json").code == 1
    assert not (tmp_path / "plan.json").exists()


def test_standard_input_has_no_plan_file(bare_fake, iblint):
    assert iblint(bare_fake, "plan", "-", "--out", "plan.json").code == 2
