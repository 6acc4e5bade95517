"""Parameter files: ``--parameters`` and the key ``parameters``."""

from __future__ import annotations

import json

import pytest

from tests.dialects.cloudformation.templates import parameter, tokens

TEMPLATE = tokens({"Ref": "Tokens"}, **parameter(Default="optional"))
CLOUDFORMATION = [{"ParameterKey": "Tokens", "ParameterValue": "required"}, {"ParameterKey": "X", "ParameterValue": 1}]
CODEPIPELINE = {"Parameters": {"Tokens": "required"}, "Tags": {"a": "b"}}


@pytest.fixture
def check(folder, iblint):
    """Judge the template: exit code, findings of IB201 and the standard error of a run."""
    (folder / "web.yaml").write_text(json.dumps(TEMPLATE))

    def run(*arguments):
        done = iblint("check", "web.yaml", "--select", "IB201", "-f", "json", *arguments)
        return done.code, json.loads(done.out)["findings"] if done.out else [], done.err

    return run


def write(folder, name, data):
    (folder / name).write_text(data if isinstance(data, str) else json.dumps(data))
    return name


@pytest.mark.parametrize(
    "data", [CLOUDFORMATION, CODEPIPELINE, "- ParameterKey: Tokens\n  ParameterValue: required\n", ["Tokens=required"]]
)
def test_a_file_wins_over_the_default(check, folder, data):
    assert check()[0] == 1
    assert check("--parameters", write(folder, "p.json", data))[0] == 0


def test_a_later_file_wins(check, folder):
    good, bad = (
        write(folder, "good.json", CODEPIPELINE),
        write(folder, "bad.json", {"Parameters": {"Tokens": "optional"}}),
    )
    assert check("--parameters", bad, "--parameters", good)[0] == 0
    assert check("--parameters", good, "--parameters", bad)[0] == 1


def test_a_bad_value_is_shown_in_the_file_that_gives_it(check, folder, iblint):
    write(folder, "p.json", '{"Parameters": {\n  "Tokens": "no"}}')
    _, [finding], _ = check("--parameters", str(folder / "p.json"))
    assert (finding["file"], finding["line"]) == ("p.json", 2)
    shown = iblint("check", "web.yaml", "--parameters", "p.json").out
    assert '2 |   "Tokens": "no"}}' in shown
    assert "from: the value of parameter 'Tokens' in p.json" in shown
    assert "web.yaml:1:" in shown


@pytest.mark.parametrize(
    "data",
    [
        [{"ParameterKey": "Tokens", "UsePreviousValue": True}],
        {"Parameters": {"Tokens": {"Fn::GetParam": ["Artifact", "file.json", "Tokens"]}}},
    ],
)
def test_a_value_that_is_left_to_aws_is_not_known(check, folder, data):
    code, [finding], _ = check("--parameters", write(folder, "p.json", data))
    assert (code, finding["verdict"]) == (0, "unknown")
    assert "p.json does not give the value of 'Tokens'" in finding["message"]


def test_the_configuration_names_files_relative_to_itself(check, folder):
    (folder / "deploy").mkdir()
    write(folder, "deploy/p.json", CODEPIPELINE)
    write(folder, "deploy/.iblint.yaml", "parameters: [p.json]\n")
    assert check("--config", "deploy/.iblint.yaml")[0] == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "p.json:1: The parameters cannot be read: No such file or directory."),
        ("{", "p.json:1: The parameters cannot be read: "),
        ("", "p.json:1: A file of parameters is one document, not 0."),
        ("\n{}", "p.json:2: This is no file of parameters. Write [{"),
        ('"text"', "p.json:1: This is no file of parameters."),
        ('{"Tokens": "required"}', "p.json:1: This is no file of parameters."),
        ('[\n"Tokens"]', "p.json:2: This is no parameter."),
        ('["=required"]', "p.json:1: This is no parameter."),
        ('["Tokens=a", {"ParameterKey": "Tokens", "ParameterValue": "b"}]', "The parameter 'Tokens' is given twice"),
        ('[{"ParameterKey": "Tokens"}]', "p.json:1: This is no parameter."),
        ('{"Parameters":\n{"Tokens": ["a"]}}', "p.json:2: The value of parameter 'Tokens' is no string"),
        ('{"Parameters":\n{"Tokens": null}}', "p.json:2: The value of parameter 'Tokens' is no string"),
        (json.dumps([CLOUDFORMATION[0]] * 2), "p.json:1: The parameter 'Tokens' is given twice; remove one of them."),
    ],
)
def test_a_file_that_cannot_be_read_ends_the_run(check, folder, data, words):
    if data is not None:
        write(folder, "p.json", data)
    code, _, error = check("--parameters", "p.json")
    assert code == 2
    assert words in error
