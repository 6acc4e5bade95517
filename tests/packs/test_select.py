"""Which rules run, at which severity, with which options."""

import pytest

from iblint.model.errors import ConfigError, UsageError
from iblint.model.record import replace
from iblint.model.rule import OptionSpec, Rule
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Severity
from iblint.packs import RuleSet, configure, select
from iblint.packs.select import with_core_rules

BASE = Rule(
    code="ACME101",
    name="first",
    title="First",
    group="words",
    severity=Severity.WARNING,
    status="stable",
    since="0.1.0",
    tags=("naming",),
    aliases=(),
    enabled=True,
    core=False,
    report_unknown=False,
    at=(),
    absent={},
    schema={"properties": {}},
    check=None,
    reads=(),
    message="",
    remediation="",
    options=(OptionSpec("max", "Most.", {"type": "integer", "minimum": 1}, 2), OptionSpec("min", "Least.", {}, 0)),
    fix=None,
    pack="acme",
    url="",
)
RULES = (
    BASE,
    replace(BASE, code="ACME102", name="second", enabled=False, tags=(), options=()),
    replace(BASE, code="ACME103", name="third", status="preview", aliases=("old-third", "ACME003")),
    replace(BASE, code="ACME201", name="fourth", status="deprecated", group="numbers"),
    replace(BASE, code="ACME202", name="fifth", group="numbers", core=True),
)


@pytest.mark.parametrize(
    ("selected", "ignored", "codes"),
    [
        (["default"], [], "101 202"),
        (["all"], [], "101 102 103 202"),
        (["core"], [], "202"),
        (["mission"], [], "202"),
        (["all"], ["mission"], "101 102 103"),
        (["ACME1"], [], "101 102 103"),
        (["ACME"], [], "101 102 103 202"),
        (["words"], [], "101 102 103"),
        (["numbers"], [], "202"),
        (["naming"], [], "101 103 202"),
        (["ACME201"], [], "201"),
        (["fourth"], [], "201"),
        (["old-third"], [], "103"),
        (["ACME003"], [], "103"),
        (["default", "second"], [], "101 102 202"),
        (["all"], ["words"], "202"),
        (["all"], ["ACME2", "first"], "102 103"),
        (["default"], ["all"], ""),
        ([], [], ""),
    ],
)
def test_selectors(selected: list[str], ignored: list[str], codes: str) -> None:
    assert [rule.code.removeprefix("ACME") for rule in select(RULES, selected, ignored)] == codes.split()


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("frist", "There is no rule, group or tag 'frist'; did you mean 'first'?"),
        ("namin", "did you mean 'naming'?"),
        ("defualt", "did you mean 'default'?"),
        ("ACME9", "There is no rule, group or tag 'ACME9'"),
        ("acme1", "There is no rule, group or tag 'acme1'; did you mean 'ACME1'?"),
        ("ACME999", "There is no rule, group or tag 'ACME999'; see iblint rules."),
        ("ACM101", "There is no rule, group or tag 'ACM101'; did you mean 'ACME101'?"),
        ("ACME21", "There is no rule, group or tag 'ACME21'; did you mean 'ACME201'?"),
        ("ACME104", "There is no rule, group or tag 'ACME104'; see iblint rules."),
        ("", "There is no rule, group or tag ''; see iblint rules."),
    ],
)
def test_unknown_selectors_are_errors(selector: str, message: str) -> None:
    for lists in ([selector], []), (["default"], [selector]):
        with pytest.raises(ConfigError) as error:
            select(RULES, *lists)
        assert message in str(error.value)


def test_a_rule_runs_with_its_own_severity_and_defaults() -> None:
    first = configure(RULES, Settings(), None)[0]
    assert (first.rule.code, first.severity, first.options) == ("ACME101", Severity.WARNING, {"max": 2, "min": 0})


def test_settings_and_overrides_by_code_name_and_alias() -> None:
    settings = Settings(
        select=("first", "third"),
        severity={"first": Severity.ERROR, "old-third": Severity.NOTE},
        options={"ACME101": {"max": 5}, "third": {"min": 1}},
    )
    override = Override(files=("*",), severity={"ACME101": Severity.NOTE}, options={"first": {"min": 3}})
    plain = {c.rule.name: (c.severity.value, c.options) for c in configure(RULES, settings, None)}
    assert plain == {"first": ("error", {"max": 5, "min": 0}), "third": ("note", {"max": 2, "min": 1})}
    over = {c.rule.name: (c.severity.value, c.options) for c in configure(RULES, settings, override)}
    assert over == {"first": ("note", {"max": 5, "min": 3}), "third": ("note", {"max": 2, "min": 1})}


def test_an_override_replaces_what_is_selected_and_adds_to_what_is_ignored() -> None:
    settings = Settings(select=("default",), ignore=("first",))
    names = [
        c.rule.name for c in configure(RULES, settings, Override(files=("*",), select=("all",), ignore=("third",)))
    ]
    assert names == ["second", "fifth"]
    assert [c.rule.name for c in configure(RULES, settings, Override(files=("*",)))] == ["fifth"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(severity={"frist": Severity.NOTE}), "There is no rule 'frist'; did you mean 'first'?"),
        (Settings(severity={"words": Severity.NOTE}), "'words' is the group or tag of 3 rules; name one of them"),
        (Settings(severity={"ACME1": Severity.NOTE}), "'ACME1' is the beginning of 3 codes; name one of them"),
        (Settings(options={"frist": {}}), "There is no rule 'frist'"),
        (Settings(options={"first": {"mx": 1}}), "has no option 'mx'; did you mean 'max'?"),
        (Settings(options={"first": {"color": 1}}), "has no option 'color'; it has: max, min."),
        (Settings(options={"second": {"max": 1}}), "ACME102 second has no options, so 'max' cannot be set."),
        (
            Settings(options={"first": {"max": 0}}),
            "option 'max' of ACME101 first is wrong: the value is 0; it must be at least 1.",
        ),
        (Settings(options={"first": {"max": "2"}}), "the value is '2'; it must be a whole number."),
        (Settings(options={"first": {"max": True}}), "the value is true; it must be a whole number."),
    ],
)
def test_wrong_severities_and_options_are_errors(settings: Settings, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        configure(RULES, settings, None)
    assert message in str(error.value)
    override = Override(files=("*",), severity=settings.severity, options=settings.options)
    with pytest.raises(ConfigError) as error:
        configure(RULES, Settings(), override)
    assert message in str(error.value)


def test_rules_are_found_by_code_name_and_alias() -> None:
    rules = RuleSet(RULES, ())
    assert rules.find("ACME103") is rules.find("third") is rules.find("ACME003") is RULES[2]
    assert rules.find("acme103") is RULES[2]


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("thirt", "There is no rule 'thirt'; did you mean 'third'?"),
        ("ACME1", "'ACME1' is the beginning of 3 codes; name one of them, such as ACME101."),
        ("numbers", "'numbers' is the group or tag of 2 rules; name one of them, such as ACME201."),
        ("ACME999", "There is no rule 'ACME999'; see iblint rules."),
        ("", "There is no rule ''; see iblint rules."),
    ],
)
def test_the_error_for_an_unknown_rule_says_what_the_label_is(label: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        RuleSet(RULES, ()).find(label)
    assert str(error.value) == message


@pytest.mark.parametrize("tag", ["core", "mission"])
@pytest.mark.parametrize("selector", ["core", "mission"])
def test_core_and_its_former_name_are_one_tag(tag: str, selector: str) -> None:
    rules = (*RULES, replace(BASE, code="ACME301", name="sixth", tags=(tag,)))
    assert [rule.code for rule in select(rules, [selector])] == ["ACME202", "ACME301"]
    assert [rule.code for rule in select(rules, ["ACME2", "ACME3"], [selector])] == []


def test_plan_and_apply_add_the_core_rules_alone() -> None:
    rules = (*RULES, replace(BASE, code="ACME301", name="sixth", tags=("core",)), replace(BASE, group="live"))
    for selector in ("core", "mission", "fifth"):
        settings = with_core_rules(Settings(select=("first",), ignore=(selector,)), rules)
        assert [rule.code for rule in select(rules, settings.select, settings.ignore)] == [
            "ACME101",
            "ACME202",
            "ACME101",
        ]
