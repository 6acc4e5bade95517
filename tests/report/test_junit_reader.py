"""The JUnit report as read by the library junitparser."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import iblint
from iblint.model.verdict import Verdict
from iblint.report import Style, render
from tests.report import builder
from tests.support import tools

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("make", [lambda: iblint.check(["examples"]), builder.plain_report, builder.nasty_report])
def test_a_reader_finds_every_verdict(make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        import junitparser
    except ImportError:
        tools.missing("junitparser", "pip install '.[dev]'")
    monkeypatch.chdir(tools.ROOT)
    report = make()
    (tmp_path / "junit.xml").write_text(render("junit", report, Style()), "utf-8")
    read = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    cases = [(suite.name, case) for suite in read for case in suite]
    assert len({(suite, case.classname, case.name) for suite, case in cases}) == len(cases)
    found = Counter(type(case.result[0]).__name__ if case.result else "passed" for _, case in cases)
    assert found["passed"] == report.count(Verdict.PASS)
    assert found["Failure"] == report.count(Verdict.FAIL) == read.failures
    assert found["Error"] == report.count(Verdict.ERROR) + len({p.file for p in report.problems}) == read.errors
    skipped = report.count(Verdict.UNKNOWN) + report.count(Verdict.NOT_APPLICABLE) + len(report.not_judged)
    assert found["Skipped"] == skipped == read.skipped
