"""No file of a tree that is checked is run as code."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ROOT, put

WEAK = "name: web\ninstanceProfileName: b\ninstanceMetadataOptions: {httpTokens: optional}\n"
NAMES = [
    "yaml",
    "click",
    "sarif_om",
    "json",
    "re",
    "pathspec",
    "jsonschema",
    "tomllib",
    "gc",
    "argparse",
    "sitecustomize",
]
EVIL = "open('ran', 'a').write(__name__)\nraise SystemExit(99)\n"


def run(folder, *options, args=("check", "."), **env):
    command = [sys.executable, *options, "-m", "iblint", *args]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("options", [(), ("-P",), ("-X", "dev"), ("-s", "-B")], ids=str)
@pytest.mark.parametrize("form", ["text", "sarif", "json"])
def test_modules_beside_the_inputs_are_not_imported(tree, options, form):
    folder = tree(**{f"{name}.py": EVIL for name in NAMES}, **{"web.yaml": WEAK, ".iblint.yaml": "exclude: [x]\n"})
    done = run(folder, *options, args=("check", ".", "--format", form))
    assert done.returncode == 1, done.stderr
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("name", NAMES)
def test_packages_beside_the_inputs_are_not_imported(tree, name):
    folder = tree(**{f"{name}/__init__.py": EVIL, "web.yaml": WEAK})
    put(folder, "pyproject.toml", "[tool.iblint]\nstrict = false\n")
    assert run(folder, args=("rules", "list")).returncode == 0
    assert run(folder, "-P").returncode == 1
    assert run(folder).returncode == 1
    assert not (folder / "ran").exists()


def test_a_path_that_the_user_sets_stays(tree):
    folder = tree(**{"web.yaml": WEAK})
    assert run(folder, PYTHONPATH=f"{ROOT}{os.pathsep}.").returncode == 1
    assert run(folder, PYTHONSAFEPATH="1").returncode == 1
    assert run(ROOT, args=("--version",), PYTHONPATH="").returncode == 0
