"""Evaluating is total, and more knowledge never changes a known value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.dialects.terraform.evaluate import evaluate
from iblint.dialects.terraform.functions import PLAIN, STRUCTURAL
from iblint.dialects.terraform.functions.encoding import OF_MODULE
from iblint.model.values import Choice, Open, Unresolved
from tests.dialects.terraform.evaluating import data_of, is_unknown, module

NAMES = sorted({*PLAIN, *STRUCTURAL, *OF_MODULE, "try", "can", "nope"})
VARIABLES = ["a", "b", "c", "d"]
LITERALS = ["1", "0", "-2", "1.5", '"x"', '""', '"1"', "true", "false", "null", "[]", "{}", '"%s"', '"a,b"', "3"]

leaf = st.one_of(st.sampled_from(LITERALS), st.sampled_from([f"var.{name}" for name in VARIABLES]))


def grown(inner):
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(st.sampled_from(NAMES), st.lists(inner, max_size=3)).map(lambda c: f"{c[0]}({', '.join(c[1])})"),
        st.tuples(st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"]), two).map(
            lambda o: f"({o[1][0]} {o[0]} {o[1][1]})"
        ),
        st.tuples(inner, two).map(lambda c: f"({c[0]} ? {c[1][0]} : {c[1][1]})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        two.map(lambda both: f"{{ p = {both[0]}, q = {both[1]} }}"),
        two.map(lambda both: f"[for k, v in {both[0]} : {both[1]} if k != v]"),
        two.map(lambda both: f"{{ for k, v in {both[0]} : k => {both[1]} }}"),
        inner.map(lambda one: f'"a${{{one}}}b"'),
        inner.map(lambda one: f"({one})[0]"),
        inner.map(lambda one: f"({one}).p"),
        inner.map(lambda one: f"({one})[*].p"),
        inner.map(lambda one: f"!({one})"),
        inner.map(lambda one: f"(-({one}))"),
    )


expressions = st.recursive(leaf, grown, max_leaves=8)
values = st.sampled_from([*LITERALS, '["x", "y"]', '{ p = "x" }', '"required"', "[{ p = 1 }, { p = 2 }]"])


def value_of(expression, known):
    blocks = [
        f'variable "{name}" {{\n{f"  default = {known[name]}" if name in known else ""}\n}}\n' for name in VARIABLES
    ]
    scope = module({"main.tf": "".join(blocks) + f"locals {{\n  it = {expression}\n}}\n"})
    attribute = scope.folder.locals.get("it")
    return Unresolved("it", "syntax") if attribute is None else data_of(evaluate(scope, attribute.expression))


def agree(before, after):
    """Return whether what was known is still the same, and a choice has one of its values."""
    if isinstance(before, Unresolved):
        return True
    if isinstance(before, Choice):
        return any(agree(data_of(option.value), after) for option in before.options)
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(agree(before[key], after[key]) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(agree, before, after))
    return type(before) is type(after) and before == after


@settings(max_examples=300, deadline=None)
@given(expressions, st.dictionaries(st.sampled_from(VARIABLES), values))
def test_evaluating_is_total(expression, known):
    value = value_of(expression, known)
    assert value is None or isinstance(value, str | bool | int | float | list | dict | Unresolved | Choice | Open)


@settings(max_examples=300, deadline=None)
@given(expressions, st.dictionaries(st.sampled_from(VARIABLES), values), st.sampled_from(VARIABLES), values)
def test_more_knowledge_changes_no_known_value(expression, known, name, value):
    before = value_of(expression, {key: text for key, text in known.items() if key != name})
    after = value_of(expression, {**known, name: value})
    if isinstance(after, Unresolved) and "refuse" in after.reason:
        return  # with this value Terraform refuses the whole module
    if not is_unknown(after):
        assert agree(before, after), (before, after)


@pytest.mark.parametrize("text", ['"${', "[", "{ a = }", "a b", "<<EOT", "((", "1 +", "? :", "\x00", "é", '"\\u00"'])
def test_broken_expressions_are_unknown(text):
    assert is_unknown(value_of(text, {}))
