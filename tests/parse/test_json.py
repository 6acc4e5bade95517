"""The JSON parser: data, places, and every refusal with its line and column."""

import pytest

from iblint.model.errors import ParseError
from iblint.model.span import Entry, Span
from iblint.parse import parsed as bounds
from iblint.parse.json import fast as json_syntax
from iblint.parse.json import strict as json_reader
from iblint.parse.json.fast import parse


def refusal(text):
    with pytest.raises(ParseError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_places_are_those_of_an_editor(line_break):
    text = '{\n\t"a": [1, {"\\u00e9": "\U0001f600"}],\n\t"b":\n\t\tnull\n}\n'
    document = parse(text.replace("\n", line_break))
    assert document.data == {"a": [1, {"é": "\U0001f600"}], "b": None}
    assert document.comments == ()
    assert document.spans.root == (1, 1, 5, 2)
    assert document.spans.at(("a",)) == Entry(Span(2, 2, 2, 5), Span(2, 7, 2, 27))
    assert document.spans.at(("a", 0)) == Entry(None, Span(2, 8, 2, 9))
    assert document.spans.at(("a", 1, "é")) == Entry(Span(2, 12, 2, 20), Span(2, 22, 2, 25))
    assert document.spans.at(("b",)) == Entry(Span(3, 2, 3, 5), Span(4, 3, 4, 7))


def test_an_array_over_lines_has_its_whole_extent():
    spans = parse('{"a": [\n  1,\n  2\n]}').spans
    assert spans.at(("a",)) == Entry(Span(1, 2, 1, 5), Span(1, 7, 4, 2))
    assert spans.at(("a", 1)) == Entry(None, Span(3, 3, 3, 4))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"', '"\\/\b\f\n\r\té'),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\x7f\u2028"', "\x7f\u2028"),
        ("-0", 0),
        ("-1.5E+2", -150.0),
        ("1e2", 100.0),
        ("9" * 1000, int("9" * 1000)),
        (" true ", True),
        ("false", False),
        ("null", None),
        ("{}", {}),
        ("[ ]", []),
    ],
)
def test_values(text, value):
    found = parse(text).data
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('{\n "a": 1,\n "a": 2}', 3, 2, "the key 'a' is written twice in this object, first on line 2"),
        ('{"a": 1, "\\u0061": 2}', 1, 10, "the key 'a' is written twice"),
        ("", 1, 1, "the text ends where a value is expected"),
        ("[1,", 1, 4, "the text ends where a value is expected"),
        ('{"a":\n', 2, 1, "the text ends where a value is expected"),
        ('{"a": 1', 1, 8, "a ',' or the '}' for line 1 is missing"),
        ('{\n"a": [1\n}', 3, 1, "a ',' or the ']' for line 2 is missing"),
        ("[1 2]", 1, 4, "a ',' or the ']' for line 1 is missing"),
        ('{"a": 1,\n}', 1, 8, "there is a ',' before '}'. Remove the comma."),
        ("[1,]", 1, 3, "there is a ',' before ']'. Remove the comma."),
        ("[,1]", 1, 2, "a value is missing before ','"),
        ('{"a":}', 1, 6, "a value is missing before '}'"),
        ("{a: 1}", 1, 2, "a key in double quotes is expected"),
        ("{1: 1}", 1, 2, "a key in double quotes is expected"),
        ('{"a" 1}', 1, 6, "a ':' is expected after the key"),
        ("['a']", 1, 2, "the string is in single quotes"),
        ("[1] 2", 1, 5, "more text follows the end of the document"),
        ("[NaN]", 1, 2, "'NaN' is not a JSON number"),
        ("[Infinity]", 1, 2, "'Infinity' is not a JSON number"),
        ("[-Infinity]", 1, 2, "'-Infinity' is not a JSON number"),
        ("[1e999]", 1, 2, "the number 1e999 is too large"),
        ("[-1e999]", 1, 2, "the number -1e999 is too large"),
        ("[" + "1" * 5000 + "]", 1, 2, "a number of 5000 characters is too long"),
        ("[0." + "1" * 5000 + "]", 1, 2, "a number of 5002 characters is too long"),
        ("[True]", 1, 2, "'True' is not a JSON value"),
        ("[01]", 1, 2, "no value begins with '01'"),
        ("[1.]", 1, 2, "no value begins with '1.'"),
        ("[.5]", 1, 2, "no value begins with '.5'"),
        ("[+1]", 1, 2, "no value begins with '+1'"),
        ("[0x10]", 1, 2, "no value begins with '0x10'"),
        ("[\u0661]", 1, 2, "no value begins with"),
        ("[1]\u00a0", 1, 4, "more text follows"),
        ("\ufeff[]", 1, 1, "no value begins with"),
        ("// c\n[1]", 1, 1, "JSON has no comments. Remove it."),
        ("[1, /* c */ 2]", 1, 5, "JSON has no comments. Remove it."),
        ("[1]\n# c", 2, 1, "JSON has no comments. Remove it."),
        ('["\\ud800"]', 1, 2, "half of a surrogate pair"),
        ('["\\udc00\\ud800"]', 1, 2, "half of a surrogate pair"),
        ('{"\\ud800": 1}', 1, 2, "half of a surrogate pair"),
        ('["a\nb"]', 1, 4, "the string contains a line break or control character"),
        ('["a\x00"]', 1, 4, "the string contains a line break or control character"),
        ('["\t"]', 1, 3, "the string contains a line break or control character"),
        ('["a\\q"]', 1, 4, "the escape is not valid"),
        ('["a\\u12"]', 1, 5, "the escape is not valid"),
        ('[1, "abc', 1, 5, "the string that begins here is never closed"),
    ],
)
def test_refused_with_its_place(text, line, column, message):
    problem = refusal(text)
    assert message in problem.message
    assert problem.message.endswith(".")
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_is_bounded(opening):
    problem = refusal(opening * 20_000)
    assert "objects and arrays are nested more than 100 levels deep" in problem.message
    assert problem.column == 1 + len(opening) * bounds.MAX_DEPTH
    assert parse("[" * bounds.MAX_DEPTH + "]" * bounds.MAX_DEPTH).spans.root.end_column == 2 * bounds.MAX_DEPTH + 1


def test_values_are_counted(monkeypatch):
    monkeypatch.setattr(json_syntax, "MAX_NODES", 5)
    monkeypatch.setattr(json_reader, "MAX_NODES", 5)
    assert parse("[1, 2,\n3, 4]").data == [1, 2, 3, 4]
    problem = refusal("[1, 2,\n3, 4, 5]")
    assert (problem.line, problem.column) == (2, 7)
