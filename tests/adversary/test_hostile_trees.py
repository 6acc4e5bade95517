"""Every hostile tree gets its answer, and none is clean in silence."""

from __future__ import annotations

import json
import os

import pytest

from iblint.cli import main
from tests.adversary.hostile_trees import TREES, closed, unreadable, write


@pytest.fixture(autouse=True)
def _back_again(monkeypatch, tmp_path, tmp_path_factory):
    """Return to the folder of before, and let what cannot be read be deleted."""
    monkeypatch.chdir(tmp_path)
    cache = tmp_path_factory.getbasetemp() / "cache"
    cache.mkdir(mode=0o700, exist_ok=True)
    monkeypatch.setenv("IBLINT_CACHE_DIR", str(cache))
    yield
    for folder, folders, _ in os.walk(tmp_path):
        for name in folders:
            path = os.path.join(folder, name)
            if not os.path.islink(path) and not os.access(path, os.X_OK):
                os.chmod(path, 0o700)


@pytest.mark.parametrize("name", TREES)
def test_a_hostile_tree_gets_its_answer(name, tmp_path, capfd):
    tree = TREES[name]
    if os.geteuid() == 0 and {unreadable, closed} & set(map(id_of, tree.files.values())):
        pytest.skip("root can read every file")
    write(tree, tmp_path)
    code = main(["check", "--format", "json", "--", *tree.paths])
    captured = capfd.readouterr()
    if code == 2:
        assert (tree.code, tree.error) == (2, tree.error), captured.err
        assert tree.error in captured.err
        assert all(line.startswith("error: ") for line in captured.err.splitlines())
        return
    report = json.loads(captured.out)
    answer = {
        "code": code,
        "judged": sorted({each["file"] for each in report["configurations"]}),
        "problems": sorted({each["file"] for each in report["problems"]}),
        "notices": sorted({each["file"] for each in report["notices"]}),
        "left out": report["summary"]["leftOut"],
    }
    assert answer == {
        "code": tree.code,
        "judged": sorted(tree.judged),
        "problems": sorted(tree.problems),
        "notices": sorted(tree.notices),
        "left out": tree.left_out,
    }


def id_of(content):
    """The maker of a file, or nothing for plain content, which need not be hashable."""
    return content if callable(content) else None


def test_there_are_many_trees():
    assert len(TREES) >= 150
