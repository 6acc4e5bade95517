"""The fast path parses as click does, and skips files with the same report as judging them."""

import os
import subprocess
import sys

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iblint.cli import fast_path, main, run_check
from iblint.cli.commands.check import _in_order, command
from iblint.cli.fast_path import parse, skip_unmarked
from iblint.cli.options import CHECK
from iblint.exit_codes import ExitCode
from tests.cli.conftest import BAD, GOOD, NOT_OURS, ROOT

VALUES = {
    "account": "123456789012",
    "region": "eu-west-1",
    "role_arn": "arn:aws:iam::123456789012:role/x",
    "jobs": "2",
    "var": "name=x",
}
WORDS = ["x", "", "-", "-x", "--", "--strict", "a=b", "IB2,IB301", "sarif", "json", "1234", "passed", "never", "IB2,"]


def parse_with_click(args):
    """Return what click's command gets, and formats and outputs in order; None if click rejects the arguments."""
    try:
        context = command.make_context("check", list(args))
    except click.ClickException:
        return None
    options = dict(context.params)
    paths = list(options.pop("paths"))
    return paths, options, _in_order(context.meta["iblint.report_options"], options["format"], options["output"])


def plain(parsed):
    paths, options, report_options = parsed
    return list(paths), {key: list(v) if isinstance(v, tuple) else v for key, v in options.items()}, report_options


def spellings(option):
    value = VALUES.get(option.name) or (option.words()[-1] if option.words else "x")
    for flag in option.flags:
        if option.flag:
            yield [flag]
        else:
            yield [flag, value]
            if flag.startswith("--"):
                yield [f"{flag}={value}"]


@pytest.mark.parametrize("args", [args for option in CHECK for args in spellings(option)], ids=" ".join)
def test_the_fast_path_knows_every_option(args):
    for line in (args, [*args, "a.yaml"], ["a.yaml", *args, *args, "--", "-b"]):
        parsed = parse(line)
        assert parsed is not None
        assert plain(parsed) == plain(parse_with_click(line))


def pieces():
    flags = [flag for option in CHECK for flag in option.flags]
    return st.lists(st.one_of(st.sampled_from(flags), st.sampled_from(WORDS)), max_size=6)


@given(pieces())
def test_the_fast_path_and_click_give_the_same_values(args):
    parsed = parse(args)
    if parsed is not None:
        assert plain(parsed) == plain(parse_with_click(args))


@pytest.mark.parametrize(
    "args", [["-qv"], ["-fjson"], ["--form", "json"], ["--help"], ["--fail-on", "x"], ["--format"]]
)
def test_abbreviations_and_errors_are_left_to_click(args):
    assert parse(args) is None


@pytest.mark.parametrize(
    "line",
    [
        "check a.txt",
        "check a.txt b.yaml",
        "check a.txt a.txt",
        "check b.yaml --require-configurations",
        "check --strict --fail-on note --no-config --no-excerpts b.yaml",
        "check empty.yaml --color never",
        "check link.yaml",
        "check broken.yaml",
    ],
)
def test_files_are_skipped_with_the_report_of_judging_them(folder, line, capfd):
    for name, text in {"a.txt": "a", "b.yaml": "b: 1\n", "empty.yaml": "", "broken.yaml": NOT_OURS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "link.yaml").symlink_to("b.yaml")
    paths, options, report_options = parse(line.split()[1:])
    long = run_check.check(paths, options, report_options), capfd.readouterr().out
    assert (skip_unmarked(paths, options), capfd.readouterr().out) in (long, (None, ""))


def test_files_without_a_marker_are_skipped(folder, capfd):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    assert skip_unmarked(["a.yaml"], parse([])[1]) == 0
    assert "0 configurations" in capfd.readouterr().out


@pytest.mark.parametrize("text", [GOOD, BAD, "iblint: x\n", "a: \x00", r'"\u0069nstance": 1'])
def test_a_file_with_a_marker_is_never_skipped(folder, text, capfd):
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    (folder / "b.yaml").write_text("a: 1\n", encoding="utf-8")
    assert skip_unmarked(["b.yaml", "a.yaml"], parse([])[1]) is None
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [(".iblint.yaml", "{}"), (".iblint.yml", "{}"), ("pyproject.toml", "[tool.iblint]"), ("../.iblint.yaml", "{}")],
)
def test_a_configuration_is_never_ignored(folder, monkeypatch, name, text, capfd):
    inside = folder / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    (inside / name).write_text(text, encoding="utf-8")
    (inside / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    assert skip_unmarked(["a.yaml"], parse([])[1]) is None
    assert skip_unmarked(["a.yaml"], parse(["--no-config"])[1]) == 0


@pytest.mark.parametrize("path", ["missing.yaml", ".", "-", "pipe"])
def test_paths_that_are_not_files_are_left_to_run_check(folder, path, capfd):
    os.mkfifo(folder / "pipe")
    assert skip_unmarked([path], parse([])[1]) is None


def test_standard_input_is_read_beside_a_file_of_its_name(folder, capfd):
    (folder / "-").write_text("a: 1\n", encoding="utf-8")
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    check = [sys.executable, "-m", "iblint", "check"]
    for paths in (["-"], ["a.yaml", "-"]):
        assert subprocess.run([*check, *paths], check=False, input=BAD.encode(), stdout=subprocess.PIPE).returncode == 1
    assert skip_unmarked(["./-"], parse([])[1]) == 0


@pytest.mark.parametrize("line", ["--config= a.yaml", "--stdin-filename= a.yaml"])
def test_an_option_without_a_value_is_not_taken_for_none(folder, line, capfd):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    assert main(["check", *line.split()]) == 2
    assert "error: " in capfd.readouterr().err


def test_a_report_that_cannot_be_written_is_left_to_run_check(folder):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "iblint", "check", "a.yaml"], check=False, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert b"Cannot write to standard output" in done.stderr


def loaded(folder, *args):
    """Return the modules that a run loads, without those of the interpreter itself."""
    code = "import sys; before = set(sys.modules); from iblint.cli import main; code = main(sys.argv[1:]); "
    code += "print(*(set(sys.modules) - before), file=sys.stderr); sys.exit(code)"
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "IBLINT_CACHE_DIR": os.environ["IBLINT_CACHE_DIR"]},
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stderr.split())


def test_skipping_a_file_loads_few_modules(folder):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    light = {"", ".version", ".cli", ".cli.fast_path", ".cli.options"}
    light |= {".dialects", ".dialects.shared", ".dialects.shared.prefilter", ".dialects.shared.mentions"}
    light |= {".discovery", ".discovery.read", ".discovery.config_files"}
    light |= {".report"}
    assert loaded(folder, "check", "a.yaml") - {"__future__"} == {f"iblint{name}" for name in light}


HEAVY = {
    "typing",
    "boto3",
    "botocore",
    "sarif_om",
    "jsonschema",
    "click",
    "dataclasses",
    "inspect",
    "importlib.metadata",
}
HEAVY |= {"subprocess", "multiprocessing", "concurrent.futures", "logging", "tempfile", "argparse", "attr"}
HEAVY |= {"difflib", "textwrap", "pathspec"}


@pytest.mark.parametrize("text", [GOOD, BAD])
def test_judging_a_file_loads_no_heavy_modules(folder, text):
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    loaded(folder, "check", "a.yaml")  # a checkout compiles its rules once; a wheel never does
    assert sorted(HEAVY & loaded(folder, "check", "a.yaml", "--format", "concise")) == []


@pytest.mark.parametrize(
    "waiting",
    [
        "import atexit; atexit.register(lambda: print('finished'))",
        "import threading, time; threading.Thread(target=lambda: (time.sleep(1), print('finished'))).start()",
    ],
)
def test_the_process_waits_for_exit_handlers_and_threads(folder, waiting):
    (folder / "a.yaml").write_text(BAD, encoding="utf-8")
    code = f"{waiting}\nimport sys; sys.argv = ['iblint', 'check', '-q', 'a.yaml']; from iblint.cli import run; run()"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "IB201" in done.stdout
    assert "finished\n" in done.stdout


def test_the_exit_code_and_the_output_survive_the_quick_exit(folder):
    (folder / "a.yaml").write_text(BAD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "iblint", "check", "-f", "json", "a.yaml"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout.endswith("}\n")


def test_the_exit_codes_are_those_of_the_table():
    assert (fast_path.CLEAN, fast_path.NOTHING_TO_CHECK) == (ExitCode.CLEAN, ExitCode.NOTHING_TO_CHECK)
