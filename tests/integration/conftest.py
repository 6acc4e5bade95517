"""What several of the integration tests need."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.integration.tools import ROOT


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone of this checkout: what users get, where only what is committed counts."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository, of which a clone could be made")
    folder = tmp_path_factory.mktemp("clone") / "iblint"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder
