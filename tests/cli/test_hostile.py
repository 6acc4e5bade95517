"""Hostile checkouts: what they can make iblint print, read and skip."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.cli.conftest import BAD, GOOD
from tests.packs.conftest import rule_text

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
COMMAND = "\n::stop-commands::x \x1b[2J\u202e ##[error]y"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]|##\\w*\\[")
FILE = "ACME001-described.yaml"


def commands(text):
    """Return unsafe characters of a text, and its lines that are workflow commands."""
    return UNSAFE.findall(text) + [line for line in text.splitlines() if line.lstrip().startswith("::")]


def write_rule(folder, *edits, name=FILE):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(rule_text(*edits))


# --- standard error ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rules", ["::error::pwned", " \u3000::error::pwned", "##[error]pwned"])
def test_bad_rule_files_print_no_command(folder, iblint, rules):
    (folder / ".iblint.yaml").write_text(json.dumps({"rules": [rules]}))
    for name in (FILE, "ACME002-other.yaml"):
        write_rule(folder / rules, ("severity: warning", "severity: '##vso[task.x]y'"), name=name)
    done = iblint("check", ".")
    assert done.code == 2
    assert "pwned/ACME002-other.yaml:" in done.err
    assert not commands(done.err)


@pytest.mark.parametrize(
    "text", ["select: [{}]", "{}: 1", "severity: {{{}: error}}", "account: {}", "exclude: ['a\\', {}]", "dialect: {}"]
)
def test_errors_of_the_configuration_print_no_command_and_no_secret(folder, iblint, text):
    for hostile in (COMMAND, SECRET):
        (folder / ".iblint.yaml").write_text(text.format(json.dumps(hostile)))
        done = iblint("check", ".")
        assert done.code == 2
        assert not commands(done.err)
        assert SECRET[8:] not in done.err


def test_an_error_of_the_command_line_prints_no_secret(iblint):
    done = iblint("check", "--select", f"{SECRET}")
    assert done.code == 2
    assert SECRET[8:] not in done.err


# --- values that are cut ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0, 30, 41, 76, 79, 85])
def test_part_of_a_secret_is_not_shown(folder, iblint, before):
    """A value is cut after 80 characters: wherever that is in a secret, nothing of it may be left."""
    value = "x" * before + " " + SECRET + " " + "y" * 3000
    spec = BAD.replace("[m6i.large]", f"['{value}']").replace("golden-web", f"'{value}'")
    (folder / "bad.yaml").write_text(spec + f"resourceTags: {{a: ['{value}']}}\n'{value[:200]}': 1\n")
    for form in ("text", "json", "sarif"):
        done = iblint("check", "bad.yaml", "-f", form)
        assert done.code in (1, 4)
        assert SECRET[:8] not in done.out


# --- texts of rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["rationale", "remediation", "reference", "example"])
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_explain_prints_no_command_of_a_rule(folder, iblint, field, form):
    data = yaml_of(rule_text())
    text = "Say\n::stop-commands::x\n \u3000::error::y \x1b[2J\u202e##[error]z"
    match field:
        case "reference":
            data["references"] = [{"title": text, "url": "https://example.com/"}]
        case "example":
            data["examples"]["good"][0]["title"] = text
        case _:
            data[field] = text
    write_data(folder, data)
    done = iblint("explain", "ACME001", "--rules", "rules", "-f", form)
    assert done.code == 0, done.err
    assert not commands(done.out)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_list_of_rules_prints_no_command_of_a_pack(folder, iblint, form):
    data = yaml_of(rule_text())
    data["title"] = "Say \u202e ##[error]x"
    write_data(folder, data, "rules/group")
    pack = {
        "name": "acme",
        "title": "Acme",
        "version": "1",
        "url": "https://a.example/{code}",
        "groups": {"group": "About\n::error::x \x1b[2J"},
    }
    (folder / "rules/pack.yaml").write_text(json.dumps(pack))
    done = iblint("rules", "list", "--rules", "rules", "-f", form)
    assert done.code == 0
    assert "ACME001" in done.out
    assert not commands(done.out)


@pytest.mark.parametrize("title", ["Say\n::stop-commands::x", "Say\n", "Say \u2028no", "Say\x85no", "a\rb"])
def test_a_title_is_one_line(folder, iblint, title):
    data = yaml_of(rule_text())
    data["title"] = title
    write_data(folder, data)
    done = iblint("rules", "--rules", "rules")
    assert done.code == 2
    assert f"{FILE}:" in done.err
    assert "one line of at most 72 characters" in done.err


def yaml_of(text):
    import yaml

    return yaml.safe_load(text)


def write_data(folder, data, under="rules"):
    (folder / under).mkdir(parents=True, exist_ok=True)
    (folder / under / FILE).write_text(json.dumps(data))


# --- rules that cannot be judged by -----------------------------------------------------------------------------------

SCHEMA = "description: {type: string, minLength: 10}"
EXPLODING = (SCHEMA, 'description: {pattern: "(a+)+$"}')


@pytest.mark.parametrize("edit", [("enabled: true", "enabled: false"), ("code:", "code:")])
@pytest.mark.parametrize("schema", [EXPLODING, (SCHEMA, 'description: {$ref: "#/$defs/none"}')])
@pytest.mark.parametrize("args", [["check", "good.yaml"], ["rules"], ["explain", "IB201"], ["rules", "test", "custom"]])
def test_a_rule_that_cannot_be_evaluated_is_an_error_even_if_not_selected(folder, iblint, edit, schema, args):
    (folder / "good.yaml").write_text(GOOD)
    write_rule(folder / "custom", edit, schema)
    line = (folder / "custom" / FILE).read_text().splitlines().index(f"    {schema[1]}") + 1
    for _ in range(2):  # what is refused is not kept as good
        done = iblint(*args, *(["--rules", "custom"] if "test" not in args else []))
        assert done.code == 2
        assert f"error: custom/{FILE}:{line}: " in done.err


# --- what a configuration that is found may name ----------------------------------------------------------------------


@pytest.fixture
def outside(folder, monkeypatch):
    """A checkout, in which iblint runs, with rules and parameters beside it."""
    (folder / ".git").rmdir()
    write_rule(folder / "rules")
    (folder / "parameters.json").write_text('{"Parameters": {"a": "b"}}')
    (folder / "named.yaml").write_text("ignore: [IB301]\n")
    (folder / "named.toml").write_text('[tool.iblint]\nignore = ["IB301"]\n')
    checkout = folder / "checkout"
    (checkout / ".git").mkdir(parents=True)
    (checkout / "sub").mkdir()
    (checkout / "good.yaml").write_text(GOOD)
    monkeypatch.chdir(checkout)
    return checkout


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("strict: false\nrules: [../rules]", "rules[0]"),
        ("strict: false\nrules: [link]", "rules[0]"),
        ("strict: false\nrules: [ROOT/rules]", "rules[0]"),
        ("strict: false\nparameters: [../parameters.json]", "parameters[0]"),
        ("strict: false\nparameters: [linked.json]", "parameters[0]"),
    ],
)
def test_a_discovered_configuration_cannot_name_files_outside_the_repository(outside, iblint, text, key):
    (outside / "link").symlink_to("../rules")
    (outside / "linked.json").symlink_to("../parameters.json")
    (outside / ".iblint.yaml").write_text(text.replace("ROOT", str(outside.parent)))
    done = iblint("check", "good.yaml")
    assert done.code == 2
    assert f"error: .iblint.yaml:2: '{key}' is outside the repository" in done.err
    assert iblint("check", "good.yaml", "--config", ".iblint.yaml").code == 0
    assert iblint("check", "good.yaml", "--no-config", "--rules", "../rules").code == 0


def test_a_discovered_configuration_may_name_files_in_its_repository(outside, iblint, monkeypatch):
    write_rule(outside / "rules")
    (outside / "sub/.iblint.yaml").write_text("rules: [../rules]\n")
    (outside / "sub/good.yaml").write_text(GOOD)
    monkeypatch.chdir(outside / "sub")
    assert iblint("check", "good.yaml").code == 0


@pytest.mark.parametrize(("name", "to"), [(".iblint.yaml", "named.yaml"), ("pyproject.toml", "named.toml")])
def test_a_configuration_that_links_out_is_not_followed(outside, iblint, name, to):
    (outside / name).symlink_to(f"../{to}")
    done = iblint("check", "good.yaml")
    assert done.code == 2
    assert f"error: {name}:1: A link out of the repository is not followed" in done.err
    assert iblint("check", "good.yaml", "--config", name).code == 0


def test_a_link_within_the_repository_is_followed(outside, iblint):
    (outside / "sub/real.yaml").write_text("fail-on: never\n")
    (outside / ".iblint.yaml").symlink_to("sub/real.yaml")
    (outside / "good.yaml").write_text(BAD)
    assert iblint("check", "good.yaml").code == 0


# --- closed streams ---------------------------------------------------------------------------------------------------


def closed(*args, stdin=False, stdout=False, stderr=False):
    """Run the command line with some streams closed, which a shell writes ``<&- >&- 2>&-``."""
    numbers = [number for number, shut in enumerate((stdin, stdout, stderr)) if shut]
    command = [sys.executable, "-m", "iblint", *args]
    code = f"import os\nfor n in {numbers}: os.close(n)\nos.execv({sys.executable!r}, {command!r})"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ)


def test_a_closed_standard_input_is_an_error_only_if_it_is_read(folder):
    (folder / "good.yaml").write_text(GOOD)
    done = closed("check", "-", stdin=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: Cannot read standard input: it is closed.")
    assert closed("check", "good.yaml", stdin=True).returncode == 0


def test_a_closed_standard_output_is_an_error_only_if_it_is_written(folder):
    (folder / "good.yaml").write_text(GOOD)
    done = closed("check", "good.yaml", stdout=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: Cannot write to standard output: it is closed.")
    assert closed("check", "good.yaml", "-o", "report.txt", stdout=True).returncode == 0
    assert "1 configuration" in (folder / "report.txt").read_text()


@pytest.mark.parametrize(("args", "code"), [(["good.yaml"], 0), (["good.yaml", "--select", "nothing"], 2)])
def test_a_closed_standard_error_changes_nothing(folder, args, code):
    (folder / "good.yaml").write_text(GOOD)
    done = closed("check", *args, stderr=True)
    assert done.returncode == code
    assert "error" not in done.stdout.splitlines()[:1]
