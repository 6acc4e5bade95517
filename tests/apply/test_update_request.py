"""An update request: planned and applied to the configuration that its ARN names, and to no other."""

import pytest

from tests.apply.conftest import ARN, SPEC
from tests.fake_aws.server import ACCOUNT, REGION

UPDATE = SPEC.replace("name: golden-web", f"infrastructureConfigurationArn: {ARN}") + "description: new\n"


def test_an_update_request_replaces_the_configuration(world):
    world.apply(SPEC + "keyPair: old\ntags: {team: web}\n")
    world.update = True
    result = world.apply(UPDATE)
    assert (result.status, result.exit_code) == ("updated", 0)
    assert [(change.path, change.kind) for change in result.plan.changes] == [
        (("description",), "add"),
        (("keyPair",), "clear"),
    ]
    found = world.fake.imagebuilder.configurations[ARN]
    assert found["description"] == "new"
    assert "keyPair" not in found
    assert found["tags"] == {"team": "web"}
    sent = next(call.params for call in world.fake.writes() if call.operation == "UpdateInfrastructureConfiguration")
    assert sent["infrastructureConfigurationArn"] == ARN
    assert "name" not in sent
    assert world.apply(UPDATE).status == "unchanged"


def test_without_update_it_is_drift(world):
    world.apply()
    writes = len(world.fake.writes())
    result = world.apply(UPDATE)
    assert (result.status, result.exit_code) == ("drift", 6)
    assert len(world.fake.writes()) == writes


def test_an_update_of_what_does_not_exist_creates_nothing(world):
    world.update = True
    result = world.apply(UPDATE)
    assert (result.plan.action, result.exit_code) == ("missing", 6)
    assert "Write a create request" in result.message
    assert world.fake.writes() == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [(ACCOUNT, "999999999999", "for account 999999999999"), (REGION, "eu-north-1", "eu-north-1")],
)
def test_an_update_of_another_account_or_region_is_refused(world, old, new, words):
    world.update = True
    result = world.apply(UPDATE.replace(ARN, ARN.replace(old, new)))
    assert (result.plan.action, result.exit_code) == ("misplaced", 5)
    assert words in result.message
    assert world.fake.writes() == []


@pytest.mark.parametrize("arn", ["${ARN}", "arn:aws:imagebuilder:eu-west-1:aws:image/x", f"{ARN}/*", "web"])
def test_an_update_without_a_known_arn_is_refused(world, arn):
    world.update = True
    plan = world.plan(UPDATE.replace(ARN, f"'{arn}'"))
    assert plan.action == "refused"
    assert world.fake.writes() == []


@pytest.mark.parametrize("member", ["name: golden-web", "tags: {a: b}", "dryRun: false"])
def test_members_of_the_create_request_are_refused(world, member):
    world.update = True
    plan = world.plan(f"{UPDATE}{member}\n")
    assert plan.action == "refused"
    assert any(reason.rule == "IB101" or "must not be" in reason.message for reason in plan.decision.reasons)


def test_the_core_rules_gate_an_update(world):
    world.update = True
    plan = world.plan(UPDATE.replace("httpTokens: required", "httpTokens: optional"))
    assert plan.action == "refused"
    assert [reason.rule for reason in plan.decision.reasons] == ["IB201"]
