"""No file of a tree that is checked is run as code."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

import pytest

from tests.support.tools import script

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


@cache
def early():
    """The modules that Python itself looks up in the working folder before it runs the module of ``-m``."""
    code = "import runpy, sys; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return {"iblint", *(name.partition(".")[0] for name in shown.split())}


STANDARD = sorted(sys.stdlib_module_names | {*NAMES, "botocore", "boto3", "_yaml", "referencing", "rpds", "attr"})


@pytest.mark.parametrize("name", ["{}.py", "{}/__init__.py"])
@pytest.mark.parametrize("args", [("check", "."), ("check", ".", "-f", "sarif", "--jobs", "2"), ("rules", "list")])
def test_no_other_name_of_the_standard_library_is_imported(tree, name, args):
    evil = {name.format(module): EVIL for module in STANDARD if module not in early()}
    assert len(evil) > 150
    folder = tree(**evil, **{"web.yaml": WEAK, ".iblint.yaml": "strict: false\n"})
    assert run(folder, args=args).returncode == (0 if args[0] == "rules" else 1)
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("name", ["{}.py", "{}/__init__.py"])
@pytest.mark.parametrize("option", ["-P", "-I", "script"])
def test_with_a_safe_path_no_name_is_imported(tree, name, option):
    folder = tree(**{name.format(module): EVIL for module in (*STANDARD, "iblint")}, **{"web.yaml": WEAK})
    command = [sys.executable, option, "-m", "iblint"] if option != "script" else [str(script("iblint"))]
    # -I also ignores PYTHONPATH, so it needs an installation.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, "check", "."], cwd=folder, env=environment, capture_output=True, check=False)
    if b"No module named iblint" in done.stderr:
        pytest.skip("iblint is not installed in this environment")
    assert done.returncode == 1, done.stderr
    assert not (folder / "ran").exists()


def test_a_path_that_the_user_sets_stays(tree):
    folder = tree(**{"web.yaml": WEAK})
    assert run(folder, PYTHONPATH=f"{ROOT}{os.pathsep}.").returncode == 1
    assert run(folder, PYTHONSAFEPATH="1").returncode == 1
    assert run(ROOT, args=("--version",), PYTHONPATH="").returncode == 0
