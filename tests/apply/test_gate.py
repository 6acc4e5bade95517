"""The gate's decisions about reports of the real pipeline."""

from datetime import date, timedelta

import pytest

from iblint.apply.gate import decide, unused
from iblint.model.document import Source
from iblint.model.question import NoFacts
from iblint.model.settings import Settings
from iblint.model.verdict import Severity
from iblint.model.waiver import Waiver
from iblint.packs import load_packs
from tests.apply.conftest import SPEC

TODAY = date(2026, 11, 23)
MISSIONS = ("IB201", "IB202", "IB204", "IB301")
TOPIC = "snsTopicArn: arn:aws:sns:eu-west-1:210987654321:builds\n"


def judged(text, settings=None):
    from iblint.cli.specs import read_specs

    source = Source("web.yaml", text.encode(), True)
    loaded = read_specs([], settings or Settings(), load_packs(Settings()), source, (), ())
    return loaded.judge(NoFacts(), None, None)


def decision(text, settings=None, waivers=(), **more):
    found = judged(text, settings)
    (configuration,) = found.report.configurations
    return decide(found.report, configuration, {"name": "golden-web"}, waivers, today=TODAY, **more)


def blocking(text, settings=None, **more):
    return [reason.rule for reason in decision(text, settings, **more).reasons]


def test_a_passing_configuration_is_allowed_with_the_digest_of_its_request():
    found = decision(SPEC)
    assert found.allowed
    assert found.digest.startswith("sha256:")
    assert (
        found.digest
        != decide(judged(SPEC).report, judged(SPEC).report.configurations[0], {"name": "x"}, today=TODAY).digest
    )


BAD = {
    "IB201": SPEC.replace("required", "optional"),
    "IB202": SPEC.replace("Limit: 2", "Limit: 1").replace("ami", "container"),
    "IB204": SPEC + TOPIC,
    "IB301": SPEC.replace("OnFailure: true", "OnFailure: false"),
}
WEAK = {
    "ignored by code": Settings(ignore=MISSIONS),
    "ignored by name": Settings(ignore=("imdsv2-required", "terminate-on-failure", "security", "mission")),
    "not selected": Settings(select=("IB101",)),
    "lowered": Settings(severity={**dict.fromkeys(MISSIONS, Severity.NOTE), "imdsv2-required": Severity.NOTE}),
    "never failing": Settings(fail_on="never"),
}


@pytest.mark.parametrize("code", MISSIONS)
@pytest.mark.parametrize("settings", WEAK.values(), ids=WEAK)
def test_no_setting_removes_a_core_rule(code, settings):
    assert code in blocking(BAD[code], settings)


@pytest.mark.parametrize("code", MISSIONS)
def test_no_override_removes_a_core_rule(code):
    from iblint.model.settings import Override

    weak = Override(files=("**",), select=("IB101",), ignore=MISSIONS, severity=dict.fromkeys(MISSIONS, Severity.NOTE))
    assert code in blocking(BAD[code], Settings(overrides=(weak,)))


def test_a_core_rule_blocks_at_any_severity():
    text = SPEC.replace("Limit: 2", "Limit: 1").replace("# iblint: build-type=ami\n", "")
    found = judged(text)
    assert {f.severity for f in found.report.findings if f.rule == "IB202"} == {Severity.NOTE}
    assert "IB202" in blocking(text)


def test_an_unknown_core_rule_blocks_once_the_account_is_read():
    assert blocking(SPEC + TOPIC) == ["IB204"]
    before = decision(SPEC + TOPIC, undecided_blocks=False)
    assert before.allowed
    assert "IB204" in [reason.rule for reason in before.undecided]


def test_another_rules_error_blocks_and_its_warning_does_not():
    assert blocking(SPEC + "subnetId: subnet-0a1b2c3d4e5f60718\n") == ["IB111"]
    assert decision(SPEC + "keyPair: ops\n").allowed


def test_other_rules_can_be_ignored_as_in_check():
    text = SPEC + "subnetId: subnet-0a1b2c3d4e5f60718\n"
    assert blocking(text, Settings(ignore=("IB111",))) == []


def test_an_input_that_cannot_be_read_blocks():
    found = judged(SPEC)
    from iblint.model.document import InputError
    from iblint.model.record import replace

    report = replace(found.report, problems=(InputError("b.yaml", 3, 1, "It is broken."),))
    (reason,) = decide(report, report.configurations[0], {}, today=TODAY).reasons
    assert "b.yaml:3" in reason.message


def test_a_waiver_removes_one_rule_and_is_recorded():
    waiver = Waiver("IB201", "migration", TODAY)
    found = decision(BAD["IB201"], waivers=[waiver])
    assert found.allowed
    assert [reason.waiver for reason in found.waived] == [waiver]
    assert found.waived[0].as_data()["waiver"] == {"reason": "migration", "until": "2026-11-23"}


def test_a_waiver_of_another_rule_or_an_expired_one_has_no_effect():
    assert blocking(BAD["IB201"], waivers=[Waiver("IB301", "x", TODAY)]) == ["IB201"]
    assert blocking(BAD["IB201"], waivers=[Waiver("IB201", "x", TODAY - timedelta(days=1))]) == ["IB201"]


def test_a_rule_that_crashed_cannot_be_waived():
    text = SPEC.replace("build-type=ami", "build-type=ami build-type=container")
    found = decision(text, waivers=[Waiver("IB202", "x", TODAY)])
    assert "IB202" in [reason.rule for reason in found.reasons]


def test_unused_waivers_are_named():
    waivers = [Waiver("IB201", "x", TODAY), Waiver("IB301", "x", TODAY)]
    assert unused(waivers, [decision(BAD["IB201"], waivers=waivers)]) == (waivers[1],)
