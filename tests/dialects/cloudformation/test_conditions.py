"""Conditions in templates: one value in one judgement, what defaults decide, and bounds that are counts."""

from __future__ import annotations

import json
import sys

import pytest

from iblint.dialects.shared.decision_tree import MAX_LEAVES
from iblint.dialects.shared.extraction import document_unit
from iblint.dialects.shared.registry import extract
from iblint.model.document import Source
from iblint.model.values import Unresolved
from iblint.parse.load import load
from tests.dialects.cloudformation.templates import (
    FAIL,
    PASS,
    UNKNOWN,
    finding,
    found,
    specs,
    template,
    tokens,
    verdict,
    verdicts,
)


def equals(parameter, value="prod"):
    return {"Fn::Equals": [{"Ref": parameter}, value]}


def when(condition, one, other):
    return {"Fn::If": [condition, one, other]}


OPEN = {
    "Parameters": {"Env": {"Type": "String"}, "Other": {"Type": "String"}},
    "Conditions": {
        "IsProd": equals("Env"),
        "SameAsIsProd": {"Fn::Equals": ["prod", {"Ref": "Env"}]},
        "NotProd": {"Fn::Not": [{"Condition": "IsProd"}]},
        "IsOther": equals("Other"),
        "Both": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "IsOther"}]},
        "Either": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "IsOther"}]},
        "Never": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "NotProd"}]},
        "Always": {"Fn::Or": [equals("Env"), {"Fn::Not": [{"Condition": "SameAsIsProd"}]}]},
        "Circle": {"Fn::Not": [{"Condition": "Line"}]},
        "Line": {"Fn::Not": [{"Condition": "Circle"}]},
        "Itself": {"Fn::Equals": [{"Ref": "Env"}, {"Ref": "Env"}]},
        "LooksTheSame": {"Fn::Equals": ['{"Ref": "Env"}', {"Ref": "Env"}]},
        "Odd": {"Fn::Equals": [{"Ref": "Env"}]},
        "Text": "true",
    },
}
NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (when("IsProd", "required", "required"), PASS),
        (when("IsProd", "optional", NO_VALUE), FAIL),
        (when("IsProd", "required", "optional"), UNKNOWN),
        (when("IsProd", when("IsProd", "required", "optional"), "required"), PASS),
        (when("IsProd", "required", when("NotProd", "required", "optional")), PASS),
        (when("IsProd", "required", when("SameAsIsProd", "optional", "required")), PASS),
        (when("IsProd", "required", when("IsOther", "required", "optional")), UNKNOWN),
        (when("Both", when("IsOther", "required", "optional"), "required"), PASS),
        (when("Either", "required", when("IsProd", "optional", "required")), PASS),
        (when("Never", "optional", "required"), PASS),
        (when("Always", "required", "optional"), PASS),
        (when("Circle", "required", "optional"), UNKNOWN),
        (when("Circle", "required", "required"), PASS),
        (when("Itself", "required", "optional"), PASS),
        (when("LooksTheSame", "required", "optional"), UNKNOWN),
        (when("Odd", "optional", "optional"), FAIL),
        (when("Text", "optional", "required"), UNKNOWN),
        (when("Missing", "required", "optional"), UNKNOWN),
        (when("IsProd", {"Fn::ImportValue": "x"}, "required"), UNKNOWN),
        ({"Fn::Join": ["", [when("IsProd", "req", "requ"), when("IsProd", "uired", "ired")]]}, PASS),
        ({"Fn::Sub": ["${A}", {"A": when("IsProd", "optional", "Required")}]}, FAIL),
        ({"Fn::Select": [when("IsProd", 0, 1), ["required", "required", "optional"]]}, PASS),
    ],
)
def test_conditions_that_nothing_decides(judge, value, expected):
    assert verdict(judge(tokens(value, **OPEN))) is expected


def test_a_text_that_looks_like_a_reference_is_none(judge):
    report = judge(
        """\
        Parameters: {Env: {Type: String}, Other: {Type: String}}
        Conditions:
          Text: !Equals ["!Ref Env", !Ref Other]
          Differ: !Not [!Equals [!Ref Env, !Ref Other]]
          Itself: !Equals ["!Ref Env", !Ref Env]
        Resources:
          Web:
            Type: AWS::ImageBuilder::InfrastructureConfiguration
            Properties:
              InstanceMetadataOptions: {HttpTokens: !If [Text, !If [Differ, optional, required], required]}
              TerminateInstanceOnFailure: !If [Itself, true, false]
        """
    )
    assert (verdict(report), verdict(report, "IB301")) == (UNKNOWN, UNKNOWN)


def test_one_condition_has_one_value_in_two_properties(judge):
    options = when("IsProd", {"HttpTokens": "required"}, NO_VALUE)
    made = template({"InstanceMetadataOptions": options}, **OPEN)
    assert verdict(judge(made)) is UNKNOWN
    made = template(
        {
            "SecurityGroupIds": when("IsProd", ["sg-0aa1e7c25d30f4b69"], NO_VALUE),
            "SubnetId": when("NotProd", NO_VALUE, "subnet-0aa1e7c25d30f4b69"),
        },
        **OPEN,
    )
    assert verdict(judge(made), "IB111") is PASS
    made["Resources"]["Web"]["Properties"]["SubnetId"]["Fn::If"][0] = "IsOther"
    assert verdict(judge(made), "IB111") is UNKNOWN


def test_an_undecided_verdict_says_when_the_rule_fails(judge):
    report = judge(tokens(when("NotProd", "optional", "required"), **OPEN))
    assert finding(report).message.startswith('It depends: when !Equals [prod, {"Ref": "Env"}] is false, ')


def test_branches_that_share_a_fault_give_one_finding(judge):
    shared = {"HttpTokens": "optional", "HttpPutResponseHopLimit": 2}
    report = judge(template({"InstanceMetadataOptions": when("IsProd", shared, dict(shared))}, **OPEN))
    assert found(report, "IB201") == [(1, "/instanceMetadataOptions/httpTokens")]


@pytest.mark.parametrize(
    ("default", "expected"),
    [("prod", PASS), ("dev", FAIL)],
)
def test_defaults_decide_conditions(judge, default, expected):
    sections = {**OPEN, "Parameters": {"Env": {"Type": "String", "Default": default}, "Other": {"Type": "String"}}}
    for name, (one, other) in {
        "IsProd": ("required", "optional"),
        "NotProd": ("optional", "required"),
        "Both": ("required", "optional"),
        "Either": ("required", "optional"),
    }.items():
        decided = default == "dev" if name == "Both" else default == "prod" if name == "Either" else True
        report = judge(tokens(when(name, one, other), **sections))
        assert verdict(report) is (expected if decided else UNKNOWN)


def test_a_parameter_that_is_empty_by_default_leaves_the_property_out(judge):
    sections = {
        "Parameters": {"Tokens": {"Type": "String", "Default": ""}},
        "Conditions": {"HasTokens": {"Fn::Not": [equals("Tokens", "")]}},
    }
    report = judge(tokens(when("HasTokens", {"Ref": "Tokens"}, NO_VALUE), **sections))
    assert verdict(report) is FAIL
    assert "is not set" in finding(report).message


def test_the_branch_that_is_decided_is_shown(judge):
    report = judge(
        """\
        Parameters:
          Env: {Type: String, Default: dev}
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
        Resources:
          Web:
            Type: AWS::ImageBuilder::InfrastructureConfiguration
            Properties:
              InstanceMetadataOptions:
                HttpTokens: !If
                  - IsProd
                  - required
                  - optional
        """
    )
    one = finding(report)
    assert one.location.span.line == 13
    assert one.provenance == "condition 'IsProd' is false with the values of the parameters"


OWN = {
    "Parameters": {
        "Env": {"Type": "String", "AllowedValues": ["dev", "prod"]},
        "Make": {"Type": "String", "Default": "no"},
        "Open": {"Type": "String"},
    },
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "SameAsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "NotProd": {"Fn::Not": [{"Condition": "Prod"}]},
        "Made": {"Fn::Equals": [{"Ref": "Make"}, "yes"]},
        "NotMade": {"Fn::Not": [{"Condition": "Made"}]},
        "Opened": {"Fn::Equals": [{"Ref": "Open"}, "yes"]},
        "Both": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Opened"}]},
        "Either": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "Opened"}]},
    },
}


@pytest.mark.parametrize(
    ("own", "condition", "expected"),
    [
        ("Prod", "Prod", PASS),
        ("Prod", "SameAsProd", PASS),
        ("Prod", "NotProd", FAIL),
        ("NotProd", "Prod", FAIL),
        ("Both", "Prod", PASS),
        ("Both", "Opened", PASS),
        ("Either", "Either", PASS),
        ("Either", "Prod", UNKNOWN),
        ("Opened", "Prod", UNKNOWN),
        ("Made", "Made", PASS),
        ("Made", "NotMade", FAIL),
        ("NotMade", "Made", FAIL),
        ("Missing", "Missing", PASS),
        ({"Ref": "Env"}, "Prod", UNKNOWN),
    ],
)
def test_a_resource_is_judged_as_it_is_where_it_exists(judge, own, condition, expected):
    made = tokens({"Fn::If": [condition, "required", "optional"]}, **OWN)
    made["Resources"]["Web"]["Condition"] = own
    assert verdict(judge(made)) is expected


def test_the_condition_of_one_resource_says_nothing_of_another(judge):
    made = tokens({"Fn::If": ["Made", "required", "optional"]}, **OWN)
    first = {**made["Resources"]["Web"], "Condition": "Made"}
    made["Resources"] = {"First": first, "Web": made["Resources"]["Web"]}
    report = judge(made)
    assert [o.verdict for c in report.configurations for o in c.outcomes if o.rule == "IB201"] == [PASS, FAIL]


def test_allowed_values_are_those_of_the_condition_of_the_resource(judge):
    made = tokens({"Fn::FindInMap": ["Tokens", {"Ref": "Env"}, "value"]}, **OWN)
    made["Mappings"] = {"Tokens": {"dev": {"value": "optional"}, "prod": {"value": "required"}}}
    assert verdict(judge(made)) is UNKNOWN
    made["Resources"]["Web"]["Condition"] = "Prod"
    assert verdict(judge(made)) is PASS


def test_a_macro_beside_the_properties_may_make_any_of_them(judge):
    made = template({})
    made["Resources"]["Web"]["Fn::Transform"] = {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}
    assert verdict(judge(made)) is UNKNOWN
    del made["Resources"]["Web"]["Properties"]
    assert verdict(judge(made)) is UNKNOWN
    assert verdict(judge(made), "IB102") is UNKNOWN


def test_allowed_values_agree_with_conditions_on_them(judge):
    sections = {
        "Parameters": {"Env": {"Type": "String", "AllowedValues": ["dev", "prod"]}},
        "Conditions": {"IsProd": equals("Env"), "IsDev": equals("Env", "dev"), "IsTest": equals("Env", "test")},
    }
    assert verdict(judge(tokens(when("IsProd", "required", when("IsDev", "required", "optional")), **sections))) is PASS
    assert verdict(judge(tokens(when("IsTest", "optional", "required"), **sections))) is PASS
    assert verdict(judge(tokens(when("IsProd", "required", "optional"), **sections))) is UNKNOWN


# Bounds


def many(count):
    """So many conditions, each on a parameter of its own that nothing decides."""
    return {
        "Parameters": {f"P{i}": {"Type": "String"} for i in range(count)},
        "Conditions": {f"C{i}": equals(f"P{i}") for i in range(count)},
    }


FORTY = template(
    {
        "TerminateInstanceOnFailure": when("C0", False, "false"),
        "InstanceMetadataOptions": {
            "HttpTokens": when("C1", "required", when("C2", "required", NO_VALUE)),
            "HttpPutResponseHopLimit": when("C3", 2, 3),
        },
        "KeyPair": when("C4", "key", NO_VALUE),
        "Tags": {f"tag{i}": when(f"C{i}", "a", "b") for i in range(40)},
    },
    **many(40),
)


def calls(function):
    """How many Python functions are called while ``function`` runs: a count that no clock decides."""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def test_forty_conditions_are_decided_where_their_own_few_conditions_decide(judge):
    outcome = verdicts(judge(FORTY))
    assert (outcome["IB301"], outcome["IB201"], outcome["IB202"]) == (FAIL, UNKNOWN, PASS)
    assert outcome["IB103"] is UNKNOWN  # reads all of them


def test_a_chain_of_forty_conditions_has_as_many_ends(judge):
    def chain(last):
        value = last
        for i in range(40):
            value = when(f"C{i}", "required", value)
        return value

    assert verdict(judge(tokens(chain("required"), **many(40)))) is PASS
    assert verdict(judge(tokens(chain("optional"), **many(40)))) is UNKNOWN
    sections = many(40)
    sections["Conditions"] |= {
        "All": {"Fn::And": [{"Condition": f"C{i}"} for i in range(40)]},
        "Any": {"Fn::Or": [{"Condition": f"C{i}"} for i in range(40)]},
    }
    assert verdict(judge(tokens(when("All", when("C7", "required", "optional"), "required"), **sections))) is PASS
    assert verdict(judge(tokens(when("Any", "required", when("C7", "optional", "required")), **sections))) is PASS


def test_the_steps_for_forty_conditions_are_bounded(judge):
    plain = template(
        {"InstanceMetadataOptions": {"HttpTokens": "required"}, "Tags": {f"tag{i}": "a" for i in range(40)}}
    )
    judge(FORTY), judge(plain)  # what is kept between runs is there now
    assert calls(lambda: judge(FORTY)) < 20 * calls(lambda: judge(plain))


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Join": ["", [when(f"C{i}", "a", "b") for i in range(40)]]},
        {"Fn::Sub": "".join(f"${{Q{i}}}" for i in range(40))},
        {"Fn::Sub": ["-".join(f"${{A{i}}}" for i in range(40)), {f"A{i}": when(f"C{i}", "a", "b") for i in range(40)}]},
    ],
)
def test_too_many_combinations_are_given_up(value):
    sections = many(40)
    sections["Parameters"] |= {f"Q{i}": {"Type": "String", "AllowedValues": ["a", "b"]} for i in range(40)}
    text = json.dumps(template({"Description": value}, **sections))
    (document,) = load(Source("web.json", text.encode()))
    found = []
    assert calls(lambda: found.extend(extract(document_unit(document)).resources)) < 50_000
    description = found[0].spec["description"]
    assert isinstance(description, Unresolved)
    assert f"more than {MAX_LEAVES} combinations" in description.reason


def test_parts_that_agree_are_no_new_combinations():
    value = {"Fn::Sub": ["${A}" * 40, {"A": when("C0", when("C1", "a", "b"), "c")}]}
    choice = specs(template({"Description": value}, **many(2)))["Web"]["description"]
    (one, other) = choice.options
    assert other.value == "c" * 40
    assert [option.value for option in one.value.options] == ["a" * 40, "b" * 40]


def test_conditions_that_grow_too_large_are_variables_of_their_own(judge):
    sections = many(40)
    pairs = [{"Fn::And": [{"Condition": f"C{i}"}, {"Condition": f"C{i + 1}"}]} for i in range(0, 40, 2)]
    sections["Conditions"]["Any"] = {"Fn::Or": pairs}
    assert verdict(judge(tokens(when("Any", "required", "optional"), **sections))) is UNKNOWN
    assert verdict(judge(tokens(when("Any", "required", when("Any", "optional", "required")), **sections))) is PASS


def test_branches_are_resolved_once_however_large_their_conditions_are():
    sections = many(40)
    sections["Conditions"]["All"] = {"Fn::And": [{"Condition": f"C{i}"} for i in range(10)]}
    value = "a"
    for _ in range(8):
        value = when("All", "a", value)
    (document,) = load(Source("web.json", json.dumps(template({"Description": value}, **sections)).encode()))
    assert calls(lambda: extract(document_unit(document))) < 50_000


DEEP = {
    "Join": lambda inner: {"Fn::Join": ["", [inner]]},
    "Sub": lambda inner: {"Fn::Sub": ["${A}", {"A": inner}]},
    "If": lambda inner: when("IsProd", "required", inner),
}


@pytest.mark.parametrize("name", DEEP)
def test_functions_that_stand_in_each_other_are_no_crash(judge, name):
    value = "required"
    for _ in range(25):
        value = DEEP[name](value)
    assert verdict(judge(tokens(value, **OPEN))) is PASS


def test_conditions_that_stand_in_each_other_are_no_crash(judge):
    inner = {"Condition": "IsProd"}
    for _ in range(45):
        inner = {"Fn::Not": [inner]}
    sections = {**OPEN, "Conditions": {**OPEN["Conditions"], "Deep": inner, "Deeper": inner}}
    for i in range(20):
        nested = {"Condition": "Deeper" if i == 19 else f"Deep{i + 1}"}
        for _ in range(45):
            nested = {"Fn::Not": [nested]}
        sections["Conditions"][f"Deep{i}"] = nested
    assert verdict(judge(tokens(when("Deep", "optional", "required"), **sections))) is UNKNOWN
    assert verdict(judge(tokens(when("Deep0", "required", "required"), **sections))) is PASS


def test_a_long_chain_of_conditions_is_followed_to_its_end(judge):
    sections = {
        "Parameters": {"P": {"Type": "String", "Default": "prod"}},
        "Conditions": {"C0": equals("P")}
        | {f"C{i}": {"Fn::Not": [{"Condition": f"C{i - 1}"}]} for i in range(1, 3000)},
    }
    report = judge(tokens(when("C2999", "required", "optional"), **sections))
    assert verdict(report) is FAIL
    assert verdict(judge(tokens(when("C20", "required", "optional"), **sections))) is PASS


# Existence where an open parameter would have to be what it cannot be


def equal(name, other):
    return {"Fn::Equals": [{"Ref": name}, other]}


IMPOSSIBLE = {
    "a number that is a word": ({"Type": "Number"}, equal("Open", "x")),
    "a pattern": ({"Type": "String", "AllowedPattern": "y"}, equal("Open", "x")),
    "a length": ({"Type": "String", "MinLength": 2}, equal("Open", "x")),
    "not the only value": ({"Type": "Number", "MinValue": 1, "MaxValue": 1}, {"Fn::Not": [equal("Open", "1")]}),
    "two values": ({"Type": "String"}, {"Fn::And": [equal("Open", "x"), equal("Open", "y")]}),
    "two values by the default": ({"Type": "String"}, {"Fn::And": [equal("Open", "x"), equal("Open", {"Ref": "Env"})]}),
    "a part of it": ({"Type": "String"}, {"Fn::Equals": [{"Fn::Sub": "x${Open}"}, "y"]}),
    "a Region that is none": ({"Type": "String"}, equal("AWS::Region", "nowhere")),
}


@pytest.mark.parametrize(("declared", "condition"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_a_default_with_which_a_resource_cannot_be_proven_to_exist_decides_nothing(judge, declared, condition):
    """Each exists only if Env is 'prod', and is weak there: with the default it would pass."""
    sections = {
        "Parameters": {"Env": {"Type": "String", "Default": "dev"}, "Open": declared},
        "Conditions": {"Own": {"Fn::Or": [condition, equal("Env", "prod")]}, "IsDev": equal("Env", "dev")},
    }
    made = tokens({"Fn::If": ["IsDev", "required", "optional"]}, **sections)
    made["Resources"]["Web"]["Condition"] = "Own"
    assert verdict(judge(made)) in (UNKNOWN, FAIL)


POSSIBLE = {
    "a text": ({"Type": "String"}, equal("Open", "x")),
    "a number": ({"Type": "Number"}, equal("Open", "1")),
    "another key": ({"Type": "AWS::EC2::KeyPair::KeyName"}, {"Fn::Not": [equal("Open", "")]}),
    "an allowed value": ({"Type": "String", "AllowedValues": ["x", "y"]}, equal("Open", "x")),
    "another Region": ({"Type": "String"}, {"Fn::Not": [equal("AWS::Region", "eu-west-1")]}),
    "a Region beside the default": (
        {"Type": "String"},
        {"Fn::And": [equal("AWS::Region", "eu-west-1"), equal("Env", "dev")]},
    ),
}


@pytest.mark.parametrize(("declared", "condition"), POSSIBLE.values(), ids=POSSIBLE.keys())
def test_the_default_decides_where_a_resource_may_exist_with_it(judge, declared, condition):
    sections = {
        "Parameters": {"Env": {"Type": "String", "Default": "dev"}, "Open": declared},
        "Conditions": {
            "Own": {"Fn::And": [condition, {"Fn::Not": [equal("Env", "prod")]}]},
            "IsDev": equal("Env", "dev"),
        },
    }
    made = tokens({"Fn::If": ["IsDev", "required", "optional"]}, **sections)
    made["Resources"]["Web"]["Condition"] = "Own"
    assert verdict(judge(made)) is PASS
