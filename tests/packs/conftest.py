"""Packs of rules made for a test."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from iblint.packs import RuleSet
from iblint.packs.authoring.new_rule import RATIONALE, new_rule
from iblint.packs.compiled import SourcedPack
from iblint.packs.folders import load_folder
from iblint.packs.ruleset import combine, load_builtin

Pack = Callable[..., Path]


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IBLINT_CACHE_DIR", "off")


@cache
def builtin_pack() -> SourcedPack:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IBLINT_CACHE_DIR", "off")
        return load_builtin()


@pytest.fixture(scope="session")
def builtin() -> RuleSet:
    return combine([builtin_pack()])


def rule_text(*edits: tuple[str, str], name: str = "described", code: str = "ACME001") -> str:
    """A valid rule file, with some of its text replaced; each replaced text must be there."""
    text = new_rule(name, code)[1].replace(RATIONALE, "A configuration without a purpose is never deleted.")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Write a folder of rules: relative file name -> text."""

    def write(files: dict[str, str | bytes] | None = None, folder: str = "pack") -> Path:
        root = tmp_path / folder
        for name, text in (files or {"ACME001-described.yaml": rule_text()}).items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return write


def load(folder: Path) -> RuleSet:
    """The built-in rules and those of a folder."""
    return combine([builtin_pack(), load_folder(str(folder))])
