from __future__ import annotations

import re

import pytest

from iblint.model.record import replace
from iblint.model.report import Report
from iblint.model.span import Span
from iblint.report import Style, render
from tests.report import builder


def excerpt_of(line: str, needle: str, width: int = 80) -> tuple[str, str]:
    """The excerpt's line and its marks, without the gutter."""
    text = f"# first\n{line}\n"
    found = builder.finding(builder.IMDS, "a.yaml", builder.locate(text, needle), (), "It is wrong.")
    written = render("text", builder.report({"a.yaml": text}, [found]), Style(width=width)).splitlines()
    at = next(i for i, shown in enumerate(written) if shown.startswith("2 |"))
    return written[at][4:], written[at + 1][4:]


@pytest.mark.parametrize(
    ("line", "needle", "shown", "marks"),
    [
        ("a: bc", "bc", "a: bc", "   ^^"),
        ("\ta: bc", "bc", "    a: bc", "       ^^"),
        ("ab\tcd", "cd", "ab  cd", "    ^^"),
        ("日本: x", "x", "日本: x", "      ^"),
        ("a: 日本", "日本", "a: 日本", "   ^^^^"),
        ("😀: x", "x", "😀: x", "    ^"),
        ("e\u0301: x", "x", "e\u0301: x", "   ^"),
        ("\x1b: x", "x", "\\x1b: x", "      ^"),
        ("\u202e: x", "x", "\\u202e: x", "        ^"),
    ],
)
def test_marks_stand_under_the_value(line: str, needle: str, shown: str, marks: str) -> None:
    assert excerpt_of(line, needle) == (shown, marks)


@pytest.mark.parametrize("before", [0, 1, 30, 70, 500])
@pytest.mark.parametrize("after", [0, 1, 30, 70, 500])
@pytest.mark.parametrize("length", [1, 10, 60, 300])
def test_long_lines_are_cut_around_the_value(before: int, after: int, length: int) -> None:
    shown, marks = excerpt_of("b" * before + "X" * length + "a" * after, "X" * length)
    assert max(len(shown), len(marks)) <= 76
    assert {shown[i] for i, mark in enumerate(marks) if mark == "^"} == {"X"}
    assert marks.count("^") == shown.count("X")


def test_a_span_of_several_lines_is_marked_on_its_first() -> None:
    text = "a:\n  - b  \n  - c\n"
    found = builder.finding(builder.IMDS, "a.yaml", Span(2, 3, 3, 6), (), "It is wrong.")
    assert "2 |   - b\n  |   ^^^\n" in render("text", builder.report({"a.yaml": text}, [found]), Style())


@pytest.mark.parametrize("span", [Span(99, 1, 99, 5), Span(1, 99, 1, 120), Span(2, 1, 2, 1)])
def test_a_span_outside_the_text_is_no_error(span: Span) -> None:
    found = builder.finding(builder.IMDS, "a.yaml", span, (), "It is wrong.")
    for form in ("text", "sarif"):
        assert "It is wrong." in render(form, builder.report({"a.yaml": "a: b\n"}, [found]), Style())


def test_colours_do_not_change_the_text(nasty: Report) -> None:
    colored = render("text", nasty, Style(color=True, verbosity=1))
    assert "\x1b[1;31merror[IB201 imdsv2-required]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == render("text", nasty, Style(verbosity=1))


def test_quiet_is_concise_without_summary(plain: Report) -> None:
    assert render("text", plain, Style(verbosity=-1)) == (
        "infra/web.yaml:5:15: error IB201 imdsv2-required: instanceMetadataOptions.httpTokens is 'optional'.\n"
        "infra/web.yaml:6:28: note IB202 container-hop-limit: Cannot tell whether the hop limit suffices: it is "
        "'!Ref Hops', and the parameter has no default.\n"
    )
    assert render("concise", plain, Style(verbosity=-1)) == render("text", plain, Style(verbosity=-1))
    assert render("text", builder.report({}), Style(verbosity=-1)) == ""


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (builder.plain_report(), "failed: findings at or above the threshold (exit 1)"),
        (builder.plain_report(exit_code=0), "passed: no finding at or above the threshold (exit 0)"),
        (builder.plain_report(exit_code=4), "incomplete: 1 unknown verdict, not accepted with --strict (exit 4)"),
        (builder.nasty_report(), "failed: 3 errors; incomplete: 3 problems in the input (exit 4)"),
        (builder.report({}, exit_code=3), "nothing to check: --require-configurations needs at least one"),
    ],
)
def test_the_meaning_of_the_exit_code_is_shown(report: Report, words: str) -> None:
    assert words in render("text", report, Style())
    assert words in render("concise", report, Style())


def test_a_rule_that_crashed_makes_the_run_incomplete() -> None:
    broken = builder.Outcome("IB320", "type-known", builder.Verdict.ERROR, "Rule IB320 crashed.")
    report = builder.report({}, configurations=[builder.configuration("a.yaml", outcomes=(broken,))], exit_code=4)
    written = render("text", report, Style())
    assert "0 passed, 1 could not be applied" in written
    assert "incomplete: 1 rule could not be applied (exit 4)" in written


def test_a_file_that_could_not_be_read_is_not_counted_as_without_configuration() -> None:
    report = builder.report({}, files=1, problems=[builder.InputError("a.yaml", 3, 1, "Duplicate key 'name'.")])
    assert "no Image Builder infrastructure configuration" not in render("text", report, Style())


def test_show_passed_lists_the_rules_that_passed(plain: Report) -> None:
    written = render("text", plain, Style(show_passed=True))
    assert "infra/web.yaml:1: web (request, build type unknown): 1 of 4 passed\n  pass           IB320" in written
    assert "not-applicable" not in written


def test_verbose_lists_every_outcome_and_the_packs(plain: Report) -> None:
    written = render("text", plain, Style(verbosity=1))
    assert "not-applicable IB204 sns-key-same-account: snsTopicArn is not set." in written
    assert "pack iblint 0.1.0 sha256:0123456789abcdef" in written


def test_overlong_messages_keep_both_ends() -> None:
    found = builder.finding(builder.IMDS, "a.yaml", Span(1, 1, 1, 2), (), f"It begins {'x' * 5000} and ends.")
    line = render("concise", builder.report({"a.yaml": "a"}, [found]), Style()).splitlines()[0]
    assert len(line) < 1200
    assert "It begins" in line
    assert line.endswith("and ends.")


def test_files_are_sorted_with_problems_in_concise(nasty: Report) -> None:
    lines = render("concise", nasty, Style(verbosity=-1)).splitlines()
    problem = next(i for i, line in enumerate(lines) if ":2:15: problem:" in line)
    assert ":2:14: warning" in lines[problem - 1]
    assert ":4:14: error" in lines[problem + 1]


def test_related_places_in_other_files_are_named_without_an_excerpt(plain: Report) -> None:
    elsewhere = builder.Location("params.json", Span(7, 2, 7, 9), "the parameter's value")
    found = replace(plain.findings[0], locations=(plain.findings[0].location, elsewhere))
    written = render("text", replace(plain, findings=(found,)), Style())
    assert " ::: params.json:7:2 the parameter's value\n" in written


def test_paragraphs_stay_readable_on_a_wide_terminal(plain: Report) -> None:
    written = render("text", plain, Style(width=240))
    why = written.split("= why:", 1)[1].split("= help:", 1)[0]
    assert why.count("\n") > 1
    assert max(map(len, why.splitlines())) <= 100


def test_a_single_character_is_not_replaced_by_an_ellipsis() -> None:
    line, marks = excerpt_of("snsTopicArn: " + "x" * 99, "x" * 99, 60)
    assert line.startswith("snsTopicArn: x")
    assert marks.startswith(" " * len("snsTopicArn: ") + "^")
