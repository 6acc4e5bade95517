"""The YAML parser: data, places, comments, and every refusal with its line and column."""

import datetime

import pytest
import yaml

from iblint.model.errors import ParseError
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged
from iblint.parse import parsed as bounds
from iblint.parse.yaml import nodes as yaml_nodes
from iblint.parse.yaml import parse
from iblint.parse.yaml import strict as yaml_builder


@pytest.fixture(autouse=True, params=["composer in C", "builder in C", "builder in Python"])
def _parser(request, monkeypatch):
    """The quick way and the careful one, this with both parsers of PyYAML: the one in C is missing from some builds."""
    if request.param == "builder in Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML has no C parser here")
    if request.param != "composer in C":
        monkeypatch.setattr(yaml_nodes, "CParser", None)


def one(text):
    (document,) = parse(text)
    return document


def value_span(text, *path):
    entry = one(text).spans.at(path)
    assert entry is not None
    return tuple(entry.value)


def refusal(text):
    with pytest.raises(ParseError) as caught:
        parse(text)
    return caught.value


# Data


def test_scalars_are_those_of_yaml_1_1():
    text = "[yes, Off, 0x1F, 010, 1_000, 1:30, 1.5, ~, null, '', 08, 1e3, 2024-01-02, 2024-01-02 03:04:05Z, =x]"
    assert one(text).data == [
        *[True, False, 31, 8, 1000, 90, 1.5, None, None, "", "08", "1e3"],
        *[datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.UTC), "=x"],
    ]


def test_quotes_keep_a_text_a_text():
    assert one("a: 'yes'\nb: \"1\"\nc: |\n  1\n").data == {"a": "yes", "b": "1", "c": "1\n"}


def test_tags_of_yaml_are_followed():
    text = "[!!str 1, !!int '3', !!float 1, !!bool 'no', !!null '', !!binary aGk=, ! 1, !!map {a: 1}, !!seq [1]]"
    assert one(text).data == ["1", 3, 1.0, False, None, b"hi", 1, {"a": 1}, [1]]


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("!Ref Tokens", Tagged("!Ref", "Tokens")),
        ("!Ref '1'", Tagged("!Ref", "1")),
        ("!Ref", Tagged("!Ref", "")),
        ("!Sub [a, {b: 1}]", Tagged("!Sub", ["a", {"b": 1}])),
        ("!If {a: !Ref b}", Tagged("!If", {"a": Tagged("!Ref", "b")})),
        ("!<tag:example.org,2020:x> 1", Tagged("tag:example.org,2020:x", "1")),
        ("!!python/name:os.system 1", Tagged("!!python/name:os.system", "1")),
    ],
)
def test_other_tags_are_kept_with_their_text(text, tagged):
    assert one(f"a: {text}\n").data == {"a": tagged}


def test_keys_keep_their_type():
    text = "2: a\ntrue: b\n~: c\n'2': d\n=: e\n'<<': f\n2024-01-02: g\n"
    date = datetime.date(2024, 1, 2)
    assert one(text).data == {2: "a", True: "b", None: "c", "2": "d", "=": "e", "<<": "f", date: "g"}
    assert one(text).spans.at((2,)) == Entry(Span(1, 1, 1, 2), Span(1, 4, 1, 5))


def test_a_text_without_content_has_no_documents():
    assert parse("") == []
    assert parse("\n \n# only a comment\n") == []


def test_each_document_is_returned_the_null_ones_too():
    documents = parse("%YAML 1.2\n---\na: 1\n---\n--- # nothing\n...\n---\n- 2\n")
    assert [d.data for d in documents] == [{"a": 1}, None, None, [2]]
    assert [d.spans.root.line for d in documents] == [3, 4, 5, 8]


def test_aliases_share_the_value():
    document = one("a: &x [1, {b: 2}]\nc: *x\n")
    assert document.data["c"] is document.data["a"]


def test_merged_keys_come_first_and_own_keys_win():
    data = one("base: &b {x: 1, y: 1}\na:\n  y: 2\n  <<: *b\n  z: 3\n").data["a"]
    assert data == {"x": 1, "y": 2, "z": 3}
    assert list(data) == ["x", "y", "z"]


def test_the_first_of_a_list_of_merges_wins_and_the_last_of_several():
    anchors = "- &p {k: p, p: 1}\n- &q {k: q, q: 1}\n"
    assert one(anchors + "- <<: [*p, *q]\n").data[2] == {"k": "p", "p": 1, "q": 1}
    assert one(anchors + "- {<<: *p, <<: *q}\n").data[2] == {"k": "q", "p": 1, "q": 1}
    assert one("list: &l [{k: 1}, {k: 2, m: 2}]\na: {<<: *l}\n").data["a"] == {"k": 1, "m": 2}
    assert one("<<: []\na: 1\n").data == {"a": 1}


# Places


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_places_are_those_of_an_editor(line_break):
    text = "a: 1\nb:\n  - x: 'é\U0001f600' \n    y: \"\U0001f600\"\n\n# end\nc:\n"
    spans = one(text.replace("\n", line_break)).spans
    assert spans.root == (1, 1, 7, 3)
    assert spans.at(("a",)) == Entry(Span(1, 1, 1, 2), Span(1, 4, 1, 5))
    assert spans.at(("b",)) == Entry(Span(2, 1, 2, 2), Span(3, 3, 4, 11))
    assert spans.at(("b", 0)) == Entry(None, Span(3, 5, 4, 11))
    assert spans.at(("b", 0, "x")) == Entry(Span(3, 5, 3, 6), Span(3, 8, 3, 12))
    assert spans.at(("b", 0, "y")) == Entry(Span(4, 5, 4, 6), Span(4, 8, 4, 11))
    assert spans.at(("c",)) == Entry(Span(7, 1, 7, 2), Span(7, 3, 7, 3))
    assert spans.at(("nothing",)) is None
    assert spans.at(("b", 1)) is None


def test_other_unicode_breaks_end_no_line_of_an_editor():
    text = "a: 'x\u2028y'\nb: 'x\x85y' # c\nc: 1\n"
    assert value_span(text, "c") == (3, 4, 3, 5)
    assert value_span(text, "a") == (1, 4, 1, 9)
    assert one(text).comments[0].span == (2, 10, 2, 13)


def test_a_tag_and_an_anchor_belong_to_the_value():
    assert value_span("a: !Ref  x\n", "a") == (1, 4, 1, 11)
    assert value_span("a: &n 1\n", "a") == (1, 4, 1, 8)
    assert value_span("a: !Sub\n  - x\n  - y: 1\n", "a") == (1, 4, 3, 9)
    assert value_span("a: !Sub\n  - x\n  - y: 1\n", "a", 1, "y") == (3, 8, 3, 9)


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("|\n  x\n  y", (3, 4)),
        ("|\n  x\n\n  y  \n\n\n", (4, 6)),
        (">-\n    x\n\n# comment\n", (2, 6)),
        ("|+\n  x\n\n", (2, 4)),
        ("|2\n    x\n", (2, 6)),
        ("|\n\n", (1, 5)),
        ("|\n  x # text\n", (2, 11)),
    ],
)
def test_a_block_scalar_ends_with_its_last_line_that_is_not_blank(value, end):
    assert value_span(f"a: {value}\nb: 1\n", "a") == (1, 4, *end)


def test_a_block_collection_ends_with_its_last_child():
    text = "a:\n  b:\n    - 1\n    - [2,\n       3]   # c\n\n\nd: 1\n"
    assert value_span(text, "a") == (2, 3, 5, 10)
    assert value_span(text, "a", "b") == (3, 5, 5, 10)


@pytest.mark.parametrize(
    ("text", "path", "at"),
    [
        ("a:   # c\nb: 1\n", ("a",), (1, 3)),
        ("{a:  , b}", ("a",), (1, 4)),
        ("{a:  , b}", ("b",), (1, 9)),
        ("-\n- 1\n", (0,), (1, 2)),
        ("? a\n\n? b\n", ("a",), (1, 4)),
    ],
)
def test_an_empty_value_stands_right_after_its_indicator(text, path, at):
    assert value_span(text, *path) == (*at, *at)


def test_an_alias_is_where_the_value_is_used():
    spans = one("a: &x\n  k: {m: 1}\nb: *x\nc: [*x]\n").spans
    assert spans.at(("b",)) == Entry(Span(3, 1, 3, 2), Span(3, 4, 3, 6), Span(1, 4, 2, 12))
    assert spans.at(("c", 0)) == Entry(None, Span(4, 5, 4, 7), Span(1, 4, 2, 12))
    assert spans.at(("b", "k", "m")) == Entry(Span(3, 1, 3, 2), Span(3, 4, 3, 6), Span(2, 10, 2, 11))
    assert spans.at(("a", "k", "m")) == Entry(Span(2, 7, 2, 8), Span(2, 10, 2, 11))


def test_a_merged_key_stands_at_the_alias():
    spans = one("a: &x {k: 1}\nb: &y\n  <<: *x\n  m: 2\nc:\n  <<: [*y]\nd:\n  <<: {n: 3}\n").spans
    assert spans.at(("b", "k")) == Entry(Span(3, 7, 3, 9), Span(3, 7, 3, 9), Span(1, 11, 1, 12))
    assert spans.at(("c", "k")) == Entry(Span(6, 8, 6, 10), Span(6, 8, 6, 10), Span(1, 11, 1, 12))
    assert spans.at(("c", "m")) == Entry(Span(6, 8, 6, 10), Span(6, 8, 6, 10), Span(4, 6, 4, 7))
    assert spans.at(("d", "n")) == Entry(Span(8, 8, 8, 9), Span(8, 11, 8, 12))
    assert spans.at(("b", "<<")) is None


def test_the_table_holds_the_collections_of_the_data_alone():
    document = one("a: &x {k: 1, gone: {deep: 1}}\nb: {<<: [{m: {}}, {m: {}}], n: []}\nc: {<<: *x, gone: 1}\n")
    data = document.data
    live = [data, data["a"], data["a"]["gone"], data["b"], data["b"]["m"], data["b"]["n"], data["c"]]
    assert set(document.spans.entries) == {id(collection) for collection in live}


def test_a_tagged_collection_is_found_by_the_collection_in_it():
    document = one("a: !If [c, {b: 1}]\n")
    assert document.spans.at(("a", 1, "b")) == Entry(Span(1, 13, 1, 14), Span(1, 16, 1, 17))
    assert set(document.spans.of(document.data["a"].value)) == {0, 1}


def test_a_byte_order_mark_takes_no_column():
    assert value_span("\ufeffa: 1 # c\n", "a") == (1, 4, 1, 5)
    assert one("\ufeff# c\na: 1\n").comments[0].own_line


# Comments


def test_comments_with_their_places():
    text = "# top\na: 1  # one\n  # two\r\nb: |  # three\n  # text\nc: !Sub  # four\n  'x # y'\nd: x#y\n# end"
    comments = [(c.text, c.own_line, c.span.line, c.span.column) for c in one(text).comments]
    assert comments == [
        *[("# top", True, 1, 1), ("# one", False, 2, 7), ("# two", True, 3, 3), ("# three", False, 4, 7)],
        *[("# four", False, 6, 10), ("# end", True, 9, 1)],
    ]
    assert one(text).data == {"a": 1, "b": "# text\n", "c": Tagged("!Sub", "x # y"), "d": "x#y"}


def test_comments_go_to_the_document_that_they_stand_in():
    text = "# 0\n%YAML 1.1 # 0\n--- # 0\na: 1\n# 0\n---\n# 1\n- b # 1\n...\n# 2\n---\nc: 1\n...\n# 2\n"
    for index, document in enumerate(parse(text)):
        assert {comment.text for comment in document.comments} == {f"# {index}"}
    assert [len(document.comments) for document in parse(text)] == [4, 2, 2]


# Refusals


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: 1\nb: 2\n  \na: 3\n", 4, 1, "the key 'a' is written twice in this mapping, first on line 1"),
        ("{a: 1, 'a': 2}", 1, 8, "the key 'a' is written twice"),
        ("1: a\ntrue: b\n", 2, 1, "the key True is written twice"),
        ("x:\n  [1, 2]: y\n", 2, 3, "a key is not a plain scalar"),
        ("? {a: 1}\n: y\n", 1, 3, "a key is not a plain scalar"),
        ("!Ref a: 1\n", 1, 1, "a key is not a plain scalar"),
        ("- &a [1]\n- *a : 1\n", 2, 3, "a key is not a plain scalar"),
        ("a: {{ x }}\n", 1, 5, "a key is not a plain scalar"),
        ("a: &x\n  - b: *x\n", 2, 8, "the alias '*x' is inside its own anchor"),
        ("a: 1\nb: *x\n", 2, 4, "the alias '*x' has no anchor before it"),
        ("--- &x 1\n--- *x\n", 2, 5, "the alias '*x' has no anchor before it"),
        ("a: &x 1\nb: &x 2\n", 2, 4, "the anchor '&x' is defined twice"),
        ("- .inf\n", 1, 3, "'.inf' is not a finite number"),
        ("- -.INF\n", 1, 3, "is not a finite number"),
        ("- .nan\n", 1, 3, "is not a finite number"),
        ("- 1.0e+999\n", 1, 3, "is not a finite number"),
        ("a:\n  b: 2024-13-45\n", 2, 6, "'2024-13-45' is not a valid timestamp"),
        ("- 2024-01-02 03:04:05 +99:00\n", 1, 3, "is not a valid timestamp"),
        ("- !!timestamp x\n", 1, 3, "'x' is not a valid timestamp"),
        ("- !!int x\n", 1, 3, "'x' is not a valid int"),
        ("- !!int ''\n", 1, 3, "'' is not a valid int"),
        ("- 0b_\n", 1, 3, "'0b_' is not a valid int"),
        ("- !!float x\n", 1, 3, "'x' is not a valid float"),
        ("- !!bool x\n", 1, 3, "'x' is not a valid bool"),
        ("- !!binary a\n", 1, 3, "'a' is not a valid binary"),
        ("- !!binary é\n", 1, 3, "'é' is not a valid binary"),
        ("- !!map x\n", 1, 3, "the tag !!map does not fit a scalar"),
        ("- !!str [x]\n", 1, 3, "the tag !!str is not read on a list"),
        ("- !!seq {x: 1}\n", 1, 3, "the tag !!seq is not read on a mapping"),
        ("a: !!set {x}\n", 1, 4, "the tag !!set is not read on a mapping"),
        ("a: !!omap [x: 1]\n", 1, 4, "the tag !!omap is not read on a list"),
        ("a: <<\n", 1, 4, "'<<' has a special meaning"),
        ("a: =\n", 1, 4, "'=' has a special meaning"),
        ("&m <<: {a: 1}\nb: *m\n", 2, 4, "'<<' stands for a merge"),
        ("a: 1\n<<: 3\n", 2, 5, "the value of '<<' is not a mapping"),
        ("<<:\na: 1\n", 1, 4, "the value of '<<' is not a mapping"),
        ("<<: [{a: 1}, 2]\n", 1, 5, "the value of '<<' is not a mapping"),
        ("<<: !Ref {a: 1}\n", 1, 5, "the value of '<<' is not a mapping"),
        ("a: 1\nb: 'x\x01'\n", 2, 6, "U+0001 is not allowed"),
        ("a: \ud800\n", 1, 4, "U+D800 is not allowed"),
        ("a: \x00\n", 1, 4, "U+0000 is not allowed"),
        ("\ufeff\ufeffa: 1\n", 1, 1, "two byte order marks"),
        ("a:\n\tb: 1\n", 2, 1, "the indentation contains a tab. Indent with spaces."),
        ("a: @x\n", 1, 4, "no value begins with '@'. Put the value in quotes."),
        ("a: b: c\n", 1, 5, "not valid YAML: "),
        ("a: [1,\nb: 2\n", 3, 1, "not valid YAML: "),
        ("- a\nb: 1\n", 2, 1, "not valid YAML: "),
    ],
)
def test_refused_with_its_place(text, line, column, message):
    problem = refusal(text)
    assert message in problem.message
    assert problem.message.endswith(".")
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: 1\n\tb: 2\n", 2, 1, "Indent with spaces"),
        ("a: b: c\n", 1, 5, "a ':' begins a value where none is allowed"),
        ("a:\n  b: 1\n c: 2\n", 3, 2, "a key is expected here"),
        ("- a\nb: 1\n", 2, 1, "a list item ('- ') is expected here"),
        ("\na: [1,\n  2\nb: 3\n", 4, 2, "the bracket opened on line 2 is not closed"),
        ("a: {b: 1\nc: 2\n", 2, 2, "the bracket opened on line 1 is not closed"),
        ("a: [1,\n", 2, 1, "a value is expected here"),
        ("[[[", 1, 4, "a value is expected here"),
        ("a: 1\nb: 'x\n\n", 2, 4, "the quote opened here is never closed"),
        ('a: "\\q"\n', 1, 5, "the escape after the backslash is unknown"),
        ("a: !x!y 1\n", 1, 4, "the tag's handle is not declared"),
        ("%YAML 1.3\n---\n", 1, 1, "1.1 or 1.2"),
        ("%FOO\n---\n", 1, 5, "unknown"),
        ("'a'\nb: 1\n", 2, 1, "more text follows the end of the document"),
        ("a: >x\n", 1, 5, "did not find expected comment or line break. Correct the text at this place."),
    ],
)
@pytest.mark.parametrize("_parser", ["C"], indirect=True)  # the parser in Python words its errors in its own way
def test_what_libyaml_refuses_is_explained(text, line, column, message):
    problem = refusal(text)
    assert message in problem.message
    assert problem.message.startswith("not valid YAML: ")
    assert (problem.line, problem.column) == (line, column)


# Bounds


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_depth_is_bounded(opening):
    assert "collections are nested more than 100 levels deep" in refusal(opening * 20_000).message
    assert refusal(opening * 20_000).column == 1 + len(opening) * bounds.MAX_DEPTH


def test_depth_through_aliases_is_bounded():
    def chain(links):
        return "- &a0 x\n" + "".join(f"- &a{i} [*a{i - 1}]\n" for i in range(1, links + 1))

    assert len(one(chain(bounds.MAX_DEPTH - 1)).data) == bounds.MAX_DEPTH
    assert refusal(chain(bounds.MAX_DEPTH)).line == bounds.MAX_DEPTH + 1
    assert "'*a99'" in refusal(chain(bounds.MAX_DEPTH)).message


def test_a_chain_of_merges_is_not_deep():
    text = "m0: &m0 {k: 1}\n" + "".join(f"m{i}: &m{i} {{<<: *m{i - 1}}}\n" for i in range(1, 300))
    assert one(text).data["m299"] == {"k": 1}


def test_aliases_are_counted_and_not_expanded():
    text = "a0: &a0 x\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 20))
    problem = refusal(text)
    assert f"the aliases expand to more than {yaml_builder.MAX_ALIASED} values" in problem.message
    assert problem.line == 7


def test_merged_keys_are_counted(monkeypatch):
    monkeypatch.setattr(yaml_builder, "MAX_ALIASED", 10)
    assert one("a:\n  <<: {a: 1, b: 1, c: 1, d: 1, e: 1}\n  <<: {f: 1, g: 1, h: 1, i: 1, j: 1}\n")
    assert refusal("a:\n  <<: {a: 1, b: 1, c: 1, d: 1, e: 1, f: 1}\n  <<: {g: 1, h: 1, i: 1, j: 1, k: 1}\n").line == 3


def test_nodes_are_counted(monkeypatch):
    monkeypatch.setattr(yaml_builder, "MAX_NODES", 5)
    monkeypatch.setattr(yaml_nodes, "MAX_LENGTH", 2)
    assert one("a: 1\nb: 2\n").data == {"a": 1, "b": 2}
    assert refusal("a: 1\nb: 2\nc: 3\n").line == 3


def test_documents_are_counted():
    assert len(parse("--- 1\n" * yaml_builder.MAX_DOCUMENTS)) == yaml_builder.MAX_DOCUMENTS
    assert refusal("--- 1\n" * (yaml_builder.MAX_DOCUMENTS + 1)).line == yaml_builder.MAX_DOCUMENTS + 1


def test_tag_directives_are_counted():
    lines = [f"%TAG !a{i}! tag:x\n" for i in range(yaml_builder.MAX_DIRECTIVES + 1)]
    assert parse("".join(lines[1:]) + "--- 1\n")[0].data == 1
    assert "%TAG directives" in refusal("".join(lines) + "--- 1\n").message


@pytest.mark.parametrize(
    "number", ["9" * 1001, "0x" + "f" * 999, "1" + ":00" * 400, "1." + "0" * 999, "!!int " + "1" * 5000]
)
def test_long_numbers_are_refused(number):
    problem = refusal(f"a: {number}\n")
    assert "is too long. Put it in quotes" in problem.message
    assert (problem.line, problem.column) == (1, 4)


def test_long_texts_are_read():
    long = "x" * 1_000_000
    assert one(f"a: {long}\n").data == {"a": long}
    assert one(f'a: "{long}"\n').data == {"a": long}
