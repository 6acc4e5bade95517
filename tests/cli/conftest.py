"""A command line that does not depend on the machine that the tests run on."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from iblint.cli import main

ROOT = Path(__file__).resolve().parents[2]

GOOD = """\
# iblint: build-type=ami
name: golden-web
instanceProfileName: builder
instanceTypes: [m6i.large]
terminateInstanceOnFailure: true
instanceMetadataOptions:
  httpTokens: required
  httpPutResponseHopLimit: 2
"""
BAD = GOOD.replace("required", "optional")
UNDECIDED = GOOD.replace("required", "!Ref Tokens")
BROKEN = GOOD + "name: twice\n"
NOT_OURS = "a: [b\n"


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch, tmp_path_factory):
    for name in list(os.environ):
        if name.startswith(("AWS_", "GITHUB_", "IBLINT_")) or name in (
            "NO_COLOR",
            "FORCE_COLOR",
            "CI",
            "COLUMNS",
            "TERM",
        ):
            monkeypatch.delenv(name)
    cache = tmp_path_factory.getbasetemp() / "cache"
    cache.mkdir(mode=0o700, exist_ok=True)
    monkeypatch.setenv("IBLINT_CACHE_DIR", str(cache))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def iblint(folder, capsys):
    """Run the command line in this process."""

    def run(*args: str) -> Result:
        code = main(list(args))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def process(folder):
    """Run the command line in a process of its own."""

    def run(*args: str, stdin: bytes = b"", **env: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "iblint", *args],
            input=stdin,
            capture_output=True,
            check=False,
            env={**os.environ, **env},
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
