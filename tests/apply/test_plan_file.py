"""A plan on file binds account, Region, request, rules and version."""

import json

import pytest

from tests.apply.conftest import ARN, SPEC
from tests.fake_aws.seed import client


@pytest.fixture
def planned(bare_fake, iblint, tmp_path):
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json").code == 0
    return tmp_path / "plan.json"


def edit(path, change):
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def test_what_was_planned_is_applied(bare_fake, iblint, planned):
    assert iblint(bare_fake, "apply", "plan.json", "--yes").code == 0
    assert bare_fake.imagebuilder.creates() == [ARN]


def test_another_request_is_refused(bare_fake, iblint, planned, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC + "description: new\n")
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "is not the request that was planned" in refused.err
    assert bare_fake.writes() == []


def test_another_account_is_refused(bare_fake, iblint, planned):
    bare_fake.accounts["AKIAFAKEFAKEFAKEFAKE"] = "333322221111"
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "was planned and is not there now" in refused.err
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


def test_what_changed_in_the_account_since_is_refused(bare_fake, iblint, planned):
    client(bare_fake, "imagebuilder").create_infrastructure_configuration(
        name="golden-web", instanceProfileName="builder"
    )
    writes = len(bare_fake.writes())
    refused = iblint(bare_fake, "apply", "plan.json", "--yes")
    assert refused.code == 1
    assert "planned was 'create', now it is 'drift'" in refused.err
    assert len(bare_fake.writes()) == writes


def test_options_of_the_plan_are_the_plans(bare_fake, iblint, planned):
    refused = iblint(bare_fake, "apply", "plan.json", "--yes", "--region", "us-east-1")
    assert refused.code == 2
    assert "--region is part of a plan" in refused.err


@pytest.mark.parametrize("damage", [{"iblintPlan": "2"}, {"command": None}, {"plans": None}, {"command": {"specs": 1}}])
def test_a_damaged_plan_is_refused(bare_fake, iblint, planned, damage):
    edit(planned, lambda data: data.update(damage))
    assert iblint(bare_fake, "apply", "plan.json", "--yes").code == 2
    assert bare_fake.writes() == []


def test_a_refused_plan_is_not_written(bare_fake, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC.replace("required", "optional"))
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json").code == 1
    assert not (tmp_path / "plan.json").exists()


def test_standard_input_has_no_plan_file(bare_fake, iblint):
    assert iblint(bare_fake, "plan", "-", "--out", "plan.json").code == 2
