"""The same configuration in every dialect: the same rules say the same of it, at the same paths."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from iblint.config.load import from_mapping
from iblint.model.path import to_pointer
from iblint.model.record import replace
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_paths

CASES = Path(__file__).parents[1] / "cases"
RULES = load_packs(Settings())
TOPICS = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def forms(topic):
    """The files and folders that hold the configuration."""
    return sorted(path.name for path in (CASES / topic).iterdir() if path.name != "expect.yaml")


def judge(topic, form, settings):
    # Too short a request is not recognised as one, so what it is must be said.
    dialect = "request" if form.startswith("request.") else None
    report = check_paths([form], replace(from_mapping(settings), dialect=dialect), rules=RULES)
    assert report.problems == ()
    (configuration,) = report.configurations
    findings = {(f.rule, f.verdict.value, to_pointer(f.path)) for f in report.findings}
    return findings, {(outcome.rule, outcome.verdict.value) for outcome in configuration.outcomes}


@pytest.mark.parametrize("topic", TOPICS)
def test_all_dialects_agree(topic, monkeypatch):
    monkeypatch.chdir(CASES / topic)
    expect = yaml.safe_load(Path("expect.yaml").read_text(encoding="utf-8"))
    expected = {tuple(finding) for finding in expect["findings"]}
    judged = {form: judge(topic, form, expect.get("settings", {})) for form in forms(topic)}
    assert {form: findings for form, (findings, _) in judged.items()} == {form: expected for form in judged}  # noqa: C420
    assert len({frozenset(outcomes) for _, outcomes in judged.values()}) == 1


def test_every_case_has_every_dialect():
    assert len(TOPICS) >= 12
    for topic in TOPICS:
        assert {"request.yaml", "template.yaml", "template.json", "module.tf"} <= set(forms(topic)), topic
