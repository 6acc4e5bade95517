"""What YAML 1.2 has for a plain scalar is what ruamel.yaml has, which the AWS CLI v2 reads with."""

import math

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iblint.parse.yaml.versions import in_yaml_1_2

ruamel = pytest.importorskip("ruamel.yaml", reason="needs ruamel.yaml (extra 'dev')")

WORDS = (
    *("yes", "No", "ON", "off", "y", "N", "true", "False", "TRUE", "tRUE", "~", "null", "Null", "nil"),
    *(
        "010",
        "0o10",
        "0b101",
        "0x1F",
        "0X1F",
        "08",
        "1_000",
        "+2",
        "-0",
        "22:30",
        "1:30:00",
        "1:2.5",
        ".5",
        "-.5",
        "1e3",
    ),
    *(
        "1.5e3",
        "1.e+3",
        "1.0",
        "1_0.5",
        ".5e3",
        ".5e+3",
        "2024-01-31",
        "2024-01-31 10:00:00",
        "2024-1-1",
        "1.2.3",
        "0o",
    ),
)


def both(text: str) -> tuple[object, object]:
    """Return what PyYAML and the AWS CLI v2 make of a plain scalar."""
    document = f"key: {text}\n"
    try:
        cli = ruamel.YAML(typ="safe", pure=True).load(document)["key"]
    except ValueError:
        cli = text
    return yaml.safe_load(document)["key"], cli


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("text", WORDS)
def test_a_word_has_the_value_of_the_aws_cli(text: str) -> None:
    pyyaml, cli = both(text)
    assert same(in_yaml_1_2(text, pyyaml), cli)


@settings(deadline=None, max_examples=500)
@given(
    st.one_of(
        st.text(alphabet="0123456789_.:-+eExob", min_size=1, max_size=8),
        st.from_regex(r"[-+]?(0[xob]?)?[0-9_]{1,4}([.:][0-9_]{0,3}){0,2}([eE][-+]?[0-9]{1,2})?", fullmatch=True),
    )
)
@example("-_0")
def test_any_number_has_the_value_of_the_aws_cli(text: str) -> None:
    if text[-1] == ":" or text in ("-", "---", "...") or text.startswith(("- ", "? ")):
        return
    try:
        pyyaml, cli = both(text)
    except (yaml.YAMLError, ruamel.YAMLError, ValueError, IndexError):  # iblint refuses the text, too
        return
    assert same(in_yaml_1_2(text, pyyaml), cli)
