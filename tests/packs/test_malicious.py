"""Rule folders from an untrusted checkout: each trick is refused, nothing is run, nothing outside is read."""

import json
import os
from pathlib import Path

import pytest

from iblint.model.errors import RulePackError
from iblint.model.settings import Settings
from iblint.model.verdict import Verdict
from iblint.packs.authoring.reader import MAX_DEPTH, MAX_FILE_BYTES, MAX_NODES, MAX_RULES
from iblint.packs.folders import load_folder
from iblint.pipeline import check_paths
from tests.packs.conftest import Pack, load, rule_text

FILE = "ACME001-described.yaml"
SCHEMA = "description: {type: string, minLength: 10}"


def error_of(folder: Path) -> str:
    with pytest.raises(RulePackError) as error:
        load(folder)
    return str(error.value)


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch {proof}']",
        "!!python/object/new:os.system ['touch {proof}']",
        "!!python/name:os.system",
        "!!python/module:{proof}",
        "!include /etc/passwd",
        "!Ref Title",
    ],
)
def test_yaml_tags_run_nothing(pack: Pack, tmp_path: Path, tag: str) -> None:
    proof = tmp_path / "proof"
    folder = pack({FILE: rule_text(("title: Configurations must meet described", f"title: {tag.format(proof=proof)}"))})
    assert f"{FILE}:3: " in error_of(folder)
    assert not proof.exists()


def test_python_beside_the_rules_is_not_run(pack: Pack, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    code = f"open({str(proof)!r}, 'w')\ndef check(resource, context): pass\n"
    check = rule_text((f"schema:\n  properties:\n    {SCHEMA}", "check: described"))
    files = {FILE: check, "described.py": code, "checks/described.py": code, "__init__.py": code, "conftest.py": code}
    assert "the check described of the pack pack cannot be loaded" in error_of(pack(files))
    assert not proof.exists()


@pytest.mark.parametrize(
    "name", ["os.system", "iblint.checks.terminate-on-failure", "../evil", "_values", "__init__", "x/y", ""]
)
def test_a_check_is_a_plain_name(pack: Pack, name: str) -> None:
    check = rule_text((f"schema:\n  properties:\n    {SCHEMA}", f'check: "{name}"'))
    assert "it must be a lower-case name with hyphens" in error_of(pack({FILE: check}))


@pytest.mark.parametrize(
    "reference",
    ["file:///etc/passwd", "https://evil.example/schema.json", "other.json#/$defs/x", "#/properties/description", "#"],
)
def test_references_stay_inside_the_rule(pack: Pack, reference: str) -> None:
    folder = pack({FILE: rule_text((SCHEMA, f'description: {{$ref: "{reference}"}}'))})
    assert "files and addresses are never followed" in error_of(folder)


@pytest.mark.parametrize(
    "keyword", ["$id: https://evil.example/", "$dynamicRef: '#x'", "$schema: https://evil.example/"]
)
def test_keywords_that_load_schemas_do_not_exist(pack: Pack, keyword: str) -> None:
    assert "unknown key" in error_of(pack({FILE: rule_text((SCHEMA, f"description: {{{keyword}}}"))}))


@pytest.mark.parametrize("keyword", ["$ref: 'https://evil.example/x'", "pattern: '(a+)+$'"])
def test_schemas_of_options_have_neither_references_nor_patterns(pack: Pack, keyword: str) -> None:
    option = f"options: {{min: {{description: Least., schema: {{{keyword}}}, default: aaaaaaaaaaaaaaaaaaaaaaaaaaaa!}}}}"
    assert "unknown key" in error_of(pack({FILE: rule_text(("at: /", f"{option}\nat: /"))}))


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(?=x)x", "(.)\\\\1", "(a*)*", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_patterns_that_explode_are_refused_before_they_match(pack: Pack, tmp_path: Path, pattern: str) -> None:
    folder = pack({FILE: rule_text((SCHEMA, f'description: {{pattern: "{pattern}"}}'))})
    spec = tmp_path / "spec.yaml"
    spec.write_text("name: web\ninstanceProfileName: p\ndescription: " + "a" * 5000 + "!\n")
    with pytest.raises(RulePackError):
        check_paths([str(spec)], Settings(rules=(str(folder),), select=("ACME001",)))


@pytest.mark.parametrize(
    ("schema", "definitions"),
    [
        ('{$ref: "#/$defs/a"}', '{a: {$ref: "#/$defs/a"}}'),
        ('{$ref: "#/$defs/a"}', '{a: {$ref: "#/$defs/b"}, b: {not: {$ref: "#/$defs/a"}}}'),
        ('{$ref: "#/$defs/none"}', "{a: true}"),
    ],
)
def test_references_in_circles_are_refused(pack: Pack, tmp_path: Path, schema: str, definitions: str) -> None:
    edit = (
        f"schema:\n  properties:\n    {SCHEMA}",
        f"schema:\n  $defs: {definitions}\n  properties: {{name: {schema}}}",
    )
    folder = pack({FILE: rule_text(edit)})
    with pytest.raises(RulePackError):
        check_paths([str(tmp_path)], Settings(rules=(str(folder),), select=("ACME001",)))


@pytest.mark.parametrize(
    "number", ["9" * 30, "-" + "9" * 30, "9" * 5000, "0x" + "f" * 40, ".inf", ".nan", "1e999"], ids=lambda n: n[:8]
)
def test_giant_numbers_are_refused(pack: Pack, number: str) -> None:
    assert f"{FILE}:20: " in error_of(pack({FILE: rule_text(("minLength: 10", f"minimum: {number}"))}))


def test_alias_bombs_are_counted_and_not_expanded(pack: Pack) -> None:
    levels = ["x0: &x0 [a, a, a, a, a, a, a, a, a, a]"]
    levels += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]" for n in range(1, 12)]
    message = error_of(pack({FILE: rule_text() + "\n".join(levels) + "\n"}))
    assert FILE in message
    assert len(message) < 1000


def test_a_bomb_below_the_limit_of_the_parser_is_refused_too(pack: Pack) -> None:
    bomb = "x0: &x0 [" + "a, " * 99 + "a]\nx1: [" + "*x0, " * (MAX_NODES // 100) + "*x0]\n"
    assert f"more than {MAX_NODES} values" in error_of(pack({FILE: rule_text() + bomb}))


def nested(levels: int) -> str:
    return "{not: " * levels + "true" + "}" * levels


def test_depth_is_bounded(pack: Pack) -> None:
    assert f"nested more than {MAX_DEPTH} levels" in error_of(
        pack({FILE: rule_text((SCHEMA, f"description: {nested(MAX_DEPTH)}"))})
    )


def test_the_depth_that_is_allowed_does_not_exhaust_the_stack(pack: Pack) -> None:
    deep = MAX_DEPTH - 3
    assert load(pack({FILE: rule_text((SCHEMA, f"description: {nested(deep)}"))})).find("ACME001").schema
    options = (
        f"options: {{x: {{description: X., schema: {'{items: ' * (deep - 3)}true{'}' * (deep - 3)}, default: []}}}}"
    )
    assert load(pack({FILE: rule_text(("at: /", f"{options}\nat: /"))}, "two")).find("ACME001").options


def test_big_files_are_not_parsed(pack: Pack) -> None:
    assert f"at most {MAX_FILE_BYTES} bytes" in error_of(pack({FILE: rule_text() + "#" * MAX_FILE_BYTES}))


def test_too_many_rules_are_not_read(pack: Pack) -> None:
    files: dict[str, str | bytes] = {f"ACME{n:04d}-r{n}.yaml": "x" for n in range(MAX_RULES + 10)}
    assert f"at most {MAX_RULES} rules" in error_of(pack(files))


def test_a_link_to_the_pack_itself_is_a_folder_too_deep(pack: Pack) -> None:
    folder = pack()
    (folder / "self").symlink_to(".", target_is_directory=True)
    (folder / "self" / "group").mkdir()
    message = error_of(folder)
    assert "/self/group:1: the folder of a group may not hold folders" in message
    assert "a link out of" not in message


def test_links_that_lead_outside_are_not_followed(pack: Pack, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n")
    folder = pack()
    (folder / "ACME002-x.yaml").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path, target_is_directory=True)
    (folder / "ACME003-y.yaml").symlink_to("/dev/zero")
    (folder / "ACME004-z.yaml").symlink_to("ACME004-z.yaml")
    message = error_of(folder)
    assert message.count("a link out of the folder is not followed") == 4
    assert "hunter2" not in message
    assert "password" not in message


def test_links_inside_the_folder_are_files_like_others(pack: Pack) -> None:
    folder = pack({"_shared/rule.yaml": rule_text()})
    (folder / FILE).symlink_to("_shared/rule.yaml")
    assert load(folder).find("ACME001")


def test_pipes_are_not_opened(pack: Pack) -> None:
    folder = pack()
    os.mkfifo(folder / "ACME002-pipe.yaml")
    assert "not a regular file" in error_of(folder)


def test_a_pack_cannot_pass_for_the_built_in_one(pack: Pack) -> None:
    with pytest.raises(RulePackError, match="the name 'iblint' and the prefix IB belong to the built-in pack"):
        load_folder(str(pack({FILE: rule_text()}, folder="iblint")))


def test_control_characters_do_not_reach_the_message(pack: Pack) -> None:
    message = error_of(pack({FILE: rule_text(("severity: warning", 'severity: "\\e[31mred\\a"'))}))
    assert "\x1b" not in message
    assert "\x07" not in message


@pytest.mark.parametrize(
    ("schema", "value", "steps"),
    [
        ("{items: {anyOf: [{maxLength: 1}, {maxLength: 1}]}}", ["aa"] * 100, 1 + 100 + 100 * 3),
        ("{items: {allOf: [{$ref: '#/$defs/a'}, {$ref: '#/$defs/a'}]}}", ["aa"] * 100, 1 + 100 + 100 * 5),
        ("{items: {enum: [a, b, c, d]}}", ["a"] * 100, 1 + 100 + 100 * 5),
        ("{uniqueItems: true}", [["a"] * 100], 1 + 102),
        ("{items: {pattern: 'a[ab]*c'}}", ["a" * 2048] * 100, 1 + 100 + 100 * 8399),
        ("{items: {pattern: 'a[ab]*c'}}", ["a" * 20] * 100, 1 + 100 + 100 * 83),
        ("{patternProperties: {'a[ab]*c': true}}", {"a" * 1024: 1}, 1 + 1 + 4199),
    ],
)
def test_evaluation_steps_are_counted_and_too_many_are_an_error(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schema: str, value: object, steps: int
) -> None:
    edit = (
        f"schema:\n  properties:\n    {SCHEMA}",
        f"schema:\n  $defs: {{a: {{maxLength: 1}}}}\n  properties: {{tags: {schema}}}",
    )
    folder = pack({FILE: rule_text(edit, ("at: /description\nabsent: fail\n", ""))})
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps({"name": "web", "instanceProfileName": "p", "tags": value}))
    root = 1 + 3
    for most, verdict in ((root + steps, None), (root + steps - 1, Verdict.ERROR)):
        monkeypatch.setattr("iblint.logic.budget.MAX_STEPS", most)
        report = check_paths([str(spec)], Settings(rules=(str(folder),), select=("ACME001",)))
        (outcome,) = report.configurations[0].outcomes
        assert (outcome.verdict is Verdict.ERROR) == (verdict is Verdict.ERROR), (most, outcome.reason)
        assert verdict is None or "ACME001" in outcome.reason
