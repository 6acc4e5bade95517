"""``iblint rules``, ``iblint explain`` and ``iblint schema``."""

import json

import pytest
from jsonschema import Draft202012Validator

from iblint.schemas import NAMES, read_schema
from tests.cli.conftest import GOOD, ROOT


@pytest.mark.parametrize("command", [["rules"], ["rules", "list"]])
def test_rules_are_listed_by_group(iblint, command):
    result = iblint(*command)
    assert result.code == 0
    assert "security: " in result.out
    assert "IB201  imdsv2-required" in result.out


def test_rules_as_json(iblint):
    rules = {rule["code"]: rule for rule in json.loads(iblint("rules", "--format", "json").out)["rules"]}
    assert {"IB201", "IB202", "IB204", "IB301"} == {code for code, rule in rules.items() if rule["mission"]}
    rule = rules["IB201"]
    assert (rule["name"], rule["group"], rule["severity"]) == ("imdsv2-required", "security", "error")
    assert (rule["pack"], rule["status"], rule["enabled"]) == ("iblint", "stable", True)
    assert rule["url"].startswith("https://")


def test_rules_as_markdown(iblint):
    assert "IB201-imdsv2-required.md" in iblint("rules", "-f", "markdown").out


@pytest.mark.parametrize("name", ["IB201", "imdsv2-required"])
def test_explain_shows_the_whole_page(iblint, name):
    page = iblint("explain", name).out
    for part in ("IB201 imdsv2-required: ", "Why", "How to fix", "httpTokens: required", "(analogous)", "https://"):
        assert part in page
    assert "{/" not in page


def test_explain_as_json_and_markdown(iblint):
    data = json.loads(iblint("explain", "IB201", "--format", "json").out)
    assert (data["code"], {e["verdict"] for e in data["examples"]}) == ("IB201", {"pass", "fail", "unknown"})
    assert iblint("explain", "IB201", "--format", "markdown").out == (
        ROOT / "docs" / "rules" / "IB201-imdsv2-required.md"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_printed(iblint, name):
    schema = json.loads(iblint("schema", name).out)
    Draft202012Validator.check_schema(schema)
    assert schema == json.loads(read_schema(name))


def test_every_schema_that_ships_can_be_printed():
    folder = ROOT / "iblint" / "schemas"
    assert sorted(path.name.removesuffix(".schema.json") for path in folder.glob("*.json")) == sorted(NAMES)


def test_a_new_rule_passes_its_own_test_and_runs(folder, iblint):
    assert iblint("rules", "new", "has-purpose", "--dir", "policy").code == 0
    assert [path.name for path in (folder / "policy").iterdir()] == ["ORG001-has-purpose.yaml"]
    tested = iblint("rules", "test", "policy")
    assert (tested.code, tested.err) == (0, "")
    assert tested.out.startswith("1 rules, ")
    (folder / "spec.yaml").write_text(GOOD)
    report = json.loads(iblint("check", "spec.yaml", "--rules", "policy", "--select", "has-purpose", "-f", "json").out)
    assert [finding["rule"] for finding in report["findings"]] == ["ORG001"]


def test_new_rules_get_the_next_code_and_overwrite_nothing(folder, iblint):
    for name in ("one", "two"):
        iblint("rules", "new", name, "--dir", "policy")
    assert sorted(path.name for path in (folder / "policy").iterdir()) == ["ORG001-one.yaml", "ORG002-two.yaml"]
    again = iblint("rules", "new", "two", "--dir", "policy", "--code", "ORG002")
    assert again.code == 2
    assert "belongs to ORG002 two" in again.err
    assert iblint("rules", "new", "No Good", "--dir", "policy").code == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["one", "--code", "ORG009"], "'one' belongs to ORG001 one of the pack policy already; choose another."),
        (["two", "--code", "ORG001"], "'ORG001' belongs to ORG001 one of the pack policy already; choose another."),
        (["imdsv2-required"], "'imdsv2-required' belongs to IB201 imdsv2-required of the pack iblint already;"),
        (["two", "--code", "IB201"], "Codes that begin with IB are the built-in pack's"),
        (["mission"], "'mission' is a selector of its own; choose another name."),
    ],
)
def test_names_and_codes_that_are_taken_are_refused_before_anything_is_written(folder, iblint, args, message):
    iblint("rules", "new", "one", "--dir", "policy")
    result = iblint("rules", "new", *args, "--dir", "policy")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert len(result.err.splitlines()) == 1
    assert [path.name for path in (folder / "policy").iterdir()] == ["ORG001-one.yaml"]


def test_new_rules_go_where_the_configuration_says(folder, iblint):
    (folder / ".iblint.yaml").write_text("rules: [policy/rules]\n")
    iblint("rules", "new", "one")
    assert (folder / "policy" / "rules" / "ORG001-one.yaml").is_file()


def test_an_example_that_is_judged_otherwise_fails_the_test(folder, iblint):
    iblint("rules", "new", "has-purpose", "--dir", "policy")
    path = folder / "policy" / "ORG001-has-purpose.yaml"
    path.write_text(path.read_text().replace("Builds the web server image", "web"))
    result = iblint("rules", "test", "policy")
    assert result.code == 1
    assert result.err.startswith("policy/ORG001-has-purpose.yaml:")
    assert "good example: must be pass, is fail" in result.err


def test_a_mistake_in_a_rule_fails_the_test(folder, iblint):
    iblint("rules", "new", "has-purpose", "--dir", "policy")
    path = folder / "policy" / "ORG001-has-purpose.yaml"
    path.write_text(path.read_text().replace("Set {/description}", "Set {/descriptoin}"))
    result = iblint("rules", "test", "policy")
    assert result.code == 1
    assert "/descriptoin" in result.err


def test_the_built_in_rules_pass(iblint):
    result = iblint("rules", "test")
    assert (result.code, result.err) == (0, "")
    assert iblint("rules", "test", str(ROOT / "rules")) == result


def test_docs_are_written_and_stale_pages_go(folder, iblint):
    iblint("rules", "new", "one", "--dir", "policy")
    assert iblint("rules", "docs", "out", "--rules", "policy").code == 0
    pages = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    assert set(pages) == {"ORG001-one.md", "compliance.md", "index.md"}
    (folder / "out" / "ORG000-gone.md").write_bytes(pages["ORG001-one.md"])
    (folder / "out" / "own-page.md").write_text("# Written by hand\n")
    iblint("rules", "docs", "out", "--rules", "policy")
    left = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    assert left == {**pages, "own-page.md": b"# Written by hand\n"}


def test_docs_cannot_be_written_into_a_file(folder, iblint):
    (folder / "out").write_text("")
    result = iblint("rules", "docs", "out")
    assert result.code == 2
    assert "Cannot make the folder 'out'" in result.err
