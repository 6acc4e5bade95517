"""examples/calls: the sound ones have no finding of a default rule, the weak ones those that their README names."""

from __future__ import annotations

import pytest

from iblint.model.settings import Settings
from iblint.model.verdict import Severity
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from tests.support.tools import ROOT

EXAMPLES = ROOT / "examples" / "calls"
RULES = load_packs(Settings())


def findings(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    report = check_paths([str(path.relative_to(ROOT))], Settings(), rules=RULES)
    assert (report.problems, report.not_judged, len(report.configurations)) == ((), (), 1)
    return {finding.rule for finding in report.findings if finding.severity is not Severity.NOTE}, report


@pytest.mark.parametrize("name", ["build_image.py", "create.sh"])
def test_sound_calls_have_no_finding_and_no_unknown_core_verdict(name, monkeypatch):
    found, report = findings(EXAMPLES / "good" / name, monkeypatch)
    assert found == set()
    verdicts = {outcome.rule: outcome.verdict.value for outcome in report.configurations[0].outcomes}
    assert "unknown" not in [verdicts[rule] for rule in ("IB201", "IB202", "IB204", "IB301")]


@pytest.mark.parametrize("name", ["build_image.py", "create.sh"])
def test_weak_calls_have_the_findings_that_are_named(name, monkeypatch):
    assert findings(EXAMPLES / "bad" / name, monkeypatch)[0] == {"IB201", "IB301"}
