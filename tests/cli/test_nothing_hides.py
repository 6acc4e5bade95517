"""Nothing that a file holds beside a configuration makes a run pass it over."""

from __future__ import annotations

import codecs

import pytest

from iblint.syntax.parsed import MAX_KEY_LENGTH

PLAIN = "name: web\ninstanceProfileName: prof\ninstanceMetadataOptions: {httpTokens: optional}\n"
SPELLINGS = {
    "plain": PLAIN,
    "comment with a fence": "# as in ```README```\n" + PLAIN,
    "text with a fence": PLAIN + "description: |\n  ```\n  example\n  ```\n",
    "fences at line starts": 'description: "\n```\n"\n' + PLAIN + 'tags: {a: "\n```\n"}\n',
    "explicit keys": "? name\n: web\n? instanceProfileName\n: prof\n",
    "tagged keys": "!!str name: web\n!!str instanceProfileName: prof\n",
    "anchored keys": "&a name: web\n&b instanceProfileName: prof\n",
    "aliased keys": "tags: {a: &a name, b: &b instanceProfileName}\n*a : web\n*b : prof\n",
    "bare returns": PLAIN.replace("\n", "\r"),
    "folded keys": '"na\\\n  me": web\n"instancePro\\\n  fileName": prof\n',
}
REFUSALS = {
    "duplicate key": "keyPair: a\nkeyPair: b\n",
    "duplicate anchor": "x: &q 1\ny: &q 2\n",
    "no anchor": "x: *nowhere\n",
    "tag": "x: !!set {a}\n",
    "long key": f"? {'k' * (MAX_KEY_LENGTH + 1)}\n: 1\n",
    "number": "x: .inf\n",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_configuration_that_is_refused_is_a_problem_however_it_is_spelled(folder, iblint, text, refusal):
    (folder / "a.yaml").write_text(text + refusal, newline="")
    result = iblint("check", "a.yaml")
    assert result.code == 4, result.out
    (folder / "a.yaml").write_text(text, newline="")
    assert iblint("check", "a.yaml").code in (1, 4), "the text itself is judged"


@pytest.mark.parametrize(
    "text",
    [
        '{"name"\n:"web","instanceProfileName"\n:"prof","name":"b"}',
        '{"name": "web", "instanceProfileName": "prof", "' + "k" * (MAX_KEY_LENGTH + 1) + '": 1}',
    ],
)
def test_so_is_one_in_json(folder, iblint, text):
    (folder / "a.json").write_text(text)
    assert iblint("check", "a.json").code == 4


@pytest.mark.parametrize(
    "text",
    [
        "!Cfg\n" + PLAIN,
        "- !Cfg\n  name: web\n  instanceProfileName: prof\n",
        "- - name: web\n    instanceProfileName: prof\n",
        PLAIN + "arn: a\ndateCreated: b\n",
        codecs.BOM_UTF8.decode() * 2 + PLAIN,
    ],
)
def test_a_wrapped_configuration_never_passes(folder, iblint, text):
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    assert iblint("check", "a.yaml").code in (1, 4)
    assert iblint("check", ".").code in (1, 4)


def test_the_answer_of_the_service_is_judged_and_its_members_are_named(folder, iblint):
    (folder / "a.yaml").write_text(PLAIN + "arn: a\ndateCreated: b\n")
    out = iblint("check", "a.yaml").out
    assert "IB101" in out
    assert "dateCreated" in out


def test_more_configurations_than_are_judged_in_a_stream_are_a_problem(folder, iblint, monkeypatch):
    monkeypatch.setattr("iblint.inputs.MAX_CONFIGURATIONS", 2)
    (folder / "a.yaml").write_text("\n---\n".join([PLAIN] * 3))
    result = iblint("check", "a.yaml", "-f", "concise")
    assert result.code == 4
    assert "a.yaml:11:1" in result.out
    assert "Split it" in result.out
