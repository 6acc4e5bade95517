"""A stranger's pull request, a hostile endpoint or a stranger in the account cannot misuse ``plan`` and ``apply``."""

import io
import json
import os
import re
import shutil
import stat
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from iblint.apply.journal import Journal, JournalError
from iblint.apply.plan_file import plan_digest
from iblint.aws.deadline import Deadline, NotStartedError, within
from iblint.aws.errors import AwsError
from iblint.aws.live_facts import LiveFacts
from iblint.aws.session import Access, Session
from tests.apply.conftest import ARN, SPEC, _impatient, _scrubbed, bare_fake, iblint, world
from tests.fake_aws.faults import Fault
from tests.fake_aws.server import ACCOUNT, REGION

__all__ = ["_impatient", "_scrubbed", "bare_fake", "iblint", "world"]

GET = "GetInfrastructureConfiguration"

WEAK = SPEC.replace("required", "optional")
WAIVER = ("--waive", "IB201", "--reason", "agreed", "--until", "2099-01-01")


# --- a specification that is a plan -----------------------------------------------------------------------------------


@pytest.fixture
def infra(tmp_path, iblint, bare_fake):
    """A folder with a weak configuration that is not searched, and a plan for it with a waiver, made at home."""
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "note.txt").write_text(WEAK)
    made = iblint(bare_fake, "plan", "infra/note.txt", *WAIVER, "--out", "infra/plan")
    assert made.code == 0, made
    bare_fake.calls.clear()
    return folder


FORMS = {
    "json": lambda text: text.encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "utf-32": lambda text: text.encode("utf-32"),
    "blanks": lambda text: b"\n\n  " + text.encode(),
    "one line": lambda text: json.dumps(json.loads(text)).encode(),
    "a configuration too": lambda text: json.dumps(
        {**json.loads(text), "name": "golden-web", "instanceProfileName": "builder"}
    ).encode(),
}


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("apply", "--yes", *WAIVER)], ids=" ".join)
@pytest.mark.parametrize("name", ["web.yaml", "web.json", "web.template"])
def test_a_specification_that_is_a_plan_is_refused(bare_fake, iblint, infra, command, name):
    (infra / name).write_bytes((infra / "plan").read_bytes())
    refused = iblint(bare_fake, command[0], f"infra/{name}", *command[1:])
    assert (refused.code, f"infra/{name} is a plan" in refused.err, "--plan FILE" in refused.err) == (2, True, True)
    assert bare_fake.calls == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_a_plan_is_refused_as_a_specification(bare_fake, iblint, infra, form):
    (infra / "web.yaml").write_bytes(form((infra / "plan").read_text()))
    assert iblint(bare_fake, "apply", "infra/web.yaml", "--yes").code == 2
    assert bare_fake.calls == []


def test_a_plan_among_specifications_is_refused(bare_fake, iblint, infra):
    assert iblint(bare_fake, "apply", "web.yaml", "infra/plan", "--yes").code == 2
    assert bare_fake.calls == []


def test_a_plan_on_standard_input_is_refused(bare_fake, iblint, infra, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((infra / "plan").read_bytes())))
    assert iblint(bare_fake, "apply", "-", "--yes").code == 2
    assert bare_fake.calls == []


def test_a_plan_in_a_folder_is_no_specification(bare_fake, iblint, infra):
    (infra / "web.yaml").write_bytes((infra / "plan").read_bytes())
    assert iblint(bare_fake, "apply", "infra", "--yes").code == 3
    assert bare_fake.calls == []


def test_check_reads_a_plan_as_any_other_file(bare_fake, iblint, infra):
    (infra / "web.yaml").write_bytes((infra / "plan").read_bytes())
    assert iblint(bare_fake, "check", "infra").code == 0
    assert iblint(bare_fake, "check", "infra/web.yaml").code == 0


@pytest.mark.parametrize("waiver", [(), ("--waive", "IB201", "--reason", "other", "--until", "2099-01-01")])
def test_a_strangers_plan_brings_no_waiver(bare_fake, iblint, infra, waiver):
    assert iblint(bare_fake, "apply", "--plan", "infra/plan", "--yes", *waiver).code == 1
    assert bare_fake.calls == []


# --- what a plan may name ---------------------------------------------------------------------------------------------


def rewrite(path, change):
    """Change a plan, as a stranger who knows how its digest is computed."""
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps({**data, "digest": plan_digest(data)}))


def _absolute(folder):
    return str(folder / "note.txt")


def _link(folder):
    (folder / "link.txt").symlink_to(folder.parent / "web.yaml")
    return "link.txt"


def _link_to_folder(folder):
    (folder / "sub").symlink_to(folder.parent)
    return "sub/web.yaml"


def _chain(folder):
    (folder / "b.txt").symlink_to("../web.yaml")
    (folder / "a.txt").symlink_to("b.txt")
    return "a.txt"


NAMES = {
    "absolute": _absolute,
    "parent": lambda _: "../web.yaml",
    "parent and back": lambda _: "../infra/note.txt",
    "parent inside": lambda _: "sub/../note.txt",
    "backslash": lambda _: "..\\web.yaml",
    "folder above": lambda _: "..",
    "link": _link,
    "link to a folder": _link_to_folder,
    "chain of links": _chain,
    "dangling link": lambda folder: (folder / "gone").symlink_to("/nowhere/web.yaml") or "gone",
    "standard input": lambda _: "-",
    "empty": lambda _: "",
    "nul": lambda _: "note.txt\0",
}


@pytest.mark.parametrize("what", ["specs", "parameters"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_plan_names_only_files_in_its_own_folder(bare_fake, iblint, infra, name, what):
    named = name(infra)

    def change(data):
        if what == "specs":
            data["command"]["specs"] = [named]
        else:
            data["command"]["options"]["parameters"] = [named]

    rewrite(infra / "plan", change)
    refused = iblint(bare_fake, "apply", "--plan", "infra/plan", "--yes", *WAIVER)
    assert (refused.code, "internal" in refused.err) == (2, False), refused
    assert bare_fake.calls == []


def test_a_plan_file_is_not_written_where_it_could_not_be_applied(bare_fake, iblint, tmp_path):
    (tmp_path / "plans").mkdir()
    for out in ("plans/plan.json", str(tmp_path / "plans" / "plan.json")):
        refused = iblint(bare_fake, "plan", "web.yaml", "--out", out)
        assert (refused.code, "outside the folder of the plan file" in refused.err) == (2, True)
    assert bare_fake.calls == []


def test_a_plan_above_its_specifications_is_applied(bare_fake, iblint, tmp_path):
    (tmp_path / "infra").mkdir()
    (tmp_path / "web.yaml").rename(tmp_path / "infra" / "web.yaml")
    for spec, out in [("infra", "plan.json"), ("infra/web.yaml", "infra/plan.json"), ("./infra", "./plan.json")]:
        assert iblint(bare_fake, "plan", spec, "--out", out).code == 0
        assert iblint(bare_fake, "apply", "--plan", out, "--yes").code == 0
        (tmp_path / out).unlink()
    assert bare_fake.imagebuilder.creates() == [ARN]


def test_a_waiver_in_the_configuration_does_not_reach_apply(bare_fake, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(WEAK)
    (tmp_path / ".iblint.yaml").write_text("waivers: [{rule: IB201, reason: agreed, until: 2099-01-01}]\n")
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code in (1, 2)
    assert bare_fake.calls == []


# --- the content is the same ------------------------------------------------------------------------------------------

SAME = {
    "arn": ARN,
    "name": "golden-web",
    "instanceProfileName": "builder",
    "instanceTypes": ["m5.large", "m6i.large"],
    "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
    "terminateInstanceOnFailure": True,
    "terminateInstanceOnCompletion": True,
    "placement": {"tenancy": "default"},
    "logging": {"s3Logs": {}},
    "securityGroupIds": [],
    "tags": {"aws:cloudformation:stack-name": "x"},
    "dateCreated": "2026-01-01T00:00:00Z",
}
WITHOUT_TERMINATE = SPEC.replace("terminateInstanceOnFailure: true\n", "")
MORE = {
    "terminate on failure": ({"terminateInstanceOnFailure": False}, WITHOUT_TERMINATE),
    "terminate on completion": ({"terminateInstanceOnCompletion": False}, SPEC),
    "key pair": ({"keyPair": "somebody"}, SPEC),
    "topic": ({"snsTopicArn": "arn:aws:sns:eu-west-1:999999999999:elsewhere"}, SPEC),
    "description": ({"description": "mine"}, SPEC),
    "tag": ({"tags": {"owner": "somebody"}}, SPEC),
    "resource tag": ({"resourceTags": {"owner": "somebody"}}, SPEC),
    "subnet": ({"subnetId": "subnet-1", "securityGroupIds": ["sg-1"]}, SPEC),
    "security group": ({"securityGroupIds": ["sg-1"]}, SPEC),
    "tenancy": ({"placement": {"tenancy": "host"}}, SPEC),
    "host": ({"placement": {"tenancy": "default", "hostId": "h-1"}}, SPEC),
    "log bucket": ({"logging": {"s3Logs": {"s3BucketName": "somebody"}}}, SPEC),
    "another type": ({"instanceTypes": ["m5.large", "m6i.large", "p4d.24xlarge"]}, SPEC),
    "metadata option": ({"instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 3}}, SPEC),
}


def make(world, content):
    """Somebody else makes the name after the dry run."""

    def other():
        world.fake.imagebuilder.configurations[ARN] = {**SAME, **content}

    return Fault("none", when="after", hook=other)


@pytest.mark.parametrize(("more", "spec"), MORE.values(), ids=MORE)
def test_a_configuration_that_has_more_than_was_sent_is_not_the_same(world, more, spec):
    world.fake.script.add(make(world, more))
    result = world.apply(spec)
    assert (result.status, result.exit_code) == ("conflict", 6)
    assert next(iter(more)) in result.message or len(more) > 1
    assert world.events()[-1] == "refused"
    assert world.plan(spec).action == "drift"


@pytest.mark.parametrize(("more", "spec"), MORE.values(), ids=MORE)
def test_more_than_was_sent_after_an_acknowledged_create_is_reported(world, more, spec):
    body = json.dumps({"infrastructureConfiguration": {**SAME, **more}})
    world.fake.script.add(Fault("body", operation=GET, body=body, skip=1, times=1000))
    result = world.apply(spec)
    assert (result.status, result.exit_code) == ("differs", 6)
    assert "this run created the configuration" in result.message
    assert world.events() == ["intent", "differs"]


@pytest.mark.parametrize("spec", [SPEC, WITHOUT_TERMINATE])
def test_documented_defaults_are_the_same(world, spec):
    world.fake.script.add(make(world, {}))
    result = world.apply(spec)
    assert (result.status, result.exit_code) == ("unchanged", 0)
    assert ("placement", "tenancy") in result.filled
    assert world.plan(spec).action == "none"


@pytest.mark.parametrize("replayed", [True, False])
def test_more_than_was_sent_after_a_lost_response_is_not_the_same(world, replayed):
    def other():
        make(world, MORE["key pair"][0]).hook()
        if not replayed:
            world.fake.imagebuilder.forget_tokens()

    world.fake.script.add(Fault("reset", skip=1, when="after", hook=other))
    result = world.apply()
    assert (result.status, result.exit_code) == ("differs" if replayed else "conflict", 6)
    assert ("this run created" if replayed else "may have created the configuration") in result.message
    assert world.events() == ["intent", "differs" if replayed else "unknown"]


def test_more_than_was_sent_after_an_update_is_not_in_effect(world):
    world.apply()
    world.update = True
    after = {"infrastructureConfiguration": {**SAME, "description": "new", "keyPair": "somebody"}}
    world.fake.script.add(Fault("body", operation=GET, body=json.dumps(after), skip=2, times=1000))
    assert world.apply(SPEC + "description: new\n").exit_code == 7


def test_the_words_of_the_report(bare_fake, iblint, monkeypatch):
    monkeypatch.setattr("iblint.apply.execute.VISIBILITY_TIMEOUT", 1.0)
    body = json.dumps({"infrastructureConfiguration": {**SAME, "keyPair": "somebody"}})
    bare_fake.script.add(Fault("body", operation=GET, body=body, skip=1, times=1000))
    done = iblint(bare_fake, "apply", "web.yaml", "--yes")
    assert done.code == 6
    assert "golden-web (210987654321, eu-west-1): created with other content" in done.out


# --- what this run created is said ------------------------------------------------------------------------------------


def answered(world, content):
    """The dry run is answered as a create, which took effect if there is content."""
    body = json.dumps({"infrastructureConfigurationArn": ARN, "requestId": "r-1"})
    hook = None if content is None else make(world, content).hook
    return Fault("body", body=body, hook=hook)


@pytest.mark.parametrize(
    ("content", "status", "code", "event"),
    [
        ({}, "created", 0, "done"),
        ({"keyPair": "somebody"}, "differs", 6, "differs"),
        ({"name": "another"}, "differs", 6, "differs"),
        (None, "unknown", 7, "unknown"),
    ],
)
def test_a_dry_run_that_is_answered_as_a_create_is_said_and_journalled(world, content, status, code, event):
    world.fake.script.add(answered(world, content))
    result = world.apply()
    assert (result.status, result.exit_code) == (status, code)
    assert result.message.startswith("AWS answered the dry run as a create.")
    assert world.events() == ["intent", event]
    world.fake.script.clear()
    if content is None or not content:
        assert world.apply().exit_code == 0
        assert len(world.creates) == (content is None)


def test_a_dry_run_that_is_answered_as_a_create_and_cannot_be_read(world):
    denied = Fault("error", operation=GET, code="ForbiddenException", skip=1, times=1000)
    world.fake.script.add(answered(world, {}), denied)
    result = world.apply()
    assert (result.status, result.exit_code) == ("unknown", 7)
    assert "It cannot be read" in result.message
    world.fake.script.clear()
    assert world.apply().status == "unchanged"
    assert world.events() == ["intent", "unknown", "done"]


@pytest.mark.parametrize(
    "arn", [ARN + "\x1b[31m", ARN + "\r\nx", ARN + "\n", ARN + "/1.0.0", ARN + " ", "", "x", "[1]"]
)
def test_an_acknowledgement_with_an_arn_that_is_none_is_verified_by_the_planned_one(world, arn):
    body = json.dumps({"infrastructureConfigurationArn": arn, "requestId": "r-1"})
    world.fake.script.add(Fault("body", skip=1, when="after", body=body))
    result = world.apply()
    assert (result.status, result.exit_code) == ("created", 0)
    assert world.creates == [ARN]


def test_an_acknowledgement_with_the_arn_of_nothing_is_verified_by_the_planned_one(world):
    body = json.dumps({"infrastructureConfigurationArn": ARN + "-2", "requestId": "r-1"})
    world.fake.script.add(Fault("body", skip=1, when="after", body=body))
    result = world.apply()
    assert (result.status, result.exit_code) == ("created", 0)
    assert world.events() == ["intent", "done"]


@pytest.mark.parametrize(("when", "status", "code"), [("before", "unknown", 7), ("after", "created", 0)])
@pytest.mark.parametrize("times", [1, 1000])
def test_a_create_that_is_answered_as_a_dry_run_is_no_success_by_itself(world, when, status, code, times):
    dry = Fault("error", code="DryRunOperationException", skip=1, when=when, times=times)
    world.fake.script.add(dry)
    if times == 1:  # the next attempt takes effect
        status, code = "created", 0
    result = world.apply()
    assert (result.status, result.exit_code) == (status, code)
    assert len(world.creates) == (code == 0)
    world.fake.script.clear()
    assert world.apply().exit_code == 0
    assert len(world.creates) == 1


@pytest.mark.parametrize("operation", ["UpdateInfrastructureConfiguration", "TagResource"])
def test_an_update_that_is_answered_as_a_dry_run_is_no_success_by_itself(world, operation):
    world.apply()
    world.update = True
    world.fake.script.add(Fault("error", operation=operation, code="DryRunOperationException", times=1000))
    assert world.apply(SPEC + "description: new\ntags: {team: a}\n").exit_code == 7


@pytest.mark.parametrize("code", ["ClientException", "ForbiddenException", "ServiceQuotaExceededException"])
def test_a_refusal_of_what_took_effect_is_said(world, code):
    world.fake.script.add(Fault("error", code=code, skip=1, when="after"))
    result = world.apply()
    assert (result.status, result.exit_code) == ("created", 0)
    assert "But the configuration now exists" in result.message
    assert world.events() == ["intent", "done"]


# --- the state folder -------------------------------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outside")
    (folder / "receipts").mkdir()
    (folder / "file").write_text("mine")
    return folder


PLACES = {
    "the folder": "state",
    "the account": f"state/{ACCOUNT}",
    "the receipts": f"state/{ACCOUNT}/receipts",
    "above": "deep",
    "a link that leads nowhere": "state",
    "the journal": f"state/{ACCOUNT}/{REGION}.jsonl",
}


@pytest.mark.parametrize("how", ["relative", "absolute", "environment", "dots", "from a folder below"])
@pytest.mark.parametrize("place", PLACES)
def test_no_link_of_a_checkout_leads_out_of_the_state_folder(
    bare_fake, iblint, tmp_path, outside, monkeypatch, place, how
):
    link = tmp_path / PLACES[place]
    link.parent.mkdir(parents=True, exist_ok=True)
    targets = {"a link that leads nowhere": outside / "new", "the journal": outside / "file"}
    link.symlink_to(targets.get(place, outside))
    state = "deep/state" if place == "above" else "state"
    (tmp_path / "sub").mkdir()
    given = {
        "absolute": ("--state-dir", str(tmp_path / state)),
        "dots": ("--state-dir", f"sub/../{state}"),
        "from a folder below": ("--state-dir", f"../{state}"),
    }.get(how, ("--state-dir", state))
    if how == "from a folder below":
        monkeypatch.chdir(tmp_path / "sub")
    spec = str(tmp_path / "web.yaml")
    done = iblint(bare_fake, "apply", spec, "--yes", *(() if how == "environment" and state == "state" else given))
    assert done.code == 4
    assert "it is a symbolic link, which is not followed" in done.out + done.err
    assert sorted(path.name for path in outside.rglob("*")) == ["file", "receipts"]
    assert (outside / "file").read_text() == "mine"
    assert len(bare_fake.imagebuilder.creates()) == (place == "the receipts")


def test_a_checkout_that_is_reached_through_a_link_is_a_checkout(bare_fake, iblint, tmp_path, outside):
    (tmp_path / "state").symlink_to(outside)
    (outside / "alias").symlink_to(tmp_path)
    done = iblint(bare_fake, "apply", "web.yaml", "--yes", "--state-dir", str(outside / "alias" / "state"))
    assert done.code == 4
    assert not (outside / ACCOUNT).exists()


def test_a_state_folder_outside_of_the_checkout_may_be_a_link(bare_fake, iblint, outside, tmp_path_factory):
    link = tmp_path_factory.mktemp("elsewhere") / "state"
    link.symlink_to(outside)
    assert iblint(bare_fake, "apply", "web.yaml", "--yes", "--state-dir", str(link)).code == 0
    assert (outside / ACCOUNT / f"{REGION}.jsonl").exists()
    assert len(list((outside / ACCOUNT / "receipts").iterdir())) == 1


def test_a_state_folder_in_the_checkout_is_made_for_the_owner(bare_fake, iblint, tmp_path):
    assert iblint(bare_fake, "apply", "web.yaml", "--yes", "--state-dir", "a/b/state").code == 0
    made = [tmp_path / "a", tmp_path / "a/b", tmp_path / "a/b/state", tmp_path / f"a/b/state/{ACCOUNT}/receipts"]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in made} == {0o700}


@pytest.mark.parametrize("account", ["..", "../..", "a/b", "", "."])
def test_a_name_of_aws_leads_nowhere_else(tmp_path, account):
    with pytest.raises(JournalError), Journal(tmp_path / "state", account, REGION):
        pass
    with pytest.raises(JournalError), Journal(tmp_path / "state", ACCOUNT, account + "/x"):
        pass
    assert not list(tmp_path.rglob("*.jsonl"))


# --- receipts ---------------------------------------------------------------------------------------------------------


def receipts(folder):
    return [json.loads(path.read_text()) for path in (folder / "state").rglob("receipts/*.json") if path.is_file()]


def _removed(folder):
    shutil.rmtree(folder)


def _cut(folder):
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:100])


def _of_another(folder):
    (path,) = folder.iterdir()
    path.write_text(json.dumps({**json.loads(path.read_text()), "clientToken": "another"}))


def _not_files(folder):
    (path,) = folder.iterdir()
    path.unlink()
    os.mkfifo(path)
    (folder / f"{REGION}-golden-web-0.json").mkdir()
    (folder / f"{REGION}-golden-web-1.json").symlink_to("/dev/zero")


LOST = {"removed": _removed, "cut": _cut, "of another request": _of_another, "not files": _not_files}


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST)
def test_a_lost_receipt_is_recovered_by_the_next_run(bare_fake, iblint, tmp_path, lose):
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 0
    (made,) = receipts(tmp_path)
    lose(tmp_path / "state" / ACCOUNT / "receipts")
    again = iblint(bare_fake, "apply", "web.yaml", "--yes")
    assert (again.code, "unchanged" in again.out, "recovered" in again.err) == (0, True, True)
    (path,) = re.findall(r"Receipt: (\S+)", again.err)
    recovered = json.loads(Path(path).read_text())
    assert recovered["recovered"]["caller"] == made["identity"]["caller"]
    same = ("status", "arn", "digest", "request", "verified", "clientToken", "requestId", "exitCode")
    assert {key: recovered[key] for key in same} == {key: made[key] for key in same}
    last = iblint(bare_fake, "apply", "web.yaml", "--yes")
    assert (last.code, "Receipt" in last.err) == (0, False)
    assert bare_fake.imagebuilder.creates() == [ARN]


def test_a_receipt_that_the_disk_had_no_room_for_is_recovered(bare_fake, iblint, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("iblint.apply.receipt._write_new", full)
        assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 4
        assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 4
    assert receipts(tmp_path) == []
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 0
    assert [data["status"] for data in receipts(tmp_path)] == ["created"]


@pytest.mark.parametrize("kept", [1, 2])
def test_the_receipt_of_a_killed_run_is_recovered(bare_fake, iblint, tmp_path, kept):
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 0
    _removed(tmp_path / "state" / ACCOUNT / "receipts")
    journal = tmp_path / "state" / ACCOUNT / f"{REGION}.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:kept]))
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 0
    (data,) = receipts(tmp_path)
    assert (data["status"], data["verified"]["arn"]) == ("created", ARN)


def test_the_receipt_of_an_update_is_recovered(bare_fake, iblint, tmp_path):
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 0
    (tmp_path / "web.yaml").write_text(SPEC + "description: new\n")
    assert iblint(bare_fake, "apply", "web.yaml", "--yes", "--update", "--confirm-update").code == 0
    _removed(tmp_path / "state" / ACCOUNT / "receipts")
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 0
    assert [data["status"] for data in receipts(tmp_path)] == ["updated"]


def test_a_configuration_of_somebody_else_has_no_receipt(bare_fake, iblint, tmp_path):
    bare_fake.script.add(make(SimpleNamespace(fake=bare_fake), {}))
    for _ in range(2):
        done = iblint(bare_fake, "apply", "web.yaml", "--yes")
        assert (done.code, "unchanged" in done.out) == (0, True)
    assert receipts(tmp_path) == []


def test_created_with_other_content_has_a_receipt(bare_fake, iblint, tmp_path, monkeypatch):
    monkeypatch.setattr("iblint.apply.execute.VISIBILITY_TIMEOUT", 1.0)
    body = json.dumps({"infrastructureConfiguration": {**SAME, "keyPair": "somebody"}})
    bare_fake.script.add(Fault("body", operation=GET, body=body, skip=1, times=1000))
    assert iblint(bare_fake, "apply", "web.yaml", "--yes").code == 6
    (data,) = receipts(tmp_path)
    assert (data["status"], data["verified"], data["exitCode"]) == ("differs", None, 6)


# --- the deadline -----------------------------------------------------------------------------------------------------

READS = {
    "identity": ("sts", "GetCallerIdentity"),
    "live read": ("iam", "GetInstanceProfile"),
    "get": ("imagebuilder", GET),
    "every read": None,
}


@pytest.mark.parametrize("kind", ["drip", "drip-head", "latency"])
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_an_answer_without_end_does_not_outlast_the_deadline(bare_fake, iblint, read, kind):
    for service, operation in [read] if read else [each for each in READS.values() if each]:
        bare_fake.script.add(Fault(kind, service=service, operation=operation, seconds=3600, times=1000))
    started = time.monotonic()
    live = read == READS["live read"]
    done = iblint(bare_fake, "plan", "web.yaml", "--deadline", "6" if live else "1")
    assert time.monotonic() - started < 60  # and not for ever
    late = "before the deadline" in done.out or "in time" in done.out
    assert (done.code, late) == (0 if live else 5, True), done  # the live read is of a rule that does not block
    assert bare_fake.writes() == []


@pytest.mark.parametrize("kind", ["drip", "drip-head", "latency"])
@pytest.mark.parametrize(("when", "status", "code"), [("after", "created", 0), ("before", "unknown", 7)])
def test_a_create_without_end_does_not_outlast_the_deadline(world, kind, when, status, code):
    world.seconds = 1.0
    world.fake.script.add(Fault(kind, skip=1, when=when, seconds=3600))
    started = time.monotonic()
    result = world.apply()
    assert time.monotonic() - started < 60
    if kind == "latency":  # the request is carried out before it
        status, code = "created", 0
    assert (result.status, result.exit_code) == (status, code)
    world.fake.script.clear()
    world.seconds = 60.0
    assert world.apply().exit_code == 0
    assert len(world.fake.imagebuilder.configurations) == 1


def test_a_dry_run_without_end_creates_nothing(world):
    world.seconds = 1.0
    world.fake.script.add(Fault("drip"))
    result = world.apply()
    assert (result.status, result.exit_code) == ("failed", 5)
    assert "deadline" in result.message
    assert (world.creates, world.events()) == ([], [])


def test_a_get_without_end_leaves_the_outcome_open(world, monkeypatch):
    monkeypatch.setattr("iblint.apply.execute.VISIBILITY_TIMEOUT", 1.0)
    world.fake.script.add(Fault("drip", operation=GET, skip=1, times=1000))
    result = world.apply()
    assert (result.status, result.exit_code) == ("unknown", 7)
    assert world.events() == ["intent", "unknown"]


@pytest.mark.parametrize("kind", ["drip", "drip-head", "latency"])
def test_a_get_without_end_does_not_hide_what_another_showed(world, monkeypatch, kind):
    monkeypatch.setattr("iblint.apply.execute.VISIBILITY_TIMEOUT", 1.0)
    body = json.dumps({"infrastructureConfiguration": {**SAME, "keyPair": "somebody"}})
    world.fake.script.add(Fault("body", operation=GET, body=body, skip=1))
    world.fake.script.add(Fault(kind, operation=GET, seconds=3600, times=1000))
    result = world.apply()
    assert (result.status, result.exit_code) == ("differs", 6)
    assert "with other content (keyPair)" in result.message


def test_a_role_without_end_does_not_outlast_the_deadline(bare_fake, iblint):
    bare_fake.script.add(Fault("drip", service="sts", operation="AssumeRole", times=1000))
    role = f"arn:aws:iam::{ACCOUNT}:role/x"
    done = iblint(bare_fake, "plan", "web.yaml", "--deadline", "1", "--role-arn", role)
    assert (done.code, "Cannot assume the role" in done.out, "deadline" in done.out) == (5, True, True)


def test_reads_that_hang_one_after_the_other_share_one_deadline(world):
    """Each read takes 25 seconds of a clock that only moves when told."""
    deadline = Deadline(60.0, lambda: world.time.seconds)

    def slow():
        world.time.seconds += 25

    world.fake.script.add(Fault("none", service="sts", operation="GetCallerIdentity", times=1000, hook=slow))
    session = Session(Access(region=REGION), deadline)
    ended = []
    for _ in range(5):
        try:
            LiveFacts(session).establish_identity()
            ended.append("read")
        except AwsError as error:
            ended.append(error.failure.code)
    assert ended == ["read", "read", "read", "NotStartedError", "NotStartedError"]


def test_a_write_is_not_begun_after_the_deadline(world):
    def slow():
        world.time.seconds += 100

    world.fake.script.add(Fault("none", when="after", hook=slow))  # the dry run takes it all
    result = world.apply()
    assert (result.status, result.exit_code) == ("failed", 5)
    assert "The deadline was over before the call" in result.message
    assert (world.creates, world.events()) == ([], ["intent", "refused"])


def test_what_a_call_raises_is_raised():
    with pytest.raises(KeyError):
        within(5, lambda: {}["x"])
    with pytest.raises(NotStartedError):
        within(0, lambda: 1)
    assert within(5, lambda: 1) == 1
