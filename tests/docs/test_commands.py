"""The commands that README and docs show print what the pages show.

Refresh the pages with ``python -m scripts.refresh_shown_output`` and read the diff. README's set-up commands are run by
.ci/run, in a fresh clone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from iblint.model.settings import Settings
from iblint.packs import load_packs
from scripts.refresh_shown_output import PAGES, ROOT, DefectiveOutputError, commands_of, refreshed

README = ROOT / "README.md"
SHOWING = [page for page in PAGES if commands_of(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", SHOWING, ids=lambda page: page.name)
def test_commands_print_what_is_shown(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == refreshed(text)


@pytest.mark.parametrize(
    "printed",
    [
        "error: internal error: TypeError: x. The check is incomplete; please report this.",
        "problem: a.yaml:1:1: Internal error while reading this file (KeyError: 'x'); not judged. Please report it.",
        "error[IB202 container-hop-limit]: Rule IB202 crashed: NameError: x.",
        "Traceback (most recent call last):",
    ],
)
def test_a_defect_never_becomes_documentation(printed: str) -> None:
    page = f"```console\n$ printf '%s\\n' \"{printed}\"\n{printed}\n```\n"
    with pytest.raises(DefectiveOutputError):
        refreshed(page)
    assert refreshed(page.replace(printed, "All is well.")).count("All is well.") == 2


def test_readme_shows_commands() -> None:
    assert any(command.startswith("iblint check") for command in commands_of(README.read_text(encoding="utf-8")))


def test_readme_does_not_exaggerate() -> None:
    assert "four of more than sixty" in README.read_text(encoding="utf-8")
    assert len(load_packs(Settings()).rules) > 60


def test_readme_has_exactly_two_set_up_commands() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "readme_commands.py")], capture_output=True, text=True, check=True
    )
    first, second = done.stdout.splitlines()
    assert "iblint check examples" in first
    assert "pytest" in second
