"""Finding tools from outside. A missing one skips the test; with IBLINT_REQUIRE_TOOLS=1 it fails the test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]


def missing(tool: str, how_to_install: str) -> NoReturn:
    """Skip the test, or fail it where tools are required."""
    message = f"{tool} is missing: {how_to_install}"
    if os.environ.get("IBLINT_REQUIRE_TOOLS") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def find(variable: str, relative: str, tool: str, how_to_install: str) -> Path:
    """The file that the environment variable names, else ``relative`` to the repository root."""
    named = os.environ.get(variable)
    path = Path(named) if named else ROOT / relative
    if not path.is_file():
        missing(tool, f"{how_to_install} (or set {variable})")
    return path
