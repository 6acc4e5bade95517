"""The help of every command: grouped options, examples that work, exit codes of the table, and the page made of it."""

import re
import shlex

import click
import pytest

from iblint.cli.app import app
from iblint.cli.command import Command, GroupedOption
from iblint.exit_codes import COMMAND_MEANINGS, MEANINGS, ExitCode
from scripts.generate_docs import DOCS, commands_page, walk

COMMANDS = {" ".join(names[1:]): command for names, command, _ in walk(("iblint",), app, None)}


def all_options():
    for name, command in COMMANDS.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                yield pytest.param(parameter, id=f"{name} {parameter.opts[-1]}".strip())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(name, iblint):
    command = COMMANDS[name]
    assert isinstance(command, Command)
    shown = iblint(*name.split(), "--help").out
    section = shown.partition("\nExamples:\n")[2].partition("\n\n")[0].splitlines()
    assert section == [f"  {text}" for comment, line in command.examples for text in (f"# {comment}", line)]
    assert section


def arguments(line):
    """Return the arguments of each call of iblint in a command line of a shell."""
    for call in re.findall(r"\biblint ([^&|<>)]*)", line):
        yield shlex.split(call)


@pytest.mark.parametrize("line", [line for command in COMMANDS.values() for _, line in command.examples])
def test_examples_can_be_parsed(line):
    calls = list(arguments(line))
    assert calls
    for args in calls:
        command = app
        context = click.Context(app, info_name="iblint")
        while isinstance(command, click.Group) and args and args[0] in command.list_commands(context):
            command = command.get_command(context, args.pop(0))
        command.make_context("iblint", args)


@pytest.mark.parametrize("option", list(all_options()))
def test_every_option_is_in_the_table_and_has_a_sentence(option):
    assert isinstance(option, GroupedOption) or option.name == "version"
    assert re.match(r"[A-Z].*\.(  \[.*\])?$", option.help)


def test_options_stand_below_their_groups(iblint):
    shown = iblint("check", "--help").out
    sections = dict(re.findall(r"^([A-Z][\w ]*):\n((?:  .*\n)+)", shown, re.MULTILINE))
    assert "--dialect" in sections["Input"]
    assert "--select" in sections["Rules"]
    assert "--config" in sections["Configuration"]
    assert "--strict" in sections["Failure conditions"]
    assert "--live" in sections["AWS account"]
    assert "--format" in sections["Output"]
    assert "--jobs" in sections["Performance"]
    assert sections["Other"].split()[:2] == ["-h,", "--help"]
    assert "Options" in dict(re.findall(r"^([A-Z][\w ]*):\n((?:  .*\n)+)", iblint("init", "--help").out, re.MULTILINE))


@pytest.mark.parametrize(("name", "meanings"), [("", MEANINGS), *COMMAND_MEANINGS.items()])
def test_the_help_lists_the_exit_codes(name, meanings, iblint):
    section = iblint(*name.split(), "--help").out.partition("\nExit codes:\n")[2]
    assert [int(code) for code in re.findall(r"^  (\d+) ", section, re.MULTILINE)] == list(meanings)


def test_every_exit_code_has_a_meaning():
    assert set(MEANINGS) == set(ExitCode)
    assert all(set(meanings) <= set(ExitCode) for meanings in COMMAND_MEANINGS.values())


def test_the_page_of_commands_is_generated(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == commands_page()
