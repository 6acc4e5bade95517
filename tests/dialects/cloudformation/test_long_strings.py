"""Strings that a template puts together have a length that they may not pass."""

from __future__ import annotations

import pytest

from iblint.dialects.shared.text_sums import MAX_LENGTH
from iblint.model.values import Choice, Unresolved
from tests.dialects.cloudformation.templates import specs, template


def name_of(value, **sections):
    return specs(template({"Name": value}, **sections))["Web"]["name"]


def nested(levels, wrap, value="ab"):
    for _ in range(levels):
        value = wrap(value)
    return value


def sub(value):
    return {"Fn::Sub": ["${a}${a}", {"a": value}]}


def join(value):
    return {"Fn::Join": ["-", [{"Fn::Sub": ["${a}!", {"a": value}]}, *["x" * 5000] * 2]]}


@pytest.mark.parametrize(("wrap", "levels"), [(sub, 20), (join, 4)])
def test_calls_in_each_other_that_grow_are_given_up(wrap, levels):
    value = name_of(nested(levels, wrap))
    assert isinstance(value, Unresolved)
    assert value.reason == "it is longer than 16384 characters"


def test_the_longest_string_is_still_known():
    half = MAX_LENGTH // 2
    assert name_of({"Fn::Join": ["", ["a" * half, "b" * half]]}) == "a" * half + "b" * half
    assert isinstance(name_of({"Fn::Join": ["-", ["a" * half, "b" * half]]}), Unresolved)
    assert name_of({"Fn::Sub": "a" * (MAX_LENGTH + 1)}) == "a" * (MAX_LENGTH + 1)  # nothing is put together


def test_only_the_branch_that_is_too_long_is_given_up():
    sections = {
        "Parameters": {"Env": {"Type": "String"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
    }
    branch = {"Fn::If": ["IsProd", "b" * MAX_LENGTH, "c"]}
    value = name_of({"Fn::Join": ["-", ["a", "a", branch, "d", "d"]]}, **sections)
    assert isinstance(value, Choice)
    long, short = (option.value for option in value.options)
    assert isinstance(long, Unresolved)
    assert short == "a-a-c-d-d"


def test_many_parts_are_put_together_in_their_order():
    parts = [str(index) for index in range(3000)]
    assert name_of({"Fn::Join": [",", parts]}) == ",".join(parts)
