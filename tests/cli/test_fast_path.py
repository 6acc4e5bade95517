"""Both lanes read a command line alike, and files are dismissed with the report that judging them gives."""

import os
import subprocess
import sys

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iblint.cli import fast_path as _lane
from iblint.cli import main
from iblint.cli import run_check as _check
from iblint.cli.commands.check import _in_order, command
from iblint.cli.dismiss import dismiss
from iblint.cli.options import CHECK
from tests.cli.conftest import BAD, GOOD, NOT_OURS, ROOT

VALUES = {
    "account": "123456789012",
    "region": "eu-west-1",
    "role_arn": "arn:aws:iam::123456789012:role/x",
    "jobs": "2",
}
WORDS = ["x", "", "-", "-x", "--", "--strict", "a=b", "IB2,IB301", "sarif", "json", "1234", "passed", "never", "IB2,"]


def of_click(args):
    """What click's command gets, and the order of formats and outputs; None when click refuses the line."""
    try:
        context = command.make_context("check", list(args))
    except click.ClickException:
        return None
    options = dict(context.params)
    paths = list(options.pop("paths"))
    return paths, options, _in_order(context.meta["iblint.order"], options["format"], options["output"])


def plain(parsed):
    paths, options, order = parsed
    return list(paths), {key: list(v) if isinstance(v, tuple) else v for key, v in options.items()}, order


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
def test_both_lanes_know_every_option(args):
    for line in (args, [*args, "a.yaml"], ["a.yaml", *args, *args, "--", "-b"]):
        lane = _lane.parse(line)
        assert lane is not None
        assert plain(lane) == plain(of_click(line))


def pieces():
    flags = [flag for option in CHECK for flag in option.flags]
    return st.lists(st.one_of(st.sampled_from(flags), st.sampled_from(WORDS)), max_size=6)


@given(pieces())
def test_what_the_short_lane_takes_click_takes_alike(args):
    lane = _lane.parse(args)
    if lane is not None:
        assert plain(lane) == plain(of_click(args))


@pytest.mark.parametrize(
    "args", [["-qv"], ["-fjson"], ["--form", "json"], ["--help"], ["--fail-on", "x"], ["--format"]]
)
def test_what_is_not_spelled_out_is_left_to_click(args):
    assert _lane.parse(args) is None


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
def test_files_are_dismissed_with_the_report_of_judging_them(folder, line, capfd):
    for name, text in {"a.txt": "a", "b.yaml": "b: 1\n", "empty.yaml": "", "broken.yaml": NOT_OURS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "link.yaml").symlink_to("b.yaml")
    paths, options, order = _lane.parse(line.split()[1:])
    long = _check.check(paths, options, order), capfd.readouterr().out
    assert (dismiss(paths, options), capfd.readouterr().out) in (long, (None, ""))


def test_ordinary_files_are_dismissed(folder, capfd):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    assert dismiss(["a.yaml"], _lane.parse([])[1]) == 0
    assert "0 configurations" in capfd.readouterr().out


@pytest.mark.parametrize("text", [GOOD, BAD, "iblint: x\n", "a: \x00", r'"\u0069nstance": 1'])
def test_what_holds_a_marker_is_never_dismissed(folder, text, capfd):
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    (folder / "b.yaml").write_text("a: 1\n", encoding="utf-8")
    assert dismiss(["b.yaml", "a.yaml"], _lane.parse([])[1]) is None
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [(".iblint.yaml", "{}"), (".iblint.yml", "{}"), ("pyproject.toml", "[tool.iblint]"), ("../.iblint.yaml", "{}")],
)
def test_a_configuration_is_never_passed_over(folder, monkeypatch, name, text, capfd):
    inside = folder / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    (inside / name).write_text(text, encoding="utf-8")
    (inside / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    assert dismiss(["a.yaml"], _lane.parse([])[1]) is None
    assert dismiss(["a.yaml"], _lane.parse(["--no-config"])[1]) == 0


@pytest.mark.parametrize("path", ["missing.yaml", ".", "-", "pipe"])
def test_what_is_no_file_is_left_to_judging(folder, path, capfd):
    os.mkfifo(folder / "pipe")
    assert dismiss([path], _lane.parse([])[1]) is None


def test_standard_input_is_read_beside_a_file_of_its_name(folder, capfd):
    (folder / "-").write_text("a: 1\n", encoding="utf-8")
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    check = [sys.executable, "-m", "iblint", "check"]
    for paths in (["-"], ["a.yaml", "-"]):
        assert subprocess.run([*check, *paths], check=False, input=BAD.encode(), stdout=subprocess.PIPE).returncode == 1
    assert dismiss(["./-"], _lane.parse([])[1]) == 0


@pytest.mark.parametrize("line", ["--config= a.yaml", "--stdin-filename= a.yaml"])
def test_an_option_without_a_value_is_not_taken_for_none(folder, line, capfd):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    assert main(["check", *line.split()]) == 2
    assert "error: " in capfd.readouterr().err


def test_an_unwritable_report_is_left_to_judging(folder):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "iblint", "check", "a.yaml"], check=False, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert b"Cannot write to standard output" in done.stderr


def loaded(folder, *args):
    """The modules that a run in a fresh interpreter has loaded by its end, beyond those of the interpreter itself."""
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


def test_dismissing_a_file_loads_next_to_nothing(folder):
    (folder / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    light = {"", ".version", ".cli", ".cli.fast_path", ".cli.options", ".cli.option_values", ".cli.dismiss"}
    light |= {".dialects", ".dialects.shared", ".dialects.shared.markers", ".discovery", ".discovery.read"}
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
def test_judging_a_file_loads_no_more_than_it_needs(folder, text):
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    loaded(folder, "check", "a.yaml")  # a checkout compiles its rules once; a wheel never does
    assert sorted(HEAVY & loaded(folder, "check", "a.yaml", "--format", "concise")) == []


@pytest.mark.parametrize(
    "waiting",
    [
        "import atexit; atexit.register(lambda: print('told'))",
        "import threading, time; threading.Thread(target=lambda: (time.sleep(1), print('told'))).start()",
    ],
)
def test_the_end_waits_for_what_asked_to_be_told_of_it(folder, waiting):
    (folder / "a.yaml").write_text(BAD, encoding="utf-8")
    code = f"{waiting}\nimport sys; sys.argv = ['iblint', 'check', '-q', 'a.yaml']; from iblint.cli import run; run()"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "IB201" in done.stdout
    assert "told\n" in done.stdout


def test_the_end_tells_the_exit_code_and_all_that_was_printed(folder):
    (folder / "a.yaml").write_text(BAD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "iblint", "check", "-f", "json", "a.yaml"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout.endswith("}\n")
