from __future__ import annotations

import re
from collections import Counter

import pytest

from iblint.model.report import Report
from iblint.model.span import Span
from iblint.model.verdict import Severity
from iblint.report import Style, render
from tests.report import builder

COMMAND = re.compile(r"::(?P<command>error|warning|notice) (?P<properties>[^:]*)::(?P<data>.*)")


def parse(line: str) -> tuple[str, dict[str, str], str]:
    """Parse a workflow command as the runner does: split, then unescape."""
    match = COMMAND.fullmatch(line)
    assert match, line
    properties = dict(pair.split("=", 1) for pair in match["properties"].split(","))
    return match["command"], {k: unescape(v) for k, v in properties.items()}, unescape(match["data"])


def unescape(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def report_with(message: str, **changes: object) -> Report:
    found = builder.finding(builder.IMDS, "a.yaml", Span(1, 1, 1, 5), (), message, **changes)
    return builder.report({"a.yaml": "name: x\n"}, [found])


def test_an_annotation_has_place_message_fix_and_documentation(plain: Report) -> None:
    command, properties, message = parse(render("github", plain, Style()).splitlines()[0])
    assert command == "error"
    assert properties == {
        "file": "infra/web.yaml",
        "line": "5",
        "endLine": "5",
        "col": "15",
        "endColumn": "23",
        "title": "IB201 imdsv2-required",
    }
    assert message.startswith("instanceMetadataOptions.httpTokens is 'optional'. Any process")
    assert "\nSet instanceMetadataOptions.httpTokens to required:\n  httpTokens: required\n" in message
    assert message.endswith(builder.IMDS.url)


@pytest.mark.parametrize(("severity", "command"), [*zip(Severity, ("error", "warning", "notice"), strict=True)])
def test_severities(severity: Severity, command: str) -> None:
    written = render("github", report_with("It is wrong.", severity=severity), Style())
    assert parse(written.splitlines()[0])[0] == command


@pytest.mark.parametrize(
    "hostile",
    [
        "is '\n::error file=x::forged'.",
        "is '\r\n::set-output name=x::y'.",
        "is '%0A::error::forged'.",
        "is '::stop-commands::x'.",
        "is '##[error]forged'.",
        "is '\u2028::error::forged'.",
        "is '\x85::error::forged'.",
    ],
)
def test_no_text_of_a_file_is_a_command(hostile: str) -> None:
    report = report_with(f"It {hostile}", help=f"Change what {hostile}", provenance=f"what {hostile}")
    annotation, summary = render("github", report, Style()).splitlines()
    _, _, message = parse(annotation)
    assert "##[" not in annotation
    assert message.splitlines()[0].startswith("It is '")
    assert not summary.startswith(":")


@pytest.mark.parametrize("file", ["a,title=x.yaml", "a:b.yaml", "a%2Cb.yaml", "a\nb.yaml", "::error::.yaml"])
def test_no_name_of_a_file_is_a_property(file: str) -> None:
    found = builder.finding(builder.IMDS, file, Span(1, 1, 1, 5), (), "It is wrong.")
    _, properties, _ = parse(render("github", builder.report({file: "name: x\n"}, [found]), Style()).splitlines()[0])
    assert properties["file"] == file.replace("\n", "\\n")
    assert properties["title"] == "IB201 imdsv2-required"


def test_ten_of_each_severity_the_most_severe_first_and_the_rest_in_the_log() -> None:
    text = "".join(f"line{n}: ##[error]x\n" for n in range(40))
    severities = [Severity.NOTE] * 12 + [Severity.ERROR] * 13 + [Severity.WARNING] * 3
    findings = [
        builder.finding(builder.TYPES, "a.yaml", Span(n, 1, n, 5), (n,), f"Number {n} '##[error]'.", severity=severity)
        for n, severity in enumerate(severities, 1)
    ]
    lines = render("github", builder.report({"a.yaml": text}, findings), Style()).splitlines()
    commands = [parse(line)[0] for line in lines if line.startswith("::")]
    assert commands == ["error"] * 10 + ["warning"] * 3 + ["notice"] * 10
    rest = lines[len(commands) :]
    assert rest[0] == "5 more findings, above GitHub's limit of annotations:"
    assert Counter(line.split()[1] for line in rest[1:-1]) == {"error": 3, "note": 2}
    assert rest[1].startswith("a.yaml:23:1: error IB320 type-known: Number 23 '")
    assert not [line for line in rest if "##[" in line]
    assert "(exit 1)" in rest[-1]


def test_problems_are_errors(nasty: Report) -> None:
    parsed = [parse(line) for line in render("github", nasty, Style()).splitlines() if line.startswith("::")]
    problems = [(properties["file"], command) for command, properties, _ in parsed if "IB000" in properties["title"]]
    assert problems == [
        (builder.COMMAND_FILE, "error"),
        (builder.NASTY_FILE, "error"),
        ("infra/gone.yaml", "error"),
    ]


def test_a_clean_run_is_its_summary() -> None:
    assert render("github", builder.report({}), Style()).count("\n") == 1
    assert render("github", builder.report({}), Style(verbosity=-1)) == ""
