"""What people keep in repositories, by kind: every mention of a configuration is judged, a problem, or said.

Each case is a folder with ``expect.json``: the arguments and the right answer. ``exit`` (or one of ``exit_also``),
``in_output``, ``not_in_output``, the number of ``configurations``, ``problems`` (how each message may be recognised),
``not_judged`` (file, line, column and kind of each entry), ``kinds`` and ``lines`` of entries by file, the files that
something was ``said`` of, and the files of ``notices``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from iblint.cli import main

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.parent.relative_to(CASES).as_posix() for path in CASES.glob("*/*/expect.json"))


@pytest.mark.parametrize("name", NAMES)
def test_each_case_gives_its_right_answer(name, tmp_path, monkeypatch, capfd):
    folder = tmp_path / "case"
    shutil.copytree(CASES / name, folder)
    expect = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    (folder / "expect.json").unlink()
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    code = main(expect["args"])
    written = "".join(capfd.readouterr())
    assert code in (expect["exit"], *expect.get("exit_also", ())), written
    assert [text for text in expect.get("in_output", ()) if text not in written] == []
    assert [text for text in expect.get("not_in_output", ()) if text in written] == []
    if "json" in expect["args"]:
        check(json.loads(written), expect)


def check(report, expect):
    entries = {entry["file"]: entry for entry in report["notJudged"]}
    problems = [problem["message"] for problem in report["problems"]]
    assert len(report["configurations"]) == expect.get("configurations", len(report["configurations"]))
    if "problems" in expect:
        assert len(problems) == len(expect["problems"]), problems
        assert all(text in message for text, message in zip(expect["problems"], problems, strict=True))
    if "not_judged" in expect:
        found = [[entry["file"], entry["line"], entry["column"], entry["kind"]] for entry in report["notJudged"]]
        assert found == expect["not_judged"]
    assert {file: entries[file]["kind"] for file in expect.get("kinds", ())} == expect.get("kinds", {})
    assert {file: entries[file]["line"] for file in expect.get("lines", ())} == expect.get("lines", {})
    said = {each["file"] for part in ("configurations", "problems", "notJudged") for each in report[part]}
    assert said.issuperset(expect.get("said", ()))
    if "notices" in expect:
        assert [notice["file"] for notice in report["notices"]] == expect["notices"]
    assert report["summary"]["notJudged"] == len(report["notJudged"])


def test_each_kind_has_cases():
    kinds = [name.partition("/")[0] for name in NAMES]
    assert set(kinds) == {"calls-and-terraform", "notices", "other-suffixes", "programs", "programs-that-make-none"}
    assert all(kinds.count(kind) >= 6 for kind in kinds)
