"""requirements.lock, which the Action installs: it fits pyproject.toml and is what CI tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = {
    canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE)
}


def test_it_holds_what_running_and_building_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [Requirement(text) for text in project["project"]["dependencies"] + project["build-system"]["requires"]]
    assert [str(r) for r in wanted if not r.specifier.contains(PINNED.get(canonicalize_name(r.name), "0"))] == []


def test_every_package_has_hashes() -> None:
    entries = re.split(r"\n(?=[\w.-]+==)", LOCK)[1:]
    assert len(entries) == len(PINNED)
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_its_versions_are_those_that_ci_tests() -> None:
    lines = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    tested = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in lines if "==" in line}
    # Only setuptools is in no freeze of an environment that was made with pip.
    assert {name for name, version in PINNED.items() if tested.get(name) != version} <= {"setuptools"}
