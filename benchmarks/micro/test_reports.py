"""From a report to text, in every format."""

import pytest

import iblint
from benchmarks.corpus import trees
from iblint.report import FORMATS, Style, render


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Of 200 files, half of them with faults."""
    folder = tmp_path_factory.mktemp("tree")
    trees.write_relevant(folder, "seed", 200)
    return iblint.check(str(folder))


@pytest.mark.parametrize("name", FORMATS)
def test_render(benchmark, report, name):
    assert benchmark(render, name, report, Style())
