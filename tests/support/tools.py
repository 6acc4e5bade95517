"""Finding tools from outside. A missing one skips the test; with IBLINT_REQUIRE_TOOLS=1 it fails the test."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]

_REQUIRED = os.environ.get("IBLINT_REQUIRE_TOOLS") == "1"  # read before a test hides what is set outside


def missing(tool: str, how_to_install: str) -> NoReturn:
    """Skip the test, or fail it where tools are required."""
    message = f"{tool} is missing: {how_to_install}"
    if _REQUIRED:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def node_module(relative: str, package: str) -> Path:
    """A file of an npm package, below the folder that IBLINT_NODE_MODULES names (else the checkout's node_modules)."""
    path = Path(os.environ.get("IBLINT_NODE_MODULES") or ROOT / "node_modules") / relative
    if not path.is_file():
        missing(relative.rpartition("/")[2], f"npm install {package} (or set IBLINT_NODE_MODULES)")
    return path


def node() -> Path:
    """The JavaScript runtime."""
    found = shutil.which("node")
    return Path(found) if found else missing("node", "install Node.js 20 or newer")


def script(name: str) -> Path:
    """A command of the extra ``dev``: of this environment, else on the PATH."""
    found = shutil.which(name, path=os.path.dirname(sys.executable)) or shutil.which(name)
    return Path(found) if found else missing(name, "pip install '.[dev]'")
