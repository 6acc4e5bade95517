"""One configuration is created once, whatever the service and the network do."""

import json
from datetime import date

import pytest

from iblint.apply.journal import Journal, JournalError
from iblint.apply.retry import LONGEST_PAUSE, MAX_PAUSES, Clock, RetryBudget
from iblint.model.waiver import Waiver
from tests.apply.conftest import ARN, SPEC, Time
from tests.fake_aws.faults import Fault

GET = "GetInfrastructureConfiguration"


def real(kind, **more) -> Fault:
    """A fault for the create after the dry run."""
    return Fault(kind, skip=1, **more)


def test_a_passing_configuration_is_created_once_and_verified(world):
    result = world.apply()
    assert (result.status, result.exit_code) == ("created", 0)
    assert result.observed["arn"] == ARN
    assert result.request_id
    assert world.creates == [ARN]
    assert world.events() == ["intent", "done"]


def test_the_judged_request_is_sent(world):
    world.apply()
    sent = dict(world.fake.calls[-2].params)
    assert sent.pop("clientToken")
    assert sent == {
        "name": "golden-web",
        "instanceProfileName": "builder",
        "instanceTypes": ["m6i.large", "m5.large"],
        "terminateInstanceOnFailure": True,
        "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
    }


def test_the_key_for_editors_is_never_sent(world):
    assert world.apply(SPEC + "$schema: ./request.schema.json\n").status == "created"
    assert all("$schema" not in call.params for call in world.fake.calls)
    assert world.apply().status == "unchanged"


def test_a_dry_run_comes_first_and_uses_another_token(world):
    world.apply()
    first, second = [call.params for call in world.fake.calls if call.write]
    assert first["dryRun"] is True
    assert "dryRun" not in second
    assert first["clientToken"] != second["clientToken"]


def test_running_again_changes_nothing(world):
    world.apply()
    writes = len(world.fake.writes())
    result = world.apply()
    assert (result.status, result.exit_code) == ("unchanged", 0)
    assert len(world.fake.writes()) == writes


def test_a_changed_specification_is_drift_and_nothing_is_written(world):
    world.apply()
    writes = len(world.fake.writes())
    result = world.apply(SPEC.replace("m5.large", "m5.xlarge") + "description: new\n")
    assert (result.status, result.exit_code) == ("drift", 6)
    assert [(change.path, change.kind) for change in result.plan.changes] == [
        (("description",), "add"),
        (("instanceTypes",), "change"),
    ]
    assert len(world.fake.writes()) == writes


def test_a_field_that_only_the_account_has_is_drift(world):
    world.apply(SPEC + "description: old\n")
    plan = world.plan()
    assert plan.action == "drift"
    assert [(change.path, change.kind, change.old) for change in plan.changes] == [(("description",), "clear", "old")]


def test_order_of_types_and_groups_and_defaults_are_no_drift(world):
    world.fake.imagebuilder.empty_structures = True
    world.apply(SPEC.replace("terminateInstanceOnFailure: true\n", ""))
    assert world.apply(SPEC.replace("[m6i.large, m5.large]", "[m5.large, m6i.large]")).status == "unchanged"


def test_another_name_with_the_same_arn_is_a_conflict(world):
    world.apply()
    result = world.apply(SPEC.replace("golden-web", "Golden Web"))
    assert (result.status, result.exit_code) == ("conflict", 6)
    assert world.creates == [ARN]


# code: exit code, message of the end, how often it was sent
ENDS = {
    "ServiceException": (7, "is not known"),
    "ClientException": (5, "refused the request"),
    "ServiceUnavailableException": (7, "is not known"),
    "InvalidRequestException": (5, "malformed"),
    "IdempotentParameterMismatchException": (5, "used before with other parameters"),
    "ForbiddenException": (5, "not allowed to do this"),
    "CallRateLimitExceededException": (5, "throttled the call"),
    "ResourceInUseException": (5, "in use"),
    "ServiceQuotaExceededException": (5, "quota"),
    "InvalidParameterValueException": (5, "refused a parameter"),
    "InvalidParameterCombinationException": (5, "refused the combination of parameters"),
    "InvalidParameterException": (5, "refused a parameter"),
    "AccessDeniedException": (5, "denied"),
    "TooManyRequestsException": (5, "throttled the call"),
}
RETRIED = {
    "ServiceException",
    "ServiceUnavailableException",
    "CallRateLimitExceededException",
    "TooManyRequestsException",
}


@pytest.mark.parametrize("code", ENDS)
def test_each_exception_has_its_exit_code_and_message(world, code):
    exit_code, said = ENDS[code]
    world.fake.script.add(real("error", code=code, times=1000))
    result = world.apply()
    assert result.exit_code == exit_code
    assert said in result.message
    assert code in result.message
    assert result.message.endswith(".")
    assert world.creates == []
    sent = [call for call in world.fake.writes() if call.fault]
    assert (len(sent) > 1) is (code in RETRIED)
    assert len({call.params["clientToken"] for call in sent}) == 1
    assert world.events() == ["intent", "unknown" if exit_code == 7 else "refused"]


@pytest.mark.parametrize("code", ENDS)
def test_each_exception_of_the_dry_run_ends_it_before_anything_is_sent(world, code):
    world.fake.script.add(Fault("error", code=code, times=1000))
    result = world.apply()
    assert (result.status, result.exit_code) == ("failed", 5)
    assert "nothing was created" in result.message
    assert all(call.params.get("dryRun") for call in world.fake.writes())
    assert world.events() == []


def test_already_existing_with_the_same_content_is_unchanged(world):
    plan = world.plan()
    world.apply()
    world.fake.imagebuilder.forget_tokens()
    assert world.carry_out(plan).status == "unchanged"
    assert world.creates == [ARN]


def test_already_existing_with_other_content_is_a_conflict(world):
    plan = world.plan()
    world.apply(SPEC.replace("m5.large", "m5.xlarge"))
    result = world.carry_out(plan)
    assert (result.status, result.exit_code) == ("conflict", 6)
    assert world.creates == [ARN]


def test_after_a_lost_response_the_same_token_finds_the_configuration(world):
    world.fake.script.add(real("reset", when="after"))
    result = world.apply()
    assert (result.status, result.exit_code) == ("created", 0)
    assert world.creates == [ARN]


def test_a_response_without_an_arn_is_verified_by_get(world):
    world.fake.script.add(real("cut-json", when="after"))
    assert world.apply().status == "created"


def looked_at(world) -> set[str]:
    return {call.params["infrastructureConfigurationArn"] for call in world.fake.calls if call.operation == GET}


ELSEWHERE = [ARN.replace("eu-west-1", "us-east-1"), ARN.replace("210987654321", "333322221111"), "nonsense", None]


@pytest.mark.parametrize("arn", ELSEWHERE)
def test_an_arn_of_another_account_in_the_response_is_ignored(world, arn):
    body = json.dumps({"infrastructureConfigurationArn": arn})
    world.fake.script.add(real("body", when="after", body=body))
    result = world.apply()
    assert (result.status, result.observed["arn"]) == ("created", ARN)
    assert {call.params["infrastructureConfigurationArn"] for call in world.fake.calls if call.operation == GET} == {
        ARN
    }


@pytest.mark.parametrize("arn", ELSEWHERE)
def test_an_arn_of_another_account_in_a_conflict_is_ignored(world, arn):
    message = f"The following resource already exists: '{arn}'."
    world.fake.script.add(real("error", code="ResourceAlreadyExistsException", message=message))
    result = world.apply()
    assert (result.status, result.exit_code) == ("unknown", 7)
    assert {call.params["infrastructureConfigurationArn"] for call in world.fake.calls if call.operation == GET} == {
        ARN
    }


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", "<html>OK</html>", '{"infrastructureConfiguration": []}'])
def test_an_empty_response_to_get_is_no_success(world, body):
    world.fake.script.add(Fault("body", operation=GET, body=body, skip=1, times=1000))
    result = world.apply()
    assert (result.status, result.exit_code) == ("unknown", 7)
    world.fake.script.clear()
    assert world.apply().exit_code == 0
    assert world.creates == [ARN]


def test_a_get_with_another_name_is_no_success(world):
    other = {"infrastructureConfiguration": {"arn": ARN, "name": "another", "instanceProfileName": "builder"}}
    world.fake.script.add(Fault("body", operation=GET, body=json.dumps(other), skip=1, times=1000))
    result = world.apply()
    assert (result.status, result.exit_code) == ("differs", 6)


@pytest.mark.parametrize("event", ["done", "refused", "unknown"])
def test_a_journal_that_fails_after_sending_leaves_the_outcome_open(world, monkeypatch, event):
    write = Journal.write

    def full(self, entry):
        if entry.event == event:
            raise JournalError("Cannot write the journal: No space left on device.")
        write(self, entry)

    faults = {"refused": real("error", code="ClientException"), "unknown": real("reset", times=1000)}
    world.fake.script.add(*([faults[event]] if event in faults else []))
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "write", full)
        result = world.apply()
    assert (result.status, result.exit_code) == ("unknown", 7)
    assert "No space left" in result.message
    assert "Run the same command again" in result.message
    world.fake.script.clear()
    assert world.apply().exit_code == 0
    assert world.creates == [ARN]
    assert world.events()[-1] == "done"


def test_an_unknown_outcome_is_reported_and_the_next_run_closes_it(world):
    world.fake.script.add(real("reset", times=1000))
    result = world.apply()
    assert (result.status, result.exit_code) == ("unknown", 7)
    assert "Run the same command again" in result.message
    world.fake.script.clear()
    assert world.apply().status == "created"
    assert world.creates == [ARN]
    assert world.events() == ["intent", "unknown", "intent", "done"]
    tokens = [call.params["clientToken"] for call in world.fake.writes() if "dryRun" not in call.params]
    assert len(set(tokens)) == 1


def test_an_unknown_outcome_that_took_effect_is_resolved_by_get(world):
    lost = real("error", code="ServiceException", when="after")
    world.fake.script.add(lost, Fault("error", code="ForbiddenException"))
    result = world.apply()
    assert (result.status, result.exit_code) == ("created", 0)


def test_the_intent_of_a_killed_run_is_closed_if_it_took_effect(world):
    plan = world.plan()
    world.carry_out(plan)
    journal = world.folder / plan.identity.account / f"{plan.identity.region}.jsonl"
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
    assert world.apply().status == "unchanged"
    assert world.events() == ["intent", "done"]


@pytest.mark.parametrize("code", ["CallRateLimitExceededException", "ClientException"])
def test_a_refusal_is_verified_by_get(world, code):
    world.fake.script.add(real("error", code=code, when="after"), Fault("error", code=code, times=1000))
    assert world.apply().exit_code == 0
    assert world.events() == ["intent", "done"]


def test_success_needs_a_get_that_returns_the_configuration(world):
    world.fake.script.add(Fault("error", operation=GET, code="ForbiddenException", skip=1, times=1000))
    result = world.apply()
    assert (result.status, result.exit_code) == ("unknown", 7)
    assert "cannot be verified" in result.message


def test_a_configuration_that_becomes_visible_later_is_waited_for(world):
    world.fake.imagebuilder.hidden_gets = 3
    assert world.apply().status == "created"
    assert len(world.creates) == 1


def test_a_deleted_configuration_is_created_again_with_a_new_token(world):
    world.apply()
    del world.fake.imagebuilder.configurations[ARN]
    assert world.apply().status == "created"
    assert len(world.creates) == 2
    assert ARN in world.fake.imagebuilder.configurations


def test_a_deleted_configuration_is_created_again_without_the_journal_too(world, tmp_path):
    world.apply()
    del world.fake.imagebuilder.configurations[ARN]
    world.folder = tmp_path / "another machine"
    assert world.apply().status == "created"
    assert ARN in world.fake.imagebuilder.configurations
    assert world.events() == ["intent", "intent", "done"]


def test_a_new_profile_is_retried_if_it_exists(world):
    world.has_profile = True
    world.fake.imagebuilder.unknown_profile_creates = 3
    assert world.apply().status == "created"
    assert all(pause >= 3 for pause in world.time.pauses)


@pytest.mark.parametrize(("seen", "tries"), [(False, 1), (True, 6)])
def test_a_missing_profile_is_retried_only_a_few_times(world, seen, tries):
    world.has_profile = seen
    world.fake.other_services.profiles.clear()
    result = world.apply()
    assert (result.status, result.exit_code) == ("failed", 5)
    assert "InvalidParameterValueException" in result.message
    assert len(world.fake.writes()) == tries


def test_the_deadline_bounds_all_pauses(world):
    world.fake.script.add(Fault("error", code="CallRateLimitExceededException", times=1000))
    world.seconds = 10
    world.apply()
    assert sum(world.time.pauses) < 10


def test_pauses_are_bounded_in_number_too():
    time = Time(chance=lambda: 0.0)
    patience = RetryBudget(time.clock, 60)
    while patience.pause():
        pass
    assert len(time.pauses) == MAX_PAUSES


def test_pauses_double_and_are_jittered():
    time = Time(chance=lambda: 1.0)
    patience = RetryBudget(time.clock, 1000)
    for _ in range(8):
        patience.pause()
    assert time.pauses[:4] == [0.5, 1.0, 2.0, 4.0]
    assert max(time.pauses) == LONGEST_PAUSE


def test_the_real_clock_is_used_by_default():
    assert Clock().stamp().endswith("Z")


def test_a_failing_specification_is_not_sent(world):
    result = world.apply(SPEC.replace("required", "optional"))
    assert (result.status, result.exit_code) == ("refused", 1)
    assert world.fake.writes() == []


def test_an_update_replaces_clears_and_tags(world):
    world.apply(SPEC + "description: old\ntags: {team: images, old: x}\n")
    world.update = True
    result = world.apply(SPEC.replace("m5.large", "m5.xlarge") + "tags: {team: ops, new: y}\n")
    assert (result.status, result.exit_code) == ("updated", 0)
    found = world.fake.imagebuilder.configurations[ARN]
    assert "description" not in found
    assert found["instanceTypes"] == ["m6i.large", "m5.xlarge"]
    assert found["tags"] == {"team": "ops", "new": "y"}
    assert world.events() == ["intent", "done", "intent", "done"]


def test_an_update_back_and_forth_takes_effect_each_time(world, tmp_path):
    other = SPEC.replace("m5.large", "m5.xlarge")
    world.apply()
    world.update = True
    for number, text in enumerate((other, SPEC, other, SPEC)):
        world.folder = tmp_path / str(number)
        assert world.apply(text).status == "updated"


@pytest.mark.parametrize("delete", [False, True])
def test_a_configuration_that_changed_after_the_plan_is_not_replaced(world, delete):
    world.apply(SPEC + "description: previewed\n")
    world.update = True
    plan = world.plan()
    assert plan.action == "update"
    if delete:
        del world.fake.imagebuilder.configurations[ARN]
    else:
        world.fake.imagebuilder.configurations[ARN]["keyPair"] = "ops"
    writes = len(world.fake.writes())
    result = world.carry_out(plan)
    assert (result.status, result.exit_code) == ("drift", 6)
    assert "changed or deleted after the plan" in result.message
    assert len(world.fake.writes()) == writes


def test_a_change_of_tags_alone_replaces_nothing(world):
    world.apply()
    world.update = True
    assert world.apply(SPEC + "tags: {team: images}\n").status == "updated"
    operations = [call.operation for call in world.fake.writes()]
    assert operations[-1] == "TagResource"
    assert "UpdateInfrastructureConfiguration" not in operations


def test_an_update_whose_response_is_lost_is_verified(world):
    world.apply()
    world.update = True
    world.fake.script.add(Fault("reset", operation="UpdateInfrastructureConfiguration", when="after"))
    assert world.apply(SPEC + "description: new\n").status == "updated"


def test_an_update_that_never_arrives_is_unknown(world):
    world.apply()
    world.update = True
    world.fake.script.add(Fault("reset", operation="UpdateInfrastructureConfiguration", times=1000))
    result = world.apply(SPEC + "description: new\n")
    assert (result.status, result.exit_code) == ("unknown", 7)


def test_an_update_of_a_configuration_in_use_is_retried_once(world):
    world.apply()
    world.update = True
    fault = Fault("error", operation="UpdateInfrastructureConfiguration", code="ResourceInUseException")
    world.fake.script.add(fault)
    assert world.apply(SPEC + "description: new\n").status == "updated"


def test_denied_tags_are_reported_with_the_completed_steps(world):
    world.apply()
    world.update = True
    world.fake.denied = {"imagebuilder:TagResource"}
    result = world.apply(SPEC + "description: new\ntags: {team: images}\n")
    assert (result.status, result.exit_code) == ("failed", 5)
    assert "Before that, the fields were replaced." in result.message


def test_a_token_or_a_dry_run_in_the_specification_is_refused(world):
    for line in ("clientToken: mine\n", "dryRun: true\n"):
        plan = world.plan(SPEC + line)
        assert plan.action == "refused"
        assert line.split(":")[0] in plan.decision.reasons[0].message


@pytest.mark.parametrize("key", ["name", "instanceProfileName"])
def test_no_waiver_makes_an_incomplete_request_complete(world, key):
    world.waivers = (Waiver("IB102", "x", date(2999, 1, 1)),)
    text = "\n".join(line for line in SPEC.splitlines() if not line.startswith(f"{key}:"))
    plan = world.plan(text + "\n")
    assert plan.action == "refused"
    assert f"'{key}' is missing" in plan.decision.reasons[0].message
    assert world.carry_out(plan).exit_code == 1


def test_a_value_that_is_not_known_is_refused(world):
    plan = world.plan(SPEC + "description: !Ref Text\n")
    assert plan.action == "refused"
    assert "'description' is not known: !Ref Text" in plan.decision.reasons[0].message


@pytest.mark.parametrize("code", ["ServiceException", "ForbiddenException"])
def test_an_account_that_cannot_be_read_ends_with_5_and_says_nothing_about_creating(world, code):
    world.fake.script.add(Fault("error", operation=GET, code=code, times=1000))
    plan = world.plan()
    assert (plan.action, plan.exit_code) == ("unreadable", 5)
    assert "created" not in plan.message
    assert world.carry_out(plan).exit_code == 5
    assert world.fake.writes() == []
