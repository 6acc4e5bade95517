"""The three-valued evaluator, keyword by keyword."""

import datetime

import pytest

from iblint.logic.compiler import MAX_DEPTH, SchemaError, Truth, compile_schema, substitute_options
from iblint.logic.keyword_arguments import SEVERITIES
from iblint.model.values import ABSENT, Choice, Option, Tagged, Unresolved
from iblint.model.verdict import Severity

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
X = Unresolved("!Ref X", "the parameter has no default")
Y = Unresolved("var.y", "the variable has no default")


def judge(schema, value):
    return compile_schema(schema).evaluate(value)


def faults(schema, value):
    return [(error.path, error.keyword) for error in judge(schema, value).errors]


@pytest.mark.parametrize(
    ("schema", "value", "truth"),
    [
        # without unresolved parts
        (True, 1, T),
        (False, 1, F),
        ({}, 1, T),
        ({"type": "integer"}, 2, T),
        ({"type": "integer"}, 2.0, F),
        ({"type": "integer"}, True, F),
        ({"type": "number"}, True, F),
        ({"type": "number"}, 2, T),
        ({"type": "number"}, 2.5, T),
        ({"type": ["null", "string"]}, None, T),
        ({"type": ["null", "boolean", "object", "array", "string", "number"]}, datetime.date(2024, 1, 1), F),
        ({"type": "string"}, b"x", F),
        ({"not": {"type": "string"}}, b"x", T),
        ({"const": 1}, True, F),
        ({"const": False}, 0, F),
        ({"const": 1}, 1.0, T),
        ({"const": [1, {"a": True}]}, [1, {"a": 1}], F),
        ({"const": [1, {"a": True}]}, [1.0, {"a": True}], T),
        ({"const": None}, None, T),
        ({"enum": ["a", 1, [2]]}, [2], T),
        ({"enum": ["a", 1, [2]]}, [3], F),
        ({"enum": ["a", 1]}, {"a": 1}, F),
        ({"enum": [datetime.date(2024, 1, 1)]}, datetime.date(2024, 1, 1), T),
        ({"uniqueItems": True}, [1, True, "1", [1], [True]], T),
        ({"uniqueItems": True}, [1, 1.0], F),
        ({"uniqueItems": True}, [{"a": 1, "b": [2]}, {"b": [2], "a": 1}], F),
        ({"uniqueItems": False}, [1, 1], T),
        ({"pattern": "b"}, "abc", T),
        ({"pattern": "^b"}, "abc", F),
        ({"pattern": "c$"}, "abc", T),
        ({"pattern": "c$"}, "abc\n", F),
        ({"pattern": "^\\d$"}, "٣", F),
        ({"pattern": "^b"}, 7, T),
        ({"maxLength": 2}, "äöü", F),
        ({"maxLength": 3}, "äöü", T),
        ({"minimum": 2}, 2, T),
        ({"exclusiveMinimum": 2}, 2, F),
        ({"maximum": 2}, float("nan"), F),
        ({"minimum": 2}, True, T),
        ({"minItems": 2}, [1], F),
        ({"minProperties": 1}, {}, F),
        ({"contains": {"const": 1}}, [], F),
        ({"contains": {"const": 1}, "minContains": 0}, [], T),
        ({"contains": {"const": 1}, "maxContains": 1}, [1, 1], F),
        ({"propertyNames": {"pattern": "^a"}}, {"ab": 1}, T),
        ({"propertyNames": {"pattern": "^a"}}, {"b": 1}, F),
        ({"propertyNames": {"type": "string"}}, {1: 1}, F),
        ({"properties": {"a": True}, "patternProperties": {"^b": True}, "additionalProperties": False}, {"bb": 1}, T),
        ({"properties": {"a": True}, "patternProperties": {"^b": True}, "additionalProperties": False}, {"c": 1}, F),
        ({"properties": {"a": True}, "patternProperties": {"^b": True}, "additionalProperties": False}, {"a": 1}, T),
        ({"patternProperties": {"a": True}, "additionalProperties": False}, {1: 1}, F),
        ({"dependentRequired": {"a": ["b"]}}, {"b": 1}, T),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, F),
        ({"oneOf": [{"minimum": 2}, {"maximum": 4}]}, 3, F),
        ({"oneOf": [{"minimum": 2}, {"maximum": 4}]}, 5, T),
        ({"if": {"minimum": 2}, "then": {"maximum": 4}}, 5, F),
        ({"if": {"minimum": 2}, "else": {"const": 0}}, 1, F),
        ({"if": {"minimum": 2}, "else": {"const": 0}}, 5, T),
        ({"$defs": {"x": {"const": 1}}, "properties": {"a": {"$ref": "#/$defs/x"}}}, {"a": 2}, F),
        # a value that is unresolved
        (True, X, T),
        ({}, X, T),
        ({"title": "t", "description": "d", "$comment": "c", "fault": {"message": "m"}}, X, T),
        (False, X, F),
        ({"allOf": [True, False]}, X, F),
        ({"allOf": [True, {}]}, X, T),
        ({"anyOf": [{"const": 1}, True]}, X, T),
        ({"not": False}, X, T),
        ({"not": True}, X, F),
        ({"const": "required"}, X, U),
        ({"not": {"const": "optional"}}, X, U),
        ({"type": "object"}, X, U),
        ({"required": ["a"]}, X, U),
        ({"pattern": "a"}, X, U),
        ({"maxItems": 1}, X, U),
        ({"type": "string"}, Choice("c", (Option("true", 1),), "!If [c, 1, 2]"), U),
        ({"type": "string"}, Tagged("!Ref", "x"), U),
        # a value with unresolved parts
        ({"required": ["a"]}, {"a": X}, T),
        ({"required": ["a", "b"]}, {"a": X}, F),
        ({"properties": {"a": True}}, {"a": X}, T),
        ({"properties": {"a": {"const": 1}, "b": {"const": 1}}}, {"a": X, "b": 2}, F),
        ({"properties": {"a": {"const": 1}, "b": {"const": 1}}}, {"a": X, "b": 1}, U),
        ({"properties": {"a": {"const": 1}}, "additionalProperties": False}, {"z": X}, F),
        ({"additionalProperties": {"type": "string"}}, {"z": X}, U),
        ({"patternProperties": {"^z": {"type": "string"}}}, {"z": X}, U),
        ({"patternProperties": {"^z": {"type": "string"}}}, {"y": X}, T),
        ({"propertyNames": {"maxLength": 1}}, {"a": X}, T),
        ({"minProperties": 2}, {"a": X, "b": Y}, T),
        ({"maxItems": 1}, [X, Y], F),
        ({"minItems": 2}, [X, Y], T),
        ({"items": {"type": "string"}}, [X, 1], F),
        ({"items": {"type": "string"}}, [X, "a"], U),
        ({"items": True}, [X], T),
        ({"uniqueItems": True}, [X], T),
        ({"uniqueItems": True}, [X, 1], U),
        ({"uniqueItems": True}, [X, 1, {"a": Y}, 1], F),
        ({"contains": {"const": 1}}, [X, 1], T),
        ({"contains": {"const": 1}}, [X, 2], U),
        ({"contains": True}, [X], T),
        ({"contains": {"const": 1}, "minContains": 2}, [X, 2], F),
        ({"contains": {"const": 1}, "minContains": 2}, [X, 1], U),
        ({"contains": {"const": 1}, "maxContains": 1}, [X, 1], U),
        ({"contains": {"const": 1}, "maxContains": 1}, [X, 1, 1], F),
        ({"contains": {"const": 1}, "maxContains": 2}, [X, 1], T),
        ({"const": {"a": 1, "b": 2}}, {"a": X, "b": 3}, F),
        ({"const": {"a": 1, "b": 2}}, {"a": X, "b": 2}, U),
        ({"const": {"a": 1, "b": 2}}, {"a": X}, F),
        ({"const": {"a": 1, "b": 2}}, {"a": X, "c": 2}, F),
        ({"const": [1, 2]}, [X], F),
        ({"const": [1, 2]}, [X, 2], U),
        ({"const": [1, 2]}, [X, 3], F),
        ({"const": [1, 2]}, [3, X], F),
        ({"enum": [[1, 2], [1, 3]]}, [X, 4], F),
        ({"enum": [[1, 2], [1, 3]]}, [X, 3], U),
        ({"enum": [[1, 2], [1, 3], "s"]}, [1, X], U),
        ({"dependentRequired": {"a": ["b"]}}, {"a": X}, F),
        ({"dependentRequired": {"a": ["b"]}}, {"a": X, "b": Y}, T),
        # connectives
        ({"allOf": [{"type": "string"}, False]}, X, F),
        ({"anyOf": [{"required": ["a"]}, {"properties": {"b": {"const": 1}}}]}, {"a": 1, "b": X}, T),
        ({"anyOf": [{"required": ["c"]}, {"properties": {"b": {"const": 1}}}]}, {"a": 1, "b": X}, U),
        ({"anyOf": [{"required": ["c"]}, {"required": ["d"]}]}, {"b": X}, F),
        ({"oneOf": [True, {"const": 1}]}, X, U),
        ({"oneOf": [True, True, {"const": 1}]}, X, F),
        ({"oneOf": [False, {"const": 1}]}, X, U),
        ({"oneOf": [False, True]}, X, T),
        ({"not": {"properties": {"b": {"const": 1}}, "required": ["c"]}}, {"b": X}, T),
        ({"if": {"const": 1}, "then": True, "else": True}, X, T),
        ({"if": {"const": 1}, "then": False, "else": False}, X, F),
        ({"if": {"const": 1}, "then": True, "else": False}, X, U),
        ({"if": {"const": 1}, "then": False}, X, U),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": X}, F),
        # an entry that is absent is not there
        ({"required": ["a"]}, {"a": ABSENT}, F),
        ({"properties": {"a": False}}, {"a": ABSENT}, T),
        ({"additionalProperties": False}, {"a": ABSENT}, T),
        ({"patternProperties": {"a": False}, "additionalProperties": False}, {"a": ABSENT}, T),
        ({"propertyNames": False}, {"a": ABSENT}, T),
        ({"minProperties": 1}, {"a": ABSENT}, F),
        ({"dependentRequired": {"a": ["b"]}}, {"a": ABSENT}, T),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": ABSENT}, F),
        ({"const": {"a": 1}}, {"a": 1, "b": ABSENT}, T),
        ({"const": [1]}, [ABSENT, 1], T),
        ({"minItems": 1}, [ABSENT], F),
        ({"items": False}, [ABSENT], T),
        ({"uniqueItems": True}, [ABSENT, ABSENT], T),
        ({"contains": True}, [ABSENT], F),
    ],
)
def test_truth(schema, value, truth):
    evaluation = judge(schema, value)
    assert evaluation.truth is truth
    assert bool(evaluation.errors) == (truth is F)
    assert bool(evaluation.unknowns) == (truth is U)


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": "object", "required": ["a", "b"]}, {}, [(("a",), "required"), (("b",), "required")]),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, [(("b",), "dependentRequired")]),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"a": 1, "b": 1, "c": 1},
            [(("b",), "additionalProperties"), (("c",), "additionalProperties")],
        ),
        ({"additionalProperties": {"type": "string"}}, {"b": 1}, [(("b",), "type")]),
        ({"properties": {"p": {"propertyNames": {"maxLength": 1}}}}, {"p": {"xy": 1}}, [(("p", "xy"), "maxLength")]),
        ({"items": {"minimum": 2, "type": "integer"}}, [3, 1, "x"], [((1,), "minimum"), ((2,), "type")]),
        ({"properties": {"a": False}}, {"a": 1}, [(("a",), "false")]),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, [((), "anyOf")]),
        ({"properties": {"p": {"not": {"required": ["a"]}}}}, {"p": {"a": 1}}, [(("p",), "not")]),
        ({"allOf": [{"minimum": 2}, {"type": "string"}]}, 1, [((), "minimum"), ((), "type")]),
        ({"contains": {"const": 1}}, [2], [((), "contains")]),
        ({"contains": {"const": 1}, "minContains": 2}, [1], [((), "minContains")]),
        ({"contains": {"const": 1}, "maxContains": 1}, [1, 1], [((), "maxContains")]),
        ({"if": {"const": 1}, "then": {"minimum": 2}, "else": {"const": 0}}, 1, [((), "minimum")]),
        # an error beside something unknown, and errors of branches that were not taken
        ({"properties": {"a": {"const": 1}}, "required": ["b"]}, {"a": X}, [(("b",), "required")]),
        ({"required": ["b"], "properties": {"a": {"const": 1}}}, {"a": X}, [(("b",), "required")]),
        ({"contains": {"const": 1}, "minContains": 2}, [X], [((), "minContains")]),
        ({"if": {"const": 1}, "then": {"type": "string"}, "else": {"type": "string"}}, X, []),
        (
            {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}, "else": {"required": ["b", "c"]}},
            {"a": X},
            [(("b",), "required"), (("b",), "required"), (("c",), "required")],
        ),
    ],
)
def test_errors(schema, value, expected):
    assert faults(schema, value) == expected


def test_error_says_what_was_expected_and_found():
    schema = {"properties": {"tokens": {"enum": ["required", "optional", 1]}}, "additionalProperties": False}
    first, second = judge(schema, {"tokens": "Required", "token": X}).errors
    assert (first.expected, first.actual) == (["required", "optional", 1], "Required")
    assert first.suggestions == ("required", "optional")
    assert (second.expected, second.actual, second.suggestions) == (False, X, ("tokens",))
    (missing,) = judge({"required": ["a"]}, {}).errors
    assert (missing.expected, missing.actual) == (["a"], ABSENT)
    (name,) = judge({"propertyNames": {"pattern": "^a"}}, {"b": 1}).errors
    assert (name.path, name.actual, name.expected) == (("b",), "b", "^a")


def test_error_carries_the_innermost_annotation():
    inner, outer, defined = {"message": "inner"}, {"message": "outer"}, {"message": "defined"}
    schema = {
        "$defs": {"plain": {"const": 1}, "noted": {"const": 1, "fault": defined}},
        "fault": outer,
        "required": ["z"],
        "properties": {
            "a": {"type": "string", "fault": inner},
            "b": {"not": {"const": 1, "fault": inner}},
            "c": {"$ref": "#/$defs/plain", "fault": inner},
            "d": {"$ref": "#/$defs/noted", "fault": inner},
        },
        "additionalProperties": False,
    }
    errors = judge(schema, {"a": 1, "b": 1, "c": 2, "d": 2, "e": 1}).errors
    assert {error.path: error.annotation for error in errors} == {
        ("z",): outer,
        ("a",): inner,
        ("b",): outer,
        ("c",): inner,
        ("d",): defined,
        ("e",): outer,
    }
    assert judge({"type": "string"}, 1).errors[0].annotation is None


@pytest.mark.parametrize(
    ("schema", "value", "unknowns"),
    [
        ({"const": 1}, X, [((), X)]),
        ({"type": "string", "minLength": 1, "allOf": [{"pattern": "a"}]}, X, [((), X)]),
        ({"properties": {"a": {"const": 1}}}, {"a": X, "b": Y}, [(("a",), X)]),
        ({"const": {"a": 1, "b": [1]}}, {"a": X, "b": [Y]}, [(("a",), X), (("b", 0), Y)]),
        ({"uniqueItems": True}, [1, {"a": X}], [((1, "a"), X)]),
        ({"contains": {"const": 1}}, [X, 2, Y], [((0,), X), ((2,), Y)]),
        (  # the failed branch has an unknown, too, which decides nothing
            {
                "anyOf": [
                    {"properties": {"a": {"const": 1}}, "required": ["z"]},
                    {"properties": {"b": {"const": 1}}},
                ]
            },
            {"a": X, "b": Y},
            [(("b",), Y)],
        ),
        (
            {"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": {"const": 1}}}},
            {"a": X, "b": Y},
            [(("a",), X), (("b",), Y)],
        ),
    ],
)
def test_unknowns_are_what_it_depends_on(schema, value, unknowns):
    assert list(judge(schema, value).unknowns) == unknowns


def test_choice_and_tag_count_as_unresolved():
    choice = Choice("Prod", (Option("true", "a"), Option("false", ABSENT)), "!If [Prod, a, AWS::NoValue]")
    ((path, unresolved),) = judge({"properties": {"a": {"const": "a"}}}, {"a": choice}).unknowns
    assert path == ("a",)
    assert unresolved.expression == "!If [Prod, a, AWS::NoValue]"
    assert "Prod" in unresolved.reason
    ((_, tag),) = judge({"const": "a"}, Tagged("!Custom", "x")).unknowns
    assert tag.expression == "!Custom"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"pattern": "^a*$"}, "a" * 2049),
        ({"patternProperties": {"^a*$": {"type": "string"}}}, {"a" * 2049: "x"}),
    ],
)
def test_text_too_long_for_patterns_is_unknown(schema, value):
    evaluation = judge(schema, value)
    assert evaluation.truth is U
    assert "2049 characters" in evaluation.unknowns[0][1].reason
    assert judge({**schema, "type": "boolean"}, value).truth is F


@pytest.mark.parametrize(
    ("schema", "reads"),
    [
        (True, ()),
        ({"title": "t"}, ()),
        ({"properties": {"a": True, "b": False}}, (("b",),)),
        ({"type": "object"}, ((),)),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, (("a",),)),
        (
            {"type": "object", "required": ["a"], "properties": {"a": {"required": ["b"], "type": "object"}}},
            (("a", "b"),),
        ),
        ({"properties": {"a": {"properties": {"b": {"const": 1}}}, "c": {"const": 1}}}, (("c",), ("a", "b"))),
        ({"properties": {"a": {"items": {"properties": {"x": {"const": 1}}}}}}, (("a",),)),
        ({"properties": {"a": {"const": {}, "properties": {"b": {"const": 1}}}}}, (("a",),)),
        ({"not": {"anyOf": [{"required": ["a"]}, {"properties": {"b": {"const": 1}}}]}}, (("b",), ("a",))),
        ({"properties": {"a": {"not": True}}}, (("a",),)),
        ({"properties": {"a": {"oneOf": [True, True]}}}, (("a",),)),
        ({"dependentRequired": {"a": ["b"]}}, (("a",), ("b",))),
        ({"additionalProperties": False, "properties": {"a": {"const": 1}}}, ((),)),
        (
            {"$defs": {"unused": {"const": 1}, "x": {"const": 1}}, "properties": {"a": {"$ref": "#/$defs/x"}}},
            (("a",),),
        ),
    ],
)
def test_reads(schema, reads):
    assert compile_schema(schema).reads == reads


@pytest.mark.parametrize(
    ("schema", "pointer", "message"),
    [
        (7, "", "a schema must be a mapping"),
        ({"items": [True]}, "/items", "a schema must be a mapping"),
        ({"propertis": {}}, "", "unknown keyword 'propertis'. Did you mean 'properties'?"),
        ({"properties": {"a/b": {"format": "uri"}}}, "/properties/a~1b", "unknown keyword 'format'"),
        ({"multipleOf": 2}, "", "unknown keyword"),
        ({"allOf": []}, "/allOf", "at least one"),
        ({"anyOf": {}}, "/anyOf", "a list of at least one schema"),
        ({"type": "strin"}, "/type", "string, integer"),
        ({"type": []}, "/type", "one or more"),
        ({"enum": "a"}, "/enum", "a list"),
        ({"enum": []}, "/enum", "at least one"),
        ({"required": "a"}, "/required", "property names"),
        ({"required": [1]}, "/required", "property names"),
        ({"dependentRequired": {"a": "b"}}, "/dependentRequired/a", "property names"),
        ({"properties": []}, "/properties", "a mapping"),
        ({"properties": {1: True}}, "/properties", "a mapping"),
        ({"minLength": -1}, "/minLength", "0 or more"),
        ({"minLength": True}, "/minLength", "whole number"),
        ({"maxItems": 1.0}, "/maxItems", "whole number"),
        ({"minimum": "1"}, "/minimum", "a number"),
        ({"maximum": float("nan")}, "/maximum", "a number"),
        ({"uniqueItems": 1}, "/uniqueItems", "true or false"),
        ({"title": 1}, "/title", "a string"),
        ({"pattern": 1}, "/pattern", "regular expression"),
        ({"pattern": "(?=a)"}, "/pattern", "look-ahead is not supported"),
        ({"patternProperties": {"(": True}}, "/patternProperties/(", "not closed"),
        ({"then": True}, "/then", "no effect without 'if'"),
        ({"if": True}, "/if", "no effect"),
        ({"minContains": 1}, "/minContains", "no effect without 'contains'"),
        ({"$ref": "other.json"}, "/$ref", "#/$defs/name"),
        ({"$ref": "#/$defs/x"}, "/$ref", "there is no 'x'"),
        ({"$defs": {"x": {"items": {"$ref": "#/$defs/x"}}}, "$ref": "#/$defs/x"}, "/$defs/x/items/$ref", "itself"),
        ({"$defs": {"x": {"nope": 1}}}, "/$defs/x", "unknown keyword 'nope'"),
        ({"$defs": []}, "/$defs", "a mapping"),
        ({"items": {"$defs": {}}}, "/items/$defs", "at the top"),
        ({"maximum": {"$option": "max"}}, "/maximum", "the option 'max' is not filled in"),
        ({"items": {"$option": "max"}}, "/items", "the option 'max' is not filled in"),
        ({"allOf": [{"$option": "max"}]}, "/allOf/0", "an option must be filled in"),
        ({"fault": "m"}, "/fault", "a mapping of strings"),
        ({"fault": {"messag": "m"}}, "/fault/messag", "message, help"),
        ({"fault": {"severity": "fatal"}}, "/fault/severity", "error, warning, note"),
        ({"fault": {"path": "name"}}, "/fault/path", "JSON Pointer"),
    ],
)
def test_unsupported_schemas_are_errors_with_their_place(schema, pointer, message):
    with pytest.raises(SchemaError) as caught:
        compile_schema(schema)
    assert caught.value.pointer == pointer
    assert message in str(caught.value)
    assert pointer in str(caught.value)


def test_the_severities_of_a_fault_are_those_of_the_model():
    assert list(SEVERITIES) == list(Severity)


def test_errors_for_deep_and_large_schemas():
    deep = True
    for _ in range(MAX_DEPTH):
        deep = {"not": deep}
    compile_schema(deep)
    with pytest.raises(SchemaError, match="nested more than 64 levels deep"):
        compile_schema({"not": deep})
    doubling = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(30)} | {"d30": {"const": 1}}
    with pytest.raises(SchemaError, match="more than 10000 subschemas"):
        compile_schema({"$defs": doubling, "$ref": "#/$defs/d0"})


def test_what_was_met_before_is_met_again_and_nothing_else():
    schema = {"propertyNames": {"pattern": "^[a-z]"}, "additionalProperties": {"type": ["string", "integer"]}}
    trusted = compile_schema(schema, trusted=True)
    seen = [{"a": "b", "1": "b"}, {"b": 1, "c": True}, {"c": ABSENT, "a": None}, {"a": ["b"], "B": "B", 1: 1.0}]
    many = [{f"k{number}": f"v{number}" for number in range(number, number + 50)} for number in range(0, 1000, 50)]
    for value in [*seen, {"a" * 100: "b" * 100}, *seen, *many, *seen, {"a": X}]:
        assert trusted.evaluate(value) == compile_schema(schema).evaluate(value)


def test_trusted_patterns_may_look_ahead():
    evaluator = compile_schema({"pattern": "^(?!aws:).*$"}, trusted=True)
    assert evaluator.evaluate("aws:x").truth is F
    assert evaluator.evaluate("x").truth is T


def test_options_are_filled_in():
    schema = {"allOf": [{"maximum": {"$option": "max"}}, {"enum": {"$option": "values"}}], "title": "t"}
    filled = substitute_options(schema, {"max": 2, "values": [1, 2]})
    assert filled == {"allOf": [{"maximum": 2}, {"enum": [1, 2]}], "title": "t"}
    assert schema["allOf"][0] == {"maximum": {"$option": "max"}}
    with pytest.raises(SchemaError, match="no option 'other'") as caught:
        substitute_options({"items": [{"minimum": {"$option": "other"}}]}, {"max": 2})
    assert caught.value.pointer == "/items/0/minimum"
    with pytest.raises(SchemaError, match="no other key beside it"):
        substitute_options({"minimum": {"$option": "max", "default": 1}}, {"max": 2})


class Counted(str):
    """A text that counts how often it is compared or hashed."""

    steps = 0

    def __hash__(self):
        Counted.steps += 1
        return super().__hash__()

    def __eq__(self, other):
        Counted.steps += 1
        return super().__eq__(other)


@pytest.mark.parametrize("schema", [{"uniqueItems": True}, {"items": {"enum": [str(n) for n in range(2000)]}}])
def test_steps_grow_with_the_list_and_not_with_its_square(schema):
    evaluator = compile_schema(schema)
    values = [Counted(n) for n in range(1000)]
    Counted.steps = 0
    assert evaluator.evaluate(values).truth is T
    assert 1000 <= Counted.steps <= 3000


# Kinds of unresolved values


@pytest.mark.parametrize(
    ("schema", "kind", "truth"),
    [
        ({"kind": "subnet id", "pattern": "^subnet-"}, "subnet id", Truth.TRUE),
        ({"kind": "subnet id", "pattern": "^subnet-"}, "VPC id", Truth.FALSE),
        ({"kind": "subnet id", "pattern": "^subnet-"}, "text", Truth.UNKNOWN),
        ({"kind": "subnet id", "pattern": "^subnet-"}, None, Truth.UNKNOWN),
        ({"kind": "any", "not": {"pattern": "TODO"}}, "VPC id", Truth.TRUE),
        ({"kind": "any", "not": {"pattern": "TODO"}}, "text", Truth.UNKNOWN),
        ({"type": "string"}, "text", Truth.TRUE),
        ({"type": "string"}, "list of texts", Truth.FALSE),
        ({"type": ["array", "null"]}, "list of texts", Truth.TRUE),
        ({"type": ["array", "null"]}, "text", Truth.FALSE),
        ({"type": "array"}, None, Truth.UNKNOWN),
        ({"type": "string", "minLength": 1, "maxLength": 64}, "VPC id", Truth.TRUE),
        ({"type": "string", "minLength": 1, "maxLength": 63}, "VPC id", Truth.UNKNOWN),
        ({"type": "string", "minLength": 1}, "text", Truth.UNKNOWN),
        ({"not": {"type": "string", "minLength": 1}}, "key pair name", Truth.FALSE),
        ({"not": {"type": "string", "minLength": 1}}, "text", Truth.UNKNOWN),
        ({"items": {"kind": "subnet id", "type": "string"}}, "list of subnet ids", Truth.TRUE),
        ({"items": {"kind": "subnet id", "type": "string"}}, "list of VPC ids", Truth.FALSE),
        ({"items": {"type": "string"}}, "list of list of textss", Truth.FALSE),
        ({"items": {"type": "string"}}, "text", Truth.TRUE),
        ({"enum": ["a", "b"]}, "VPC id", Truth.UNKNOWN),
        ({"type": "string", "enum": ["a"]}, "VPC id", Truth.UNKNOWN),
    ],
)
@pytest.mark.parametrize("trusted", [True, False])
def test_the_kind_of_an_unresolved_value_decides_what_it_can(schema, kind, truth, trusted):
    evaluator = compile_schema({"properties": {"a": schema}}, trusted=trusted)
    evaluation = evaluator.evaluate({"a": Unresolved("!Ref X", "it is known later", kind=kind)})
    assert evaluation.truth is truth
    assert bool(evaluation.errors) is (truth is Truth.FALSE)
    assert bool(evaluation.unknowns) is (truth is Truth.UNKNOWN)


def test_a_kind_says_nothing_of_known_values():
    evaluator = compile_schema({"properties": {"a": {"kind": "subnet id", "minLength": 3}}})
    assert [evaluator.evaluate({"a": value}).truth for value in ("abc", "ab", 1)] == [
        Truth.TRUE,
        Truth.FALSE,
        Truth.TRUE,
    ]


@pytest.mark.parametrize("kind", ["", 1, ["subnet id"]])
def test_a_kind_is_a_text(kind):
    with pytest.raises(SchemaError, match="expected a kind of values"):
        compile_schema({"kind": kind})
