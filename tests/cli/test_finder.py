"""The modules of a run are those that Python would have found by itself."""

import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

import iblint
from iblint.cli.finder import Finder

ROOT = Path(iblint.__file__).parent
MODULES = sorted(
    ".".join(("iblint", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
    for path in ROOT.rglob("*.py")
    if path.parent != ROOT or path.name != "__init__.py"
)


def test_modules_are_found_as_python_finds_them():
    assert len(MODULES) > 200
    for name in MODULES:
        found = Finder(str(ROOT)).find_spec(name)
        known = PathFinder.find_spec(name, [str(ROOT.joinpath(*name.split(".")[1:-1]))])
        for attribute in ("name", "origin", "cached", "parent", "submodule_search_locations"):
            assert getattr(found, attribute) == getattr(known, attribute)
        assert type(found.loader) is type(known.loader)
        assert found.loader.path == known.loader.path


@pytest.mark.parametrize(
    "name", ["iblint", "iblint.nothing", "iblint.model.nothing", "iblintx.model", "json", "re", ""]
)
def test_all_else_is_left_to_python(name):
    assert Finder(str(ROOT)).find_spec(name) is None


def test_a_folder_that_is_a_zip_has_none(tmp_path):
    assert Finder(str(tmp_path / "a.zip" / "iblint")).find_spec("iblint.model") is None


def test_a_module_that_is_missing_is_said_to_be_missing():
    code = "from iblint.cli import main; main(['check', '--no-config', '.']); import iblint.nothing"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT / "schemas")
    assert "ModuleNotFoundError: No module named 'iblint.nothing'" in done.stderr
