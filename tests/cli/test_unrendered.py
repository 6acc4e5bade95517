"""A file that another tool renders first is said to be a template, not to be broken."""

import pytest

HEAD = (
    "Resources:\n  Infra:\n    Type: AWS::ImageBuilder::InfrastructureConfiguration\n    Properties:\n      Name: web\n"
)


@pytest.mark.parametrize(
    ("file", "line", "number"),
    [
        ("stack.yml.tpl", "      %{~ if key != null ~}\n      KeyPair: debug\n      %{~ endif ~}\n", 6),
        ("stack.yml.tpl", "      InstanceProfileName: ${profile}\n", 6),
        ("stack.tftpl", "      InstanceMetadataOptions: {HttpTokens: ${tokens}}\n", 6),
        ("stack.yml", "      InstanceMetadataOptions: {HttpTokens: ${tokens}}\n", 6),
        ("stack.yml", "      {% if key %}\n      KeyPair: debug\n      {% endif %}\n", 6),
        ("stack.yml", "      <% if key %>\n      KeyPair: debug\n      <% end %>\n", 6),
        ("stack.yml", "      {{- if .Values.key }}\n      KeyPair: debug\n      {{- end }}\n", 6),
        ("stack.yml", "      InstanceMetadataOptions:\n        HttpTokens: #{Tokens}\n", 7),
        ("stack.yml", "      KeyPair: %KEY%\n", 6),
        ("stack.yml", "      KeyPair: @KEY@\n", 6),
        ("stack.yml", "${more}\n", 6),
    ],
)
def test_a_template_of_another_tool_is_a_problem_that_says_so(folder, iblint, file, line, number):
    (folder / file).write_text(HEAD + line)
    run = iblint("check", "--no-config", "-f", "concise", file)
    assert run.code == 4
    assert f"{file}:{number}:" in run.out
    assert "problem: template, not judged: " in run.out
    assert "Render it first" in run.out
    assert "Put the value in quotes" not in run.out


def test_pseudo_parameters_in_such_a_file_are_cloudformations_own(folder, iblint):
    text = (
        HEAD + "      InstanceProfileName: b\n      SnsTopicArn: !Sub 'arn:aws:sns:${AWS::Region}:$${account}:builds'\n"
    )
    (folder / "stack.yml.tpl").write_text(text)
    assert "problem" not in iblint("check", "--no-config", "-f", "concise", "stack.yml.tpl").out.splitlines()[0]
