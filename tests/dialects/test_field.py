"""What people keep and iblint met: each case of ``field`` gives its right answer.

``expect.json`` has the arguments and the right answer: ``exit`` (or one of ``exit_also``), ``verdicts`` that some
configuration has, ``verdicts_of`` the configuration at an address, ``fails_not``, the number of ``configurations``,
``addresses``, the kinds of ``not_judged`` entries, ``finding_lines`` of rules, ``in_output`` and ``not_in_output``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from iblint.cli import main

FIELD = Path(__file__).parent / "field"
CASES = sorted(path.parent.relative_to(FIELD).as_posix() for path in FIELD.glob("*/*/expect.json"))


@pytest.mark.parametrize("case", CASES)
def test_each_case_gives_its_right_answer(case, tmp_path, monkeypatch, capfd):
    folder = tmp_path / "case"
    shutil.copytree(FIELD / case, folder)
    expect = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    (folder / "expect.json").unlink()
    monkeypatch.chdir(folder)
    code = main(expect["args"])
    out = capfd.readouterr().out
    assert code in (expect["exit"], *expect.get("exit_also", ())), out
    assert [text for text in expect.get("in_output", ()) if text not in out] == []
    assert [text for text in expect.get("not_in_output", ()) if text in out] == []
    if "json" in expect["args"]:
        check_report(json.loads(out), expect)


def check_report(report, expect):
    configurations = report["configurations"]
    judged = [(c["address"], {o["rule"]: o["verdict"] for o in c["outcomes"]}) for c in configurations]
    if not configurations and 4 in expect.get("exit_also", ()):
        return  # said not to be judged, which is right too
    for rule, verdict in expect.get("verdicts", {}).items():
        assert verdict in [verdicts[rule] for _, verdicts in judged], rule
    for address, expected in expect.get("verdicts_of", {}).items():
        verdicts = dict(judged)[address]
        assert {rule: verdicts[rule] for rule in expected} == expected, address
    for rule in expect.get("fails_not", ()):
        assert "fail" not in [verdicts[rule] for _, verdicts in judged], rule
    for rule, lines in expect.get("finding_lines", {}).items():
        assert [f["line"] for f in report["findings"] if f["rule"] == rule] == lines, rule
    assert len(judged) == expect.get("configurations", len(judged))
    assert [address for address, _ in judged] == expect.get("addresses", [address for address, _ in judged])
    kinds = [entry["kind"] for entry in report["notJudged"]]
    assert kinds == expect.get("not_judged", kinds)


def test_each_kind_has_cases():
    kinds = {case.partition("/")[0] for case in CASES}
    assert {"under-keys", "other-spellings", "other-programs", "update-requests"} <= kinds
    assert all(sum(case.startswith(kind + "/") for case in CASES) >= 6 for kind in kinds)
