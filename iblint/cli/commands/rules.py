"""``iblint rules``: list the rules; write, test and document your own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial

import click

from iblint.cli.command import PATH, Group, options_of
from iblint.cli.console import write_stderr, write_stdout
from iblint.cli.options import RULES_DOCS, RULES_LIST, RULES_NEW
from iblint.cli.output import write_file
from iblint.cli.settings import settings_of
from iblint.exit_codes import COMMAND_MEANINGS, ExitCode
from iblint.model.errors import UsageError
from iblint.model.rule import Rule
from iblint.model.settings import Settings
from iblint.packs import RuleSet
from iblint.packs.authoring.docs import default_words
from iblint.packs.locations import builtin_rules
from iblint.pipeline import load_rules
from iblint.text.safe import printable, to_json
from iblint.text.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BUILTIN = "iblint"

EXAMPLES = (
    ("List all rules", "iblint rules"),
    ("Write a rule, and test it", "iblint rules new require-kms-key --dir rules && iblint rules test rules"),
)
LIST_EXAMPLES = (
    ("List all rules as JSON", "iblint rules list --format json"),
    ("List the rules of a folder, too", "iblint rules list --rules rules/"),
)
NEW_EXAMPLES = (("Write rules/ORG001-require-kms-key.yaml", "iblint rules new require-kms-key --dir rules"),)
TEST_EXAMPLES = (
    ("Test the rules of a folder", "iblint rules test rules/"),
    ("Test the built-in rules", "iblint rules test"),
)
DOCS_EXAMPLES = (("Write pages about the rules of a folder", "iblint rules docs docs/rules --rules rules"),)


@click.group(
    cls=Group,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",  # which click 8.2 wrote differently
    short_help="List the rules; write, test and document your own.",
    examples=EXAMPLES,
)
@options_of(RULES_LIST)
@click.pass_context
def command(
    ctx: click.Context,
    format: str,
    config: str | None,
    no_config: bool,
    rules: Sequence[str],
    packs: Sequence[str],
) -> None:
    """List the rules, or write, test and document your own with a command."""
    if ctx.invoked_subcommand is None:
        _list(format, load_rules(settings_of(config, no_config, {"rules": rules, "packs": packs})))


@command.command("list", examples=LIST_EXAMPLES)
@options_of(RULES_LIST)
def list_command(format: str, config: str | None, no_config: bool, rules: Sequence[str], packs: Sequence[str]) -> None:
    """List the rules."""
    _list(format, load_rules(settings_of(config, no_config, {"rules": rules, "packs": packs})))


def rule_data(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON, for ``rules`` and ``explain``. Keys may be added, but not renamed or removed."""
    return {
        "code": rule.code,
        "name": rule.name,
        "title": rule.title,
        "group": rule.group,
        "severity": rule.severity.value,
        "status": rule.status,
        "enabled": rule.enabled,
        "core": rule.core,
        "mission": rule.core,  # its name in 0.1.0
        "tags": list(rule.tags),
        "aliases": list(rule.aliases),
        "pack": rule.pack,
        "url": rule.url,
        "since": rule.since,
        "options": [
            {"name": o.name, "description": o.description.strip(), "schema": o.schema, "default": o.default}
            for o in rule.options
        ],
    }


def _list(format_: str, rules: RuleSet) -> None:
    match format_:
        case "json":
            write_stdout(to_json({"rules": [rule_data(rule) for rule in rules.rules]}))
        case "markdown":
            from iblint.packs.authoring.docs import index_page
            from iblint.packs.authoring.prose import references

            write_stdout(printable(index_page(references(rules), rules.groups)))
        case _:
            write_stdout(printable("\n".join(_table(rules)) + "\n"))


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
    yield f"{counted(len(rules.rules), 'rule')}. Details: iblint explain RULE"


@command.command("new", short_help="Write a new rule to edit.", examples=NEW_EXAMPLES)
@click.argument("name")
@options_of(RULES_NEW)
def new_command(name: str, folder: str | None, code: str | None) -> None:
    """Write a rule file for the new rule NAME, with examples, to edit."""
    from iblint.packs.authoring.new_rule import new_rule, next_code

    folder = folder or next(iter(settings_of(None, False, {}).rules), "rules")
    exists = os.path.isdir(folder) and os.listdir(folder)
    known, _ = _pack(folder if exists else None)
    code = code or next_code(rule.code for rule in known.rules if rule.pack != BUILTIN)
    file, text = new_rule(name, code)
    for rule in known.rules:
        if taken := {name, code}.intersection((rule.code, rule.name, *rule.aliases)):
            owner = f"{rule.code} {rule.name} of the pack {rule.pack}"
            raise UsageError(f"'{min(taken)}' is taken by {owner}; choose another.")
    path = os.path.join(folder, file)
    if os.path.lexists(path):
        raise UsageError(f"{path} already exists; choose another name or code.")
    _make_folder(folder)
    write_file(path, text)
    write_stderr(f"Wrote {path}. Edit it, then run: iblint rules test {folder}")


@command.command(
    "test",
    short_help="Run the examples of rules, and find mistakes.",
    examples=TEST_EXAMPLES,
    exit_codes=COMMAND_MEANINGS["rules test"],
)
@click.argument("folder", type=PATH, metavar="[DIR]", required=False)
def test_command(folder: str | None) -> int:
    """Run the examples of all rules in DIR, by default the built-in rules, and find mistakes in the rule files."""
    from iblint.packs.authoring.examples import run_examples
    from iblint.packs.authoring.lint import lint_rules
    from iblint.packs.authoring.prose import references
    from iblint.pipeline import judge_example

    rules, pack = _pack(folder)
    tested = references(rules, pack)
    results = run_examples(tested, partial(judge_example, rules))
    for result in results:
        for wrong in result.wrong:
            example = result.example
            write_stderr(f"{example.file}:{example.line}: {result.rule} {example.polarity} example: {wrong}.")
    problems = lint_rules(tested)
    for problem in problems:
        write_stderr(f"{problem.file}:{problem.line}: {problem.rule} {problem.message}.")
    failed = sum(not result.ok for result in results)
    write_stdout(
        f"{counted(len(tested), 'rule')}, {counted(len(results), 'example')}: {failed} failed; "
        f"{counted(len(problems), 'problem')} in rule files.\n"
    )
    return ExitCode.FINDINGS if failed or problems else ExitCode.CLEAN


@command.command("docs", short_help="Write a Markdown page for each rule.", examples=DOCS_EXAMPLES)
@click.argument("target", metavar="TARGET")
@options_of(RULES_DOCS)
def docs_command(target: str, folder: str | None) -> None:
    """Write a Markdown page for each rule to the folder TARGET. Pages of removed rules are deleted."""
    from iblint.packs.authoring.docs import render
    from iblint.packs.authoring.prose import references

    if os.path.isdir(target) and any(name.endswith(".yaml") for name in os.listdir(target)):
        raise UsageError(f"{target} has rule files. Give another folder for the pages, and the rules with --rules.")
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
    write_stderr(f"Wrote {counted(len(pages), 'page')} to {target}.")


def _pack(folder: str | None) -> tuple[RuleSet, str]:
    """Load a folder of rules, or the built-in ones. Return all rules that are then loaded, and the name of the pack."""
    if folder is None or os.path.realpath(folder) == str(builtin_rules()):
        return load_rules(Settings()), BUILTIN
    rules = load_rules(Settings(rules=(folder,)))
    return rules, rules.packs[-1].name


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"Cannot create the folder '{folder}': {error.strerror}.") from None


def _begins_with(path: str, line: str) -> bool:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip("\n") == line
