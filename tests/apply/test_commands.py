"""plan and apply on the command line, against the whole fake: identity, live rules, gate, create, receipt."""

import json
import logging
import stat
from datetime import UTC, datetime, timedelta

import pytest

from iblint.apply.execute import PlanExecutor
from iblint.aws.allowlist import READS
from tests.apply.conftest import ARN, SPEC
from tests.fake_aws.faults import Fault
from tests.fake_aws.seed import BUCKET, client
from tests.fake_aws.server import ACCOUNT, REGION

pytest.importorskip("moto")

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
BAD = SPEC.replace("required", "optional")
FOREIGN = "arn:aws:kms:eu-west-1:333322221111:key/11111111-2222-3333-4444-555555555555"


def actions(fake):
    return {call.action for call in fake.calls}


def test_a_passing_specification_is_created_once_then_unchanged_then_drifts(fake, seeded, iblint, tmp_path):
    spec = SPEC + f"snsTopicArn: {seeded.topic}\nsubnetId: {seeded.subnet}\nsecurityGroupIds: [{seeded.group}]\n"
    (tmp_path / "web.yaml").write_text(spec)
    first = iblint(fake, "apply", "web.yaml", "--yes")
    assert first.code == 0, first.err
    assert f"{ARN}, verified" in first.out
    assert fake.imagebuilder.creates() == [ARN]
    again = iblint(fake, "apply", "web.yaml")
    assert (again.code, "no change" in again.out) == (0, True)
    (tmp_path / "web.yaml").write_text(spec.replace("m5.large", "m5.xlarge"))
    writes = len(fake.writes())
    drift = iblint(fake, "apply", "web.yaml", "--yes")
    assert drift.code == 6
    assert '~ instanceTypes: ["m6i.large", "m5.large"] -> ["m6i.large", "m5.xlarge"]' in drift.out
    assert len(fake.writes()) == writes
    assert fake.imagebuilder.creates() == [ARN]


def test_a_failing_specification_is_refused_before_any_call(fake, seeded, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(BAD)
    for command in (("plan", "web.yaml"), ("apply", "web.yaml", "--yes")):
        refused = iblint(fake, *command)
        assert refused.code == 1
        assert "IB201 imdsv2-required (fail)" in refused.out
    assert fake.calls == []


def test_no_option_skips_the_gate(fake, seeded, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(BAD)
    (tmp_path / ".iblint.yaml").write_text(
        "ignore: [IB201]\nseverity: {IB201: note}\nfail-on: never\nselect: [IB101]\n"
    )
    assert iblint(fake, "apply", "web.yaml", "--yes", "--ignore", "IB201,mission", "--select", "IB101").code == 1
    assert fake.calls == []


def test_a_plan_makes_only_allowed_reads(fake, seeded, iblint, tmp_path):
    text = SPEC + f"snsTopicArn: {seeded.topic}\nsubnetId: {seeded.subnet}\nsecurityGroupIds: [{seeded.group}]\n"
    text += f"keyPair: ops\nlogging: {{s3Logs: {{s3BucketName: {BUCKET}}}}}\n"
    (tmp_path / "web.yaml").write_text(text.replace("required", "optional"))
    iblint(fake, "plan", "web.yaml", "--waive", "IB201", "--reason", "x", "--until", TOMORROW)
    assert len(actions(fake)) > 12
    assert actions(fake) <= READS
    assert fake.writes() == []


def test_a_file_that_changes_after_the_judgement_does_not_change_the_request(fake, seeded, iblint, tmp_path):
    def change():
        (tmp_path / "web.yaml").write_text(BAD + "description: changed\n")

    fake.script.add(Fault("none", service="sts", operation="GetCallerIdentity", hook=change))
    assert iblint(fake, "apply", "web.yaml", "--yes").code == 0
    created = fake.imagebuilder.configurations[ARN]
    assert created["instanceMetadataOptions"]["httpTokens"] == "required"
    assert "description" not in created


def test_without_a_terminal_nothing_is_confirmed(fake, seeded, iblint):
    refused = iblint(fake, "apply", "web.yaml")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert fake.writes() == []


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_on_a_terminal_the_plan_is_confirmed(fake, seeded, iblint, monkeypatch, answer, code):
    import click

    monkeypatch.setattr("iblint.cli.commands.apply.is_terminal", lambda: True)
    monkeypatch.setattr(click.termui, "visible_prompt_func", lambda prompt="": answer.strip())
    assert iblint(fake, "apply", "web.yaml").code == code
    assert len(fake.imagebuilder.creates()) == (code == 0)


def test_a_foreign_key_is_refused_live(fake, seeded, iblint, tmp_path):
    topic = client(fake, "sns").create_topic(Name="foreign", Attributes={"KmsMasterKeyId": FOREIGN})["TopicArn"]
    fake.overrides.foreign_key(FOREIGN, "333322221111")
    fake.calls.clear()
    (tmp_path / "web.yaml").write_text(SPEC + f"snsTopicArn: {topic}\n")
    refused = iblint(fake, "apply", "web.yaml", "--yes")
    assert refused.code == 1
    assert "IB904" in refused.out
    assert "333322221111" in refused.out
    assert fake.writes() == []


def test_a_denied_read_of_the_topic_blocks_and_names_the_permission(fake, seeded, iblint, tmp_path):
    fake.denied = {"sns:GetTopicAttributes"}
    (tmp_path / "web.yaml").write_text(SPEC + f"snsTopicArn: {seeded.topic}\n")
    refused = iblint(fake, "apply", "web.yaml", "--yes")
    assert refused.code == 1
    assert "IB904" in refused.out
    assert "sns:GetTopicAttributes" in refused.out
    assert fake.writes() == []


def test_denied_reads_of_other_rules_are_shown_and_do_not_block(fake, seeded, iblint):
    fake.denied = {"iam:GetInstanceProfile", "ec2:DescribeInstanceTypeOfferings"}
    passed = iblint(fake, "apply", "web.yaml", "--yes")
    assert passed.code == 0, passed.out
    assert "not decided: IB902" in passed.out
    assert fake.imagebuilder.creates() == [ARN]


def test_an_unknown_identity_ends_with_5(fake, seeded, iblint):
    fake.denied = {"sts:GetCallerIdentity"}
    for command in (("plan", "web.yaml"), ("apply", "web.yaml", "--yes")):
        refused = iblint(fake, *command)
        assert refused.code == 5
        assert "The caller's identity cannot be read" in refused.out
    assert fake.writes() == []


def test_another_account_or_region_than_declared_ends_with_5(fake, seeded, iblint, tmp_path):
    refused = iblint(fake, "apply", "web.yaml", "--yes", "--account", "333322221111")
    assert refused.code == 5
    assert f"The configuration is for account 333322221111, but the caller is in {ACCOUNT}." in refused.out
    (tmp_path / ".iblint.yaml").write_text("overrides: [{files: ['*.yaml'], region: us-east-1}]\n")
    refused = iblint(fake, "apply", "web.yaml", "--yes")
    assert refused.code == 5
    assert "is for us-east-1" in refused.out
    assert fake.writes() == []


def test_a_waiver_is_in_plan_journal_and_receipt(fake, seeded, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(BAD)
    waiver = ("--waive", "imdsv2-required", "--reason", "old agent", "--until", TOMORROW)
    done = iblint(fake, "apply", "web.yaml", "--yes", *waiver, "--receipt", "receipt.json")
    assert done.code == 0, done.out
    assert f"waived until {TOMORROW}: old agent" in done.out
    (journal,) = (tmp_path / "state").rglob("*.jsonl")
    intent = json.loads(journal.read_text().splitlines()[0])
    assert intent["details"]["waived"][0]["waiver"] == {"reason": "old agent", "until": TOMORROW}
    (data,) = json.loads((tmp_path / "receipt.json").read_text())["receipts"]
    assert data["decision"]["waived"][0]["rule"] == "IB201"


@pytest.mark.parametrize(
    "waiver",
    [
        ("--waive", "IB201"),
        ("--waive", "IB201", "--reason", "x"),
        ("--waive", "IB201", "--reason", "x", "--until", "2020-01-01"),
        ("--waive", "IB201", "--reason", "x", "--until", "soon"),
        ("--waive", "IB2O1", "--reason", "x", "--until", TOMORROW),
        ("--waive", "IB201", "--reason", " ", "--until", TOMORROW),
    ],
    ids=" ".join,
)
def test_a_waiver_is_complete_or_an_error(fake, seeded, iblint, waiver):
    assert iblint(fake, "apply", "web.yaml", "--yes", *waiver).code == 2
    assert fake.calls == []


def test_the_receipt_has_all_evidence(fake, seeded, iblint, tmp_path):
    iblint(fake, "apply", "web.yaml", "--yes")
    (path,) = (tmp_path / "state").rglob("receipts/*.json")
    data = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert data["status"] == "created"
    assert data["arn"] == data["verified"]["arn"] == ARN
    assert data["identity"]["account"] == ACCOUNT
    assert data["identity"]["region"] == REGION
    assert data["request"]["name"] == "golden-web"
    assert data["digest"].startswith("sha256:")
    assert {"rule": "IB201", "name": "imdsv2-required", "verdict": "pass"}.items() <= data["verdicts"][
        0
    ].items() or any(v["rule"] == "IB201" and v["verdict"] == "pass" for v in data["verdicts"])
    assert data["requestId"]
    assert data["tool"]["packs"][0]["digest"].startswith("sha256:")
    assert data["startedAt"] <= data["endedAt"]


def test_a_receipt_that_cannot_be_written_is_reported_beside_the_results(fake, seeded, iblint, tmp_path):
    (tmp_path / "state" / ACCOUNT).mkdir(parents=True)
    (tmp_path / "state" / ACCOUNT / "receipts").write_text("in the way")
    done = iblint(fake, "apply", "web.yaml", "--yes", "--receipt", "receipt.json")
    assert done.code == 4
    assert f"{ARN}, verified" in done.out
    assert "Cannot write the receipt" in done.err
    assert json.loads((tmp_path / "receipt.json").read_text())["receipts"][0]["status"] == "created"


def test_a_receipt_path_that_cannot_be_written_is_refused_before_anything_is_sent(fake, seeded, iblint):
    refused = iblint(fake, "apply", "web.yaml", "--yes", "--receipt", "no/such/receipt.json")
    assert refused.code == 2
    assert "does not exist" in refused.err
    assert fake.calls == []


def test_results_before_an_interruption_are_reported_and_have_receipts(fake, seeded, iblint, tmp_path, monkeypatch):
    (tmp_path / "z.yaml").write_text(SPEC.replace("golden-web", "other"))
    apply = PlanExecutor.apply

    def interrupted(self, plan):
        if plan.configuration.name == "other":
            raise KeyboardInterrupt
        return apply(self, plan)

    monkeypatch.setattr(PlanExecutor, "apply", interrupted)
    done = iblint(fake, "apply", "web.yaml", "z.yaml", "--yes", "--receipt", "receipt.json")
    assert done.code == 130
    assert f"{ARN}, verified" in done.out
    assert "Interrupted" in done.err
    assert len(list((tmp_path / "state").rglob("receipts/*.json"))) == 1


def test_an_unreachable_account_is_reported_beside_json(fake, seeded, iblint, tmp_path):
    fake.denied = {"sts:GetCallerIdentity"}
    refused = iblint(fake, "plan", "web.yaml", "--format", "json", "--out", "plan.json")
    assert refused.code == 5
    assert json.loads(refused.out)["plans"] == []
    assert "The caller's identity cannot be read" in refused.err
    assert "'plan.json' was not written" in refused.err
    assert not (tmp_path / "plan.json").exists()


def test_secrets_are_redacted_in_every_file(fake, seeded, iblint, tmp_path):
    secrets = ("AKIAQQQQQQQQQQQQQQQQ", "hunter2hunter2", "ASIAQQQQQQQQQQQQQQQQ")
    spec = SPEC + f"description: key {secrets[0]}\ntags: {{password: {secrets[1]}}}\n"
    (tmp_path / "web.yaml").write_text(spec)
    waiver = ("--waive", "IB209", "--reason", f"because {secrets[2]}", "--until", TOMORROW)
    said = [iblint(fake, "apply", "web.yaml", "--yes", "--receipt", "receipt.json", *waiver)]
    assert said[0].code == 0, said[0]
    (tmp_path / "web.yaml").write_text(SPEC)
    said += [iblint(fake, "plan", "web.yaml", *more) for more in ((), ("-f", "json"), ("--out", "drift.json"))]
    assert '- description: "key AKIA****************"' in said[1].out
    kept = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) >= 5
    shown = [*kept, *(text for run in said for text in (run.out, run.err))]
    assert [secret for secret in secrets for text in shown if secret in text] == []


HOSTILE = 'description: "\\e[31m\\u202e\\u0085\\n::error::x"\ntags: {"a\\e[31m": "\\n::set-output::"}\n'


def test_control_characters_of_specification_and_aws_are_escaped(fake, seeded, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC + HOSTILE)
    waivers = [word for rule in ("IB115", "IB120") for word in ("--waive", rule, "--reason", "x", "--until", TOMORROW)]
    fake.script.add(Fault("error", code="ClientException", message="\x1b[31m\n::error::y\u202e"))
    for run in (iblint(fake, "plan", "web.yaml", *waivers), iblint(fake, "apply", "web.yaml", "--yes", *waivers)):
        for text in (run.out, run.err):
            assert not any(sign in text for sign in ("\x1b", "\u202e", "\u0085", "\n::"))


def test_an_update_shows_what_it_clears_and_needs_a_second_confirmation(fake, seeded, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC + "description: old\n")
    iblint(fake, "apply", "web.yaml", "--yes")
    (tmp_path / "web.yaml").write_text(SPEC)
    writes = len(fake.writes())
    refused = iblint(fake, "apply", "web.yaml", "--yes", "--update", "--color", "always")
    assert refused.code == 2
    assert '\x1b[31m    - description: "old"' in refused.out
    assert "--confirm-update" in refused.err
    assert len(fake.writes()) == writes
    done = iblint(fake, "apply", "web.yaml", "--yes", "--update", "--confirm-update")
    assert done.code == 0, done.out
    assert "description" not in fake.imagebuilder.configurations[ARN]


def test_nothing_that_looks_like_a_secret_is_printed_or_logged(fake, seeded, iblint, monkeypatch, caplog, tmp_path):
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz9EXAMPLE"
    environment = {**fake.environment, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEBYaD" * 9}
    monkeypatch.setattr(type(fake), "environment", environment)
    caplog.set_level(logging.DEBUG)
    for name in ("botocore", "botocore.auth", "botocore.endpoint", "botocore.parsers", "urllib3.connectionpool"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    logging.root.manager._clear_cache()
    fake.script.add(
        Fault("error", code="ForbiddenException", message=f"x-amz-security-token: {'FwoGZXIvYXdzEBYaD' * 9}")
    )
    done = iblint(fake, "apply", "web.yaml", "--yes")
    assert done.code == 5
    kept = "".join(p.read_text() for p in (tmp_path / "state").rglob("*") if p.is_file())
    for text in (done.out, done.err, caplog.text, kept):
        assert secret not in text
        assert "FwoGZXIvYXdzEBYaD" not in text
        assert "AKIAFAKEFAKEFAKEFAKE" not in text


def test_standard_input_is_applied(fake, seeded, iblint, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SPEC.encode())))
    assert iblint(fake, "apply", "-", "--yes").code == 0
    assert fake.imagebuilder.creates() == [ARN]


TEMPLATE = """\
Parameters: {Type: {Type: String}}
Resources:
  Web:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Metadata: {iblint: {build-type: ami}}
    Properties:
      Name: golden-web
      InstanceProfileName: builder
      TerminateInstanceOnFailure: true
      InstanceTypes: [!Ref Type, m5.large]
      InstanceMetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 2}
"""


def test_a_complete_configuration_of_a_template_is_applied(fake, seeded, iblint, tmp_path):
    (tmp_path / "stack.yaml").write_text(TEMPLATE)
    assert "--resource Web" in iblint(fake, "plan", "stack.yaml").err
    unknown = iblint(fake, "plan", "stack.yaml", "--resource", "Web")
    assert unknown.code == 1
    assert "is not known" in unknown.out
    (tmp_path / "params.json").write_text('{"Parameters": {"Type": "m6i.large"}}')
    done = iblint(fake, "apply", "stack.yaml", "--resource", "Web", "--parameters", "params.json", "--yes")
    assert done.code == 0, done.out + done.err
    assert fake.imagebuilder.configurations[ARN]["instanceTypes"] == ["m6i.large", "m5.large"]


def test_a_missing_resource_path_or_configuration_is_reported(fake, iblint, tmp_path):
    assert iblint(fake, "plan", "nowhere.yaml").code == 2
    assert iblint(fake, "plan", "web.yaml", "--resource", "golden-wib").code == 2
    (tmp_path / "empty").mkdir()
    assert iblint(fake, "plan", "empty").code == 3
    (tmp_path / "web.yaml").write_text(SPEC + "name: twice\n")
    assert iblint(fake, "plan", "web.yaml").code == 1
    assert fake.calls == []


def test_plan_prints_json(fake, seeded, iblint):
    data = json.loads(iblint(fake, "plan", "web.yaml", "--format", "json").out)
    (plan,) = data["plans"]
    assert (plan["action"], plan["arn"]) == ("create", ARN)


# --- what was left out ------------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(tmp_path):
    """A folder with a configuration that is planned, and others that are left out of the search."""
    folder = tmp_path / "infra"
    folder.mkdir()
    (tmp_path / "web.yaml").rename(folder / "web.yaml")
    (folder / "hidden.yaml").write_text(SPEC.replace("golden-web", "golden-hidden").replace("required", "optional"))
    (tmp_path / ".iblint.yaml").write_text("exclude: [hidden.yaml]\n")
    (folder / ".gitignore").write_text("ignored.yaml\n")
    (folder / "ignored.yaml").write_text(SPEC)
    return folder


NOTICE = (
    "infra/hidden.yaml:1: It mentions an infrastructure configuration, but was not judged: "
    "the settings exclude it (.iblint.yaml:1)."
)


def test_plan_and_apply_name_what_was_left_out(bare_fake, iblint, hidden):
    for command in (("plan", "infra"), ("apply", "infra", "--yes")):
        done = iblint(bare_fake, *command)
        assert done.code == 0, done
        assert f"notice: {NOTICE}\n" in done.out
        assert "Plan: 1 to create (2 left out of the search).\n" in done.out
    assert bare_fake.imagebuilder.creates() == [ARN]


def test_plan_files_and_receipts_record_what_was_left_out(bare_fake, iblint, hidden, tmp_path):
    said = dict(zip(("file", "line", "message"), ("infra/hidden.yaml", 1, NOTICE.partition(": ")[2]), strict=True))
    assert iblint(bare_fake, "plan", "infra", "--out", "plan.json").code == 0
    assert iblint(bare_fake, "apply", "--plan", "plan.json", "--yes").code == 0
    kept = [json.loads((tmp_path / "plan.json").read_text())]
    kept += [json.loads(path.read_text()) for path in (tmp_path / "state").rglob("receipts/*.json")]
    assert [(data["notices"], data["leftOut"]) for data in kept] == [([said], {"excluded": 1, "ignored": 1})] * 2


def test_a_search_that_leaves_out_everything_names_it(bare_fake, iblint, hidden):
    (hidden / "web.yaml").unlink()
    for command in (("plan", "infra"), ("apply", "infra", "--yes")):
        done = iblint(bare_fake, *command)
        assert (done.code, NOTICE in done.err) == (3, True), done
    assert bare_fake.calls == []


def test_a_refused_plan_names_what_was_left_out(bare_fake, iblint, hidden):
    (hidden / "web.yaml").write_text(SPEC.replace("required", "optional"))
    done = iblint(bare_fake, "apply", "infra", "--yes")
    assert (done.code, f"notice: {NOTICE}\n" in done.out) == (1, True), done


def test_a_plan_in_json_names_what_was_left_out(bare_fake, iblint, hidden):
    data = json.loads(iblint(bare_fake, "plan", "infra", "--format", "json").out)
    assert [notice["file"] for notice in data["notices"]] == ["infra/hidden.yaml"]
    assert data["leftOut"] == {"excluded": 1, "ignored": 1}
