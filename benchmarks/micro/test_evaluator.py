"""From data to verdicts of schemas."""

from random import Random

import pytest

from benchmarks.cases import request_schema
from benchmarks.corpus import pack, specs
from iblint.logic.compiler import Truth, compile_schema


def test_compile_the_request_schema(benchmark):
    benchmark(compile_schema, request_schema(), trusted=True)


def test_compile_30_rules(benchmark):
    benchmark(lambda: [compile_schema(schema) for schema in pack.schemas()])


@pytest.mark.parametrize("faulty", [False, True], ids=["clean", "faulty"])
def test_the_request_schema(benchmark, faulty):
    document = specs.request(Random(2), "web")
    if faulty:
        document |= {"subnetId": 1, "unknown": 1, "instanceMetadataOptions": {"httpTokens": "never"}}
    evaluator = compile_schema(request_schema(), trusted=True)
    assert benchmark(evaluator.evaluate, document).truth is (Truth.FALSE if faulty else Truth.TRUE)


def test_30_rules(benchmark):
    document = specs.request(Random(1), "web")
    evaluators = [compile_schema(schema) for schema in pack.schemas()]
    benchmark(lambda: [evaluator.evaluate(document) for evaluator in evaluators])
