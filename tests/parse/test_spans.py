"""Whatever is written: the data is what PyYAML and json make of it, and each span holds the text of its value."""

import json
import re
import string

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iblint.model.errors import ParseError
from iblint.model.span import Span
from iblint.model.values import Tagged
from iblint.parse import yaml as yaml_syntax
from iblint.parse.json import fast as json_syntax
from iblint.parse.yaml import nodes as yaml_nodes

REFERENCE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # its parser in C differs from the other in rare texts
PROFILE = settings(deadline=None, max_examples=150)

TEXTS = st.text(alphabet=string.ascii_letters + "019 #:-'\"{}[]&*!|>%@,?\\~=<\n\té\U0001f600\u2028", max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
JSON_DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)
YAML_DATA = st.recursive(
    SCALARS | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS | st.integers(), inner, max_size=4),
    max_leaves=12,
)
YAML_STYLE = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "default_style": st.sampled_from([None, None, "'", '"', "|", ">"]),
        "allow_unicode": st.booleans(),
        "width": st.sampled_from([10, 80]),
        "indent": st.sampled_from([2, 4, 8]),
        "explicit_start": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n", "\r"]),
        "sort_keys": st.just(False),
    }
)


def cut(text, span):
    """The text of a span, by a count of lines that is not the code's own."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    first, last = lines[span.line - 1], lines[span.end_line - 1] if span.end_line <= len(lines) else ""
    if span.line == span.end_line:
        return first[span.column - 1 : span.end_column - 1]
    middle = lines[span.line : span.end_line - 1]
    return first[span.column - 1 :] + "".join(middle) + last[: span.end_column - 1]


def walk(data, spans):
    """Each entry of each collection: (step, value, entry)."""
    data = data.value if isinstance(data, Tagged) else data
    if isinstance(data, dict | list):
        pairs = list(data.items() if isinstance(data, dict) else enumerate(data))
        assert set(spans.of(data)) == {step for step, _ in pairs}
        for step, value in pairs:
            yield step, value, spans.of(data)[step]
            yield from walk(value, spans)


def read_again(text, entry):
    """What the text of a value's span says when it is read alone, at its own column."""
    written = cut(text, entry.value)
    if written[:1] in ("|", ">"):  # its indentation counts from the parent's
        if entry.key:
            line, column, *_ = entry.key
            before = cut(text, Span(line, max(column - 2, 1), line, column))
            parent = column - 3 if before == "? " else column - 1
            return yaml.safe_load(" " * parent + "k: " + written + "\n")["k"]
        return yaml.safe_load(" " * (entry.value.column - 3) + "- " + written + "\n")[0]
    return yaml.safe_load(" " * (entry.value.column - 1) + written + "\n")


def stripped(value):
    """The value with every text in it without line breaks at its end."""
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stripped(item) for item in value]
    return value.rstrip("\n\u2028") if isinstance(value, str) else value


@given(YAML_DATA, YAML_STYLE)
@PROFILE
def test_the_text_of_a_yaml_span_is_its_value(data, style):
    text = yaml.safe_dump(data, **style)
    (parsed,) = yaml_syntax.parse(text)
    assert repr(parsed.data) == repr(yaml.load(text, Loader=REFERENCE))
    for step, value, entry in walk(parsed.data, parsed.spans):
        if entry.written is not None:
            continue  # an alias, which cannot be read without its anchor
        again = read_again(text, entry)
        block = r"[|>][0-9]?[-+]?\s" if "\u2028" in text else r"[|>][0-9]?\+"
        if re.search(block, cut(text, entry.value)):
            again, value = stripped(again), stripped(value)  # the span leaves the breaks of lines at the end out
        assert repr(again) == repr(value)
        if entry.key is not None and cut(text, entry.key)[0] not in "|>":
            assert yaml.safe_load(" " * (entry.key.column - 1) + cut(text, entry.key)) == step


@given(JSON_DATA, st.sampled_from([None, 0, 1, 4, "\t"]), st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
@PROFILE
def test_the_text_of_a_json_span_is_its_value(data, indent, ascii_only, line_break):
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only).replace("\n", line_break)
    parsed = json_syntax.parse(text)
    assert repr(parsed.data) == repr(data)
    assert cut(text, parsed.spans.root) == text
    for step, value, entry in walk(parsed.data, parsed.spans):
        assert repr(json.loads(cut(text, entry.value))) == repr(value)
        if entry.key is not None:
            assert json.loads(cut(text, entry.key)) == step


@given(JSON_DATA, YAML_STYLE)
@PROFILE
def test_yaml_and_json_of_the_same_data_have_the_same_tables(data, style):
    text = yaml.safe_dump(data, **style)
    assume(yaml.load(text, Loader=REFERENCE) == data)  # PyYAML writes a few texts in block style wrong
    (of_yaml,) = yaml_syntax.parse(text)
    of_json = json_syntax.parse(json.dumps(data))
    assert repr(of_yaml.data) == repr(of_json.data)
    steps_yaml = [step for step, _, _ in walk(of_yaml.data, of_yaml.spans)]
    assert steps_yaml == [step for step, _, _ in walk(of_json.data, of_json.spans)]


FRAGMENTS = [
    *[
        "a",
        "b",
        "- ",
        ": ",
        "? ",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "'",
        '"',
        "|",
        ">",
        "|+",
        ">-",
    ],
    *["&x ", "*x", "&y ", "*y", "<<: ", "=", "<<", "!Ref ", "! ", "!!str ", "!!int ", "!!map ", "!!set ", "!!binary "],
    *["# c", " # d", "---\n", "...\n", "%YAML 1.1\n", "1", "0x1", "1.5", "12:30", "yes", "~", "2024-01-02", ".inf"],
    *[
        "\n- ",
        "\na: ",
        "\nb: ",
        "\n  a: ",
        "\n  - ",
        "\r\n",
        "\r",
        "\x85",
        "\u2028",
        "\t",
        "\U0001f600",
        "\ufeff",
        "08",
    ],
]


def parse_or_refuse(text):
    """The documents; none when the text is refused, by the only error that may be raised."""
    try:
        return yaml_syntax.parse(text)
    except ParseError:
        return []


def check_against_safe_loader(text):
    """What we accept PyYAML accepts, with equal data, but for tags that only we keep."""
    documents = parse_or_refuse(text)
    values = [value for d in documents for value in [d.data, *(value for _, value, _ in walk(d.data, d.spans))]]
    if documents and not any(isinstance(value, Tagged) for value in values):
        assert repr([d.data for d in documents]) == repr(list(yaml.load_all(text, Loader=REFERENCE)))


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
@settings(deadline=None, max_examples=600)
def test_any_text_is_read_as_pyyaml_reads_it_or_refused(text):
    check_against_safe_loader(text)


@given(
    st.text(alphabet="0123456789_:.-+eExXbBoOTtZ~<=yYnNfF ", min_size=1, max_size=16),
    st.sampled_from(["", "!!int ", "!!float "]),
)
@settings(deadline=None, max_examples=600)
def test_any_plain_scalar_is_resolved_as_pyyaml_resolves_it(scalar, tag):
    check_against_safe_loader(f"- {tag}{scalar}\n")


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
@settings(deadline=None, max_examples=600)
def test_comments_never_stand_in_a_scalar(text):
    documents = parse_or_refuse(text)
    comments = [comment for document in documents for comment in document.comments]
    for comment in comments:
        assert cut(text.removeprefix("\ufeff"), comment.span) == comment.text
        assert comment.text.startswith("#")
    other = list(text.removeprefix("\ufeff"))
    starts = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", "".join(other)))]
    for comment in comments:
        start = starts[comment.span.line - 1] + comment.span.column - 1
        other[start + 1 : start + len(comment.text)] = "z" * (len(comment.text) - 1)
    again = parse_or_refuse("".join(other))
    if documents:
        assert repr([d.data for d in again]) == repr([d.data for d in documents])
        assert [len(d.comments) for d in again] == [len(d.comments) for d in documents]


@given(YAML_DATA, YAML_STYLE)
@PROFILE
def test_a_hash_in_a_scalar_is_no_comment(data, style):
    (parsed,) = yaml_syntax.parse(yaml.safe_dump(data, **style))
    assert parsed.comments == ()


@given(YAML_DATA, YAML_STYLE)
@settings(deadline=None, max_examples=80)
def test_the_parser_in_python_finds_the_same_places(data, style):
    if not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML has no C parser here")
    text = yaml.safe_dump(data, **style)
    (in_c,) = yaml_syntax.parse(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader")
        patch.setattr(yaml_nodes, "CParser", None)
        (in_python,) = yaml_syntax.parse(text)
    assert repr(in_python.data) == repr(in_c.data)
    places = [(step, entry) for step, _, entry in walk(in_c.data, in_c.spans)]
    assert [(step, entry) for step, _, entry in walk(in_python.data, in_python.spans)] == places
