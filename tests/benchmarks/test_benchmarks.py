"""The benchmarks measure what they say: their files are the same for a seed, and are judged as is meant. No clock."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

import iblint
from benchmarks import page
from benchmarks.corpus import pack, specs, templates, trees

ROOT = Path(__file__).resolve().parents[2]

DIGEST = """
import hashlib, sys
from pathlib import Path
from benchmarks.corpus import pack, trees
top = Path(sys.argv[1])
trees.write_relevant(top / "relevant", "seed", 100)
trees.write_monorepo(top / "monorepo", "seed", 300)
pack.write_pack(top / "pack")
digest = hashlib.sha256()
for file in sorted(p for p in top.rglob("*") if p.is_file() and ".git" not in p.parts):
    digest.update(str(file.relative_to(top)).encode() + file.read_bytes())
print(digest.hexdigest())
"""


def test_the_same_files_are_made_whatever_the_hash_seed(tmp_path: Path) -> None:
    digests = set()
    for seed in ("1", "2"):
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", DIGEST, tmp_path / seed]
        digests.add(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    assert len(digests) == 1
    assert digests != {hashlib.sha256().hexdigest() + "\n"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IBLINT_CACHE_DIR", "off")
    return tmp_path


@pytest.mark.parametrize(("name", "make"), [("a.yaml", specs.yaml_spec), ("a.json", specs.json_spec)])
def test_a_clean_spec_is_clean_and_of_40_lines(place: Path, name: str, make: trees.Maker) -> None:
    text = make(Random("any"), "web")
    (place / name).write_text(text, encoding="utf-8")
    report = iblint.check(name)
    assert (report.exit_code, len(report.configurations), report.findings) == (0, 1, ())
    assert 38 <= text.count("\n") <= 42


@pytest.mark.parametrize(("name", "make"), [("a.yaml", templates.yaml_template), ("a.json", templates.json_template)])
def test_every_configuration_of_a_template_is_found_and_clean(place: Path, name: str, make: trees.Maker) -> None:
    text = make(Random("any"), "web")
    (place / name).write_text(text, encoding="utf-8")
    report = iblint.check(name)
    assert (report.exit_code, len(report.configurations), report.findings) == (0, templates.CONFIGURATIONS, ())
    assert templates.LINES <= text.count("\n") < templates.LINES * 1.5


def test_the_pack_has_30_rules_that_a_clean_spec_passes(place: Path) -> None:
    pack.write_pack(place / "acme")
    (place / "a.yaml").write_text(specs.yaml_spec(Random("any"), "web"), encoding="utf-8")
    (place / ".iblint.yaml").write_text("rules: [acme]\n", encoding="utf-8")
    report = iblint.check("a.yaml")
    passed = [o for o in report.configurations[0].outcomes if o.rule.startswith("ACME") and o.verdict == "pass"]
    assert (report.exit_code, len(passed)) == (0, pack.RULES)


def test_the_rules_of_the_pack_keep_to_their_examples(place: Path) -> None:
    pack.write_pack(place / "acme")
    command = [sys.executable, "-m", "iblint", "rules", "test", "acme"]
    tested = subprocess.run(command, capture_output=True, text=True)
    assert (tested.returncode, tested.stdout) == (0, "30 rules, 120 examples: 0 failed; 0 problems in rule files.\n")


def test_every_relevant_file_holds_a_configuration_and_half_of_them_faults(place: Path) -> None:
    trees.write_relevant(place, "seed", 200)
    report = iblint.check(".")
    readable = {p.relative_to(place).as_posix() for p in place.rglob("*.*") if p.suffix in (".yaml", ".json", ".tf")}
    assert {c.file for c in report.configurations} == readable
    assert len(readable) == 200
    assert report.problems == ()
    assert 85 <= len({f.location.file for f in report.findings}) <= 110


def test_one_file_in_a_hundred_of_a_monorepo_is_relevant(place: Path) -> None:
    trees.write_monorepo(place, "seed", 3000)
    report = iblint.check(".")
    files = [p for p in place.rglob("*") if p.is_file() and ".git" not in p.parts and p.name != ".gitignore"]
    candidates = [p for p in files if p.suffix in (".yaml", ".yml", ".json")]
    assert len(files) == 3000
    assert 0.45 <= len(candidates) / len(files) <= 0.55
    assert len({c.file for c in report.configurations}) == 30
    opened = [p for p in files if p.suffix in (".yaml", ".yml", ".json", ".tf", ".py", ".go", ".ts")]
    assert report.files == sum("build" not in p.parts for p in opened)  # the rest is ignored by git
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(tracked) == sum("build" not in p.parts for p in files) + 1


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def rows(ran: subprocess.CompletedProcess[str]) -> list[list[str]]:
    assert ran.returncode == 0, ran.stderr
    return [line.strip("| ").split(" | ") for line in ran.stdout.splitlines() if line.startswith("| ")][2:]


def test_the_command_prints_a_table() -> None:
    ran = run("--quick", "--rounds", "1", "--only", "unmarked", "evaluator", "--environment", sys.prefix)
    table = rows(ran)
    assert [row[0] for row in table] == ["a file without a marker", "the evaluator, a document and 31 schemas"]
    assert all(row[4].endswith(" x") for row in table), ran.stdout


def test_a_peer_that_cannot_be_installed_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = run("--quick", "--only", "ruff", "--environment", sys.prefix, "--environments", tmp_path / "file")
    [row] = rows(ran)
    assert row[0] == "ruff"
    assert row[-1].startswith("cannot be installed: "), ran.stdout


def test_a_wrong_name_is_answered_with_the_names() -> None:
    ran = run("--only", "speck")
    assert ran.returncode == 2
    assert "unknown case speck; the cases are: unmarked, spec," in ran.stderr


def test_only_what_is_between_the_markers_of_a_page_is_written(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"# Before\n\n{page.BEGIN}\nold\n{page.END}\n\nAfter.\n", encoding="utf-8")
    page.write(file, "new")
    assert file.read_text(encoding="utf-8") == f"# Before\n\n{page.BEGIN}\n\nnew\n\n{page.END}\n\nAfter.\n"
