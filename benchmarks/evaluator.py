"""Compare the evaluator with jsonschema on the same documents and schemas: their errors must be equal.

A script for the environment under test. It reads {"documents", "schemas", "rounds"} as JSON from standard input and
prints {"errors", "ours", "theirs"}: the number of errors, and the microseconds per document in each round.
"""

import ast
import gc
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

import jsonschema

from iblint.logic.compiler import Evaluator, compile_schema

Error = tuple[int, tuple[str | int, ...], str]
"""Index of the schema, path, keyword."""

BATCH = 100
"""Documents per turn of one of the two."""


def theirs(validators: Sequence[Any], document: Any) -> Iterator[Error]:
    """Yield the errors of jsonschema at the paths of the evaluator: those of missing, unknown or invalid keys."""
    for number, validator in enumerate(validators):
        for error in validator.iter_errors(document):
            path, keyword = tuple(error.absolute_path), error.validator
            if "propertyNames" in error.absolute_schema_path:
                path += (error.instance,)
            if keyword == "required":
                yield number, (*path, ast.literal_eval(error.message.removesuffix(" is a required property"))), keyword
            elif keyword == "additionalProperties":
                unknown = error.instance.keys() - error.schema.get("properties", {}).keys()
                yield from ((number, (*path, key), keyword) for key in unknown)
            else:
                yield number, path, keyword


def ours(evaluators: Sequence[Evaluator], document: Any) -> Iterator[Error]:
    """Yield the errors of the evaluator."""
    for number, evaluator in enumerate(evaluators):
        for error in evaluator.evaluate(document).errors:
            yield number, error.path, error.keyword


def judge_by_evaluator(evaluators: Sequence[Evaluator], documents: Sequence[Any]) -> None:
    for document in documents:
        for evaluator in evaluators:
            evaluator.evaluate(document)


def judge_by_jsonschema(validators: Sequence[Any], documents: Sequence[Any]) -> None:
    for document in documents:
        for validator in validators:
            list(validator.iter_errors(document))


def timed(function: Callable[[Any, Any], None], judges: Sequence[Any], documents: Sequence[Any]) -> float:
    """Return the microseconds per document."""
    gc.collect()
    begin = perf_counter()
    function(judges, documents)
    return (perf_counter() - begin) / len(documents) * 1e6


def main() -> None:
    given = json.load(sys.stdin)
    documents = given["documents"]
    evaluators = [compile_schema(schema, trusted=True) for schema in given["schemas"]]
    validators = [jsonschema.Draft202012Validator(schema) for schema in given["schemas"]]
    errors = 0
    for document in documents:
        expected = Counter(theirs(validators, document))
        if expected != Counter(ours(evaluators, document)):
            sys.exit(f"The evaluator and jsonschema differ about {json.dumps(document)}")
        errors += expected.total()
    rounds: dict[str, list[float]] = {"ours": [], "theirs": []}
    sides: list[tuple[str, Callable[[Any, Any], None], Sequence[Any]]] = [
        ("ours", judge_by_evaluator, evaluators),
        ("theirs", judge_by_jsonschema, validators),
    ]
    for number in range(given["rounds"]):
        batch = [documents[(number * BATCH + index) % len(documents)] for index in range(BATCH)]
        for side, function, judges in sides if number % 2 == 0 else reversed(sides):
            rounds[side].append(timed(function, judges, batch))
    json.dump({"errors": errors, **rounds}, sys.stdout)


if __name__ == "__main__":
    main()
