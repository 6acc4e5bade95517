"""``iblint rules``: list the rules; write, test and document one's own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial

import click

from iblint.cli.click_options import PATH, Word, pack_options
from iblint.cli.console import say, write_out
from iblint.cli.output import write_file
from iblint.cli.rule_json import describe
from iblint.cli.settings import settings_of
from iblint.model.errors import UsageError
from iblint.model.rule import Rule
from iblint.model.settings import Settings
from iblint.packs import RuleSet
from iblint.packs.authoring.docs import default_words
from iblint.packs.locations import builtin_rules
from iblint.pipeline import load_rules
from iblint.text.safe import printable, to_json
from iblint.text.wording import counted

BUILTIN = "iblint"
FORMATS = ["text", "json", "markdown"]


@click.group(invoke_without_command=True, short_help="List the rules; write, test and document your own.")
@click.option("-f", "--format", type=Word(FORMATS), default="text", show_default=True)
@pack_options
@click.pass_context
def command(
    ctx: click.Context,
    format: str,
    config: str | None,
    no_config: bool,
    rules: Sequence[str],
    packs: Sequence[str],
) -> None:
    """List the rules (without COMMAND); write, test and document your own."""
    if ctx.invoked_subcommand is None:
        _list(format, load_rules(settings_of(config, no_config, {"rules": rules, "packs": packs})))


@command.command("list")
@click.option("-f", "--format", type=Word(FORMATS), default="text", show_default=True)
@pack_options
def list_command(format: str, config: str | None, no_config: bool, rules: Sequence[str], packs: Sequence[str]) -> None:
    """List the rules."""
    _list(format, load_rules(settings_of(config, no_config, {"rules": rules, "packs": packs})))


def _list(format_: str, rules: RuleSet) -> None:
    match format_:
        case "json":
            write_out(to_json({"rules": [describe(rule) for rule in rules.rules]}))
        case "markdown":
            from iblint.packs.authoring.docs import index_page
            from iblint.packs.authoring.reference import references

            write_out(printable(index_page(references(rules), rules.groups)))
        case _:
            write_out(printable("\n".join(_table(rules)) + "\n"))


def _table(rules: RuleSet) -> Iterator[str]:
    by_group: dict[str, list[Rule]] = {group: [] for group in rules.groups}
    for rule in rules.rules:
        by_group.setdefault(rule.group, []).append(rule)
    width = max((len(rule.name) for rule in rules.rules), default=0)
    for group, members in by_group.items():
        if members:
            about = rules.groups.get(group)
            yield f"{group}: {about}" if about else group
            for rule in members:
                facts = f"{rule.severity:<7}  {default_words(rule):<13}"
                yield f"  {rule.code:<6} {rule.name:<{width}}  {facts}  {rule.title}"
            yield ""
    yield f"{counted(len(rules.rules), 'rule')}. Read more of one with: iblint explain RULE"


@command.command("new", short_help="Write a new rule, ready to be edited.")
@click.argument("name")
@click.option("--dir", "folder", metavar="DIR", help="Folder of the rule.  [default: the configured one, else 'rules']")
@click.option("--code", metavar="CODE", help="Code of the rule.  [default: the next free one]")
def new_command(name: str, folder: str | None, code: str | None) -> None:
    """Write a new rule NAME with examples, ready to be edited."""
    from iblint.packs.authoring.scaffold import new_rule, next_code

    folder = folder or next(iter(settings_of(None, False, {}).rules), "rules")
    written = os.path.isdir(folder) and os.listdir(folder)
    known, _ = _pack(folder if written else None)
    code = code or next_code(rule.code for rule in known.rules if rule.pack != BUILTIN)
    file, text = new_rule(name, code)
    for rule in known.rules:
        if taken := {name, code}.intersection((rule.code, rule.name, *rule.aliases)):
            whose = f"{rule.code} {rule.name} of the pack {rule.pack}"
            raise UsageError(f"'{min(taken)}' belongs to {whose} already; choose another.")
    path = os.path.join(folder, file)
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already; choose another name or code.")
    _make_folder(folder)
    write_file(path, text)
    say(f"Wrote {path}. Edit it, then run: iblint rules test {folder}")


@command.command("test", short_help="Run the examples of rules, and look for mistakes.")
@click.argument("folder", type=PATH, metavar="[DIR]", required=False)
def test_command(folder: str | None) -> int:
    """Run the examples of all rules in DIR (of the built-in rules without it), and look for mistakes in the rules."""
    from iblint.packs.authoring.examples import run_examples
    from iblint.packs.authoring.lint import lint_rules
    from iblint.packs.authoring.reference import references
    from iblint.pipeline import judge_example

    rules, pack = _pack(folder)
    tested = references(rules, pack)
    results = run_examples(tested, partial(judge_example, rules))
    for result in results:
        for wrong in result.wrong:
            example = result.example
            say(f"{example.file}:{example.line}: {result.rule} {example.polarity} example: {wrong}.")
    problems = lint_rules(tested)
    for problem in problems:
        say(f"{problem.file}:{problem.line}: {problem.rule} {problem.message}.")
    failed = sum(not result.ok for result in results)
    write_out(
        f"{counted(len(tested), 'rule')}, {counted(len(results), 'example')}: {failed} failed; "
        f"{counted(len(problems), 'problem')} in rule files.\n"
    )
    return 1 if failed or problems else 0


@command.command("docs", short_help="Write the reference of rules as Markdown pages.")
@click.argument("target", metavar="DIR")
@click.option("--rules", "folder", metavar="RULES", help="Folder of rules to document.  [default: the built-in rules]")
def docs_command(target: str, folder: str | None) -> None:
    """Render the reference of the rules as Markdown pages into DIR; pages of rules that are gone are removed."""
    from iblint.packs.authoring.docs import render
    from iblint.packs.authoring.reference import references

    if os.path.isdir(target) and any(name.endswith(".yaml") for name in os.listdir(target)):
        raise UsageError(f"{target} holds rule files; name a folder for the pages alone, and the rules by --rules.")
    rules, pack = _pack(folder)
    pages = render(references(rules, pack), rules.groups)
    _make_folder(target)
    for name, text in pages.items():
        write_file(os.path.join(target, name), text)
    generated = pages["index.md"].partition("\n")[0]
    for name in sorted(os.listdir(target)):
        path = os.path.join(target, name)
        if name.endswith(".md") and name not in pages and _begins_with(path, generated):
            os.unlink(path)
    say(f"Wrote {counted(len(pages), 'page')} to {target}.")


def _pack(folder: str | None) -> tuple[RuleSet, str]:
    """A folder of rules, or the built-in ones: all the rules that are loaded with it, and the name of its pack."""
    if folder is None or os.path.realpath(folder) == str(builtin_rules()):
        return load_rules(Settings()), BUILTIN
    rules = load_rules(Settings(rules=(folder,)))
    return rules, rules.packs[-1].name


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"Cannot make the folder '{folder}': {error.strerror}.") from None


def _begins_with(path: str, line: str) -> bool:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip("\n") == line
