"""Files that try to forge the output, to leak secrets, or to slow a report down."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from iblint.model.document import Notice, NotJudged
from iblint.model.report import Report
from iblint.report import FORMATS, Style, render
from tests.report import builder

COMMANDS = ("##[error]x", "##vso[task.setvariable variable=a]b", "###[add-mask]y", "##teamcity[message text='z']")
LINES = [f"description: '{command}'" for command in COMMANDS]
STYLE = Style(verbosity=1, show_passed=True)


def report_with_commands() -> Report:
    """Make a report with commands to runners in the file, its name, messages, help, labels, paths and notices."""
    file, text = " ::error file=x,line=1::pwned.yaml", "\n".join(LINES) + "\n"
    every = " ".join(COMMANDS)
    findings = [
        builder.finding(
            builder.IMDS,
            file,
            builder.locate(text, command),
            ("tags", command),
            f"description is '{command}'. So it is: {every}",
            help=f"Remove it:\n  ::error::{every}",
            provenance=every,
            related=(builder.Location(file, builder.locate(text, command), every),),
        )
        for command in COMMANDS
    ]
    outcome = builder.Outcome("IB201", "x", builder.Verdict.PASS, every)
    judged = builder.configuration(file, every, address=every, outcomes=(outcome,))
    problem = builder.InputError(file, 1, 14, every)
    notices = (Notice(file, 1, f"::error::{every}"),)
    not_judged = (NotJudged(file, 1, 1, "sdk-code", f"::error::{every}", every),)
    return builder.report({file: text}, findings, [problem], [judged], notices=notices, not_judged=not_judged)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("verbosity", [-1, 0, 1])
def test_no_line_is_a_command_to_a_runner(form: str, verbosity: int) -> None:
    """GitHub trims a line before it looks for ``::``, and finds ``##[`` anywhere in it, as Azure does ``##vso[``."""
    written = render(form, report_with_commands(), Style(verbosity=verbosity, show_passed=verbosity >= 0))
    ours = "::(error|warning|notice) file=" if form == "github" else " *::: "  # no command has the name ':'
    commands = [line for line in written.splitlines() if line.strip().startswith("::")]
    assert not [line for line in commands if not re.match(ours, line)]
    assert not re.search(r"##\w*\[", written)


@pytest.mark.parametrize("form", ["json", "sarif", "rdjson", "gitlab"])
def test_escapes_keep_json_valid(form: str) -> None:
    """A reader of the JSON gets the original character."""
    assert json.loads(render(form, report_with_commands(), STYLE))
    assert COMMANDS[0] in json.dumps(json.loads(render("json", report_with_commands(), STYLE)))


def test_marks_are_aligned_after_an_escaped_command() -> None:
    text = "a: ##[x] 'here'\n"
    found = builder.finding(builder.IMDS, "a.yaml", builder.locate(text, "'here'"), (), "It is wrong.")
    lines = render("text", builder.report({"a.yaml": text}, [found]), Style()).splitlines()
    shown = next(number for number, line in enumerate(lines) if "'here'" in line)
    assert lines[shown].endswith(r"a: #\x23[x] 'here'")
    assert lines[shown].index("'here'") == lines[shown + 1].index("^")
    assert lines[shown + 1].count("^") == len("'here'")


def test_ids_of_configurations_are_not_redacted_and_stay_apart() -> None:
    stems = ["aB3" + "x" * 36 + str(number) for number in range(3)]  # in the shape of a secret key
    ids = [f"{stem}.yaml#0" for stem in stems] + [f"{stem}" for stem in stems]
    findings = [
        builder.finding(builder.IMDS, "a.yaml", builder.Span(1, 1, 1, 5), (), "No.", configuration=id_) for id_ in ids
    ]
    configurations = [builder.configuration("a.yaml", id_, id=id_, address=stems[0]) for id_ in ids]
    written = json.loads(render("json", builder.report({}, findings, configurations=configurations), Style()))
    assert [c["id"] for c in written["configurations"]] == ids
    assert [f["configuration"] for f in written["findings"]] == ids
    assert stems[0] not in {c["name"] for c in written["configurations"]} | {
        c["address"] for c in written["configurations"]
    }


def calls(function: Callable[[], Any]) -> int:
    """Return the number of calls, of Python and C functions, made by a function."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("filling", ["x", "\t", "e\u0301", "\x1b"])
def test_the_work_for_a_finding_does_not_grow_with_its_line(filling: str) -> None:
    def work(length: int) -> int:
        line = "a: [" + filling * length + "'here'" + filling * length + "]"
        span = builder.locate(line, "'here'")
        findings = [builder.finding(builder.IMDS, "a.yaml", span, ("a", n), "It is wrong.") for n in range(10)]
        return calls(lambda: render("text", builder.report({"a.yaml": line}, findings), Style()))

    work(1)  # fills caches
    assert work(4000) < 1.05 * work(2000)
