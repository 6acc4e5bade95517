"""The configuration: where it is found, what it may say, and how profile, overrides and command line combine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from iblint.config.load import load_settings, with_command_line, with_profile
from iblint.config.overrides import dialect_for, override_for, target_for
from iblint.model.errors import ConfigError
from iblint.model.record import names, replace
from iblint.model.settings import Settings
from iblint.model.verdict import Severity
from iblint.schemas import read_schema

TOPIC = "arn:aws:sns:eu-west-1:210987654321:builds"
KEY = "arn:aws:kms:eu-west-1:210987654321:key/8f2b7a54-3c1d-4e6f-9a80-b1c2d3e4f506"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder that is the root of a repository."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings_from(folder: Path, text: str, name: str = ".iblint.yaml") -> Settings:
    (folder / name).write_text(text, encoding="utf-8")
    return load_settings(None, folder)


def errors_of(folder: Path, text: str, name: str = ".iblint.yaml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(None, folder)
    return str(caught.value).splitlines()


def test_a_configuration_that_is_right_needs_no_validator(folder):
    (folder / ".iblint.yaml").write_text("fail-on: note\nselect: [IB2]\naccount: '123456789012'\n", encoding="utf-8")
    code = "import sys; from iblint.cli import main; code = main(['check', '.']); sys.exit('jsonschema' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=False)  # compiles the rules of a checkout, which may load it
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


EVERY_KEY = f"""\
profile: strict
select: [default, IB4]
ignore: [IB401]
fail-on: warning
strict: true
require-configurations: true
account: "210987654321"
region: eu-west-1
build-type: ami
unknown-build-type: assume-container
sns-topic-keys:
  {TOPIC}: {KEY}
  "*": none
severity:
  IB401: error
options:
  container-hop-limit:
    max: 3
include: [cdk.out/**]
exclude: [vendor/]
dialect: request
rules: [policy]
packs: [acme]
overrides:
  - files: [containers/**]
    build-type: container
    dialect: request
    account: "109876543210"
    region: us-gov-west-1
    select: [all]
    ignore: [IB402]
    severity: {{IB402: note}}
    options: {{IB402: {{x: 1}}}}
    sns-topic-keys: {{"*": alias/builds}}
"""


def test_reading_every_key_is_read(folder):
    settings = settings_from(folder, EVERY_KEY)
    assert settings.profile == "strict"
    assert settings.select == ("default", "IB4")
    assert settings.ignore == ("IB401",)
    assert settings.fail_on == "warning"
    assert settings.strict
    assert settings.require_configurations
    assert (settings.account, settings.region) == ("210987654321", "eu-west-1")
    assert settings.build_type == "ami"
    assert settings.assume_container
    assert settings.sns_topic_keys == {TOPIC: KEY, "*": "none"}
    assert settings.severity == {"IB401": Severity.ERROR}
    assert settings.options == {"container-hop-limit": {"max": 3}}
    assert settings.include == ("cdk.out/**",)
    assert settings.exclude == ("vendor/",)
    assert settings.dialect == "request"
    assert settings.rules == ("policy",)
    assert settings.packs == ("acme",)
    (override,) = settings.overrides
    assert override.files == ("containers/**",)
    assert (override.build_type, override.dialect) == ("container", "request")
    assert (override.account, override.region) == ("109876543210", "us-gov-west-1")
    assert (override.select, override.ignore) == (("all",), ("IB402",))
    assert override.severity == {"IB402": Severity.NOTE}
    assert override.options == {"IB402": {"x": 1}}
    assert override.sns_topic_keys == {"*": "alias/builds"}


def test_reading_toml_says_the_same_as_yaml(folder):
    yaml = settings_from(
        folder, 'select: [IB2]\nseverity: {IB201: note}\noverrides: [{files: ["a/"], account: "210987654321"}]\n'
    )
    (folder / ".iblint.yaml").unlink()
    toml = settings_from(
        folder,
        '[project]\nname = "x"\n[tool.iblint]\nselect = ["IB2"]\n[tool.iblint.severity]\nIB201 = "note"\n'
        '[[tool.iblint.overrides]]\nfiles = ["a/"]\naccount = "210987654321"\n',
        "pyproject.toml",
    )
    assert (toml.select, toml.severity) == (yaml.select, yaml.severity)
    assert (toml.overrides[0].files, toml.overrides[0].account) == (("a/",), "210987654321")


def test_reading_every_place_is_remembered(folder):
    written = settings_from(folder, "select: [IB2]\nseverity:\n  IB201: note\n").written
    assert written["select",] == ".iblint.yaml:1"
    assert written["severity", "IB201"] == ".iblint.yaml:3"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}\n"])
def test_reading_an_empty_file_is_all_defaults(folder, text):
    settings = settings_from(folder, text)
    assert (settings.select, settings.written, settings.file) == (("default",), {}, ".iblint.yaml")


def test_reading_rule_folders_are_relative_to_the_file(folder):
    deeper = folder / "infra" / "web"
    deeper.mkdir(parents=True)
    (folder / ".iblint.yaml").write_text("rules: [policy]\n", encoding="utf-8")
    assert load_settings(None, deeper).rules == (str(folder.resolve() / "policy"),)
    assert load_settings(None, folder).rules == ("policy",)


def test_reading_a_byte_order_mark_and_windows_line_ends_do_not_matter(folder):
    (folder / ".iblint.yaml").write_bytes(b"\xef\xbb\xbfselect: [IB2]\r\nignore: [IB204]\r\n")
    settings = load_settings(None, folder)
    assert (settings.select, settings.written["ignore",]) == (("IB2",), ".iblint.yaml:2")


def test_finding_nothing_is_found(folder):
    assert load_settings(None, folder) == Settings()


def test_finding_the_nearest_wins_whole(folder):
    inner = folder / "infra"
    inner.mkdir()
    (folder / ".iblint.yaml").write_text("ignore: [IB2]\nstrict: true\n", encoding="utf-8")
    (inner / ".iblint.yaml").write_text("select: [IB3]\n", encoding="utf-8")
    settings = load_settings(None, inner)
    assert (settings.select, settings.ignore, settings.strict) == (("IB3",), (), False)


def test_finding_yaml_wins_over_pyproject_in_one_folder(folder):
    (folder / "pyproject.toml").write_text("[tool.iblint]\nselect = ['a']\n", encoding="utf-8")
    assert settings_from(folder, "select: [b]\n").select == ("b",)


def test_finding_the_search_ends_at_the_root_of_the_repository(folder):
    inner = folder / "sub"
    (inner / ".git").mkdir(parents=True)
    (folder / ".iblint.yaml").write_text("strict: true\n", encoding="utf-8")
    assert load_settings(None, inner) == Settings()


def test_finding_a_pyproject_without_the_table_does_not_end_the_search(folder):
    inner = folder / "sub"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("# no [tool.iblint] here\n[project]\nname = 'x'\n", encoding="utf-8")
    (folder / ".iblint.yaml").write_text("strict: true\n", encoding="utf-8")
    settings = load_settings(None, inner)
    assert (settings.strict, settings.file) == (True, "../.iblint.yaml")


def test_finding_a_broken_pyproject_of_others_is_not_our_business(folder):
    (folder / "pyproject.toml").write_text("[project\n", encoding="utf-8")
    assert load_settings(None, folder) == Settings()


@pytest.mark.parametrize("name", ["ci.yaml", "ci.toml", "elsewhere/pyproject.toml"])
def test_finding_a_named_file_is_used(folder, name):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    toml = '[tool.iblint]\nselect = ["IB3"]\n' if "pyproject" in name else 'select = ["IB3"]\n'
    path.write_text(toml if name.endswith("toml") else "select: [IB3]\n", encoding="utf-8")
    (folder / ".iblint.yaml").write_text("select: [IB2]\n", encoding="utf-8")
    settings = load_settings(name, folder)
    assert (settings.select, settings.root) == (("IB3",), str(path.parent.resolve()))


def test_finding_a_named_pyproject_without_the_table_is_an_error(folder):
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml:1: There is no table \[tool\.iblint\]"):
        load_settings("pyproject.toml", folder)


def test_finding_a_missing_named_file_is_an_error(folder):
    with pytest.raises(ConfigError, match=r"^nope\.yaml: .*cannot be read: No such file"):
        load_settings("nope.yaml", folder)


def test_finding_a_folder_in_its_place_is_an_error(folder):
    (folder / ".iblint.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"^\.iblint\.yaml: Not a regular file"):
        load_settings(None, folder)


def test_finding_a_near_name_is_not_silently_passed_over(folder):
    assert errors_of(folder, "strict: true\n", ".iblint.yml") == [
        ".iblint.yml:1: Not read under this name; rename it to .iblint.yaml."
    ]


def test_finding_a_huge_file_is_an_error(folder):
    assert "at most 1 MiB" in errors_of(folder, "#" * (1 << 20) + "\n")[0]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("selct: [IB2]\n", 1, "Unknown key 'selct'; did you mean 'select'?"),
        ("\nfail-on: eror\n", 2, "it must be 'error', 'warning', 'note' or 'never' (did you mean 'error'?)."),
        ("account: 210987654321\n", 1, "write it in quotes"),
        ('account: "21098765432"\n', 1, "twelve digits"),
        ('account: "210987654321\\n"\n', 1, "twelve digits"),
        ("region: Ireland\n", 1, "Region such as eu-west-1"),
        ("select: default\n", 1, "it must be a list: [default]"),
        ("select: []\n", 1, "'select' is empty"),
        ("select:\n", 1, "'select' has no value"),
        ("select:\n  - IB2\n  - 3\n", 3, "'select[1]' is a number; write it in quotes"),
        ("strict: maybe\n", 1, "'strict' is 'maybe'; it must be true or false"),
        ("overrides:\n  - build-type: ami\n", 2, "lacks 'files'"),
        ("overrides:\n  - files: [a]\n    build-typ: ami\n", 3, "did you mean 'build-type'?"),
        ("sns-topic-keys:\n  builds: none\n", 2, "the ARN of an SNS topic"),
        ("sns-topic-keys:\n  '*': my-key\n", 2, "'none' for a topic without one"),
        ("exclude: ['a\\']\n", 1, "must be a glob"),
        ("exclude: ['*a*a*a*a*b']\n", 1, "with few stars"),
        ("exclude: ['[z-a]']\n", 1, "must be a glob"),
        ("overrides:\n- files: ['[z-a]']\n", 2, "must be a glob"),
        ("options:\n  IB202: 3\n", 2, "must be a mapping"),
        ("severity:\n  IB202: off\n", 2, "'severity.IB202' is false"),
        ("select: !include x\n", 1, "The tag '!include' has no meaning"),
        ("1: 2\n", 1, "The key 1 is not a string"),
        ("- select\n", 1, "must be a mapping of keys"),
        ("a: [\n", 2, "YAML"),
        ("strict: true\nstrict: false\n", 2, "'strict'"),
        ("strict: true\n---\nstrict: true\n", 3, "a single YAML document"),
    ],
)
def test_errors_yaml(folder, text, line, words):
    (message,) = errors_of(folder, text)
    assert message.startswith(f".iblint.yaml:{line}: ")
    assert words in message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[tool.iblint]\nselct = []\n", 2, "did you mean 'select'?"),
        ('[project]\nname = "x"\n[tool.iblint.severity]\nIB201 = "bad"\n', 4, "'severity.IB201'"),
        (
            '[[tool.iblint.overrides]]\nfiles = ["a"]\n[[tool.iblint.overrides]]\nfiles = ["b"]\nbuild-type = "x"\n',
            5,
            "'overrides[1].build-type'",
        ),
        ("[tool.iblint]\nstrict = \n", 2, "Not valid TOML"),
        pytest.param(f"[tool.iblint]\nregion = {'9' * 5000}\n", 1, "too many digits", id="digits"),
        ('[tool]\niblint = "x"  # or is it tool.iblint?\n', 2, "write [tool.iblint]"),
    ],
)
def test_errors_toml(folder, text, line, words):
    (message,) = errors_of(folder, text, "pyproject.toml")
    assert message.startswith(f"pyproject.toml:{line}: ")
    assert words in message


def test_errors_all_are_reported_at_once_in_the_order_of_the_file(folder):
    messages = errors_of(folder, "selct: [a]\nfail-on: no\naccount: 1\n")
    assert [re.match(r"\.iblint\.yaml:(\d+): ", m)[1] for m in messages] == ["1", "2", "3"]


def test_errors_other_encodings_are_refused(folder):
    (folder / ".iblint.yaml").write_bytes("select: [IB2]\n".encode("utf-16"))
    with pytest.raises(ConfigError, match=r"^\.iblint\.yaml:1: Not UTF-8"):
        load_settings(None, folder)


def test_schema_it_is_one_that_says_what_each_pattern_means():
    schema = json.loads(read_schema("config"))
    Draft202012Validator.check_schema(schema)

    def walk(node):
        if isinstance(node, dict):
            assert "pattern" not in node or "description" in node
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(schema)


def test_schema_it_has_a_key_for_every_setting():
    keys = set(json.loads(read_schema("config"))["properties"])
    ours = {"cli_build_type", "var", "enforce", "no_declared_evidence", "root", "folder", "file", "written"}
    fields = {name.replace("_", "-") for name in names(Settings) if name not in ours}
    assert keys == (fields - {"assume-container"}) | {"unknown-build-type"}


PROFILES = {
    "strict": {"select": ["all"], "strict": True, "unknown-build-type": "assume-container"},
    "core": {"select": ["core"]},
}


def test_the_documentation_shows_the_same_configuration_in_both_syntaxes(folder):
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    (yaml,) = re.findall("```yaml\n(.*?)```", page, re.DOTALL)
    (toml,) = re.findall("```toml\n(.*?)```", page, re.DOTALL)
    from_yaml = settings_from(folder, yaml)
    (folder / ".iblint.yaml").unlink()
    from_toml = settings_from(folder, toml, "pyproject.toml")

    def comparable(settings):
        values = {name: getattr(settings, name) for name in names(Settings)}
        values["overrides"] = [
            {name: getattr(override, name) for name in names(override)} for override in settings.overrides
        ]
        return {name: value for name, value in values.items() if name not in ("written", "file")}

    assert comparable(from_yaml) == comparable(from_toml)
    assert len(from_yaml.overrides) == 2


def test_the_documentation_names_every_key():
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    keys = json.loads(read_schema("config"))["properties"]
    assert [key for key in keys if f"| `{key}` |" not in page and key != "overrides"] == []


def test_profiles_it_fills_in_what_is_not_written(folder):
    settings = with_profile(settings_from(folder, "profile: strict\nselect: [IB2]\n"), PROFILES)
    assert (settings.select, settings.strict, settings.assume_container) == (("IB2",), True, True)


def test_profiles_without_one_nothing_changes():
    assert with_profile(Settings(), PROFILES) == Settings()


def test_profiles_one_from_the_command_line_wins_over_the_file(folder):
    settings = settings_from(folder, "profile: strict\nselect: [IB2]\n")
    settings = with_profile(with_command_line(settings, {"profile": "core"}), PROFILES)
    assert (settings.select, settings.strict) == (("core",), False)


def test_profiles_the_former_name_of_core_is_valid():
    settings = with_profile(Settings(profile="mission"), PROFILES)
    assert settings == replace(with_profile(Settings(profile="core"), PROFILES), profile="mission")
    assert settings.select == ("core",)


def test_profiles_options_of_the_command_line_win_over_it():
    settings = with_command_line(Settings(), {"profile": "strict", "select": ["IB3"]})
    settings = with_profile(settings, PROFILES)
    assert (settings.select, settings.strict) == (("IB3",), True)


def test_profiles_an_unknown_one_is_an_error_with_its_place(folder):
    settings = settings_from(folder, "\nprofile: strickt\n")
    with pytest.raises(ConfigError, match=r"^\.iblint\.yaml:2: Unknown profile 'strickt'\. Did you mean 'strict'\?"):
        with_profile(settings, PROFILES)


def test_command_line_it_wins_over_the_file_and_its_overrides(folder):
    settings = settings_from(
        folder,
        'account: "111122223333"\nselect: [IB2]\n'
        'overrides: [{files: ["**"], account: "444455556666", select: [IB3], build-type: ami, dialect: x}]\n',
    )
    given = {"account": "210987654321", "select": ["IB4"], "build-type": "container", "dialect": "request"}
    settings = with_command_line(settings, given)
    target = target_for(settings, "a.yaml")
    assert settings.select == ("IB4",)
    assert override_for(settings, "a.yaml").select == ()
    assert target.account == "210987654321"
    assert target.build_type == (("container", "--build-type"),)
    assert dialect_for(settings, "a.yaml") == "request"


def test_command_line_ignore_rules_and_packs_add(folder):
    settings = settings_from(folder, "ignore: [IB2]\nrules: [policy]\npacks: [acme]\n")
    settings = with_command_line(settings, {"ignore": ["IB3"], "rules": ["more"], "packs": ["extra"]})
    assert settings.ignore == ("IB2", "IB3")
    assert settings.rules == ("policy", "more")
    assert settings.packs == ("acme", "extra")


OVERRIDES = f"""\
build-type: both
account: "210987654321"
ignore: [IB1]
sns-topic-keys: {{{TOPIC}: none}}
overrides:
  - files: [containers/**, "!containers/base.yaml"]
    build-type: container
    ignore: [IB2]
    severity: {{IB201: note, IB202: note}}
    options: {{IB202: {{max: 2}}}}
    select: [IB2]
  - files: ["*.prod.yaml"]
    account: "109876543210"
    ignore: [IB3]
    severity: {{IB202: error}}
    select: [all]
    dialect: request
    sns-topic-keys: {{"*": {KEY}}}
"""


def test_overrides_a_file_that_matches_none_has_the_general_settings(folder):
    settings = settings_from(folder, OVERRIDES)
    target = target_for(settings, "other.yaml")
    assert override_for(settings, "other.yaml") is None
    assert target.build_type == (("both", "build-type in .iblint.yaml"),)
    assert (target.account, target.sns_topic_keys) == ("210987654321", {TOPIC: "none"})


def test_overrides_one_that_matches_names_its_source(folder):
    target = target_for(settings_from(folder, OVERRIDES), "containers/a.yaml")
    (build_type,) = target.build_type
    assert build_type[0] == "container"
    assert build_type[1] == "the override for containers/**, !containers/base.yaml in .iblint.yaml"


def test_overrides_a_negated_glob_takes_away(folder):
    assert override_for(settings_from(folder, OVERRIDES), "containers/base.yaml") is None


def test_overrides_all_that_match_are_merged_and_later_ones_win(folder):
    settings = settings_from(folder, OVERRIDES)
    merged = override_for(settings, "containers/a.prod.yaml")
    assert merged.select == ("all",)
    assert merged.ignore == ("IB2", "IB3")
    assert merged.severity == {"IB201": Severity.NOTE, "IB202": Severity.ERROR}
    assert merged.options == {"IB202": {"max": 2}}
    target = target_for(settings, "containers/a.prod.yaml")
    assert (target.account, target.build_type[0][0]) == ("109876543210", "container")
    assert target.sns_topic_keys == {TOPIC: "none", "*": KEY}
    assert dialect_for(settings, "containers/a.prod.yaml") == "request"


def test_overrides_files_with_the_same_overrides_share_one_object(folder):
    settings = settings_from(folder, OVERRIDES)
    assert override_for(settings, "containers/a.prod.yaml") is override_for(settings, "containers/b.prod.yaml")


def test_overrides_globs_are_relative_to_the_file_wherever_one_stands(folder, monkeypatch):
    (folder / ".iblint.yaml").write_text(OVERRIDES, encoding="utf-8")
    inner = folder / "containers"
    inner.mkdir()
    monkeypatch.chdir(inner)
    settings = load_settings(None, inner)
    assert target_for(settings, "a.yaml").build_type[0][0] == "container"
    assert target_for(settings, "../a.yaml").build_type[0][0] == "both"


def test_overrides_options_of_one_rule_merge_option_by_option(folder):
    settings = settings_from(
        folder, "overrides: [{files: [a], options: {X: {p: 1, q: 1}}}, {files: [a], options: {X: {q: 2}}}]\n"
    )
    assert override_for(settings, "a").options == {"X": {"p": 1, "q": 2}}
