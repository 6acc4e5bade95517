"""docs/github.md lists the inputs and outputs of action.yml with their defaults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")


def table(heading: str) -> dict[str, str]:
    """Return the last cell of each row of the table below a heading, by name."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line]
    return {name: row[-1] for row in rows[2:] for name in re.findall("`([^`]+)`", row[0])}


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_all_are_listed(kind: str) -> None:
    assert set(table(kind.capitalize())) == set(ACTION[kind])


def test_defaults_are_the_same() -> None:
    shown = table("Inputs")
    defaults = {name: about["default"] for name, about in ACTION["inputs"].items() if about["default"]}
    assert {name: shown[name] for name in defaults} == {name: f"`{default}`" for name, default in defaults.items()}


def test_all_conclusions_are_listed() -> None:
    from iblint.github_action import CONCLUSIONS

    assert [word for word in CONCLUSIONS.values() if f"`{word}`" not in table("Outputs")["conclusion"]] == []
