"""The evaluator against jsonschema as its oracle: on known values they agree, and unresolved parts never mislead.

The differences that are meant: 2.0 is no integer (the oracle's type checker is told so); ``$`` means the very end and
``\\d`` and ``\\w`` are ASCII (no text here makes the difference); a missing, forbidden or badly named property has one
error each, at its own path (``oracle_errors`` moves the oracle's).
"""

import ast
import copy
import re
from collections import Counter

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.logic.compiler import Truth, compile_schema
from iblint.model.values import Unresolved

Oracle = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)

KEYS = ["a", "b", "ab", "c"]
PATTERNS = ["^a", "b$", "a+b", "^[ab]*$", "[0-9]", ".", "^(a|c)$"]

scalars = st.sampled_from([None, True, False, 0, 1, 2, 3, 1.0, 2.0, 1.5, -1, "", "a", "b", "ab", "aab1", "é", "c"])
values = st.recursive(
    scalars,
    lambda children: st.dictionaries(st.sampled_from(KEYS), children, max_size=4) | st.lists(children, max_size=4),
    max_leaves=10,
)
names = st.lists(st.sampled_from(KEYS), max_size=3, unique=True)
counts = st.integers(0, 3)


def leaves(keyword):
    """Arguments of a keyword that holds no schema."""
    types = st.sampled_from(["string", "integer", "number", "boolean", "object", "array", "null"])
    match keyword:
        case "type":
            return types | st.lists(types, min_size=1, max_size=4, unique=True)
        case "const":
            return values
        case "enum":
            return st.lists(values, min_size=1, max_size=4)
        case "required":
            return names
        case "dependentRequired":
            return st.dictionaries(st.sampled_from(KEYS), names, max_size=2)
        case "uniqueItems":
            return st.booleans()
        case "pattern":
            return st.sampled_from(PATTERNS)
        case "$ref":
            return st.sampled_from(["#/$defs/x", "#/$defs/y"])
    return counts


LEAVES = [
    *("type", "const", "enum", "required", "dependentRequired", "uniqueItems", "pattern", "minLength", "maxLength"),
    *("minItems", "maxItems", "minProperties", "maxProperties"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
]
ONE = ["not", "items", "propertyNames", "additionalProperties"]
SEVERAL = ["allOf", "anyOf", "oneOf"]
NAMED = {"properties": KEYS, "patternProperties": PATTERNS}


@st.composite
def schemas(draw, depth=3, references=False):
    if draw(st.integers(0, 11)) == 0:
        return draw(st.booleans())
    keywords = LEAVES + ["$ref"] * references
    if depth:
        keywords = keywords + (ONE + SEVERAL + [*NAMED, "object", "if", "contains"]) * 2
    child = schemas(depth - 1, references)
    schema = {}
    for keyword in draw(st.lists(st.sampled_from(keywords), min_size=1, max_size=4, unique=True)):
        if keyword in ONE:
            schema[keyword] = draw(child)
        elif keyword in SEVERAL:
            schema[keyword] = draw(st.lists(child, min_size=1, max_size=3))
        elif keyword in NAMED:
            schema[keyword] = draw(st.dictionaries(st.sampled_from(NAMED[keyword]), child, min_size=1, max_size=3))
        elif keyword == "object":  # the three that depend on one another
            schema["properties"] = {key: draw(child) for key in draw(names)}
            schema["patternProperties"] = {draw(st.sampled_from(PATTERNS)): draw(child)}
            schema["additionalProperties"] = draw(st.just(False) | child)
        elif keyword == "if":
            branches = draw(st.sampled_from([("if", "then"), ("if", "else"), ("if", "then", "else")]))
            schema |= {branch: draw(child) for branch in branches}
        elif keyword == "contains":
            schema["contains"] = draw(child)
            schema |= {limit: draw(counts) for limit in draw(st.sets(st.sampled_from(["minContains", "maxContains"])))}
        else:
            schema[keyword] = draw(leaves(keyword))
    return schema


@st.composite
def documents_schemas(draw):
    """Whole schemas, with definitions."""
    schema = draw(schemas(references=True))
    if isinstance(schema, dict):
        schema["$defs"] = {name: draw(schemas(depth=1)) for name in "xy"}
    return schema


def oracle_errors(schema, value):
    """Yield (path, keyword) of each of the oracle's errors, written the evaluator's way."""
    for error in Oracle(schema).iter_errors(value):
        path, keyword = tuple(error.absolute_path), error.validator
        if "propertyNames" in error.absolute_schema_path:
            path += (error.instance,)
        match keyword:
            case "required":
                yield (*path, ast.literal_eval(error.message.removesuffix(" is a required property"))), keyword
            case "dependentRequired":
                yield (*path, ast.literal_eval(error.message.partition(" is a dependency of ")[0])), keyword
            case "additionalProperties":
                patterns = error.schema.get("patternProperties", {})
                for key in error.instance:
                    if key not in error.schema.get("properties", {}) and not any(re.search(p, key) for p in patterns):
                        yield (*path, key), keyword
            case "items":  # of "items: false" the oracle says nothing else
                yield from (((), "false") for _ in error.instance)
            case None:
                yield (), "false"  # the oracle does not say where
            case _:
                yield path, keyword


@settings(deadline=None, max_examples=250)
@given(documents_schemas(), values)
def test_agrees_with_jsonschema_on_known_values(schema, value):
    evaluation = compile_schema(schema).evaluate(value)
    expected = Counter(oracle_errors(schema, value))
    assert Counter((() if e.keyword == "false" else e.path, e.keyword) for e in evaluation.errors) == expected
    assert evaluation.truth is (Truth.FALSE if expected else Truth.TRUE)


def places(value, path=()):
    """Every path in a value, the value's own first."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from places(child, (*path, step))


def at(value, path):
    for step in path:
        value = value[step]
    return value


def put(value, path, new):
    """The value with ``new`` at ``path``."""
    if not path:
        return new
    value = copy.deepcopy(value)
    at(value, path[:-1])[path[-1]] = new
    return value


@st.composite
def partly_known(draw):
    """A known value, and the same with some parts unresolved: path -> what stands for it."""
    known = draw(values)
    partial, holes = known, {}
    for number in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([p for p in places(partial) if not isinstance(at(partial, p), Unresolved)] or [()]))
        holes = {hole: unknown for hole, unknown in holes.items() if hole[: len(path)] != path}
        holes[path] = Unresolved(f"var.x{number}", "it has no default")
        partial = put(partial, path, holes[path])
    return known, partial, holes


def complete(partial, holes, fillings):
    for path, filling in zip(holes, fillings, strict=True):
        partial = put(partial, path, filling)
    return partial


@settings(deadline=None, max_examples=250)
@given(documents_schemas(), partly_known(), st.data())
def test_a_decided_truth_holds_for_every_completion(schema, parts, data):
    known, partial, holes = parts
    evaluator = compile_schema(schema)
    truth = evaluator.evaluate(partial).truth
    completions = [known]
    for _ in range(4):
        fillings = data.draw(st.lists(values, min_size=len(holes), max_size=len(holes)))
        completions.append(complete(partial, holes, fillings))
    for completion in completions:
        valid = Oracle(schema).is_valid(completion)
        if truth is not Truth.UNKNOWN:
            assert valid == (truth is Truth.TRUE)
        assert evaluator.evaluate(completion).truth is (Truth.TRUE if valid else Truth.FALSE)


@settings(deadline=None, max_examples=150)
@given(documents_schemas(), partly_known(), st.data())
def test_learning_a_value_never_overturns_what_was_decided(schema, parts, data):
    _, partial, holes = parts
    evaluator = compile_schema(schema)
    truth = evaluator.evaluate(partial).truth
    path = data.draw(st.sampled_from(list(holes)))
    later = evaluator.evaluate(put(partial, path, data.draw(values))).truth
    assert truth is Truth.UNKNOWN or later is truth


@settings(deadline=None, max_examples=150)
@given(documents_schemas(), partly_known())
def test_unknown_names_unresolved_values_that_are_there(schema, parts):
    _, partial, holes = parts
    evaluation = compile_schema(schema).evaluate(partial)
    assert bool(evaluation.unknowns) == (evaluation.truth is Truth.UNKNOWN)
    assert len(set(evaluation.unknowns)) == len(evaluation.unknowns)
    assert {path: unknown for path, unknown in evaluation.unknowns if path in holes} == dict(evaluation.unknowns)
    assert all(holes[path] == unknown for path, unknown in evaluation.unknowns)


def reversed_order(value):
    """The same value, every mapping and list of it the other way round."""
    if isinstance(value, dict):
        return {key: reversed_order(item) for key, item in reversed(value.items())}
    return [reversed_order(item) for item in reversed(value)] if isinstance(value, list) else value


@settings(deadline=None, max_examples=150)
@given(documents_schemas(), partly_known())
def test_no_order_matters(schema, parts):
    """A certain answer does not hide behind an uncertain one that comes first, nor the other way round."""
    _, partial, _ = parts
    truth = compile_schema(schema).evaluate(partial).truth
    assert compile_schema(reversed_order(schema)).evaluate(reversed_order(partial)).truth is truth


inner = st.dictionaries(st.sampled_from(KEYS), schemas(depth=1), max_size=2)
outer = st.dictionaries(st.sampled_from(KEYS), st.builds(lambda p, r: {"properties": p, "required": r}, inner, names))
objects = st.dictionaries(st.sampled_from(KEYS), st.dictionaries(st.sampled_from(KEYS), values, min_size=2), min_size=2)


@settings(deadline=None, max_examples=150)
@given(outer, objects, st.data())
def test_what_is_not_read_does_not_matter(properties, value, data):
    evaluator = compile_schema({"properties": properties})
    unread = [
        path
        for path in places(value)
        if not any(path[: len(read)] == read or read[: len(path)] == path for read in evaluator.reads)
    ]
    if unread:
        changed = evaluator.evaluate(put(value, data.draw(st.sampled_from(unread)), data.draw(values)))
        before = evaluator.evaluate(value)
        assert changed.truth is before.truth
        assert [(e.path, e.keyword) for e in changed.errors] == [(e.path, e.keyword) for e in before.errors]
