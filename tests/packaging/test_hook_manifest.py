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
    assert [suffix for suffix in scope().suffixes if not matched(hook, f"infra/web{suffix}")] == []


@pytest.mark.parametrize(
    "name", ["README.md", "yaml", "web.yaml.j2", "web.yamll", "webyml", "main.py", "pyproject.toml"]
)
def test_the_hook_for_changed_files_gets_no_others(name: str) -> None:
    assert not matched("iblint", name)


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "team/pyproject.toml", ".iblint.yaml", "rules/naming/T001-name.yaml"]
)
def test_a_changed_configuration_or_rule_has_everything_judged_again(name: str) -> None:
    assert matched("iblint-all", name)
    assert not matched("iblint-all", "README.md")
