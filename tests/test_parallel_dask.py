"""A real Dask cluster reads the files of a run: the report is that of a single process, to the byte."""

import shutil

import pytest

import iblint
from iblint.report import Style, render
from tests.support.tools import ROOT, missing


@pytest.fixture
def distributed():
    try:
        import distributed
    except ImportError:
        missing("distributed", "pip install '.[dev]'")
    return distributed


@pytest.fixture
def tree(tmp_path):
    """Files enough for several tasks."""
    for number in range(3):
        shutil.copytree(ROOT / "examples", tmp_path / "tree" / f"copy-{number}")
    return tmp_path / "tree"


def as_json(report: iblint.Report) -> str:
    return render("json", report, Style())


@pytest.mark.integration
@pytest.mark.filterwarnings("default")  # of the cluster's own making
@pytest.mark.parametrize("processes", [True, False], ids=["processes", "threads"])
def test_a_cluster_makes_the_same_report(distributed, tree, tmp_path, monkeypatch, processes):
    monkeypatch.chdir(tree)
    alone = as_json(iblint.check(["."]))
    monkeypatch.chdir(tmp_path)  # the workers' folder is another than that of the run
    options = {"n_workers": 2, "threads_per_worker": 2, "processes": processes, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        monkeypatch.chdir(tree)
        many = as_json(iblint.check(["."], executor=client.get_executor()))
    assert many == alone
    assert len(iblint.check(["."]).findings) > 50
