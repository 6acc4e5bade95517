"""Text of files is safe to print."""

from __future__ import annotations

import json

import pytest

from iblint.text.safe import escape, escaped_offsets, is_web_address, printable, single_line, to_json, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日本 😀", "plain é 日本 😀"),
        ("a\tb\nc\x1b[31m", "a\\tb\\nc\\x1b[31m"),
        ("\u202ereversed\U000e0041", "\\u202ereversed\\U000e0041"),
        ("##[error]x ##vso[y]", "#\\x23[error]x #\\x23vso[y]"),
        ("## heading", "## heading"),
        ("required\xa0", "required\\xa0"),
        ("a\u2003b\u3000c\u202fd", "a\\u2003b\\u3000c\\u202fd"),
        ("web\u3164\u2800\ufe0f", "web\\u3164\\u2800\\ufe0f"),
        ("\u26a0\ufe0f emoji", "\u26a0\ufe0f emoji"),
    ],
)
def test_control_characters_and_commands_are_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert "".join(escape(c) if i in escaped_offsets(text) else c for i, c in enumerate(text)) == shown


def test_lines_are_kept_and_none_is_a_command() -> None:
    assert printable("a\n  ::error::x\n::notice::y") == "a\n  \\x3a:error::x\n\\x3a:notice::y"


def test_a_long_line_is_cut_in_the_middle() -> None:
    assert single_line(" a\n  b \n") == "a b"
    line = single_line("x" * 500 + "end", 100)
    assert len(line) == 100
    assert line.endswith("xend")
    assert " … " in line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com/a?b=c#d", True),
        ("javascript:alert(1)", False),
        ("https://example.com/x) [y](z", False),
        ("https://example.com/'\"", False),
        ("", False),
    ],
)
def test_web_addresses(text: str, expected: bool) -> None:
    assert is_web_address(text) is expected


def test_json_is_escaped_and_valid() -> None:
    value = {"a": ["\x1b", "\u202e", "##[x]", "日本", "\U000e0041"]}
    written = to_json(value)
    assert json.loads(written) == value
    assert not {"\x1b", "\u202e", "\U000e0041"} & set(written)
    assert "##[" not in written
    assert "日本" in written
    assert json.loads(to_json("\ud800")) == "\ufffd"
