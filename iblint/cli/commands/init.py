"""``iblint init``: a first configuration, hook and workflow."""

from __future__ import annotations

import os
from pathlib import Path

import click

from iblint.cli.console import write_out
from iblint.cli.starter import CONFIGURATION, HOOK, HOOKS, WORKFLOW
from iblint.config.find import NAME, find
from iblint.model.errors import UsageError

HOOKS_FILE = ".pre-commit-config.yaml"
WORKFLOW_FILE = ".github/workflows/iblint.yml"


@click.command(short_help="Write a first configuration, hook and workflow.")
def command() -> None:
    """Write a first configuration, pre-commit hook and GitHub workflow. Nothing that exists is touched.

    To be run in the root of the repository.
    """
    here = Path.cwd()
    for folder in here.parents:
        if not (here / ".git").exists() and (folder / ".git").exists():
            raise UsageError(f"Hooks and workflows belong into the root of the repository; run it in '{folder}'.")
    configured = find(None, str(here))
    said = [
        f"kept {configured.shown}, which is the configuration already" if configured else _write(NAME, CONFIGURATION),
        _write(HOOKS_FILE, HOOKS, f"; add the hook to its 'repos':\n\n{HOOK}"),
        _write(WORKFLOW_FILE, WORKFLOW),
    ]
    write_out("".join(f"{line}\n" for line in said))


def _write(name: str, text: str, advice: str = "") -> str:
    """Create a file, and say so; one that exists is kept. Raises UsageError when it cannot be written."""
    try:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return f"kept {name}, which exists{advice}"
    except OSError as error:
        raise UsageError(f"Cannot write '{name}': {error.strerror}.") from None
    return f"wrote {name}"
