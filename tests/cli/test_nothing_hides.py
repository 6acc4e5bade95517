"""Nothing in a file can hide its configuration from a run."""

from __future__ import annotations

import codecs
import json

import pytest

from iblint.parse.parsed import MAX_REACH

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
    "long key": f"? {'k' * (MAX_REACH + 1)}\n: 1\n",
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
        '{"name": "web", "instanceProfileName": "prof", "' + "k" * (MAX_REACH + 1) + '": 1}',
    ],
)
def test_a_refused_configuration_in_json_is_a_problem(folder, iblint, text):
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
    monkeypatch.setattr("iblint.units.MAX_CONFIGURATIONS", 2)
    (folder / "a.yaml").write_text("\n---\n".join([PLAIN] * 3))
    result = iblint("check", "a.yaml", "-f", "concise")
    assert result.code == 4
    assert "a.yaml:11:1" in result.out
    assert "Split it" in result.out


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
@pytest.mark.parametrize("levels", [1, 4, 50])
def test_keys_that_would_fill_every_message_are_a_problem(folder, iblint, name, levels):
    def nested(length: int) -> str:
        value = "[" + ", ".join(['"x"'] * 100) + "]"
        for _ in range(levels):
            value = f'{{"{"k" * (length // levels)}": {value}}}'
        return f'{{"name": "a", "instanceProfileName": "b", "clientToken": "c", "": {value}}}'

    (folder / name).write_text(nested(MAX_REACH + levels))
    result = iblint("check", name, "-f", "concise")
    assert (result.code, len(result.out) < 500) == (4, True)
    assert "Shorten them" in result.out
    (folder / name).write_text(nested(MAX_REACH - levels))
    assert iblint("check", name).code == 1


def test_keys_behind_aliases_and_merges_are_a_problem(folder, iblint):
    key = "k" * (MAX_REACH // 4)
    lines = [f"l0: &l0 {{? {key} : x}}"]
    lines += [f"l{i}: &l{i} {{<<: *l{i - 1}, ? {key}{i} : *l{i - 1}}}" for i in range(1, 5)]
    (folder / "a.yaml").write_text(PLAIN + f"tags: {{{', '.join(lines[:3])}}}\n")
    assert iblint("check", "a.yaml").code == 1
    (folder / "a.yaml").write_text(PLAIN + f"tags: {{{', '.join(lines)}}}\n")
    assert iblint("check", "a.yaml").code == 4


def test_a_gitignore_that_is_a_link_ignores_nothing(folder, iblint, tmp_path_factory):
    (folder / "a.yaml").write_text(PLAIN)
    lines = tmp_path_factory.mktemp("outside") / "lines"
    lines.write_text("*.yaml\n")
    (folder / ".gitignore").symlink_to(lines)
    assert iblint("check", ".").code == 1
    (folder / ".gitignore").unlink()
    (folder / ".gitignore").write_text("*.yaml\n")
    assert iblint("check", ".").code == 0


@pytest.mark.parametrize("name", ["a.yaml", "other.yaml"])
def test_an_override_that_leaves_no_rule_is_an_error(folder, iblint, name):
    (folder / name).write_text(PLAIN)
    (folder / ".iblint.yaml").write_text("strict: true\noverrides:\n  - files: [a.yaml]\n    ignore: [all]\n")
    result = iblint("check", name)
    assert result.code == 2
    assert result.err.startswith("error: .iblint.yaml:3: No rule is left for a.yaml: ")
    assert "'exclude'" in result.err


def test_overrides_that_together_leave_no_rule_are_an_error(folder, iblint):
    (folder / "a.yaml").write_text(PLAIN)
    (folder / ".iblint.yaml").write_text(
        "overrides:\n- files: [a.yaml]\n  select: [IB201]\n- files: [b.yaml]\n- files: ['*.yaml']\n  ignore: [IB2]\n"
    )
    result = iblint("check", "a.yaml")
    assert result.code == 2
    assert result.err.startswith("error: .iblint.yaml:5: No rule is left for a.yaml, *.yaml: ")


@pytest.mark.parametrize(
    "text",
    [
        '[tool . iblint]\nselect = ["IB201"]\n',
        '[tool]\niblint = {select = ["IB201"]}\n',
        '["tool"."iblint"]\nselect = ["IB201"]\n',
        "[tool.'iblint']\nselect = [\"IB201\"]\n",
        'tool.iblint.select = ["IB201"]\n',
        '[tool]\niblint.select = ["IB201"]\n',
    ],
)
def test_the_table_of_a_pyproject_is_read_however_it_is_spelled(folder, iblint, text):
    (folder / "a.yaml").write_text(PLAIN)
    (folder / "pyproject.toml").write_text(text)
    rules = json.loads(iblint("check", "a.yaml", "-f", "json").out)["configurations"][0]["outcomes"]
    assert [outcome["rule"] for outcome in rules] == ["IB201"]
    (folder / "pyproject.toml").write_text(text.replace("IB201", "IB2x1"))
    assert iblint("check", "a.yaml").err.startswith(f"error: pyproject.toml:{2 if text[0] == '[' else 1}: ")


def test_a_later_override_wins_whichever_name_it_calls_a_rule_by(folder, iblint):
    (folder / "a.yaml").write_text(PLAIN + "tags: {a: b}\n")
    override = "- {{files: [a.yaml], severity: {{{0}: {1}}}, options: {{{2}: {3}}}}}\n".format
    (folder / ".iblint.yaml").write_text(
        "select: [IB201, IB404]\noverrides:\n"
        + override("IB201", "error", "IB404", "{keys: [x], 'on': resource-tags}")
        + override("imdsv2-required", "note", "required-tags", "{keys: [y], 'on': tags}")
        + override("IB201", "warning", "IB404", "{keys: [z]}")
    )
    out = iblint("check", "a.yaml", "-f", "concise").out
    assert "warning IB201" in out
    assert "'z'" in out, out
    assert "resourceTags" not in out


def test_near_types_are_looked_for_a_few_times_only(folder, iblint, monkeypatch):
    compared = []
    monkeypatch.setattr(
        "iblint.checks.unknown_instance_type.suggest", lambda name: compared.append(name) or "m6i.large"
    )
    types = [f"m6i.larg{i}" for i in range(5000)]
    (folder / "a.yaml").write_text(f"{PLAIN}instanceTypes: {types}\n")
    out = iblint("check", "a.yaml", "--select", "IB108", "-f", "concise").out
    assert out.count(" IB108 ") == 5000
    assert compared == types[:20]
