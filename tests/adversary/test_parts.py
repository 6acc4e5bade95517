"""A seeded share of each part of the long run, the same in every run."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.adversary import coverage_guided, long_run, parts
from tests.adversary.parts import Fault, coverage

pytestmark = pytest.mark.slow

SEEDS = {"templates": 60, "evidence": 400, "texts": 100, "mutation": 60, "metamorphic": 50}
"""Part -> executions of ``one``."""
DECIDED = {"templates": 3000, "evidence": 120}
"""Part -> verdicts that are at least pass or fail: a part that finds everything unknown proves nothing."""


def some(name, seeds):
    """Run a part with the first seeds."""
    counts: Counter[str] = Counter()
    for seed in range(seeds):
        counts.update(parts.part(name).one(seed))
    return counts


def test_every_part_has_a_share():
    with_one = {name for name in parts.NAMES if hasattr(parts.part(name), "one")}
    assert with_one == SEEDS.keys()
    assert all(callable(parts.part(name).run) for name in parts.NAMES)


@pytest.mark.parametrize("name", SEEDS)
def test_a_part_finds_no_fault(name, monkeypatch):
    monkeypatch.setenv("IBLINT_CACHE_DIR", "off")
    counts = some(name, SEEDS[name])
    assert counts["executions"] >= SEEDS[name]
    assert counts["pass"] + counts["fail"] >= DECIDED.get(name, 0)


CORPUS = sorted(path for kind in coverage.KINDS for path in (coverage.CORPUS / kind).iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_corpus_finds_no_fault(path, monkeypatch):
    monkeypatch.setenv("IBLINT_CACHE_DIR", "off")
    coverage_guided.try_one(path.parent.name, path.read_bytes())


def test_the_coverage_guided_fuzzer_runs():
    if not coverage.is_installed():
        pytest.skip("atheris is not installed: pip install '.[dev]'")
    counts = coverage.fuzz("rules", 2, 1)
    assert counts["executions"] > 0
    assert counts["branches of rules"] > 0


# The long run itself


@pytest.fixture
def broken_part(monkeypatch):
    """Make a part fail with its first seed only."""
    ran = []

    def run(seconds, seed):
        ran.append(seed)
        if len(ran) == 1:
            error = Fault("pass, but it is false", {"template.json": b"{}"})
            error.counts = {"executions": 5}
            raise error
        return {"executions": 7}

    monkeypatch.setattr(parts.part("texts"), "run", run)
    return ran


def test_the_long_run_saves_a_fault_and_goes_on(broken_part, monkeypatch, tmp_path, capsys):
    args = ["long_run", "--part", "texts", "--minutes", "1", "--seed", "3", "--faults", str(tmp_path)]
    monkeypatch.setattr("sys.argv", args)
    assert long_run.main() == 1
    assert broken_part == [3, 3 + long_run.NEXT_SEED]
    assert "texts: executions 12, faults 1" in capsys.readouterr().out
    assert (tmp_path / "texts/1/template.json").read_bytes() == b"{}"
    assert "pass, but it is false" in (tmp_path / "texts/1/fault.txt").read_text()


def test_the_long_run_without_faults_ends_with_0(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["long_run", "--part", "evidence", "--minutes", "0.01"])
    assert long_run.main() == 0
    assert "faults: 0" in capsys.readouterr().out


# A part that cannot fail proves nothing: each finds the fault that it is for


@pytest.mark.parametrize("name", ["templates", "metamorphic"])
def test_a_wrong_verdict_is_found(name, monkeypatch):
    from iblint.engine import choices

    monkeypatch.setattr(choices, "_combine", lambda judged: judged[0][1])
    with pytest.raises(Fault):
        some(name, 100)


def test_a_dropped_text_is_found(monkeypatch):
    monkeypatch.setattr("iblint.units.is_ours", lambda *_args, **_named: False)
    with pytest.raises(Fault, match="dropped"):
        some("texts", 30)


def test_an_unsafe_report_is_found(monkeypatch):
    from tests.adversary import targets

    monkeypatch.setattr(targets, "render", lambda *_: "\x1b[2J\n")
    with pytest.raises(Fault, match="unsafe"):
        parts.part("mutation").one(1)
