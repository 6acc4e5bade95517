"""A folder of hostile files, and a run over it in this process or in a child with bounded memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from iblint.cli import main

ROOT = Path(__file__).resolve().parents[2]
IN_A_CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]) << 20,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
sys.path.insert(0, sys.argv[2])
sys.argv = ["iblint", *sys.argv[3:]]
from iblint.cli import main
raise SystemExit(main())
"""


class Result(NamedTuple):
    code: int
    report: dict[str, Any]


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Write files into a repository, and make it the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    def write(**files):
        for name, content in files.items():
            put(tmp_path, name, content)
        return tmp_path

    return write


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    path.write_bytes(content)


@pytest.fixture
def checked(tree, capfd):
    """Write files, check paths of them in this process, and return the exit code and the JSON report."""

    def run(files, *args):
        tree(**files)
        code = main(["check", "--format", "json", *(args or (".",))])
        return Result(code, json.loads(capfd.readouterr().out))

    return run


@pytest.fixture
def bounded(tree):
    """Write files and check the folder in a child process with at most ``megabytes`` of address space."""

    def run(files, *args, megabytes=500):
        folder = tree(**files)
        command = [sys.executable, "-c", IN_A_CHILD, str(megabytes), str(ROOT)]
        command += ["check", ".", "--format", "json", "--jobs", "1", *args]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=180, check=False)
        assert done.returncode >= 0, done.stderr[-500:]
        assert b"MemoryError" not in done.stderr + done.stdout, done.stderr[-500:]
        return Result(done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr.decode()})

    return run


def verdict_of(result, rule):
    """The verdict of a rule on the only configuration."""
    (configuration,) = result.report["configurations"]
    return next(outcome["verdict"] for outcome in configuration["outcomes"] if outcome["rule"] == rule)


__all__ = ["put", "verdict_of"]
