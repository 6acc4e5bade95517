"""Messages show values as they are written, and what other readers of the file make of them."""

import pytest

GOOD = """\
name: web-base
instanceProfileName: image-builder
subnetId: subnet-0fedcba9876543210
securityGroupIds: [sg-0fedcba9876543210]
instanceMetadataOptions: {httpTokens: required, httpPutResponseHopLimit: 2}
terminateInstanceOnFailure: true
"""


@pytest.fixture
def shown(folder, iblint):
    """Check a request and return the lines of its findings, and the exit code."""

    def check(text: str, file: str = "infra.yaml") -> tuple[list[str], int]:
        (folder / file).write_text(text, encoding="utf-8")
        run = iblint("check", "--no-config", "-f", "concise", "--fail-on", "note", file)
        return run.out.splitlines()[:-1], run.code

    return check


@pytest.mark.parametrize("word", ["yes", "Yes", "on", "ON"])
def test_a_word_that_is_true_to_one_reader_only_is_a_finding(shown, word):
    lines, code = shown(GOOD.replace("Failure: true", f"Failure: {word}"))
    assert code == 1
    assert lines == [
        f"infra.yaml:6:29: warning IB124 yaml-version: terminateInstanceOnFailure is {word}, which YAML 1.1 (PyYAML) "
        f"reads as true and YAML 1.2 (AWS CLI v2) as the text '{word}'."
    ]


@pytest.mark.parametrize("word", ["no", "Off"])
def test_a_word_that_is_false_to_one_reader_violates_the_rule_as_it_is_written(shown, word):
    lines, _ = shown(GOOD.replace("Failure: true", f"Failure: {word}"))
    assert [line.split()[2] for line in lines] == ["IB124", "IB301"]
    assert f"terminateInstanceOnFailure is {word} (false in YAML 1.1), so" in lines[1]


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("NO", "NO (false in YAML 1.1)"),
        ("22:30", "22:30 (1350 in YAML 1.1)"),
        ("010", "010 (8 in YAML 1.1)"),
        ("0x10", "0x10 (16)"),
        ("1_000", "1_000 (1000)"),
        (".5", ".5 (0.5)"),
        ("2024-01-31", "2024-01-31 (a date)"),
        ("~", "~ (null)"),
    ],
)
def test_a_tag_that_is_no_text_is_quoted_as_it_is_written(shown, written, meaning):
    lines, code = shown(f"{GOOD}tags:\n  it: {written}\n")
    assert (lines, code) == (
        [f"infra.yaml:8:7: error IB103 wrong-type: tags.it is {meaning}, but must be a string."],
        1,
    )


@pytest.mark.parametrize(("written", "number"), [("1e3", "1000.0"), ("0o17", "15"), ("08", "8")])
def test_a_text_that_is_a_number_to_the_cli_is_a_finding(shown, written, number):
    ((line,), code) = shown(f"{GOOD}tags: {{it: {written}}}\n")
    assert code == 1
    assert f"tags.it is {written}, which YAML 1.1 (PyYAML) reads as the text '{written}'" in line
    assert f"YAML 1.2 (AWS CLI v2) as {number}." in line


@pytest.mark.parametrize("text", [GOOD, GOOD + 'tags: {a: n, b: y, c: "NO", d: 1.2.3}\n'])
def test_what_all_readers_agree_on_is_no_finding(shown, text):
    assert shown(text) == ([], 0)


def test_a_template_is_read_by_cloudformation_alone(shown):
    text = """\
Resources:
  Infra:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      Name: web-base
      InstanceProfileName: image-builder
      InstanceMetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 2}
      TerminateInstanceOnFailure: yes
"""
    lines, _ = shown(text)
    assert not any("IB124" in line for line in lines)


@pytest.mark.parametrize(
    ("character", "escape"),
    [("\xa0", "\\xa0"), ("\u2009", "\\u2009"), ("\u3000", "\\u3000"), ("\u200b", "\\u200b"), ("\u3164", "\\u3164")],
)
def test_blanks_and_letters_that_show_nothing_are_visible(shown, character, escape):
    lines, code = shown(GOOD.replace("required", f'"required{character}"'))
    assert code == 1
    assert all(f"httpTokens is 'required{escape}'" in line for line in lines)
    assert character not in "".join(lines)


def test_the_key_for_editors_is_a_note(shown):
    text = '{"$schema": "./r.json", "name": "web", "instanceProfileName": "b", "subnetId": "subnet-0fedcba9876543210",'
    text += '"securityGroupIds": ["sg-0fedcba9876543210"], "instanceMetadataOptions": {"httpTokens": "required"}}'
    lines, code = shown(text, "infra.json")
    assert code == 1
    assert "infra.json:1:2: note IB125 editor-schema-key: $schema is a key for editors" in "\n".join(lines)
