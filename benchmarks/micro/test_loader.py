"""From bytes to data with positions."""

from random import Random

import pytest

from benchmarks.corpus import specs, templates
from iblint.dialects.shared.prefilter import has_marker
from iblint.model.document import Source
from iblint.parse.load import load

FILES = {
    "spec.yaml": specs.yaml_spec,
    "spec.json": specs.json_spec,
    "template.yaml": templates.yaml_template,
    "template.json": templates.json_template,
}


@pytest.mark.parametrize("name", FILES)
def test_load(benchmark, name):
    source = Source(name, FILES[name](Random(name), "web").encode())
    documents = benchmark(load, source)
    assert len(documents) == 1


@pytest.mark.parametrize("size", [1, 100])
def test_marker_search_in_a_file_without_one(benchmark, size):
    data = "---\n".join(specs.unmarked_yaml(Random(number), "web") for number in range(size)).encode()
    assert benchmark(has_marker, data) is False
