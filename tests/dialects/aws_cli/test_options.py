"""The options are those of the service model, and the shorthand syntax is that of the AWS CLI."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iblint.dialects.aws_cli.options import members_of
from iblint.dialects.aws_cli.shorthand import ShorthandError, Text, parse


@pytest.mark.parametrize("operation", ["create", "update"])
def test_the_options_are_those_of_the_service_model(operation):
    botocore = pytest.importorskip("botocore.session")
    from botocore import xform_name

    model = botocore.get_session().get_service_model("imagebuilder")
    shape = model.operation_model(f"{operation.title()}InfrastructureConfiguration").input_shape
    assert {xform_name(name, "-"): name for name in shape.members} == {
        option: name for option, (name, _) in members_of(operation).items()
    }


def plain(parsed):
    if isinstance(parsed, Text):
        return parsed.text
    if isinstance(parsed, list):
        return [plain(item) for item in parsed]
    return {key: plain(pair.value) for key, pair in parsed.items()}


def compare(text):
    shorthand = pytest.importorskip("awscli.shorthand")
    try:
        expected = shorthand.ShorthandParser().parse(text)
    except (shorthand.ShorthandParseError, AttributeError, TypeError, IndexError):  # it crashes at some ends of texts
        expected = None
    try:
        ours = plain(parse(text))
    except ShorthandError:
        ours = None
    assert ours is None or ours == expected, text
    return ours, expected


@pytest.mark.parametrize(
    "text",
    [
        "a=b",
        "a=b,c=d",
        "a=b,c",
        "a=b,c,d=e",
        "a=,b=c",
        'a=b c,d=\'e, f\',g="h\\"i"',
        "a={b=c,d=[e,f]},g=[{h=i},{j=k}]",
        "a = b , c = d",
        "a=b\\,c,d=e",
        "a=b=c",
        "a.b/c:d-e#f_g=h",
        "s3Logs={s3BucketName=logs,s3KeyPrefix='x y'}",
        "a={}",
        "a=[]",
        "a='it\\'s'",
    ],
)
def test_the_shorthand_syntax_is_that_of_the_cli(text):
    ours, expected = compare(text)
    assert ours == expected is not None


@given(st.text(alphabet="ab=,{}[]'\" \\@é", max_size=14).map(lambda text: f"a={text}"))
def test_the_shorthand_syntax_is_never_read_differently(text):
    if "@" not in text:
        compare(text)


def test_places_of_scalars_are_theirs():
    text = "a='b c',d={e=f}"
    found = parse(text)
    value = found["a"].value
    inner = found["d"].value["e"]
    assert text[value.start : value.end] == "b c"
    assert text[inner.key.start : inner.key.end] == "e"
    assert text[inner.value.start : inner.value.end] == "f"
