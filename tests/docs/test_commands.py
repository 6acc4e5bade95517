"""Every command that README and docs show is run, and must print what they show.

In a ``console`` block a line that begins with ``$ `` is a command, the lines below it are what it prints. Rewrite the
blocks with ``IBLINT_UPDATE_SNAPSHOTS=1 pytest tests/docs`` and read the diff. Blocks without ``$`` are set-up commands;
README's are run by .ci/run, in a fresh clone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iblint.model.settings import Settings
from iblint.packs import load_packs

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```console\n(?P<body>\$ .*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
DEFECT = re.compile(r"internal error|\bcrashed: |^Traceback ", re.IGNORECASE | re.MULTILINE)
"""What iblint, or Python, prints of a defect."""

UPDATE = os.environ.get("IBLINT_UPDATE_SNAPSHOTS") == "1"


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A copy of what the pages work on, so that commands may write."""
    place = tmp_path / "project"
    place.mkdir()
    shutil.copytree(ROOT / "examples", place / "examples")
    return place


def run(command: str, cwd: Path, tmp_path: Path) -> str:
    shim = tmp_path / "bin"
    shim.mkdir(exist_ok=True)
    (shim / "iblint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m iblint "$@"\n')
    (shim / "iblint").chmod(0o755)
    (shim / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (shim / "python").chmod(0o755)
    env = {
        "PATH": f"{shim}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "IBLINT_CACHE_DIR": "off",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    return done.stdout.decode()


def rerun(text: str, cwd: Path, tmp_path: Path) -> str:
    """The page with every block as its commands print it now; fails for what no page may ever show."""

    def block(old: re.Match[str]) -> str:
        out = ""
        for shown in COMMAND.finditer(old["body"]):
            printed = run(shown["command"], cwd, tmp_path)
            assert not DEFECT.search(printed), f"$ {shown['command']}\n{printed}"
            out += f"$ {shown['command']}\n" + "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
        return f"```console\n{out}```"

    return BLOCK.sub(block, text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_print_what_is_shown(page: Path, workplace: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    rerun_text = rerun(text, workplace, tmp_path)
    if UPDATE:
        page.write_text(rerun_text, encoding="utf-8")
    assert text == rerun_text or UPDATE


@pytest.mark.parametrize(
    "printed",
    [
        "error: internal error: TypeError: x. The check is incomplete; please report this.",
        "problem: a.yaml:1:1: Internal error while reading this file (KeyError: 'x'); not judged. Please report it.",
        "error[IB202 container-hop-limit]: Rule IB202 crashed: NameError: x.",
        "Traceback (most recent call last):",
    ],
)
def test_a_defect_never_becomes_documentation(printed: str, tmp_path: Path) -> None:
    page = f"```console\n$ printf '%s\\n' \"{printed}\"\n{printed}\n```\n"
    with pytest.raises(AssertionError):
        rerun(page, tmp_path, tmp_path)
    assert rerun(page.replace(printed, "All is well."), tmp_path, tmp_path).count("All is well.") == 2


def test_readme_shows_commands() -> None:
    shown = [
        command["command"]
        for block in BLOCK.finditer((ROOT / "README.md").read_text())
        for command in COMMAND.finditer(block["body"])
    ]
    assert any(command.startswith("iblint check") for command in shown)


def test_readme_does_not_exaggerate() -> None:
    assert "four of more than sixty" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(load_packs(Settings()).rules) > 60


def test_readme_has_exactly_two_set_up_commands() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "readme_commands.py")], capture_output=True, text=True, check=True
    )
    first, second = done.stdout.splitlines()
    assert "iblint check examples" in first
    assert "pytest" in second
