"""Texts of a stranger's rule pack in what iblint writes."""

from __future__ import annotations

import re

import pytest

from iblint.cli import main

from .test_cost import RULE

CONTROLS = {
    "escape": r"\e[31m",
    "bell": r"\a",
    "C1": r"\x9b31m",
    "right to left": r"\u202e",
    "line separator": r"\u2028",
}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS.keys())
@pytest.mark.parametrize(
    "where", ["title: Slow", "  Slow.", "  Wait.", 'message: "slow"', "title: x,", 'text: "tags: {a: b}"']
)
def test_rule_pages_hold_no_control_characters(tree, capsys, control, where):
    rule = RULE.format(code=1000, big="{minLength: 1}")
    key, colon, text = where.partition(": ")
    if colon:
        end = "," if text.endswith(",") else ""
        plain = text.rstrip(",").strip('"')
        rule = rule.replace(where, f'{key}: "{plain} {control}"{end}')
    else:
        block = {"  Slow.": "rationale", "  Wait.": "remediation"}[where]
        rule = rule.replace(f"{block}: |\n{where}", f'{block}: "{where.strip()} {control}"')
    assert control in rule
    folder = tree(**{"r/EV1000-slow-1000.yaml": rule})
    code = main(["rules", "docs", "pages", "--rules", "r"])
    assert code in (0, 2), capsys.readouterr().err
    written = "".join(page.read_text() for page in folder.glob("pages/*.md")) + capsys.readouterr().err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", written)
    assert code == 2 or (folder / "pages/index.md").exists()
