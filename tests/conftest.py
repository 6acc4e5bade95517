"""Options and fixtures of the whole suite."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.tools import ROOT


def pytest_addoption(parser):
    group = parser.getgroup("aws")
    group.addoption("--live-aws", action="store_true", help="also run the contract against a real account")
    group.addoption("--live-profile", default="", help="an instance profile that exists in that account")


def pytest_configure():
    # A shell ignores it for a command in the background, and the programs that tests interrupt would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone of this checkout: what users get, where only what is committed counts."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository, of which a clone could be made")
    folder = tmp_path_factory.mktemp("clone") / "iblint"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder
