"""What a rule file may hold, and the errors of a wrong one."""

import json
from pathlib import Path

import pytest

from iblint.model.errors import RulePackError
from iblint.model.resource import ORIGINS
from iblint.model.verdict import Severity, Verdict
from iblint.packs.authoring.compile import compile_pack
from iblint.packs.authoring.reader import read_pack
from iblint.packs.compiled import to_pack
from iblint.packs.select import select
from tests.packs.conftest import Pack, load, rule_text


def test_a_rule_becomes_what_its_file_says(pack: Pack) -> None:
    rule = load(pack({"naming/ACME001-described.yaml": rule_text(("tags: []", "tags: [text, naming-rules]"))})).find(
        "ACME001"
    )
    assert (rule.code, rule.name, rule.group, rule.pack) == ("ACME001", "described", "naming", "pack")
    assert rule.severity is Severity.WARNING
    assert rule.status == "stable"
    assert rule.at == (("description",),)
    assert {origin: rule.absent[origin].verdict for origin in ORIGINS} == dict.fromkeys(ORIGINS, Verdict.FAIL)
    assert rule.schema == {"properties": {"description": {"type": "string", "minLength": 10}}}
    assert rule.check is None
    assert rule.report_unknown is False
    assert rule.tags == ("text", "naming-rules")
    assert rule.url == ""


def test_a_file_without_a_group_is_in_the_group_of_its_pack(pack: Pack) -> None:
    assert load(pack()).find("described").group == "pack"


def test_absence_by_origin_with_a_message(pack: Pack) -> None:
    absent = (
        "absent: {api: pass, cloudformation: judged, terraform: {verdict: fail, message: '{field} is false then.'}}"
    )
    meaning = load(pack({"ACME001-described.yaml": rule_text(("absent: fail", absent))})).find("ACME001").absent
    assert meaning["api"].verdict is Verdict.PASS
    assert meaning["cloudformation"].verdict is None
    assert meaning["terraform"].verdict is Verdict.FAIL
    assert meaning["terraform"].message == "{field} is false then."


def test_pack_yaml_names_the_pack_and_the_pages_of_its_rules(pack: Pack) -> None:
    meta = 'name: acme\ntitle: Rules of Acme\nversion: "2.1"\nurl: "https://acme.example/{code}/{name}.html"\n'
    rules = load(pack({"pack.yaml": meta, "ACME001-described.yaml": rule_text()}))
    assert rules.find("ACME001").url == "https://acme.example/ACME001/described.html"
    info = rules.packs[1]
    assert (info.name, info.version) == ("acme", "2.1")


def test_the_digest_changes_with_every_file(pack: Pack) -> None:
    first = load(pack(folder="one")).packs[1].digest
    edited = load(pack({"ACME001-described.yaml": rule_text() + "# a comment\n"}, "two")).packs[1].digest
    same = load(pack(folder="three")).packs[1].digest
    assert first != edited
    assert first == same
    assert first.startswith("sha256:")


WRONG = [
    (
        ("severity: warning", "severity: warn"),
        6,
        "'severity' is 'warn'; it must be 'error', 'warning' or 'note' (did you mean 'warning'?).",
    ),
    (("severity: warning", "severty: warning"), 6, "unknown key 'severty'; did you mean 'severity'?"),
    (("severity: warning\n", ""), 1, "the file lacks 'severity'"),
    (("enabled: true", "enabled: sometimes"), 7, "'enabled' is 'sometimes'; it must be true or false."),
    (("since: 0.1.0", "since: soon"), 5, "'since' is 'soon'; it must be the version of the pack that introduced"),
    (("code: ACME001", "code: acme1"), 1, "'code' is 'acme1'; it must be a code of 2 to 8 capital letters"),
    (("code: ACME001", "code: IB901"), 1, "codes that begin with IB belong to the built-in pack"),
    (("name: described", "name: Described"), 2, "it must be a lower-case name with hyphens"),
    (("name: described", "name: other-name"), 1, "must be named ACME001-other-name.yaml"),
    (("name: described", "name: all"), 2, "'all' is a reserved selector"),
    (("status: stable", "status: stable\ncore: true"), 5, "only the built-in pack has core rules; remove 'core'"),
    (("status: stable", "status: stable\nmission: true"), 5, "has core rules; remove 'mission'"),
    (("name: described", "name: mission"), 2, "'mission' is a reserved selector"),
    (("https://docs", "http://docs"), 15, "it must be an https:// address"),
    (("absent: fail\n", ""), 1, "'at' and 'absent' go together"),
    (("absent: fail", "absent: maybe"), 17, "it must be 'pass', 'fail', 'unknown', 'not-applicable' or 'judged'"),
    (("at: /description", "at: description"), 16, "it must be a JSON Pointer into the request"),
    (("schema:\n", "check: some-check\nschema:\n"), 1, "Give exactly one of 'schema', 'request' and 'check'"),
    (("minLength: 10", "minLenght: 10"), 20, "unknown key 'minLenght'; did you mean 'minLength'?"),
    (("minLength: 10", "format: date"), 20, "unknown key 'format'"),
    (("minLength: 10", "minLength: ten"), 20, "minLength' is 'ten'; it must be a whole number."),
    (("minLength: 10", "minLength: {$option: min}"), 20, "the rule has no option 'min'"),
    (("{actual}", "{actul}"), 21, "in 'message': unknown placeholder {actul}; did you mean 'actual'?"),
    (("{actual}", "{option:min}"), 21, "the rule has no option for {option:min}"),
    (("{actual}", "{actual"), 21, "a single '{'; write '{{' for a literal brace"),
    (("minLength: 10}", "minLength: 10, fault: {message: '{x}.'}}"), 18, "in 'schema': unknown placeholder {x}"),
    (("reason: ", "reasons: "), 36, "unknown key 'reasons'"),
    (
        ("expect: [{path: /description, message: \"is 'web'\"}]", "title: Short"),
        27,
        "'examples.bad[0]' lacks 'expect'; add it.",
    ),
    (("tags: []", "tags: [on]"), 8, "'tags[0]' is true; it must be a string."),
    (("tags: []", "tags: [default]"), 8, "'default' is a reserved selector"),
]


@pytest.mark.parametrize(("edit", "line", "message"), WRONG, ids=[message[:40] for _, _, message in WRONG])
def test_errors_have_file_and_line(pack: Pack, edit: tuple[str, str], line: int, message: str) -> None:
    folder = pack({"ACME001-described.yaml": rule_text(edit)})
    with pytest.raises(RulePackError) as error:
        load(folder)
    lines = [text for text in str(error.value).splitlines() if message in text]
    assert lines, str(error.value)
    assert lines[0].startswith(f"{folder}/ACME001-described.yaml:{line}: "), lines[0]


def test_a_wrong_title_is_reported_once(pack: Pack) -> None:
    long = "Configurations must meet this demand, and another one, and then yet another one"
    for title in (long, f"{long}."):
        folder = pack({"ACME001-described.yaml": rule_text(("Configurations must meet described", title))})
        with pytest.raises(RulePackError) as error:
            load(folder)
        (line,) = str(error.value).splitlines()
        assert "72 characters" in line


def test_all_errors_in_a_pack_are_reported_at_once(pack: Pack) -> None:
    folder = pack(
        {
            "ACME001-described.yaml": rule_text(("severity: warning", "severity: high")),
            "ACME002-other.yaml": rule_text(("enabled: true", "enabled: 1"), name="other", code="ACME002"),
            "ACME003-third.yaml": "code: [",
        }
    )
    with pytest.raises(RulePackError) as error:
        load(folder)
    assert [line.split(":")[0].rpartition("/")[2] for line in str(error.value).splitlines()] == [
        "ACME001-described.yaml",
        "ACME002-other.yaml",
        "ACME003-third.yaml",
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"README.md": "no rules"}, "no rule files in this folder"),
        ({"a/b/ACME001-described.yaml": rule_text()}, "the folder of a group may not hold folders"),
        ({"ACME001-described.yml": rule_text()}, "the names of rule files must end in .yaml; rename it"),
        ({"ACME001-described.yaml": "- a list\n"}, "must be a single YAML document"),
        (
            {"ACME001-described.yaml": rule_text() + "---\nmore: 1\n"},
            "must be a single YAML document",
        ),
        ({"ACME001-described.yaml": b"code: \xff\n"}, "not UTF-8; save the file as UTF-8"),
        ({"ACME001-described.yaml": rule_text(), "pack.yaml": "name: acme\n"}, "the file lacks 'title'"),
        (
            {"ACME001-described.yaml": rule_text(), "pack.yaml": "name: iblint\ntitle: Mine\n"},
            "belong to the built-in pack",
        ),
        (
            {"ACME001-described.yaml": rule_text(), "pack.yaml": "name: acme\ntitle: A\ncode-prefix: ZZ\n"},
            "codes of the pack acme must begin with ZZ",
        ),
        (
            {"wording/ACME001-described.yaml": rule_text(), "pack.yaml": "name: acme\ntitle: A\ngroups: {words: W}\n"},
            "pack.yaml has no group 'wording'; add it; did you mean 'words'?",
        ),
        (
            {"a/ACME001-described.yaml": rule_text(), "b/ACME001-described.yaml": rule_text()},
            "'ACME001' already belongs to",
        ),
        (
            {
                "ACME001-described.yaml": rule_text(),
                "ACME002-new.yaml": rule_text(
                    ("tags: []", "aliases: [described]\ntags: []"), name="new", code="ACME002"
                ),
            },
            "'described' already belongs to",
        ),
        (
            {"ACME001-imdsv2-required.yaml": rule_text(name="imdsv2-required")},
            "'imdsv2-required' already belongs to the pack iblint",
        ),
        (
            {
                "ACME001-described.yaml": rule_text(
                    ("schema:\n  properties:\n    description: {type: string, minLength: 10}", "check: no-such-check")
                )
            },
            "the check no-such-check of the pack pack cannot be loaded",
        ),
        (
            {
                "ACME001-described.yaml": rule_text(
                    ("at: /", "options: {min: {description: Least., schema: {type: integer}, default: many}}\nat: /")
                )
            },
            "default of the option 'min' is wrong: the value is 'many'; it must be a whole number",
        ),
        (
            {
                "ACME001-described.yaml": rule_text(
                    (
                        "schema:\n  properties:\n    description: {type: string, minLength: 10}",
                        "request: {keywords: [minimum], paths: [/name]}",
                    )
                )
            },
            "the request schema has none of these keywords at these paths",
        ),
    ],
)
def test_packs_that_are_refused(pack: Pack, files: dict[str, str | bytes], message: str) -> None:
    with pytest.raises(RulePackError) as error:
        load(pack(files))
    assert message in str(error.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulePackError, match="no such folder; give the path of a folder with rule files"):
        load(tmp_path / "nowhere")


def test_the_compiled_form_survives_json(pack: Pack) -> None:
    compiled = compile_pack(read_pack(pack(), "pack"))
    assert to_pack(json.loads(json.dumps(compiled))) == to_pack(compiled)


def project(pack: Pack, request: str) -> object:
    edit = ("schema:\n  properties:\n    description: {type: string, minLength: 10}", f"request: {request}")
    return load(pack({"ACME001-described.yaml": rule_text(edit)})).find("ACME001").schema


def test_a_projection_keeps_the_named_keywords_alone(pack: Pack) -> None:
    assert project(pack, "{keywords: [maxLength], paths: [/name, /description]}") == {
        "properties": {"description": {"maxLength": 1024}}
    }


def test_a_projection_goes_into_lists_and_maps_and_leaves_out_what_is_excepted(pack: Pack) -> None:
    schema = project(pack, "{keywords: [maxLength], paths: [/tags, /securityGroupIds, /keyPair], except: [/keyPair]}")
    assert schema == {
        "properties": {
            "securityGroupIds": {"items": {"maxLength": 1024}},
            "tags": {"propertyNames": {"maxLength": 128}, "additionalProperties": {"maxLength": 256}},
        }
    }


def test_a_projection_of_unknown_keys_knows_all_keys(pack: Pack) -> None:
    assert project(pack, "{keywords: [additionalProperties], paths: [/instanceMetadataOptions]}") == {
        "properties": {
            "instanceMetadataOptions": {
                "properties": {"httpTokens": {}, "httpPutResponseHopLimit": {}},
                "additionalProperties": False,
            }
        }
    }


def test_a_projection_of_required_keys_asks_their_owner(pack: Pack) -> None:
    assert project(pack, "{keywords: [required], paths: [/name]}") == {"required": ["name"]}


@pytest.mark.parametrize("former", ["mission: false\n", ""])
@pytest.mark.parametrize("tag", ["core", "mission"])
@pytest.mark.parametrize("selector", ["core", "mission"])
def test_a_rule_file_may_have_the_tag_of_core_rules_by_either_name(
    pack: Pack, former: str, tag: str, selector: str
) -> None:
    rules = load(pack({"ACME001-described.yaml": rule_text(("tags: []", f"{former}tags: [{tag}]"))}))
    assert rules.find("ACME001").core is False
    selected = [rule.code for rule in select(rules.rules, [selector])]
    assert selected == ["ACME001", "IB201", "IB202", "IB204", "IB301"]


def test_a_pack_may_use_the_word_core_for_its_own_names(pack: Pack) -> None:
    text = rule_text(("name: described", "name: core"))
    rules = load(pack({"core/ACME001-core.yaml": text}))
    assert rules.find("core").group == "core"
    assert "ACME001" in [rule.code for rule in select(rules.rules, ["core"])]


@pytest.mark.parametrize("profile", ["core", "mission", "strict"])
def test_a_pack_cannot_replace_a_built_in_profile(pack: Pack, profile: str) -> None:
    meta = f"name: acme\ntitle: Acme\nprofiles: {{{profile}: {{select: [all]}}}}\n"
    with pytest.raises(RulePackError, match=f"another pack has a profile '{profile}' too"):
        load(pack({"pack.yaml": meta, "ACME001-described.yaml": rule_text()}))
