"""``iblint check``: exit codes, messages, outputs and settings."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import BAD, BROKEN, GOOD, NOT_OURS, UNDECIDED

# --- exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "args", "code"),
    [
        ({"good.yaml": GOOD}, ["good.yaml"], 0),
        ({"good.yaml": GOOD}, [], 0),
        ({"bad.yaml": BAD}, [], 1),
        ({"bad.yaml": BAD}, ["--fail-on", "never"], 0),
        ({"bad.yaml": BAD}, ["--ignore", "IB201"], 0),
        ({"maybe.yaml": UNDECIDED}, [], 0),
        ({"maybe.yaml": UNDECIDED}, ["--fail-on", "note"], 1),
        ({"maybe.yaml": UNDECIDED}, ["--strict"], 4),
        ({"maybe.yaml": UNDECIDED}, ["--profile", "strict"], 4),
        ({"broken.yaml": BROKEN}, [], 4),
        ({"broken.yaml": BROKEN, "bad.yaml": BAD}, [], 4),
        ({"other.yaml": NOT_OURS}, [], 0),
        ({"other.yaml": NOT_OURS}, ["other.yaml"], 0),
        ({"other.yaml": NOT_OURS}, ["--require-configurations"], 3),
        ({"other.yaml": NOT_OURS}, ["other.yaml", "--dialect", "request"], 4),
        ({"bad.yaml": BAD}, ["--require-configurations"], 1),
        ({}, [], 0),
        ({}, ["--require-configurations"], 3),
        ({"good.yaml": GOOD}, ["good.yaml", "missing.yaml"], 2),
        ({"good.yaml": GOOD}, ["--no-such-option"], 2),
        ({"good.yaml": GOOD}, ["--select", "no-such-rule"], 2),
        ({"good.yaml": GOOD}, ["--profile", "no-such-profile"], 2),
        ({"good.yaml": GOOD}, ["--dialect", "no-such-dialect"], 2),
        ({"good.yaml": GOOD}, ["--rules", "no-such-folder"], 2),
        ({"good.yaml": GOOD}, ["--pack", "no-such-pack"], 2),
        ({"good.yaml": GOOD}, ["--config", "no-such-file"], 2),
        ({"good.yaml": GOOD, ".iblint.yaml": "selct: [a]\n"}, [], 2),
        ({"good.yaml": GOOD, ".iblint.yaml": "selct: [a]\n"}, ["--no-config"], 0),
    ],
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_exit_code(folder, iblint, files, args, code, format_):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    result = iblint("check", *args, "--format", format_)
    assert result.code == code, result
    assert (result.err == "") == (code != 2)
    if code != 2 and format_ == "json":
        assert json.loads(result.out)["summary"]["exitCode"] == code


def test_problems_do_not_hide_findings(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    (folder / "broken.yaml").write_text(BROKEN)
    report = json.loads(iblint("check", "-f", "json").out)
    assert [finding["rule"] for finding in report["findings"] if finding["severity"] == "error"] == ["IB201"]
    assert [problem["file"] for problem in report["problems"]] == ["broken.yaml"]


# --- messages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["chekc"], "error: No such command 'chekc'. Did you mean 'check'?"),
        (["check", "--formt", "json"], "--format"),
        (["check", "-f", "jsn"], "'jsn' is not a valid value. Did you mean 'json'?"),
        (["check", "--build-type", "conatiner"], "Did you mean 'container'?"),
        (["check", "--select", "imdsv2-requird"], "error: --select: There is no rule, group or tag 'imdsv2-requird'"),
        (["check", "--select", "imdsv2-requird"], "did you mean 'imdsv2-required'?"),
        (["check", "--profile", "strickt"], "error: --profile: Unknown profile 'strickt'. Did you mean 'strict'?"),
        (["check", "--dialect", "requst"], "error: --dialect: Unknown dialect 'requst'. Did you mean 'request'?"),
        (["check", "--account", "12345"], "it has twelve digits"),
        (["check", "--region", "Dublin"], "not an AWS Region"),
        (["check", "--select", "IB201,,IB202"], "empty name"),
        (["check", "nope.yaml"], "error: nope.yaml: no such file or folder."),
        (["check", "no\x1b[31mpe.yaml"], "error: no\\x1b[31mpe.yaml: no such"),
        (["check", "-q", "-v"], "--quiet and --verbose"),
        (["check", "--config", "a", "--no-config"], "--config and --no-config"),
        (["check", "--stdin-filename", "a.yaml"], "--stdin-filename needs the path '-'"),
        (["schema", "reqest"], "Did you mean 'request'?"),
        (["schema"], "error: Missing NAME: config, pack, report, request, rule, waivers.\n"),
        (["explain", "IB2"], "error: 'IB2' is the beginning of "),
        (
            ["check", "--select", "IB777"],
            "error: --select: There is no rule, group or tag 'IB777'; see iblint rules.\n",
        ),
        (["explain", "imdsv2-requird"], "did you mean 'imdsv2-required'?"),
    ],
)
def test_a_mistake_gives_one_message(iblint, args, message):
    result = iblint(*args)
    assert result.code == 2
    assert result.out == ""
    assert message in result.err
    assert result.err.startswith("error: ")
    assert "Traceback" not in result.err
    assert "\x1b" not in result.err


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("severity:\n  IB999: note\n", 2, "There is no rule 'IB999'"),
        ("options:\n  IB999: {}\n", 2, "There is no rule 'IB999'"),
        ("options:\n  IB201:\n    max: 2\n", 3, "has no options"),
        ("options:\n  required-tags:\n    tag: [a]\n", 3, "has no option 'tag'"),
        ("overrides:\n  - files: [none]\n    select:\n      - IB999\n", 4, "'IB999'"),
        ("overrides:\n  - files: [none]\n    options:\n      IB999: {}\n", 4, "There is no rule 'IB999'"),
    ],
)
def test_configuration_errors_begin_with_file_and_line(folder, iblint, text, line, words):
    (folder / ".iblint.yaml").write_text(text)
    result = iblint("check")
    assert result.code == 2
    assert result.err.startswith(f"error: .iblint.yaml:{line}: ")
    assert words in result.err


def test_each_configuration_error_has_its_own_line(folder, iblint):
    (folder / ".iblint.yaml").write_text("select: [IB77]\nseverity: {IB777: note}\n")
    assert iblint("check").err == (
        "error: .iblint.yaml:1: There is no rule, group or tag 'IB77'; see iblint rules.\n"
        "error: .iblint.yaml:2: There is no rule 'IB777'; see iblint rules.\n"
    )
    (folder / ".iblint.yaml").write_text("selct: [IB2]\nfail-on: never\nstrict: sometimes\n")
    assert [line.partition(": ")[0] for line in iblint("check").err.splitlines()] == ["error", "error"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("strict: true\nrules:\n  - norules\n", "error: .iblint.yaml:3: norules: no such folder; "),
        ("rules: [empty]\n", "error: .iblint.yaml:1: empty: no rule files in this folder; "),
        ("rules: [broken]\n", "error: broken/ORG001-x.yaml:1: "),
        ("strict: true\npacks: [nopack]\n", "error: .iblint.yaml:2: pack nopack: no installed distribution "),
    ],
)
def test_errors_in_rule_files_begin_with_file_and_line(folder, iblint, text, message):
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "ORG001-x.yaml").write_text("code: ORG001\n")
    (folder / ".iblint.yaml").write_text(text)
    result = iblint("check")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(message)
    assert all(line.startswith("error: ") for line in result.err.splitlines())
    assert iblint("check", "--no-config", "--rules", "norules").err.startswith(
        "error: --rules: norules: no such folder"
    )


def test_no_command_prints_the_help(iblint):
    result = iblint()
    assert (result.code, result.out) == (2, "")
    assert "Exit codes:" in result.err


@pytest.mark.parametrize("args", [["--help"], ["check", "--help"], ["rules", "test", "-h"], ["--version"]])
def test_help_and_version_succeed(iblint, args):
    result = iblint(*args)
    assert (result.code, result.err) == (0, "")
    assert "iblint" in result.out


def test_every_command_has_a_short_help(iblint):
    for args in (["--help"], ["rules", "--help"]):
        commands = iblint(*args).out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
        assert len(commands) >= 4
        assert [line for line in commands if not re.fullmatch(r"  [a-z-]+ +[A-Z].*[^.]\.", line)] == []


def test_the_help_explains_selectors(iblint):
    words = " ".join(iblint("check", "--help").out.split())
    for selector in ("commas", "repeatable", "code (IB201)", "prefix", "name", "group", "tag", "'default'", "'all'"):
        assert selector in words.partition("--select RULES ")[2].partition("--ignore")[0], selector


def test_an_internal_error_exits_4_and_asks_for_a_report(folder, iblint, monkeypatch):
    (folder / "good.yaml").write_text(GOOD)

    def crash(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr("iblint.pipeline.check_paths", crash)
    result = iblint("check")
    assert result.code == 4
    assert "internal error: RuntimeError: boom" in result.err
    assert "Traceback" not in result.err
    assert "Traceback" in iblint("check", "-v").err


def test_an_interrupt_prints_no_traceback(folder, iblint, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("iblint.pipeline.check_paths", interrupt)
    result = iblint("check")
    assert (result.code, result.out, result.err.strip()) == (130, "", "")


# --- standard input ---------------------------------------------------------------------------------------------------


def test_standard_input_is_judged_under_its_name(folder, process):
    (folder / ".iblint.yaml").write_text("overrides: [{files: [infra/], ignore: [IB201]}]\n")
    (folder / "other.yaml").write_text(BAD)
    result = process("check", "-", "-f", "json", stdin=BAD.encode())
    report = json.loads(result.out)
    assert result.code == 1
    assert {finding["file"] for finding in report["findings"]} == {"<stdin>"}
    assert process("check", "-", "--stdin-filename", "infra/a.yaml", stdin=BAD.encode()).code == 0


def test_standard_input_and_files_go_together(folder, process):
    (folder / "good.yaml").write_text(GOOD)
    result = process("check", "good.yaml", "-", "-f", "json", stdin=BAD.encode())
    assert [c["file"] for c in json.loads(result.out)["configurations"]] == ["<stdin>", "good.yaml"]


# --- outputs ----------------------------------------------------------------------------------------------------------


MISSION = ("bad.yaml", "--select", "mission")
"""Rules that will not become more: one finding."""


def formats_of(folder, *names):
    kinds = {"{": "json", "e": "text", "b": "concise"}
    texts = [(folder / name).read_text() for name in names]
    return ["sarif" if '"$schema"' in text else kinds[text[0]] for text in texts]


def test_each_output_takes_the_format_before_it(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    result = iblint("check", *MISSION, "-f", "text", "-f", "sarif", "-o", "a.sarif", "-f", "json", "-o", "b.json")
    assert result.out.startswith("error[IB201")
    assert formats_of(folder, "a.sarif", "b.json") == ["sarif", "json"]


def test_as_many_outputs_as_formats_pair_in_order(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    result = iblint("check", *MISSION, "-f", "concise", "-f", "json", "-o", "a", "-o", "b")
    assert (result.code, result.out) == (1, "")
    assert formats_of(folder, "a", "b") == ["concise", "json"]


def test_an_output_alone_is_the_text_report(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    assert iblint("check", *MISSION, "--output=a").out == ""
    assert formats_of(folder, "a") == ["text"]


def test_a_dash_is_standard_output(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    result = iblint("check", *MISSION, "-f", "sarif", "-o", "a", "-f", "json", "-o", "-")
    assert json.loads(result.out)["summary"]["fail"] == 1
    assert formats_of(folder, "a") == ["sarif"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-f", "json", "-f", "text"], "Only one format can go to standard output"),
        (["-f", "json", "-f", "text", "-f", "sarif", "-o", "x"], "Only one format can go to standard output"),
        (["-f", "json", "-f", "text", "-f", "sarif", "-o", "x", "-o", "y"], "Which format goes to 'y'?"),
        (["-o", "x", "-f", "json", "-f", "text"], "Which format goes to 'x'?"),
        (["-f", "json", "-o", "x", "-o", "y"], "more --output than --format"),
        (["-f", "json", "-o", "x", "-f", "text", "-o", "./x"], "cannot go to one file"),
        (["-o", "no/such/folder/x"], "the folder 'no/such/folder' does not exist"),
        (["-o", "."], "name a file"),
        (["-o", ""], "name a file"),
    ],
)
def test_ambiguous_outputs_are_refused_before_anything_is_written(folder, iblint, args, message):
    result = iblint("check", *args)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert [path.name for path in folder.iterdir()] == [".git"]


def test_a_file_is_replaced_atomically_and_keeps_its_mode(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    (folder / "real").mkdir()
    target = folder / "real" / "report.json"
    target.write_text("old")
    target.chmod(0o640)
    (folder / "link.json").symlink_to("real/report.json")
    assert iblint("check", "bad.yaml", "-f", "json", "-o", "link.json").code == 1
    assert json.loads(target.read_text())["summary"]["exitCode"] == 1
    assert (target.stat().st_mode & 0o777, (folder / "link.json").is_symlink()) == (0o640, True)
    assert sorted(path.name for path in target.parent.iterdir()) == ["report.json"]


@pytest.mark.parametrize("output", ["link.json", "folder/report.json"])
@pytest.mark.parametrize("exists", [True, False])
def test_links_in_a_checkout_cannot_redirect_outputs(folder, iblint, tmp_path_factory, output, exists):
    (folder / "bad.yaml").write_text(BAD)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "report.json"
    if exists:
        elsewhere.write_text("old")
    (folder / "link.json").symlink_to(elsewhere)
    (folder / "folder").symlink_to(elsewhere.parent)
    result = iblint("check", "bad.yaml", "-f", "json", "-o", output)
    assert result.code == 2
    assert f"Cannot write '{output}': a link leads out of the working folder; name '{elsewhere}' itself." in result.err
    assert (elsewhere.read_text() if elsewhere.exists() else None) == ("old" if exists else None)
    assert iblint("check", "bad.yaml", "-f", "json", "-o", str(elsewhere)).code == 1


def test_a_link_outside_the_checkout_is_followed(folder, iblint, tmp_path_factory):
    (folder / "good.yaml").write_text(GOOD)
    outside = tmp_path_factory.mktemp("outside")
    (outside / "link.json").symlink_to("real.json")
    assert iblint("check", "good.yaml", "-f", "json", "-o", str(outside / "link.json")).code == 0
    assert (outside / "link.json").is_symlink()
    assert json.loads((outside / "real.json").read_text())["summary"]["exitCode"] == 0


def test_a_failed_write_keeps_the_old_file_and_leaves_no_temporary_file(folder, iblint, monkeypatch):
    (folder / "good.yaml").write_text(GOOD)
    (folder / "report.json").write_text("old")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    result = iblint("check", "good.yaml", "-f", "json", "-o", "report.json")
    assert result.code == 2
    assert "Cannot write 'report.json': No space left on device." in result.err
    assert (folder / "report.json").read_text() == "old"
    assert not [path for path in folder.iterdir() if path.name.endswith(".tmp")]


def test_a_device_can_be_an_output(folder, iblint):
    (folder / "good.yaml").write_text(GOOD)
    assert iblint("check", "good.yaml", "-o", os.devnull).code == 0
    assert not os.path.isfile(os.devnull)


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="no pipes of that kind here")
def test_a_closed_pipe_changes_neither_exit_code_nor_standard_error(folder):
    (folder / "bad.yaml").write_text(BAD)
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "iblint", "check"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
def test_a_full_disk_is_one_message(folder):
    (folder / "good.yaml").write_text(GOOD)
    command = [sys.executable, "-m", "iblint", "check", "-f", "sarif"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    message = b"error: Cannot write to standard output: No space left on device.\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_output_is_utf_8_whatever_the_locale(folder, process):
    (folder / "bad.yaml").write_text(BAD.replace("golden-web", "grün"), encoding="utf-8")
    result = process("check", "-f", "json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert json.loads(result.out)["configurations"][0]["name"] == "grün"


# --- looks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "env", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "0"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always", "-f", "json"], {}, False),
    ],
)
def test_color(folder, iblint, monkeypatch, args, env, colored):
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    (folder / "bad.yaml").write_text(BAD)
    assert ("\x1b[" in iblint("check", *args).out) is colored


def test_a_file_is_never_colored(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    iblint("check", "--color", "always", "-o", "out.txt")
    assert "\x1b" not in (folder / "out.txt").read_text()


def test_quiet_verbose_and_show(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    quiet, plain, verbose = (iblint("check", *MISSION, *args).out for args in (["-q"], [], ["-v"]))
    assert len(quiet.splitlines()) == 1
    assert len(verbose) > len(plain)
    assert "terminate-on-failure" not in plain
    assert "terminate-on-failure" in iblint("check", *MISSION, "--show", "passed").out


# --- settings ---------------------------------------------------------------------------------------------------------


def rules_of(result):
    return {o["rule"] for c in json.loads(result.out)["configurations"] for o in c["outcomes"]}


def test_select_and_ignore_take_lists_and_repeat(folder, iblint):
    (folder / "good.yaml").write_text(GOOD)
    assert rules_of(iblint("check", "-f", "json", "--select", "IB201, IB202", "--select", "IB301")) == {
        *("IB201", "IB202", "IB301")
    }
    assert rules_of(iblint("check", "-f", "json", "--select", "mission", "--ignore", "IB201,IB204")) == {
        *("IB202", "IB301")
    }


def test_the_command_line_overrides_the_file(folder, iblint):
    (folder / "good.yaml").write_text(GOOD)
    (folder / ".iblint.yaml").write_text("select: [IB3]\noverrides: [{files: ['*'], select: [IB1]}]\n")
    assert rules_of(iblint("check", "-f", "json", "--select", "IB201")) == {"IB201"}


def test_build_type_is_taken_from_the_command_line_and_from_globs(folder, iblint):
    text = GOOD.replace("# iblint: build-type=ami\n", "").replace("HopLimit: 2", "HopLimit: 1")
    (folder / "spec.yaml").write_text(text)

    def severities(*args):
        report = json.loads(iblint("check", "-f", "json", "--select", "IB202", *args).out)
        return [(finding["verdict"], finding["severity"]) for finding in report["findings"]]

    assert severities() == [("unknown", "note")]
    assert severities("--build-type", "container") == [("fail", "error")]
    assert severities("--build-type", "ami") == []
    (folder / ".iblint.yaml").write_text("overrides: [{files: [spec.yaml], build-type: container}]\n")
    assert severities() == [("fail", "error")]
    assert severities("--build-type", "ami") == []


def test_sources_that_disagree_make_the_run_incomplete(folder, iblint):
    (folder / "good.yaml").write_text(GOOD)
    assert iblint("check", "--build-type", "container").code == 4


def test_the_nearest_pyproject_is_read(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    (folder / "pyproject.toml").write_text('[tool.iblint]\nignore = ["imdsv2-required"]\n')
    assert iblint("check").code == 0
    assert iblint("check", "--no-config").code == 1


# --- what is loaded ---------------------------------------------------------------------------------------------------

_LOADED = """
import sys
import iblint.cli
heavy = {"boto3", "botocore", "sarif_om", "jsonschema", "yaml", "click", "pathspec", "tomllib", "pathlib"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
code = iblint.cli.main(sys.argv[1:])
print(code, *sorted((heavy - {"pathlib"}) & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("text", "args", "loaded"),
    [
        (NOT_OURS, [], "0"),
        (BAD, [], "1"),
        (BAD, ["--no-config", "-f", "json", "-o", "report.json"], "1"),
        (BAD, ["-f", "sarif", "-o", "report.sarif"], "1 sarif_om"),
    ],
)
def test_only_what_is_needed_is_loaded(folder, process, text, args, loaded):
    (folder / "spec.yaml").write_text(text)
    process("check", "spec.yaml")  # compiles the built-in rules, which does need more, and keeps them
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, "check", "spec.yaml", *args], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == loaded
