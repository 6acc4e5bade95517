"""Rules that judge together say what each says by itself, whatever they have judged before."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import iblint
from iblint.engine import combined as panel
from iblint.engine.combined import Panel
from iblint.engine.evaluator import PreparedRule, prepare
from iblint.model.context import BuildType, Context, NoFacts, Target, World
from iblint.model.record import replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Resource
from iblint.model.settings import Settings
from iblint.model.span import Span
from iblint.model.values import ABSENT, Choice, Open, Option, Unresolved
from iblint.packs import configure, load_packs
from iblint.packs.python_checks import resolve_check

OPEN = Unresolved("!Ref Value", "the parameter has no default")
CHOICE = Choice("Production", (Option("true", "required"), Option("false", ABSENT)), "!If [Production, required, ...]")

texts = st.sampled_from(
    ["", "1", "web", "TODO", "required", "t3.micro", "m5.large", "subnet-12345678", "sg-0aa1e7c25d30f4b69", "a" * 3000]
)
scalars = texts | st.sampled_from([None, True, False, 0, 1, 2, 64, 1.0, 2.0, -0.0, 0.0]) | st.just(OPEN)
choices = scalars | st.just(CHOICE)
lists = st.lists(choices, max_size=3)
mappings = st.dictionaries(st.sampled_from(["Team", "aws:x", "", "k" * 200]) | texts, choices, max_size=3)


def nested(*names):
    """A mapping with some of the names, or what does not belong there."""
    return st.dictionaries(st.sampled_from(names), choices, max_size=len(names)) | scalars


SPECS = st.fixed_dictionaries(
    {"name": scalars},
    optional={
        "instanceTypes": lists | scalars,
        "securityGroupIds": lists,
        "subnetId": scalars,
        "instanceProfileName": scalars,
        "description": scalars,
        "keyPair": choices,
        "snsTopicArn": scalars | st.just("arn:aws:sns:eu-central-1:111122223333:builds"),
        "tags": mappings | scalars,
        "resourceTags": mappings,
        "terminateInstanceOnFailure": choices,
        "instanceMetadataOptions": nested("httpTokens", "httpPutResponseHopLimit", "other"),
        "placement": nested("tenancy", "hostId", "availabilityZone"),
        "logging": st.fixed_dictionaries({}, optional={"s3Logs": nested("s3BucketName", "s3KeyPrefix")}),
        "parentInstance": scalars | st.just({}),
        "dryRun": st.booleans() | st.just(ABSENT),
        "unheardOf": scalars,
    },
)


@cache
def judges() -> tuple[PreparedRule, ...]:
    """All rules that need no account, and some of them again as rules of another pack, which are metered."""
    configured = configure(load_packs(Settings()).rules, Settings(select=("all",)), None)
    built_in = [prepare(c, resolve_check) for c in configured if c.rule.group != "live"]
    schemas = [c for c in configured if c.rule.schema is not None]
    return (*built_in, *(prepare(replace(c, rule=replace(c.rule, pack="acme")), resolve_check) for c in schemas))


@cache
def seasoned() -> Panel:
    """A panel that has judged everything that was judged before."""
    return Panel(judges())


def resource(spec, origin="api"):
    return Resource("a", INFRASTRUCTURE_CONFIGURATION, "request", origin, "a.yaml", "/", Span(1, 1, 1, 2), spec)


def agree(jury, subject):
    """Whether a panel says of a resource what each of its rules says."""
    context = Context({}, Target(), BuildType("unknown"), World((subject,)), NoFacts(), alone=True)
    together = jury.judge(subject, context)
    worded = [judge.in_words(subject, subject.spec, said) for judge, said in zip(jury.judges, together, strict=True)]
    alone = [judge(subject, context) for judge in jury.judges]
    return [(j.verdict, j.reason, j.faults) for j in worded] == [(j.verdict, j.reason, j.faults) for j in alone]


@given(SPECS, st.sampled_from(["api", "cloudformation", "terraform"]))
def test_together_they_say_what_each_says(spec, origin):
    assert agree(seasoned(), resource(spec, origin))


@given(st.lists(SPECS, min_size=2, max_size=6))
def test_nothing_is_remembered_beyond_the_bounds(specs):
    with pytest.MonkeyPatch.context() as patch:
        for bound in ("MAX_SHAPES", "MAX_VALUES"):
            patch.setattr(panel, bound, 1)
        jury = Panel(judges())
        assert all(agree(jury, resource(spec)) for spec in specs)


@pytest.mark.parametrize("values", [[1, True, 1.0, "1"], [0, False, -0.0, 0.0, ""], [[2], [2.0], ["2"]]])
def test_values_that_python_calls_equal_are_told_apart(values):
    jury = Panel(judges())
    for value in [*values, *reversed(values)]:
        assert agree(jury, resource({"name": "a", "instanceMetadataOptions": {"httpPutResponseHopLimit": value}}))
        assert agree(jury, resource({"name": "a", "tags": {"Team": value}, "keyPair": value}))


def test_members_that_no_rule_names_are_judged_alike():
    jury = Panel(judges())
    for name in ("unheardOf", "subnetID", 7, None, "unheardOf"):
        assert agree(jury, resource({"name": "a", name: "b", "another": OPEN}))


def test_a_mapping_with_members_that_are_not_written_is_judged_as_such():
    assert agree(seasoned(), resource(Open({"name": "a"}, OPEN)))
    assert agree(seasoned(), resource({"name": "a", "tags": Open({"Team": "a"}, OPEN)}))


def test_what_a_rule_of_another_pack_costs_is_counted_for_the_whole_configuration(monkeypatch):
    monkeypatch.setattr("iblint.logic.budget.MAX_STEPS", 12)
    jury = Panel(judges())
    subject = resource(
        {"name": "a", "description": "b", "keyPair": "c", "tags": {"d": "e"}, "resourceTags": {"f": "g"}}
    )
    assert agree(jury, subject)
    said = jury.judge(subject, Context({}, Target(), BuildType("unknown"), World((subject,)), NoFacts(), alone=True))
    assert any("more than 12 evaluation steps" in judgement.reason for judgement in said if judgement.said is not None)


def test_a_rule_that_cannot_be_made_ready_says_so(monkeypatch):
    def refuse():
        raise ValueError("no schema")

    (judge,) = [judge for judge in judges() if judge.rule.code == "IB104" and judge.rule.pack == "iblint"]
    broken = replace(judge, compiled=refuse)
    subject = resource({"name": "a"})
    assert agree(Panel([broken]), subject)
    assert "no schema" in broken(subject, Context({}, Target(), BuildType("unknown"), World(), NoFacts())).reason


def test_a_run_says_of_each_file_what_a_run_of_that_file_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    spec = "name: {}\ninstanceProfileName: p\nterminateInstanceOnFailure: true\ninstanceMetadataOptions: {}\n"
    options = ["{httpTokens: required}", "{httpTokens: optional}", "{httpTokens: 1}", "{}", "[]", "{httpTokens: yes}"]
    for number in range(18):
        (tmp_path / f"{number}.yaml").write_text(spec.format(f"n{number}", options[number % 6]), encoding="utf-8")
    together = iblint.check(["."])
    each = {f"{number}.yaml": iblint.check([f"{number}.yaml"]) for number in range(18)}
    assert [tuple(c.outcomes) for c in together.configurations] == [
        tuple(each[c.file].configurations[0].outcomes) for c in together.configurations
    ]
    assert set(together.findings) == {f for report in each.values() for f in report.findings}
