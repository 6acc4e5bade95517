"""Nothing in the tree weakens a core rule without a word, and ``--enforce core`` lets nothing weaken one."""

from __future__ import annotations

import json

import pytest

from iblint.cli import main
from iblint.discovery import git_index

WEAK = """name: web
instanceProfileName: p
instanceMetadataOptions: {httpTokens: optional}
terminateInstanceOnFailure: false
"""
CORE_ERRORS = ["IB201", "IB301"]


@pytest.fixture
def check(tmp_path, monkeypatch, capfd):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def run(configuration, *args, text=WEAK, name=".iblint.yaml"):
        (tmp_path / "weak.yaml").write_text(text)
        (tmp_path / name).write_text(configuration)
        code = main(["check", "-f", "json", *args, "."])
        return code, json.loads(capfd.readouterr().out)

    return run


def errors(report):
    return sorted(f["rule"] for f in report["findings"] if f["severity"] == "error" and f["verdict"] == "fail")


WEAKENED = {
    "ignore": ("ignore:\n  - IB201\n  - terminate-on-failure\n", [2, 3]),
    "a tag": ("# all of them\nignore: [core]\n", [2, 2, 2, 2]),
    "select": ("select: [IB4]\n", [1, 1, 1, 1]),
    "severity": ("severity:\n  IB201: note\n  terminate-on-failure: warning\n", [2, 3]),
    "overrides": ("overrides:\n  - files: [weak.yaml]\n    ignore: [IB201, IB301]\n", [3, 3]),
    "severity of a file": ("overrides:\n  - files: ['*.yaml']\n    severity: {IB201: note, IB301: note}\n", [3, 3]),
    "rules of a file": ("overrides:\n  - files: ['*.yaml']\n    select: [IB104]\n", [3, 3, 3, 3]),
    "threshold": ("fail-on: never\n", [1]),
}


@pytest.mark.parametrize(("configuration", "lines"), WEAKENED.values(), ids=WEAKENED.keys())
def test_what_weakens_a_core_rule_is_named_and_can_be_overruled(check, configuration, lines):
    code, report = check(configuration)
    assert code == 0
    assert [(notice["file"], notice["line"]) for notice in report["notices"]] == [(".iblint.yaml", n) for n in lines]
    code, report = check(configuration, "--enforce", "core")
    assert code == 1
    assert [rule for rule in errors(report) if rule in CORE_ERRORS] == CORE_ERRORS
    assert all("--enforce core" in notice["message"] for notice in report["notices"])


def test_a_table_of_pyproject_is_named_too(check):
    _, report = check('[tool.iblint]\nignore = ["IB201"]\n', name="pyproject.toml")
    assert [(n["file"], n["line"]) for n in report["notices"]] == [("pyproject.toml", 2)]


def test_what_the_command_line_says_is_no_news(check):
    _, report = check("fail-on: error\n", "--ignore", "IB201", "--fail-on", "never")
    assert report["notices"] == []


def test_stricter_settings_are_no_news(check):
    _, report = check("strict: true\nseverity: {IB207: error}\nignore: [IB401]\n")
    assert report["notices"] == []


def test_an_excluded_file_with_a_mention_is_listed_as_not_judged(check):
    code, report = check("exclude: [weak.yaml]\n", "--enforce", "core")
    assert (code, report["configurations"]) == (0, [])
    assert [(n["file"], n["kind"]) for n in report["notJudged"]] == [("weak.yaml", "excluded-file")]
    assert ".iblint.yaml:1" in report["notJudged"][0]["reason"]
    assert check("exclude: [weak.yaml]\n", "--enforce", "core", "--strict")[0] == 4


def test_a_file_that_git_tracks_and_gitignore_hides_is_listed_as_not_judged(check, monkeypatch):
    monkeypatch.setattr(git_index, "tracked_files", lambda *_: git_index.TrackedFiles([b"weak.yaml"]))
    code, report = check("/weak.yaml\n", "--enforce", "core", "--strict", name=".gitignore")
    assert code == 4
    assert [(n["file"], n["kind"]) for n in report["notJudged"]] == [("weak.yaml", "excluded-file")]


def build_type(report):
    return report["configurations"][0]["buildType"]


DECLARED = {
    "comment": ("fail-on: error\n", "# iblint: build-type=ami\n" + WEAK),
    "configuration": ("build-type: ami\n", WEAK),
    "override": ("overrides:\n  - files: [weak.yaml]\n    build-type: ami\n", WEAK),
}


@pytest.mark.parametrize(("configuration", "text"), DECLARED.values(), ids=DECLARED.keys())
def test_declared_evidence_can_be_left_out_of_account(check, configuration, text):
    assert build_type(check(configuration, text=text)[1]) == "ami"
    _, report = check(configuration, "--enforce", "core", "--no-declared-evidence", text=text)
    assert build_type(report) == "unknown"
    _, report = check(configuration, "--no-declared-evidence", "--build-type", "ami", text=text)
    assert build_type(report) == "ami", "the command line is no file of the tree"


def test_evidence_that_a_file_declares_of_itself_is_named(check):
    _, report = check("fail-on: error\n", "--enforce", "core", text="# iblint: build-type=ami\n" + WEAK)
    assert [(n["file"], n["line"]) for n in report["notices"]] == [("weak.yaml", 1)]


def test_unknown_verdicts_that_are_only_counted_can_be_listed(check, capfd, monkeypatch):
    check("fail-on: error\n", text=WEAK + "keyPair: !Ref Key\ndescription: !Ref About\n")
    main(["check", "weak.yaml"])
    assert "only counted: --show unknown" in capfd.readouterr().out
    main(["check", "weak.yaml", "--show", "unknown"])
    out = capfd.readouterr().out
    assert "only counted" not in out
    assert "unknown        IB" in out
