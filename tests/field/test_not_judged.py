"""What is not judged is counted and shown in every format; ``--strict`` does not accept it; no input hides it."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET

import pytest

import iblint
from iblint.cli import main
from iblint.dialects.shared import mentions
from iblint.dialects.shared.prefilter import has_marker
from iblint.dialects.shared.programs import KINDS as DESCRIBED
from iblint.report import FORMATS
from tests.field.conftest import CALL, GOOD, KINDS, NOT_JUDGED, WEAK


def run(capfd, *args):
    code = main(["check", *args])
    captured = capfd.readouterr()
    return code, captured.out, captured.err


def report_of(capfd, *args):
    code, out, _ = run(capfd, "-f", "json", *args)
    return code, json.loads(out)


@pytest.fixture
def repository(tree):
    return tree({"good.yaml": GOOD, **NOT_JUDGED, "README.md": CALL})


def test_every_kind_is_listed_and_counted(repository, capfd):
    code, report = report_of(capfd, ".")
    assert code == 0
    assert {entry["kind"] for entry in report["notJudged"]} == KINDS
    assert [entry["file"] for entry in report["notJudged"]] == sorted(NOT_JUDGED)
    assert report["summary"]["notJudged"] == len(NOT_JUDGED)
    assert len(report["configurations"]) == 1
    assert all(entry["reason"].endswith(".") and entry["help"].endswith(".") for entry in report["notJudged"])


def test_strict_does_not_accept_it_and_says_why(repository, capfd):
    code, out, err = run(capfd, "--strict", ".")
    assert (code, err) == (4, "")
    assert "14 entries not judged, not accepted with --strict (exit 4)" in out
    code, out, err = run(capfd, "--strict", "-q", ".")
    assert code == 4
    assert err.splitlines() == ["iblint: incomplete: 14 entries not judged, not accepted with --strict (exit 4)"]
    assert len(out.splitlines()) == 14


def test_quiet_says_nothing_more_where_nothing_is_incomplete(tree, capfd):
    tree({"good.yaml": GOOD})
    assert run(capfd, "--strict", "-q", ".") == (0, "", "")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_shows_each_entry(repository, capfd, format_):
    code, out, _ = run(capfd, "-f", format_, ".")
    assert code == 0
    shown = out.replace("&#95;", "_")
    assert [name for name in NOT_JUDGED if name not in shown] == []
    assert "cdk synth" in shown or format_ in ("concise", "gitlab")


def test_junit_skips_it(repository, capfd):
    _, out, _ = run(capfd, "-f", "junit", ".")
    suite = next(suite for suite in ET.fromstring(out) if suite.get("name") == "not judged")
    assert (suite.get("skipped"), suite.get("failures")) == (str(len(NOT_JUDGED)), "0")


def test_sarif_notes_it_with_its_place(repository, capfd):
    _, out, _ = run(capfd, "-f", "sarif", ".")
    (sarif,) = json.loads(out)["runs"]
    notes = sarif["invocations"][0]["toolExecutionNotifications"]
    places = [note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for note in notes]
    assert sorted(places) == sorted(NOT_JUDGED)
    assert {note["level"] for note in notes} == {"note"}
    assert sarif["invocations"][0]["executionSuccessful"]


def test_github_annotates_the_lines(repository, capfd):
    _, out, _ = run(capfd, "-f", "github", ".")
    assert "::notice file=cdk.ts,line=2,endLine=2,col=18,endColumn=18,title=IB001 not-judged::" in out


def test_several_processes_list_the_same(repository, capfd):
    assert report_of(capfd, "-j", "2", ".") == report_of(capfd, "-j", "1", ".")


def test_a_caller_of_the_interface_gets_it(repository):
    assert len(iblint.check(["."]).not_judged) == len(NOT_JUDGED)


def test_a_named_dialect_reads_any_file(tree, capfd):
    tree({"request.py": WEAK})
    code, report = report_of(capfd, "--dialect", "request", "request.py")
    assert (code, len(report["configurations"])) == (1, 1)


# The source of a CDK app whose assembly is in the run

SOURCE = 'import "aws-cdk-lib";\nnew imagebuilder.CfnInfrastructureConfiguration(this, "I", {});\n'
ASSEMBLY = {
    "cdk.out": '{"version": "36.0.0"}',
    "manifest.json": json.dumps({"version": "36.0.0", "artifacts": {}}),
    "S.template.json": json.dumps(
        {
            "Resources": {
                "I": {
                    "Type": "AWS::ImageBuilder::InfrastructureConfiguration",
                    "Properties": {
                        "Name": "web",
                        "InstanceProfileName": "p",
                        "InstanceMetadataOptions": {"HttpTokens": "required"},
                    },
                    "Metadata": {"aws:cdk:path": "S/I"},
                }
            }
        }
    ),
}


def assembly(folder):
    return {f"{folder}/{name}": content for name, content in ASSEMBLY.items()}


def test_nothing_is_said_of_an_app_whose_assembly_is_judged(tree, capfd):
    tree({"app/lib/x.ts": SOURCE, "app/cdk.json": "{}", **assembly("app/cdk.out")})
    _, report = report_of(capfd, ".")
    assert (len(report["configurations"]), report["notJudged"]) == (1, [])


@pytest.mark.parametrize("marked", [True, False])
def test_another_app_is_still_listed(tree, capfd, marked):
    files = {"one/x.ts": SOURCE, "two/x.ts": SOURCE, **assembly("one/cdk.out")}
    tree(files | ({"one/cdk.json": "{}", "two/cdk.json": "{}"} if marked else {}))
    _, report = report_of(capfd, ".")
    assert [entry["file"] for entry in report["notJudged"]] == ["two/x.ts"]


def test_an_app_below_another_is_still_listed(tree, capfd):
    tree({"cdk.json": "{}", "x.ts": SOURCE, "sub/cdk.json": "{}", "sub/x.ts": SOURCE, **assembly("cdk.out")})
    _, report = report_of(capfd, ".")
    assert [entry["file"] for entry in report["notJudged"]] == ["sub/x.ts"]


# Hostile and unlucky inputs


def test_a_binary_file_is_nothing(tree, capfd):
    call = b"client.create_infrastructure_configuration()\n"
    tree({"tool": b"\x7fELF\0\0" + call * 10_000, "video.ts": b"G\0\0" + call, "x.py": call[:5] + b"\0" + call})
    code, report = report_of(capfd, ".")
    assert (code, report["notJudged"], report["problems"]) == (0, [], [])


def test_a_large_program_is_searched_whole(tree, capfd):
    tree({"big.js": b"x = 1;\n" * (3 << 20) + b"createInfrastructureConfiguration\n"})
    code, report = report_of(capfd, ".")
    assert (code, [(n["file"], n["line"]) for n in report["notJudged"]]) == (0, [("big.js", (3 << 20) + 1)])


def test_text_in_other_encodings_is_searched(tree, capfd):
    call = "New-EC2IBInfrastructureConfiguration -Name x\n"
    tree({"a.ps1": call.encode("utf-16"), "b.ps1": b"\xef\xbb\xbf" + call.encode(), "c.ps1": b"\xff" + call.encode()})
    tree({"d.ps1": call.encode("utf-16-le"), "e.ps1": call.encode("utf-16-be"), "request": WEAK.encode("utf-16-be")})
    _, report = report_of(capfd, ".")
    assert [n["file"] for n in report["notJudged"]] == ["a.ps1", "b.ps1", "c.ps1", "d.ps1", "e.ps1"]
    assert [c["file"] for c in report["configurations"]] == ["request"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every file")
def test_a_program_that_cannot_be_read_is_listed(tree, capfd):
    folder = tree({"x.py": "1\n", "y.py": "1\n"})
    (folder / "x.py").chmod(0)
    assert [n["kind"] for n in report_of(capfd, ".")[1]["notJudged"]] == ["unread-file"]
    assert report_of(capfd, "x.py")[0] == 4


def test_a_file_that_vanishes_is_listed(tree, monkeypatch, capfd):
    folder = tree({"x.py": CALL})
    from iblint import units

    def read_file(file, *args, **options):
        (folder / file.path).unlink(missing_ok=True)
        return read(file, *args, **options)

    read = units.read_file
    monkeypatch.setattr(units, "read_file", read_file)
    code, report = report_of(capfd, "-j", "1", ".")
    assert (code, [n["kind"] for n in report["notJudged"]]) == (0, ["unread-file"])


@pytest.mark.parametrize(
    "text",
    [
        b"nfrastructureConfiguration " * 300_000,
        b"((((((((= " * 20 + b"InfrastructureConfiguration" * 100_000,
        b'"""' * 100_000 + b"\nclient.create_infrastructure_configuration()\n",
        b"/*" * 200_000 + b"new CfnInfrastructureConfiguration()\n",
        b"'\"`" * 200_000 + b"CreateInfrastructureConfiguration",
        b"a:" * 500_000 + b"::createInfrastructureConfiguration",
    ],
)
@pytest.mark.parametrize("name", ["x.py", "x.ts", "x.tf", "x.rb", "x.ps1"])
def test_hostile_programs_take_no_long_time(tree, capfd, name, text):
    tree({name: text})
    code, report = report_of(capfd, ".")
    assert code == 0
    assert len(report["notJudged"]) <= 1


# The list of mentions


def test_the_search_finds_every_mention():
    names = [*mentions.TYPES, *mentions.CALLS, *mentions.COMMANDS, *mentions.CONSTRUCTS]
    assert [name for name in names if not mentions.has_mention(name.encode())] == []
    assert [name for name in names if not has_marker(name.encode())] == []
    assert not mentions.has_mention(b"infrastructure configurations of a data centre")


def test_every_kind_of_program_is_described():
    languages = {"python", "javascript", "go", "java", "csharp", "ruby"}
    kinds = {*mentions.PROGRAMS.values(), *mentions.NAMED_PROGRAMS.values()} - languages
    assert kinds <= DESCRIBED.keys()
