"""The hooks for pre-commit: which files they get. They are run for real in tests/test_hooks.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from iblint.dialects.shared.registry import scope

MANIFEST = Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml"
HOOKS = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}


def matched(hook: str, name: str) -> bool:
    return re.search(HOOKS[hook]["files"], name) is not None


def test_there_are_two_hooks() -> None:
    assert set(HOOKS) == {"iblint", "iblint-all"}


@pytest.mark.parametrize("hook", HOOKS)
def test_hooks_get_every_file_that_a_folder_is_searched_for(hook: str) -> None:
    names = scope().names
    found = [f"infra/web.{suffix}" for suffix in names.suffixes] + [f"web{part}x" for part in names.inner]
    found += [f"infra/{beginning}prod" for beginning in names.beginnings] + ["infra/template", "Makefile"]
    assert all(names.match(name.rpartition("/")[2]) for name in found)
    assert [name for name in found if not matched(hook, name)] == []


@pytest.mark.parametrize("name", ["README.md", "web.yamll", "notes.txt", "index.rst", "poetry.lock", "logo.png"])
def test_the_hook_for_changed_files_gets_no_others(name: str) -> None:
    assert not matched("iblint", name)


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "team/pyproject.toml", ".iblint.yaml", "rules/naming/T001-name.yaml"]
)
def test_a_changed_configuration_or_rule_has_everything_judged_again(name: str) -> None:
    assert matched("iblint-all", name)
    assert not matched("iblint-all", "README.md")
