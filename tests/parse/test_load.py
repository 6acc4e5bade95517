"""Bytes to documents: encodings, the choice of the syntax, templates, and problems instead of exceptions."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.model.document import Document, InputError, Source
from iblint.parse import load as loading
from iblint.parse.load import load

TEXT = "name: é\U0001f600 # ü\nother: [1, 2]\n"


def documents(data, file="spec.yaml"):
    result = load(Source(file, data if isinstance(data, bytes) else data.encode()))
    assert isinstance(result, tuple), result
    return result


def problem(data, file="spec.yaml"):
    result = load(Source(file, data if isinstance(data, bytes) else data.encode()))
    assert isinstance(result, InputError), result
    assert result.file == file
    return result


def test_a_document_knows_its_file_text_and_syntax():
    (document,) = load(Source("a/b.yaml", TEXT.encode(), explicit=True))
    assert (document.file, document.syntax, document.text) == ("a/b.yaml", "yaml", TEXT)
    assert (document.index, document.explicit) == (0, True)
    assert document.data == {"name": "é\U0001f600", "other": [1, 2]}
    assert [comment.text for comment in document.comments] == ["# ü"]
    assert documents("a: 1")[0].explicit is False


def test_documents_of_a_file_are_numbered_and_share_its_text():
    first, second, third = documents("a: 1\n---\n---\nb: 2\n")
    assert [first.index, second.index, third.index] == [0, 1, 2]
    assert [first.data, second.data, third.data] == [{"a": 1}, None, {"b": 2}]
    assert first.text is third.text
    assert third.spans.root.line == 4


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", codecs.BOM_UTF8, b"# comment\n", codecs.BOM_UTF16_LE])
@pytest.mark.parametrize("file", ["spec.yaml", "spec.json", "-"])
def test_a_file_without_content_has_no_documents(data, file):
    assert documents(data, file) == ()


# Encodings


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_unicode_encodings_with_and_without_a_mark(encoding, bom, mark):
    (document,) = documents((bom if mark else b"") + TEXT.encode(encoding))
    assert document.text == TEXT
    assert document.spans.at(("name",)).value == (1, 7, 1, 9)
    (document,) = documents((bom if mark else b"") + '{"a": "é"}'.encode(encoding), "x.json")
    assert (document.syntax, document.data) == ("json", {"a": "é"})


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"a: 1\r\nb: caf\xe9\n", 2, 7, "not valid UTF-8: byte 0xE9 at offset 12 is invalid. Save the file as UTF-8."),
        (codecs.BOM_UTF8 + b"\xff", 1, 1, "not valid UTF-8: byte 0xFF at offset 3 is invalid"),
        (b"a: \xc3", 1, 4, "byte 0xC3 at offset 3"),
        (b"a: \xed\xa0\x80", 1, 4, "byte 0xED at offset 3"),
        ("ä: 1\nb: ".encode() + b"\x80", 2, 4, "byte 0x80 at offset 9"),
        ("a: 1\n".encode("utf-16") + b"\x00", 2, 1, "not valid UTF-16-LE: byte 0x00 at offset 12"),
        (codecs.BOM_UTF8 * 2 + b"a: 1", 1, 1, "the text begins with two byte order marks"),
        ("\ufeff\ufeffa: 1".encode("utf-16-le"), 1, 1, "the text begins with two byte order marks"),
        ("a\n".encode("utf-16-be") + b"\xd8\x00\x00a", 2, 1, "not valid UTF-16-BE: byte 0xD8 at offset 4"),
    ],
)
def test_a_wrong_encoding_names_its_first_byte(data, line, column, message):
    found = problem(data)
    assert message in found.message
    assert (found.line, found.column) == (line, column)


def test_large_files_are_refused(monkeypatch):
    monkeypatch.setattr(loading, "MAX_BYTES", 10)
    assert len(documents(b"a: 1234567")) == 1
    assert "the file has 11 bytes, more than 10. Split it, or exclude it." in problem(b"a: 12345678").message


# The choice of the syntax


@pytest.mark.parametrize("file", ["x.json", "x.yaml", "x.template", "-", "x"])
def test_json_is_known_by_its_content(file):
    (document,) = documents('\n {"a": 1}', file)
    assert (document.syntax, document.data) == ("json", {"a": 1})
    (document,) = documents("a: 1", file)
    assert (document.syntax, document.data) == ("yaml", {"a": 1})


@pytest.mark.parametrize("file", ["x.json", "x.JSON", "x.template"])
def test_a_json_file_gives_the_error_of_json(file):
    found = problem('{"a": 1,\n "b": 2,\n}', file)
    message = "not valid JSON: there is a ',' before '}'. Remove the comma."
    assert found == InputError(file, 2, 8, message, malformed=False)  # it is valid YAML, so other tools may read it
    assert problem('{"a": 1', file).malformed


def test_a_json_file_that_begins_with_a_comment_says_so():
    assert "JSON has no comments" in problem('// c\n{"a": 1}', "x.json").message


@pytest.mark.parametrize("file", ["x.yaml", "-"])
def test_elsewhere_a_bracket_begins_yaml_too(file):
    (document,) = documents('{"a": 1, b: !Ref c,}  # d\n', file)
    assert document.syntax == "yaml"
    assert set(document.data) == {"a", "b"}
    assert problem("[1, 2\n", file).message.startswith("not valid YAML: ")


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "a: 1\na: 2\n", "a: *b\n", "\t- a\n", "a: \x01\n"])
def test_what_a_parser_refuses_is_a_problem(text):
    assert isinstance(problem(text), InputError)


# Templates


@pytest.mark.parametrize(
    ("text", "line", "column", "markup"),
    [
        ("a: 1\nname: {{ name }}\n", 2, 7, "{{"),
        ("a: 1\n{% if x %}\nb: 2\n{% endif %}\n", 2, 1, "{%"),
        ("<% x %>\na: 1\n", 1, 1, "<%"),
        ("name: @NAME@\n", 1, 7, "@NAME@"),
        ("name: @@NAME@@\n", 1, 7, "@@NAME@@"),
        ("a: [1\n__EXTRA__\n", 2, 1, "__EXTRA__"),
        ("{{- if .x }}\na: 1\n{{- else }}\na: 2\n{{- end }}\n", 1, 1, "{{"),
        ("a: 1\n%{ if x }\nb: 2\n%{ endif }\n", 2, 1, "%{ if"),
        ("a: 1\n%{~ for k, v in x ~}\n%{~ endfor ~}\n", 2, 1, "%{~ for"),
        ("x: {a: ${X}, b: 1}\n", 1, 8, "${"),
        ("x: {a: #{X}, b: 1}\n", 1, 8, "#{X"),
        ("a: #{X}\n", 1, 4, "#{X}"),
        ("a: 1\nb:\n  - #{X.Y}\n", 3, 5, "#{X.Y}"),
        ("a: %X%\n", 1, 4, "%X%"),
        ("a: %(x)s\n", 1, 4, "%("),
        ("a: 1\n${MORE}\n", 2, 1, "${"),
        ("a: 1\n((more))\nb: 2\n", 2, 1, "(("),
    ],
)
def test_a_template_is_not_judged(text, line, column, markup):
    found = problem(text)
    assert found.message.startswith(f"template, not judged: {markup!r} is markup")
    assert "Render it first, or exclude it in the configuration." in found.message
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize("markup", ["${X}", "$X", "$(X)", "$[X]", "#{X}", "((x))", "%X%", "@X@", "{{ x }}", "<%= x %>"])
def test_a_template_of_json_is_not_judged(markup):
    found = load(Source("x.json", f'{{"a": 1,\n "b": {markup}}}'.encode()))
    assert isinstance(found, InputError)
    assert found.message.startswith("template, not judged: ")
    assert (found.line, found.column) == (2, 7)


@pytest.mark.parametrize(
    "text", ["a: $(X)\nb: [\n", "a: ${X}\n- b\n", "a: '#{X}'\nb: [\n", "a: ((x))\nb: [\n", "a: 1 #{X} y\nb: [\n"]
)
def test_markup_elsewhere_explains_no_error(text):
    assert problem(text).message.startswith("not valid YAML: ")


@pytest.mark.parametrize(
    "text", ["a: x #{X}\n", "a: #{see b} and c\n", "# {x}\na: 1 # b: #{X}\n", "a: '{{ imagebuilder:x }}'"]
)
def test_a_comment_is_no_markup(text):
    assert isinstance(documents(text)[0], Document)


def test_the_parser_s_own_words_are_kept_for_a_template():
    assert "(line 2: the key 'a' is written twice" in problem("a: 1 # {{ x }}\na: 2\n").message


@pytest.mark.parametrize("text", ["a: '{{ x }}'\n", "a: x{{ y }}\n", '{"a": "{% x %}"}', "a: __X__\n", "a: <% x %>\n"])
def test_markup_in_a_text_that_can_be_read_is_no_matter(text):
    assert isinstance(documents(text)[0], Document)


@pytest.mark.parametrize("text", ["a: '{{resolve:ssm:x}}'\nb: [\n", "a: me@example.com, you@example.com\nb: [\n"])
def test_what_only_looks_like_markup_hides_no_error(text):
    assert problem(text).message.startswith("not valid YAML: ")


# Anything at all


@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-16")))
@settings(deadline=None, max_examples=400)
def test_any_bytes_give_documents_or_a_problem(data):
    for file in ("x.yaml", "x.json"):
        result = load(Source(file, data))
        if isinstance(result, InputError):
            assert min(result.line, result.column) >= 1
            assert result.message.endswith(".")
        else:
            assert all(isinstance(document, Document) for document in result)


@pytest.mark.parametrize("file", ["a.jsonc", "b.JSON5"])
@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("// c\n{}", 1, 1), ('{\n  // c\n  "a": 1}', 2, 3), ('{ /* c */ "a": 1}', 1, 3)],
)
def test_json_with_comments_is_never_read_as_yaml(text, file, line, column):
    found = problem(text, file)
    assert (found.line, found.column, found.malformed) == (line, column, False)
    assert found.message.startswith("not valid JSON: JSON has no comments")


@pytest.mark.parametrize("file", ["a.jsonc", "b.json5"])
def test_what_extended_json_shares_with_yaml_is_read(file):
    assert [each.data for each in documents("{a: 'b', \"c\": [1, 2,],}", file)] == [{"a": "b", "c": [1, 2]}]
