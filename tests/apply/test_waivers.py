"""``--waivers FILE``: which waivers reach the gate, what is said and kept about them, and what a plan binds."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from iblint.apply.journal import Journal
from tests.apply.conftest import ARN, SPEC
from tests.fake_aws.server import ACCOUNT, REGION

WEAK = SPEC.replace("required", "optional")
WAIVER = "rule: IB201, reason: agreed"
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def waived(bare_fake, iblint, tmp_path):
    """Write a weak configuration and a file of waivers, and run a command with the file."""

    def run(waivers, command="apply", *args):
        (tmp_path / "web.yaml").write_text(WEAK)
        text = waivers if isinstance(waivers, str) else "waivers:\n" + "".join(f"- {{{item}}}\n" for item in waivers)
        (tmp_path / "waivers.yaml").write_text(text)
        confirmed = ("--yes",) if command == "apply" else ()
        return iblint(bare_fake, command, *(args or ("web.yaml",)), "--waivers", "waivers.yaml", *confirmed)

    return run


# --- what a waiver is for ---------------------------------------------------------------------------------------------

MATCHING = [
    WAIVER,
    "rule: imdsv2-required, reason: agreed",
    "rule: ib201, reason: agreed",
    f"{WAIVER}, configuration: golden-web",
    f"{WAIVER}, configuration: golden-*",
    f"{WAIVER}, configuration: 'web.yaml*'",
    f"{WAIVER}, file: web.yaml",
    f"{WAIVER}, file: '*.yaml'",
    f"{WAIVER}, file: /web.yaml, configuration: '*'",
    f"{WAIVER}, until: 2999-01-01",
    f"{WAIVER}, until: '2999-01-01'",
    f"{WAIVER}, until: {TODAY}",
]
OTHERS = [
    "rule: IB202, reason: agreed",
    f"{WAIVER}, configuration: golden",
    f"{WAIVER}, configuration: GOLDEN-WEB",
    f"{WAIVER}, configuration: 'silver-*'",
    f"{WAIVER}, file: infra/web.yaml",
    f"{WAIVER}, file: web.yml",
    f"{WAIVER}, file: '!web.yaml'",
    f"{WAIVER}, file: web.yaml, configuration: other",
    f"{WAIVER}, until: {YESTERDAY}",
    f"{WAIVER}, until: 1999-01-01",
]


@pytest.mark.parametrize("waiver", MATCHING)
def test_a_waiver_of_the_named_file_reaches_the_core_rules(bare_fake, waived, waiver):
    done = waived([waiver])
    assert (done.code, "waived" in done.out) == (0, True), done
    assert bare_fake.imagebuilder.creates() == [ARN]


@pytest.mark.parametrize("waiver", OTHERS)
def test_a_waiver_for_something_else_waives_nothing(bare_fake, waived, waiver):
    refused = waived([waiver])
    assert (refused.code, "IB201 imdsv2-required (fail)" in refused.out) == (1, True), refused
    assert bare_fake.calls == []


def test_a_waiver_in_a_template_is_matched_by_name_and_logical_id(bare_fake, iblint, tmp_path):
    stack = """\
Resources:
  Web:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Metadata: {iblint: {build-type: ami}}
    Properties: {Name: golden-web, InstanceProfileName: builder, InstanceMetadataOptions: {HttpTokens: optional}}
"""
    (tmp_path / "stack.yaml").write_text(stack)
    for wanted, code in [("Web", 0), ("golden-web", 0), ("stack.yaml*", 0), ("web", 1)]:
        (tmp_path / "waivers.yaml").write_text(f"waivers: [{{{WAIVER}, configuration: '{wanted}'}}]\n")
        given = ("stack.yaml", "--resource", "Web", "--waivers", "waivers.yaml")
        assert iblint(bare_fake, "plan", *given).code == code, wanted


def test_brackets_of_an_address_are_no_choice_of_characters():
    from iblint.config.waivers import matches
    from iblint.model.report import Configuration, Outcomes
    from iblint.model.waiver import Waiver

    address = 'module.web["a"].aws_imagebuilder_infrastructure_configuration.x'
    configuration = Configuration("main.tf#x", "web", "terraform", "main.tf", 1, address, "ami", Outcomes.of(()))
    for pattern, expected in [(address, True), ("module.web*", True), ("module.web[a]*", False)]:
        assert matches(Waiver("IB201", "x", configuration=pattern), configuration) is expected


def test_an_unknown_core_rule_is_waived_too(bare_fake, iblint, tmp_path):
    (tmp_path / "web.yaml").write_text(SPEC.replace("# iblint: build-type=ami\n", "").replace("Limit: 2", "Limit: 1"))
    bare_fake.script.clear()
    (tmp_path / "waivers.yaml").write_text("waivers: [{rule: IB202, reason: agreed}]\n")
    assert iblint(bare_fake, "plan", "web.yaml").code == 1
    assert iblint(bare_fake, "plan", "web.yaml", "--waivers", "waivers.yaml").code == 0


def test_a_crashed_rule_is_not_waived(bare_fake, waived, tmp_path, iblint):
    text = SPEC.replace("build-type=ami", "build-type=ami build-type=container")
    (tmp_path / "web.yaml").write_text(text)
    (tmp_path / "waivers.yaml").write_text("waivers: [{rule: IB202, reason: agreed}]\n")
    assert iblint(bare_fake, "apply", "web.yaml", "--waivers", "waivers.yaml", "--yes").code == 1
    assert bare_fake.calls == []


# --- where a waiver may come from -------------------------------------------------------------------------------------

BESIDE = {
    ".iblint.yaml": f"waivers: [{{{WAIVER}}}]\n",
    "waivers.yaml": f"waivers: [{{{WAIVER}}}]\n",
    ".iblint-waivers.yaml": f"waivers: [{{{WAIVER}}}]\n",
    "pyproject.toml": '[[tool.iblint.waivers]]\nrule = "IB201"\nreason = "agreed"\n',
}


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes")], ids=" ".join)
def test_a_file_of_the_tree_waives_nothing_unless_it_is_named(bare_fake, iblint, tmp_path, name, command):
    (tmp_path / "web.yaml").write_text(WEAK)
    (tmp_path / name).write_text(BESIDE[name])
    assert iblint(bare_fake, command[0], "web.yaml", *command[1:]).code in (1, 2)
    assert bare_fake.calls == []


# --- what is said and kept --------------------------------------------------------------------------------------------

FULL = "rule: IB201, reason: agent 1.2 needs IMDSv1, owner: platform, ticket: OPS-7, until: 2999-01-01"


def test_plan_journal_and_receipt_show_a_waiver(bare_fake, waived, tmp_path):
    done = waived([FULL])
    assert "waived until 2999-01-01 (owner platform, ticket OPS-7): agent 1.2 needs IMDSv1: IB201" in done.out
    said = {"reason": "agent 1.2 needs IMDSv1", "owner": "platform", "ticket": "OPS-7", "until": "2999-01-01"}
    with Journal(tmp_path / "state", ACCOUNT, REGION) as journal:
        assert [waived["waiver"] for waived in journal.entries[0].details["waived"]] == [said]
    (receipt,) = (json.loads(path.read_text()) for path in (tmp_path / "state").rglob("receipts/*.json"))
    assert [waived["waiver"] for waived in receipt["decision"]["waived"]] == [said]


def test_a_plan_in_json_shows_a_waiver(waived):
    data = json.loads(waived([FULL], "plan", "web.yaml", "--format", "json").out)
    (waiver,) = data["inputs"]["waivers"]
    assert (waiver["rule"], waiver["owner"], waiver["until"]) == ("IB201", "platform", "2999-01-01")
    assert data["plans"][0]["decision"]["waived"][0]["waiver"]["ticket"] == "OPS-7"


WITHOUT_EFFECT = {
    f"rule: IB207, reason: x, until: {YESTERDAY}": f"IB207 has expired on {YESTERDAY}. It has no effect.",
    "rule: IB207, reason: x": "IB207 is not needed.",
    "rule: IB201, reason: x, configuration: other": "IB201 matches no configuration of this run.",
    "rule: IB201, reason: x, file: other.yaml": "IB201 matches no configuration of this run.",
    "rule: IB201, reason: a second one": "IB201 is not needed.",
}


@pytest.mark.parametrize(("waiver", "said"), WITHOUT_EFFECT.items())
def test_a_waiver_without_effect_is_said(waived, waiver, said):
    done = waived([WAIVER, waiver], "plan")
    assert f"notice: waivers.yaml:3: The waiver of {said}" in done.out, done
    data = json.loads(waived([WAIVER, waiver], "plan", "web.yaml", "--format", "json").out)
    assert data["notices"] == [{"file": "waivers.yaml", "line": 3, "message": f"The waiver of {said}"}]


def test_an_expired_waiver_is_said_when_it_leads_to_a_refusal(waived):
    done = waived([f"{WAIVER}, until: {YESTERDAY}"])
    assert (done.code, f"has expired on {YESTERDAY}" in done.out) == (1, True)


def test_a_waiver_that_matches_nothing_is_said_when_that_leads_to_a_refusal(waived):
    assert "IB201 matches no configuration" in waived([f"{WAIVER}, configuration: silver-web"]).out


def test_a_refusal_leaves_open_whether_another_waiver_is_needed(waived):
    done = waived(["rule: IB204, reason: agreed"])
    assert (done.code, "The waiver of IB204" in done.out) == (1, False)


def test_a_waiver_that_was_needed_is_not_said_to_be_without_effect(waived):
    assert "The waiver of" not in waived([WAIVER], "plan").out


def test_nothing_is_said_of_waivers_that_no_account_decided(bare_fake, waived):
    bare_fake.denied = {"sts:*"}
    done = waived(["rule: IB207, reason: x", WAIVER], "plan")
    assert (done.code, "The waiver of" in done.out) == (5, False), done


def test_a_secret_in_a_waiver_is_masked(waived, tmp_path):
    key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    done = waived([f"rule: IB201, reason: 'password={key}', owner: 'token={key}', ticket: 'secret={key}'"])
    kept = "".join(path.read_text() for path in (tmp_path / "state").rglob("*") if path.is_file())
    assert done.code == 0
    assert key not in done.out + done.err + kept


# --- what a plan binds ------------------------------------------------------------------------------------------------

CHANGES = {
    "reason": "rule: IB201, reason: another",
    "end": f"{WAIVER}, until: 2999-01-01",
    "owner": f"{WAIVER}, owner: somebody",
    "ticket": f"{WAIVER}, ticket: T-1",
    "scope": f"{WAIVER}, file: web.yaml",
    "rule": "rule: IB202, reason: agreed",
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_plan_binds_its_waivers(bare_fake, iblint, waived, tmp_path, changed):
    assert waived([WAIVER], "plan", "web.yaml", "--out", "plan.json").code == 0
    digest = json.loads((tmp_path / "plan.json").read_text())["digest"]
    bare_fake.calls.clear()
    given = ("apply", "--plan", "plan.json", "--yes", "--plan-digest", digest)
    assert iblint(bare_fake, *given).code == 1
    (tmp_path / "waivers.yaml").write_text(f"waivers: [{{{changed}}}]\n")
    assert iblint(bare_fake, *given, "--waivers", "waivers.yaml").code == 1
    (tmp_path / "waivers.yaml").write_text(f"waivers: [{{{WAIVER}}}, {{rule: IB207, reason: more}}]\n")
    assert iblint(bare_fake, *given, "--waivers", "waivers.yaml").code == 1
    assert bare_fake.calls == []
    (tmp_path / "waivers.yaml").write_text(f"# a comment, and another file name would do\nwaivers: [{{{WAIVER}}}]\n")
    (tmp_path / "waivers.yaml").rename(tmp_path / "moved.yaml")
    assert iblint(bare_fake, *given, "--waivers", "moved.yaml").code == 0
    assert bare_fake.imagebuilder.creates() == [ARN]


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_the_digest_of_a_plan_covers_its_waivers(waived, changed):
    def digest(*waivers):
        return json.loads(waived(waivers, "plan", "web.yaml", "--format", "json").out)["digest"]

    assert digest(WAIVER) == digest(WAIVER)
    assert digest(WAIVER, changed) != digest(WAIVER)


def test_a_plan_with_a_waiver_of_the_command_line_can_be_applied_with_a_file(bare_fake, iblint, waived, tmp_path):
    (tmp_path / "web.yaml").write_text(WEAK)
    given = ("--waive", "IB201", "--reason", "agreed", "--until", "2999-01-01")
    assert iblint(bare_fake, "plan", "web.yaml", "--out", "plan.json", *given).code == 0
    done = waived([f"{WAIVER}, until: 2999-01-01"], "apply", "--plan", "plan.json")
    assert done.code == 0, done


# --- files that are wrong ---------------------------------------------------------------------------------------------

WRONG = {
    "empty": ("", "lacks 'waivers'"),
    "a list": ("- rule: IB201\n", "must be a mapping"),
    "a text": ("waivers", "must be a mapping"),
    "no list": ("waivers: {rule: IB201}\n", "'waivers' is a mapping; it must be"),
    "null": ("waivers:\n", "'waivers' has no value"),
    "other key": ("waivers: []\nwaiver: []\n", "unknown key 'waiver'"),
    "other key of a waiver": (
        "waivers:\n- rule: IB201\n  reason: x\n  untill: 2999-01-01\n",
        ":4: Unknown key 'untill'",
    ),
    "a text for a waiver": ("waivers: [IB201]\n", "must be"),
    "no reason": ("waivers:\n- rule: IB201\n", "lacks 'reason'"),
    "null reason": ("waivers:\n- rule: IB201\n  reason:\n", ":3: 'waivers[0].reason' has no value"),
    "blank reason": ("waivers:\n- rule: IB201\n  reason: ' '\n", ":3: 'waivers[0].reason'"),
    "empty reason": ("waivers:\n- rule: IB201\n  reason: ''\n", ":3: 'waivers[0].reason'"),
    "number for a reason": ("waivers:\n- rule: IB201\n  reason: 5\n", "is a number"),
    "no rule": ("waivers:\n- reason: x\n", "lacks 'rule'"),
    "unknown rule": ("waivers:\n- rule: IB999\n  reason: x\n", ":2: "),
    "group": ("waivers:\n- rule: core\n  reason: x\n", ":2: "),
    "prefix": ("waivers:\n- rule: IB2\n  reason: x\n", ":2: "),
    "glob of rules": ("waivers:\n- rule: 'IB*'\n  reason: x\n", ":2: "),
    "list of rules": ("waivers:\n- rule: [IB201, IB202]\n  reason: x\n", ":2: "),
    "date of no day": ("waivers:\n- {rule: IB201, reason: x, until: '2027-02-30'}\n", "no such day"),
    "date of no month": ("waivers:\n- {rule: IB201, reason: x, until: 2027-13-01}\n", ":2: "),
    "time": ("waivers:\n- {rule: IB201, reason: x, until: 2027-01-31 10:00:00}\n", "a date such as"),
    "number for a date": ("waivers:\n- {rule: IB201, reason: x, until: 20270131}\n", ":2: "),
    "words for a date": ("waivers:\n- {rule: IB201, reason: x, until: never}\n", "a date such as"),
    "null date": ("waivers:\n- {rule: IB201, reason: x, until: }\n", "has no value"),
    "glob that is none": ("waivers:\n- {rule: IB201, reason: x, file: 'a*b*c*d*e'}\n", "must be a glob"),
    "empty glob": ("waivers:\n- {rule: IB201, reason: x, file: ''}\n", "is empty"),
    "empty configuration": ("waivers:\n- {rule: IB201, reason: x, configuration: ''}\n", "is empty"),
    "long configuration": (f"waivers:\n- {{rule: IB201, reason: x, configuration: '{'*a' * 600}'}}\n", "at most 1000"),
    "long reason": (f"waivers:\n- {{rule: IB201, reason: {'x' * 4001}}}\n", ":2: "),
    "tag": ("waivers: !!python/object/apply:os.system [ls]\n", ":1: "),
    "tag of a reason": ("waivers:\n- {rule: IB201, reason: !Sub x}\n", ":2: "),
    "two documents": ("waivers: []\n---\nwaivers: []\n", ":3: "),
    "duplicate key": ("waivers: []\nwaivers: []\n", ":2: "),
    "duplicate reason": ("waivers:\n- rule: IB201\n  reason: x\n  reason: y\n", ":4: "),
    "not YAML": ("waivers: [\n", ":"),
    "key that is no text": ("1: x\n", "is not a string"),
    "itself": ("waivers: &a [*a]\n", ":1: "),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_wrong_file_ends_the_run_with_its_line(bare_fake, waived, text, said, command):
    refused = waived(text, command)
    assert refused.code == 2, refused
    assert "waivers.yaml:" in refused.err
    assert said.lower() in refused.err.lower(), refused.err
    assert "configuration file" not in refused.err
    assert "internal" not in refused.err.lower()
    assert bare_fake.calls == []


def _bomb(path):
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    path.write_text(f"l0: &l0 [x]\n{levels}waivers: *l29\n")


HOSTILE = {
    "missing": lambda path: path.unlink(),
    "folder": lambda path: (path.unlink(), path.mkdir()),
    "device": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "dangling link": lambda path: (path.unlink(), path.symlink_to("/nowhere")),
    "large": lambda path: path.write_bytes(b"# " + b"x" * (2 << 20)),
    "UTF-16": lambda path: path.write_text("waivers: []\n", encoding="utf-16"),
    "binary": lambda path: path.write_bytes(bytes(range(256))),
    "deep": lambda path: path.write_text("waivers: " + "[" * 100_000),
    "aliases": _bomb,
    "control characters": lambda path: path.write_text('waivers: [{rule: "\\e[31m", reason: "\\e]0;x\\a"}]\n'),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_ends_the_run(bare_fake, iblint, tmp_path, make):
    path = tmp_path / "waivers.yaml"
    path.write_text("")
    make(path)
    refused = iblint(bare_fake, "apply", "web.yaml", "--waivers", "waivers.yaml", "--yes")
    assert (refused.code, "waivers.yaml" in refused.err) == (2, True), refused
    assert "\x1b" not in refused.err
    assert "internal" not in refused.err.lower()
    assert bare_fake.calls == []


@pytest.mark.parametrize("value", ["\\e[31mred", "::error::x", "a\\nb", "\\u202e"])
def test_text_of_a_waiver_forges_no_output(waived, value):
    done = waived(f'waivers: [{{rule: IB201, reason: "{value}", owner: "{value}", ticket: "{value}"}}]\n')
    assert done.code == 0
    assert "\x1b" not in done.out + done.err
    assert "\u202e" not in done.out + done.err
    assert not any(line.startswith("::") for line in (done.out + done.err).splitlines())


def test_an_empty_list_is_no_waiver(waived):
    assert waived("waivers: []\n").code == 1


def test_what_the_schema_says_is_what_is_read():
    from jsonschema import Draft202012Validator

    from iblint.logic.compiler import conforms
    from iblint.schemas import read_schema

    schema = json.loads(read_schema("waivers"))
    full = {"rule": "IB201", "configuration": "x", "file": "x", "reason": "x", "owner": "x", "ticket": "x"}
    for item, valid in [({**full, "until": "2027-01-31"}, True), ({**full, "until": "2027"}, False), ({}, False)]:
        assert conforms({"waivers": [item]}, schema) is valid
        assert Draft202012Validator(schema).is_valid({"waivers": [item]}) is valid
