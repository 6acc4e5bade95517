"""No spelling, fence or function makes a configuration disappear: it is judged, or it is a problem."""

from __future__ import annotations

import pytest

from .conftest import verdict_of

TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"
FLOW = (
    '{"Resources": {"Web": {"Type": "%s", "Properties": '
    '{"Name": "web", "InstanceProfileName": "b", "InstanceMetadataOptions": {"HttpTokens": "optional"}}}}%s}'
)
REFUSED = {"duplicate key": ', "a": 1, "a": 2', "number": ', "a": .inf', "tag": ', "a": !!set {b}'}


def escaped(letters, form):
    """The type with some of its characters written as escapes."""
    return "".join(form % ord(char) if char in letters else char for char in TYPE)


ESCAPES = {
    "colons as \\x": escaped(":", r"\x%02x"),
    "colons as \\u": escaped(":", r"\u%04x"),
    "colons as \\U": escaped(":", r"\U%08x"),
    "upper digits": escaped(":I", r"\x%02X"),
    "every character": escaped(TYPE, r"\u%04x"),
    "every character as \\x": escaped(TYPE, r"\x%02x"),
    "the first colon alone": TYPE.replace(":", r"\x3a", 1),
    "a folded line": TYPE.replace("::", "\\\n  ::"),
}


@pytest.mark.parametrize("spelled", ESCAPES.values(), ids=ESCAPES.keys())
@pytest.mark.parametrize("suffix", ["template", "json", "yaml"])
@pytest.mark.parametrize("rest", ["", *REFUSED.values()], ids=["whole", *REFUSED])
def test_escapes_hide_no_template(checked, spelled, suffix, rest):
    result = checked({f"infra/t.{suffix}": FLOW % (spelled, rest)})
    assert result.code in (1, 4), result
    assert result.report["configurations"] or result.report["problems"]


@pytest.mark.parametrize("key", [r"instanceProfil\x65Name", r"instance\u0050rofileName", r"\x69nstanceProfileName"])
@pytest.mark.parametrize("rest", REFUSED.values(), ids=REFUSED.keys())
def test_escapes_hide_no_request(checked, key, rest):
    text = '{"KEY": "b", "name": "web", "instanceMetadataOptions": {"httpTokens": "optional"}REST}'
    text = text.replace("KEY", key).replace("REST", rest)
    assert checked({"r.json": text}).code in (1, 4)


REQUEST = '"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {"httpTokens": "optional"}'
FENCED = {
    "request": f'{{"description": "\n```\n", {REQUEST}, "tags": {{"x": "\n```\n"}}}}',
    "request after a language": f'{{"description": "\n```yaml\n", {REQUEST}, "tags": {{"x": "\n```\n"}}}}',
    "template": FLOW % (TYPE, ', "Description": "\n```\n", "Metadata": {"x": "\n```\n"}'),
    "template between": '{"Description": "\n```\n", "Metadata": {"x": "\n```\n"}, ' + (FLOW % (TYPE, ""))[1:],
    "around": '{"Description": "\n```\n", ' + (FLOW % (TYPE, ', "Metadata": {"x": "\n```\n"}'))[1:],
}


@pytest.mark.parametrize("text", FENCED.values(), ids=FENCED.keys())
@pytest.mark.parametrize("suffix", ["json", "template", "yaml", "yml"])
def test_fences_in_strings_hide_nothing(checked, text, suffix):
    result = checked({f"infra/r.{suffix}": text})
    assert result.code in (1, 4), result


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("text", [FENCED["request"], FENCED["around"]], ids=["request", "template"])
def test_fences_in_another_encoding_hide_nothing(checked, text, encoding):
    assert checked({"r.json": text.encode(encoding)}).code in (1, 4)


def test_prose_that_shows_a_request_is_no_configuration(checked):
    text = "Write it so:\n\n```yaml\nname: web\ninstanceProfileName: b\nx: [\n```\n\nand: [ read on\n"
    assert checked({"notes.yaml": text}).code == 0


FIND = """\
Transform: AWS::LanguageExtensions
Parameters: {{Env: {{Type: String}}}}
Mappings:
  Tokens:
    {keys}
Resources:
  Web:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      Name: web
      InstanceProfileName: b
      InstanceMetadataOptions:
        HttpTokens: !FindInMap [Tokens, {first}, {second}, {{DefaultValue: {default}}}]
        HttpPutResponseHopLimit: 2
"""


@pytest.mark.parametrize("key", ["another", "another key", "any other", "other", "else", "none of the keys"])
@pytest.mark.parametrize(("inside", "default"), [("required", "optional"), ("optional", "required")])
def test_no_key_of_a_mapping_is_taken_for_its_default(checked, key, inside, default):
    keys = f"{{'{key}': {{Value: {inside}}}, eu: {{Value: {inside}}}}}"
    text = FIND.format(keys=keys, first="!Ref Env", second="Value", default=default)
    assert verdict_of(checked({"t.yaml": text}), "IB201") == "unknown"


@pytest.mark.parametrize("key", ["another", "x"])
def test_no_second_key_of_a_mapping_is_taken_for_its_default(checked, key):
    text = FIND.format(keys=f"eu: {{{key}: required}}", first="eu", second="!Ref Env", default="optional")
    assert verdict_of(checked({"t.yaml": text}), "IB201") == "unknown"


BODY = """\
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: builders
      TemplateBody: {function}
        Resources:
          Web:
            Type: AWS::ImageBuilder::InfrastructureConfiguration
            Properties: {{Name: web, InstanceProfileName: b}}
"""
JOINED = """\
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateBody: {}
"""
INNER = "'Resources: {W: {Type: AWS::ImageBuilder::InfrastructureConfiguration, Properties: {Name: w}}}'"


@pytest.mark.parametrize("function", ["|", ">", "!Sub |", "!Base64 |", "!Sub >-"])
def test_a_template_in_a_stack_set_is_judged_as_it_stands(checked, function):
    result = checked({"t.yaml": BODY.format(function=function)})
    assert (result.code, verdict_of(result, "IB201")) == (1, "fail")


@pytest.mark.parametrize("function", ["!Sub |", "!Sub >-"])
def test_a_template_in_a_stack_set_with_substitutions_is_a_problem(checked, function):
    assert checked({"t.yaml": BODY.replace("Name: web", "Name: ${{Name}}").format(function=function)}).code == 4


@pytest.mark.parametrize(
    "body",
    [
        f"!Join ['', [{INNER}]]",
        f"{{'Fn::Sub': {INNER.replace('w}', '${N}}')}}}",
        f"{{'Fn::Sub': [{INNER}, {{A: b}}]}}",
        f"!Sub [{INNER}, {{A: b}}]",
        f"!Join [' ', ['# ', {INNER}]]",
        f"!If [C, {INNER}, '']",
    ],
)
def test_a_template_in_functions_of_a_stack_set_is_a_problem(checked, body):
    assert checked({"t.yaml": JOINED.format(body)}).code == 4


NONE = '!Ref "AWS::NoValue"'


@pytest.mark.parametrize(
    "items",
    [
        f"1, [{NONE}, required, optional]",
        f"0, [{NONE}, optional, required]",
        f"1, [required, {NONE}, optional]",
        f"2, [{NONE}, {NONE}, required]",
        f"0, [!If [C, required, {NONE}], optional]",
    ],
)
def test_a_selection_beside_no_value_is_unknown(checked, items):
    text = (
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n"
        f"Resources:\n  Web:\n    Type: {TYPE}\n    Properties:\n      Name: web\n      InstanceProfileName: b\n"
        f"      InstanceMetadataOptions: {{HttpTokens: !Select [{items}]}}\n"
    )
    assert verdict_of(checked({"t.yaml": text}), "IB201") == "unknown"
