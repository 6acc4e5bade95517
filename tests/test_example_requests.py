"""The example requests get the verdicts that their README promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import iblint
from iblint.model.verdict import Verdict

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "requests"
MISSION = {"IB201", "IB202", "IB204", "IB301"}


def promises(section):
    """File -> rule codes of each row of the README's table for a folder."""
    rows = {}
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines():
        files = re.findall(rf"\(({section}/[^)]+)\)", line)
        rows |= {file: set(re.findall(r"IB\d{3}", line)) for file in files}
    return rows


def check(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # away from any configuration file
    return iblint.check([str(FOLDER / file)])


def test_every_folder_has_promises():
    assert [len(promises(section)) for section in ("good", "bad", "undecidable")] == [6, 10, 4]


@pytest.mark.parametrize("file", promises("good"))
def test_good_requests_are_clean_and_decided(file, tmp_path, monkeypatch):
    report = check(file, tmp_path, monkeypatch)
    assert (report.exit_code, report.findings, report.problems) == (0, (), ())
    assert report.configurations
    for configuration in report.configurations:
        mission = {o.rule: o.verdict for o in configuration.outcomes if o.rule in MISSION}
        assert mission.keys() == MISSION
        assert set(mission.values()) <= {Verdict.PASS, Verdict.NOT_APPLICABLE}


@pytest.mark.parametrize(("file", "rules"), promises("bad").items())
def test_bad_requests_break_the_rules_that_are_named(file, rules, tmp_path, monkeypatch):
    report = check(file, tmp_path, monkeypatch)
    assert (report.exit_code, report.problems) == (1, ())
    broken = {finding.rule for finding in report.findings if finding.verdict is Verdict.FAIL}
    assert rules <= broken if "skeleton" in file else rules == broken


@pytest.mark.parametrize(("file", "rules"), promises("undecidable").items())
def test_undecidable_requests_leave_the_named_rules_open(file, rules, tmp_path, monkeypatch):
    report = check(file, tmp_path, monkeypatch)
    assert (report.exit_code, report.problems) == (0, ())
    assert {f.rule for f in report.findings} == rules
    assert {f.verdict for f in report.findings} == {Verdict.UNKNOWN}
