"""Run the commands that README and docs show, and write what they print into the pages.

In a ``console`` block, a line that begins with ``$ `` is a command, and the lines below it are its output. Blocks
without ``$`` are set-up commands, which are not run. Run this as ``python -m scripts.refresh_shown_output [PAGE...]``
and read the diff. tests/docs/test_commands.py fails if a page is out of date.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "contributing").glob("*.md")),
)

BLOCK = re.compile(r"```console\n(?P<body>\$ .*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
_DEFECT = re.compile(r"internal error|\bcrashed: |^Traceback ", re.IGNORECASE | re.MULTILINE)
"""Output of iblint, or of Python, that only a defect causes."""

TIMEOUT = 120
"""Seconds that a command may take."""


class DefectiveOutputError(Exception):
    """A command printed a traceback or an internal error, which no page may show."""


def refreshed(page: str) -> str:
    """Return the text of a page with the output that its commands print now.

    The commands run in a new folder with a copy of ``examples/``, one after the other, and may write there. Raises
    DefectiveOutputError if the output shows a defect.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(ROOT / "examples", project / "examples")
        environment = _environment(Path(folder))
        return BLOCK.sub(lambda block: _refreshed_block(block["body"], project, environment), page)


def commands_of(page: str) -> list[str]:
    """Return the commands that a page shows."""
    return [shown["command"] for block in BLOCK.finditer(page) for shown in COMMAND.finditer(block["body"])]


def _refreshed_block(body: str, project: Path, environment: dict[str, str]) -> str:
    text = ""
    for command in (shown["command"] for shown in COMMAND.finditer(body)):
        printed = _output(command, project, environment)
        if _DEFECT.search(printed):
            raise DefectiveOutputError(f"$ {command}\n{printed}")
        text += f"$ {command}\n" + "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return f"```console\n{text}```"


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of the commands: ``iblint`` and ``python`` are those of this checkout."""
    programs = folder / "bin"
    programs.mkdir()
    for name, arguments in (("iblint", "-m iblint"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "IBLINT_CACHE_DIR": "off",
    }


def _output(command: str, project: Path, environment: dict[str, str]) -> str:
    """Return what a command prints to standard output and standard error."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
        check=False,
    )
    return done.stdout.decode()


def main(arguments: list[str]) -> None:
    """Refresh the named pages, or all."""
    for page in map(Path, arguments) if arguments else PAGES:
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
