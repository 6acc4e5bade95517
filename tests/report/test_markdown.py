from __future__ import annotations

import re

import pytest

from iblint.model.document import Notice
from iblint.model.record import replace
from iblint.model.report import Report
from iblint.model.span import Span
from iblint.model.verdict import Severity, Verdict
from iblint.report import Checkout, Style, render
from tests.report import builder

ORIGIN = Checkout("https://github.com/acme/images", "0123456789abcdef0123456789abcdef01234567", "main")


def rows(written: str, title: str) -> list[list[str]]:
    """Return the cells of the table below a title. A pipe in a text is always escaped."""
    part = written.split(f"\n### {title}\n\n")[1].split("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in part.splitlines()][2:]


def test_a_row_for_each_configuration_with_the_core_rules(plain: Report) -> None:
    written = render("markdown", plain, Style(checkout=ORIGIN))
    assert written.startswith("## ❌ iblint: failed: findings at or above the threshold (exit 1)\n")
    head = next(line for line in written.splitlines() if line.startswith("| Configuration"))
    assert head.count("|") == 5, "the name, two core rules, all rules"
    assert f"[IB201 imdsv2-required]({builder.IMDS.url})" in head
    (cells,) = rows(written, "Configurations")
    assert cells[1:] == ["❌ fail", "❔ unknown", "1 failed, 1 unknown, 1 passed"]
    assert cells[0].startswith(
        "<code>web</code><br>[<code>infra/web.yaml&#58;1</code>](https://github.com/acme/images/"
    )


def test_a_row_for_each_finding_with_its_place_and_fix(plain: Report) -> None:
    first, second = rows(render("markdown", plain, Style(checkout=ORIGIN)), "Findings")
    assert first[:3] == [
        "❌ error",
        f"[IB201 imdsv2-required]({builder.IMDS.url})",
        f"[<code>infra/web.yaml&#58;5</code>]({ORIGIN.repository}/blob/{ORIGIN.revision}/infra/web.yaml#L5)",
    ]
    assert first[3].startswith("instanceMetadataOptions.httpTokens is 'optional'.<br>**Fix:** Set ")
    assert second[0] == "🔹 note"


def test_without_a_known_host_places_are_no_links(plain: Report) -> None:
    for style in (Style(), Style(checkout=replace(ORIGIN, repository="https://git.example.com/a/b"))):
        assert rows(render("markdown", plain, style), "Findings")[0][2] == "<code>infra/web.yaml&#58;5</code>"


def test_the_most_severe_come_first(nasty: Report) -> None:
    severities = [cells[0] for cells in rows(render("markdown", nasty, Style()), "Findings")]
    assert severities == sorted(severities, key=["❌ error", "⚠️ warning", "🔹 note"].index)
    codes = [cells[1][1:6] for cells in rows(render("markdown", nasty, Style()), "Findings")]
    assert codes[:3] == ["IB000"] * 3, "what could not be judged comes before what was"


def test_configurations_that_fail_come_first() -> None:
    def judged(name: str, *verdicts: Verdict) -> object:
        codes = ("IB201", "IB202")
        outcomes = tuple(builder.Outcome(c, "x", v, "") for c, v in zip(codes, verdicts, strict=True))
        return builder.configuration(f"{name}.yaml", name, outcomes=outcomes)

    good, bad, unsure, broken = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR
    configurations = [
        judged("a", good, good),
        judged("b", good, unsure),
        judged("c", bad, good),
        judged("d", broken, good),
    ]
    written = render("markdown", builder.report({}, configurations=configurations), Style())
    assert [re.findall("<code>(.)</code>", cells[0])[0] for cells in rows(written, "Configurations")] == list("dcba")


def test_a_rule_that_is_not_selected_for_a_configuration_is_marked() -> None:
    other = builder.configuration("a.yaml", outcomes=(builder.Outcome("IB201", "x", Verdict.PASS, ""),))
    (cells,) = rows(render("markdown", builder.report({}, configurations=[other]), Style()), "Configurations")
    assert cells[1:] == ["✅ pass", "not selected", "1 passed"]


def test_a_clean_run_is_short() -> None:
    written = render("markdown", builder.report({}, files=3), Style())
    assert written.startswith("## ✅ iblint: nothing to check (exit 0)\n\n0 configurations: ")
    assert "###" not in written


HOSTILE = [
    "a | b",
    "`code`",
    "\\",
    "*x* _y_ ~~z~~",
    "<img src=x onerror=alert(1)>",
    "</table><script>",
    "<!-- -->",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example",
    "www.evil.example",
    "mail@evil.example",
    "@octocat",
    "#1",
    ":tada:",
    "$x$",
    "&lt;b&gt; &#60;b&#62;",
    "\n# Forged\n",
    "\n\n| a | b |\n| --- | --- |\n",
    "\r\n- forged",
    "[^1]",
    "\x00\u202e\u200b",
]


def hostile_report(hostile: str) -> Report:
    """Make a report with the text in every place where text of a file can be."""
    name = f"is '{hostile}'"
    file = f"{hostile}.yaml"
    place = Span(1, 1, 1, 5)
    found = builder.finding(builder.IMDS, file, place, (), f"It {name}. Why.", help=hostile, provenance=hostile)
    judged = builder.configuration(file, hostile)
    problem = builder.InputError(file, 1, 1, hostile)
    return builder.report({file: "name: x\n"}, [found], [problem], [judged], notices=(Notice(file, 1, hostile),))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_file_is_markup(hostile: str) -> None:
    tame, written = (render("markdown", hostile_report(text), Style()) for text in ("tame", hostile))
    assert len(written.splitlines()) == len(tame.splitlines())
    for shape in (r"^#+ ", r"\|", r"\[", r"<[a-z/!]+", r"https?://", "[`*_~$\\\\]", "@", r"^- ", ":"):
        found, expected = (re.findall(shape, text, re.MULTILINE) for text in (written, tame))
        assert found == expected, shape


def test_an_odd_address_of_a_rule_is_no_link() -> None:
    odd = replace(builder.IMDS, url="javascript:alert(1)")
    other = replace(builder.HOP_LIMIT, url="https://example.com/x) [y](z")
    written = render("markdown", builder.plain_report(rules=(odd, other, builder.TYPES)), Style())
    assert "javascript" not in written
    assert "](" not in written


def test_it_fits_into_a_comment_and_counts_what_is_left_out() -> None:
    text = "".join(f"line{n}: '|@#<{'x' * 200}'\n" for n in range(500))
    findings = [
        builder.finding(
            builder.TYPES,
            "a.yaml",
            Span(n, 1, n, 5),
            (n,),
            f"Number {n} is {'|@#<' * 60}",
            severity=Severity.ERROR if n % 2 else Severity.NOTE,
            help="<>" * 200,
        )
        for n in range(1, 500)
    ]
    configurations = [builder.configuration(f"{n}.yaml", "<" * 200) for n in range(500)]
    report = builder.report(
        {"a.yaml": text}, findings, (), configurations, notices=(Notice("a.yaml", 1, "@" * 400),) * 500
    )
    written = render("markdown", report, Style(checkout=ORIGIN))
    assert len(written.encode()) < 65_536
    left = [int(number) for number in re.findall("^([0-9]+) more do not fit", written, re.MULTILINE)]
    assert len(left) == 3
    assert len(rows(written, "Configurations")) + left[0] == 500
    assert len(rows(written, "Findings")) + left[1] == 499
    assert {cells[0] for cells in rows(written, "Findings")} == {"❌ error"}
