"""Keys of mappings that YAML reads as numbers and booleans."""

from __future__ import annotations

import pytest

from tests.dialects.cloudformation.templates import FAIL, PASS, UNKNOWN, tokens, verdict

TEXT = """\
Parameters:
  Key: {{Type: String{parameter}}}
Mappings:
  M:
    {key}: {{T: {one}}}
    other: {{T: required}}
Resources:
  Web:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      InstanceMetadataOptions:
        HttpTokens: !FindInMap [M, {lookup}, T{default}]
"""


def text(key, lookup="!Ref Key", one="optional", parameter="", default=""):
    return TEXT.format(key=key, lookup=lookup, one=one, parameter=parameter, default=default)


@pytest.mark.parametrize("lookup", ["111122223333", "'111122223333'", "!Ref Key", "!Ref AWS::AccountId"])
def test_a_number_is_found_by_its_text(judge, lookup):
    made = text("111122223333", lookup, parameter=', Default: "111122223333"')
    assert verdict(judge(made, account="111122223333")) is FAIL


def test_a_number_is_one_of_the_keys_when_the_key_is_open(judge):
    assert verdict(judge(text("111122223333", "!Ref AWS::AccountId"))) is UNKNOWN
    assert verdict(judge(text("111122223333", "!Ref AWS::AccountId", one="required"))) is PASS


@pytest.mark.parametrize("key", ["true", "yes", "Off", "012", "0x1F", "1_000", "+1", "1.10", "2024-01-01", "~"])
def test_a_key_whose_text_is_not_certain_is_never_left_out(judge, key):
    assert verdict(judge(text(key))) is UNKNOWN
    assert verdict(judge(text(key, f"'{key}'"))) is UNKNOWN
    assert verdict(judge(text(key, f"'{key}'", default=", {DefaultValue: required}"))) is UNKNOWN
    assert verdict(judge(text(key, "other"))) is PASS


@pytest.mark.parametrize("key", ["012", "0x1F", "true"])
def test_a_quoted_key_is_certain(judge, key):
    assert verdict(judge(text(f"'{key}'", f"'{key}'"))) is FAIL


def test_the_value_of_an_entry_that_is_a_number_is_found(judge):
    made = text("dev", "dev").replace("{T: optional}", "{1: optional}").replace(", T]", ", 1]")
    assert verdict(judge(made)) is FAIL


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ({"T": {"Deeper": "required"}}, {"Fn::FindInMap": ["M", "a", "T"]}),
        ({"T": {"Ref": "Tokens"}}, {"Fn::FindInMap": ["M", "a", "T"]}),
        ({"T": None}, {"Fn::FindInMap": ["M", "a", "T"]}),
        ({"T": [{"Deeper": "required"}]}, {"Fn::Select": [0, {"Fn::FindInMap": ["M", "a", "T"]}]}),
        ({"T": ["{{resolve:ssm:/tokens}}"]}, {"Fn::Select": [0, {"Fn::FindInMap": ["M", "a", "T"]}]}),
    ],
)
def test_an_entry_that_is_no_string_is_not_known(judge, entry, value):
    assert verdict(judge(tokens(value, Mappings={"M": {"a": entry}}))) is UNKNOWN


@pytest.mark.parametrize("value", [["M", {"Ref": "AWS::Region"}, "T"], ["M", "us", "T", {"DefaultValue": "required"}]])
def test_what_a_macro_adds_to_a_mapping_may_be_any_entry(judge, value):
    mapping = {"eu": {"T": "required"}, "Fn::Transform": {"Name": "AWS::Include"}}
    assert verdict(judge(tokens({"Fn::FindInMap": value}, Mappings={"M": mapping}))) is UNKNOWN
