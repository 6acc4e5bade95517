"""Rules judged together give the judgement that each gives alone, whatever was judged before."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import iblint
from iblint.engine import prepared_rules
from iblint.engine.evaluator import PreparedRule, prepare
from iblint.engine.prepared_rules import PreparedRules
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
def rules() -> tuple[PreparedRule, ...]:
    """All rules that need no account, and those with a schema again as rules of another pack, which have a budget."""
    configured = configure(load_packs(Settings()).rules, Settings(select=("all",)), None)
    built_in = [prepare(c, resolve_check) for c in configured if c.rule.group != "live"]
    schemas = [c for c in configured if c.rule.schema is not None]
    return (*built_in, *(prepare(replace(c, rule=replace(c.rule, pack="acme")), resolve_check) for c in schemas))


@cache
def shared() -> PreparedRules:
    """The same rules for all tests, so that their cache holds what earlier tests left."""
    return PreparedRules(rules())


def resource(spec, origin="api"):
    return Resource("a", INFRASTRUCTURE_CONFIGURATION, "request", origin, "a.yaml", "/", Span(1, 1, 1, 2), spec)


def agree(prepared, subject):
    """Whether each rule gives the judgement that it gives alone."""
    context = Context({}, Target(), BuildType("unknown"), World((subject,)), NoFacts(), alone=True)
    together = zip(prepared.rules, prepared.judge(subject, context), strict=True)
    explained = [rule.with_reason(subject, subject.spec, judgement) for rule, judgement in together]
    alone = [rule.judge(subject, context) for rule in prepared.rules]
    return [(j.verdict, j.reason, j.violations) for j in explained] == [
        (j.verdict, j.reason, j.violations) for j in alone
    ]


@settings(deadline=None)
@given(SPECS, st.sampled_from(["api", "cloudformation", "terraform"]))
def test_each_rule_gives_the_judgement_that_it_gives_alone(spec, origin):
    assert agree(shared(), resource(spec, origin))


@settings(deadline=None)
@given(st.lists(SPECS, min_size=2, max_size=6))
def test_a_full_cache_changes_nothing(specs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepared_rules, "MAX_DECISIONS", 1)
        prepared = PreparedRules(rules())
        assert all(agree(prepared, resource(spec)) for spec in specs)


@pytest.mark.parametrize("values", [[1, True, 1.0, "1"], [0, False, -0.0, 0.0, ""], [[2], [2.0], ["2"]]])
def test_values_that_python_calls_equal_are_told_apart(values):
    prepared = PreparedRules(rules())
    for value in [*values, *reversed(values)]:
        assert agree(prepared, resource({"name": "a", "instanceMetadataOptions": {"httpPutResponseHopLimit": value}}))
        assert agree(prepared, resource({"name": "a", "tags": {"Team": value}, "keyPair": value}))


def test_members_that_no_rule_names():
    prepared = PreparedRules(rules())
    for name in ("unheardOf", "subnetID", 7, None, "unheardOf"):
        assert agree(prepared, resource({"name": "a", name: "b", "another": OPEN}))


def test_a_mapping_with_unknown_members():
    assert agree(shared(), resource(Open({"name": "a"}, OPEN)))
    assert agree(shared(), resource({"name": "a", "tags": Open({"Team": "a"}, OPEN)}))


def test_what_a_rule_of_another_pack_costs_is_counted_for_the_whole_configuration(monkeypatch):
    monkeypatch.setattr("iblint.logic.budget.MAX_STEPS", 12)
    prepared = PreparedRules(rules())
    subject = resource(
        {"name": "a", "description": "b", "keyPair": "c", "tags": {"d": "e"}, "resourceTags": {"f": "g"}}
    )
    assert agree(prepared, subject)
    context = Context({}, Target(), BuildType("unknown"), World((subject,)), NoFacts(), alone=True)
    explanations = [judgement.explanation for judgement in prepared.judge(subject, context)]
    assert any("more than 12 evaluation steps" in str(explanation) for explanation in explanations)


def test_a_rule_that_cannot_be_compiled_is_an_error(monkeypatch):
    def refuse():
        raise ValueError("no schema")

    (rule,) = [rule for rule in rules() if rule.rule.code == "IB104" and rule.rule.pack == "iblint"]
    broken = replace(rule, compiled=refuse)
    subject = resource({"name": "a"})
    assert agree(PreparedRules([broken]), subject)
    assert "no schema" in broken.judge(subject, Context({}, Target(), BuildType("unknown"), World(), NoFacts())).reason


def test_a_run_over_many_files_finds_what_runs_over_each_file_find(tmp_path, monkeypatch):
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
