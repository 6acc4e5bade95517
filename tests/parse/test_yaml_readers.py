"""What is read quickly is read as the builder reads it: the same data, places and comments, for any text."""

import json
import pickle
import threading

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml.resolver import Resolver

from iblint.model.errors import ParseError
from iblint.model.values import Tagged
from iblint.parse.json import fast as json_syntax
from iblint.parse.json import strict as json_reader
from iblint.parse.yaml import fast as yaml_composed
from iblint.parse.yaml import parse
from iblint.parse.yaml.strict import Builder
from tests.parse.test_spans import FRAGMENTS, JSON_DATA, YAML_DATA, YAML_STYLE, walk

pytestmark = pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML has no C parser here")

LINES = [
    *["name: a", "tags:", "  k: 'v'", "  - x", "- y", "-", "- - z", "- k: v", "  j: |", "    text", "  # c", "# c", ""],
    *["k: >-", "  folded", "  more", "q: [a, {b: c}, d: e]  # c", "r: !Sub 'x # y'", "s: !If [c, !Ref d, {e: f}]"],
    *[
        "'quo ted': \"x",
        '  y # z"',
        "t: {a: , b: [], c}",
        "u: 12",
        "v: ~",
        "? w",
        ": x",
        "y: &z 1",
        "é: ü\u2028",
        "---",
    ],
]


def shown(documents):
    """All that can be asked of documents."""
    return [
        (repr(d.data), d.spans.root, d.comments, [(step, entry) for step, _, entry in walk(d.data, d.spans)])
        for d in documents
    ]


def paths(data, path=()):
    """The path of each value, and of some that are not there."""
    data = data.value if isinstance(data, Tagged) else data
    yield from [path, (*path, "none"), (*path, -1), (*path, 99)]
    if isinstance(data, dict | list):
        for step, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from paths(value, (*path, step))


def check(text):
    """Whatever is read without the builder is what the builder makes of it."""
    found = yaml_composed.documents(text)
    if found is None:
        return
    built = Builder(text).documents()
    assert shown(found) == shown(built)
    for one, other in zip(found, built, strict=True):
        assert [one.spans.at(path) for path in paths(one.data)] == [other.spans.at(path) for path in paths(one.data)]
    for document in found:  # what has been forgotten is found again
        document.spans.forget()
    assert shown(found) == shown(Builder(text).documents())


@given(YAML_DATA, YAML_STYLE)
@settings(deadline=None, max_examples=150)
def test_data_of_any_kind(data, style):
    check(yaml.safe_dump(data, **style))


@example("? |- ")
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
@settings(deadline=None, max_examples=600)
def test_any_text(text):
    check(text)


@given(st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(["\n", "\n", "\r\n", "\r"]))
@settings(deadline=None, max_examples=600)
def test_any_lines(lines, line_break):
    check(line_break.join(lines))


@given(JSON_DATA, st.sampled_from([None, 1, "\t"]), st.booleans(), st.sampled_from([(",", ":"), (" ,\r\n", "\n :")]))
@settings(deadline=None, max_examples=200)
def test_places_in_json_are_those_of_the_careful_reader(data, indent, ascii_only, separators):
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only, separators=separators)
    quick, careful = json_syntax.parse(text), json_reader.read(text)
    assert shown([quick]) == shown([careful])
    quick.spans.forget()
    assert shown([quick]) == shown([careful])


@pytest.mark.parametrize("parser", [parse, lambda text: [json_syntax.parse(text)]])
def test_tables_survive_the_way_to_another_process(parser):
    documents = parser('{"a": [1, {"b": "c"}],\n "d": {}}\n')
    assert shown(pickle.loads(pickle.dumps(documents))) == shown(documents)


def test_a_table_with_aliases_survives_it_too():
    documents = parse("a: &x {k: [1, !t {m: n}]}  # c\nb: *x\nc: {<<: *x, d: []}\n")
    again = pickle.loads(pickle.dumps(documents))
    assert shown(again) == shown(documents)
    assert again[0].data["a"] is again[0].data["b"]


@pytest.mark.parametrize("level", ["[", "[?", "{a: ", "- ", "? ", "-   ?   "])
@pytest.mark.parametrize("levels", [17, 99, 101, 400, 5_000, 100_000])
def test_no_depth_is_too_much_for_a_small_stack(level, levels):
    found = []

    def read():
        try:
            found.append(len(parse(level * levels)))
        except ParseError as problem:
            found.append(problem)

    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found


def test_keys_too_long_together_are_left_to_the_builder():
    text = "".join(f"{'  ' * depth}{'k' * 127}{depth % 10}:\n" for depth in range(16))
    assert yaml_composed.documents(text) is not None
    assert yaml_composed.documents(text + "  " * 16 + "k: 1\n") is None
    assert yaml_composed.documents("k" * 129 + ": 1\n") is None


def test_all_scalars_that_may_be_no_text_are_looked_at():
    assert {first or "" for first in Resolver.yaml_implicit_resolvers} - set("!&*") == yaml_composed.AMBIGUOUS


@given(st.text(alphabet="0123456789_:.-+eExXbBoOaAfFiInNtTZz/ \t~<=", min_size=1, max_size=12))
@settings(deadline=None, max_examples=600)
def test_any_plain_scalar(scalar):
    check(f"- {scalar}\n- {{a: {scalar}}}\n- 2024-{scalar}\n- 2024-02-{scalar}\n")
    check(f"{scalar}: 1\n")
