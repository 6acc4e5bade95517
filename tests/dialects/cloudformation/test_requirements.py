"""A resource that does not exist with the defaults is judged with values with which it does."""

from __future__ import annotations

import pytest

from tests.dialects.cloudformation.templates import FAIL, PASS, UNKNOWN, finding, tokens, verdict


def equals(parameter, value):
    return {"Fn::Equals": [{"Ref": parameter}, value]}


def when(condition, one, other):
    return {"Fn::If": [condition, one, other]}


def conditional(value, own, *, allowed=None, **conditions):
    env = {"Type": "String", "Default": "dev"} | ({"AllowedValues": allowed} if allowed else {})
    made = tokens(
        value,
        Parameters={"Env": env, "Other": {"Type": "String", "Default": "x"}, "Free": {"Type": "String"}},
        Conditions={
            "IsProd": equals("Env", "prod"),
            "IsDev": equals("Env", "dev"),
            "NotDev": {"Fn::Not": [{"Condition": "IsDev"}]},
            "ProdAndOther": {"Fn::And": [{"Condition": "IsProd"}, equals("Other", "y")]},
            "ProdAndFree": {"Fn::And": [equals("Env", "prod"), equals("Free", "y")]},
            "TestOrProd": {"Fn::Or": [equals("Env", "test"), {"Condition": "IsProd"}]},
            "Named": {"Fn::Equals": [{"Fn::Sub": "a-${Env}"}, "a-prod"]},
            "Boolean": equals("Env", True),
            "Literal": {"Fn::Equals": ["a", "b"]},
            "IsOther": equals("Other", "y"),
            **conditions,
        },
        Mappings={"M": {"dev": {"T": "required"}, "prod": {"T": "optional"}}},
    )
    made["Resources"]["Web"]["Condition"] = own
    return made


IN_MAP = {"Fn::FindInMap": ["M", {"Ref": "Env"}, "T"]}
IN_DEV = when("IsDev", "required", "optional")


@pytest.mark.parametrize(
    ("own", "value", "expected"),
    [
        ("IsProd", IN_DEV, FAIL),
        ("IsProd", IN_MAP, FAIL),
        ("IsProd", when("IsDev", "optional", "required"), PASS),
        ("IsProd", when("IsOther", "required", "optional"), FAIL),  # has its default
        ("ProdAndOther", IN_DEV, FAIL),
        ("ProdAndOther", IN_MAP, FAIL),
        ("ProdAndOther", when("IsOther", "required", "optional"), PASS),
        ("ProdAndFree", IN_MAP, FAIL),
        ("NotDev", IN_DEV, FAIL),
        ("NotDev", IN_MAP, UNKNOWN),
        ("NotDev", when("IsProd", "required", "optional"), UNKNOWN),
        ("TestOrProd", IN_DEV, UNKNOWN),
        ("TestOrProd", IN_MAP, UNKNOWN),
        ("Named", IN_DEV, UNKNOWN),
        ("Named", IN_MAP, UNKNOWN),
        ("Boolean", IN_MAP, UNKNOWN),
        ("IsDev", IN_DEV, PASS),
        ("Literal", "optional", FAIL),
    ],
)
def test_defaults_with_which_a_resource_does_not_exist_say_nothing_of_it(judge, own, value, expected):
    assert verdict(judge(conditional(value, own))) is expected


@pytest.mark.parametrize(
    ("own", "value", "allowed", "expected"),
    [
        ("NotDev", IN_MAP, ["dev", "prod"], FAIL),
        ("NotDev", IN_DEV, ["dev", "test", "prod"], UNKNOWN),
        ("NotDev", when("IsProd", "required", "optional"), ["dev", "test", "prod"], UNKNOWN),
        ("TestOrProd", IN_DEV, ["dev", "test", "prod"], UNKNOWN),
    ],
)
def test_the_allowed_values_with_which_it_exists_are_those_that_count(judge, own, value, allowed, expected):
    assert verdict(judge(conditional(value, own, allowed=allowed))) is expected


def test_a_resource_without_the_condition_has_the_defaults(judge):
    made = conditional(IN_MAP, "IsProd")
    made["Resources"]["Plain"] = {k: v for k, v in made["Resources"]["Web"].items() if k != "Condition"}
    report = judge(made)
    assert [o.verdict for c in report.configurations for o in c.outcomes if o.rule == "IB201"] == [PASS, FAIL]


def test_the_value_that_the_condition_demands_is_named(judge):
    made = conditional({"Ref": "Env"}, "IsOptional", IsOptional=equals("Env", "optional"))
    assert "with which the resource exists" in (finding(judge(made)).provenance or "")


def test_a_chain_of_conditions_of_any_length_is_followed(judge):
    links = {f"C{i}": {"Fn::And": [{"Condition": f"C{i + 1}"}, equals("Other", "y")]} for i in range(3000)}
    assert verdict(judge(conditional(IN_MAP, "C0", **links, C3000=equals("Env", "prod")))) is FAIL
