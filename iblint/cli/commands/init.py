"""``iblint init``: write a first configuration, pre-commit hook and GitHub workflow."""

from __future__ import annotations

import os
from pathlib import Path

import click

from iblint.cli.command import Command
from iblint.cli.console import write_stdout
from iblint.config.find import find
from iblint.discovery.config_files import NAME
from iblint.model.errors import UsageError
from iblint.version import __version__

HOOKS_FILE = ".pre-commit-config.yaml"
WORKFLOW_FILE = ".github/workflows/iblint.yml"

REPOSITORY = "https://github.com/iblint/iblint"
TAG = f"v{__version__}"

CONFIGURATION = f"""\
# yaml-language-server: $schema=https://raw.githubusercontent.com/iblint/iblint/{TAG}/iblint/schemas/config.schema.json
# Settings of iblint: {REPOSITORY}/blob/{TAG}/docs/configuration.md

# The target account and Region. Quote the account, so that YAML keeps leading zeros.
# account: "123456789012"
# region: eu-west-1

# Lowest severity that fails a run: error, warning, note or never.
fail-on: error

# Folders without infrastructure configurations of your own.
# exclude: [vendor/]

# Folders with configurations for container builds, which need a metadata hop limit of at least 2.
# overrides:
#   - files: [containers/]
#     build-type: container
"""

HOOK = f"""\
  - repo: {REPOSITORY}
    rev: {TAG}
    hooks:
      - id: iblint
"""

HOOKS = f"repos:\n{HOOK}"

WORKFLOW = """\
# Check the infrastructure configurations of every pull request.
name: iblint

on:
  pull_request:
  push:
    branches: [main] # so that code scanning tracks main and closes fixed alerts

permissions: {}

concurrency:
  group: iblint-${{ github.ref }}
  cancel-in-progress: true

jobs:
  iblint:
    name: iblint
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read # to check out
      security-events: write # to upload to code scanning
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: iblint/iblint@TAG # or, safer, the commit of this release
        with:
          paths: .
          # Forks are not allowed to upload. Findings in their pull requests are annotated and in the summary.
          # Set this to "false" without code scanning (private repositories without GitHub Code Security).
          upload: ${{ github.event_name == 'push' || !github.event.pull_request.head.repo.fork }}
""".replace("TAG", TAG)
"""The same text as examples/github/pull-request.yml, with the tag of this version."""

EXAMPLES = (("Set up iblint in a repository", "cd my-repository && iblint init"),)


@click.command(cls=Command, short_help="Write a first configuration, hook and workflow.", examples=EXAMPLES)
def command() -> None:
    """Write a first configuration, pre-commit hook and GitHub workflow. Existing files are kept.

    Run it in the root of the repository.
    """
    here = Path.cwd()
    for folder in here.parents:
        if not (here / ".git").exists() and (folder / ".git").exists():
            raise UsageError(f"Hooks and workflows belong in the root of the repository; run it in '{folder}'.")
    configured = find(None, str(here))
    lines = [
        f"kept {configured.shown}, which is already the configuration" if configured else _write(NAME, CONFIGURATION),
        _write(HOOKS_FILE, HOOKS, f"; add the hook to its 'repos':\n\n{HOOK}"),
        _write(WORKFLOW_FILE, WORKFLOW),
    ]
    write_stdout("".join(f"{line}\n" for line in lines))


def _write(name: str, text: str, advice: str = "") -> str:
    """Create a file unless it exists; return a line about it. Raises UsageError if it cannot be written."""
    try:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return f"kept {name}, which exists{advice}"
    except OSError as error:
        raise UsageError(f"Cannot write '{name}': {error.strerror}.") from None
    return f"wrote {name}"
