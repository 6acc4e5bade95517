"""Expressions and functions against the real Terraform: every value is the same, or it is unresolved."""

from __future__ import annotations

import json

import pytest

from tests.dialects.terraform import console
from tests.dialects.terraform.evaluating import is_unknown, outputs

TABLE = json.loads(console.TABLE.read_text(encoding="utf-8"))
SETTING = console.SETTING.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ours():
    texts = [f'output "x{n}" {{\n  value = {text}\n}}\n' for n, text in enumerate(TABLE)]
    found = outputs(SETTING + "".join(texts))
    return {text: found[f"x{n}"] for n, text in enumerate(TABLE)}


@pytest.mark.parametrize("text", TABLE)
def test_no_known_value_is_wrong(text, ours):
    expected = TABLE[text]
    if "value" not in expected:
        assert is_unknown(ours[text])
    elif not is_unknown(ours[text]):
        assert json.dumps(ours[text], sort_keys=True) == json.dumps(expected["value"], sort_keys=True)


@pytest.mark.integration
@pytest.mark.skipif(console.TERRAFORM is None, reason="needs terraform")
def test_terraform_says_of_expressions_what_is_committed(tmp_path):
    assert console.values_of(list(TABLE), tmp_path) == TABLE
