"""``iblint explain``: show the documentation of a rule."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence

import click

from iblint.cli.command import Command, options_of
from iblint.cli.commands.rules import rule_data
from iblint.cli.console import DEFAULT_WIDTH, terminal_width, use_color, write_stdout
from iblint.cli.options import EXPLAIN
from iblint.cli.settings import settings_of
from iblint.model.rule import OptionSpec, Rule
from iblint.packs.authoring.docs import (
    configuration_of,
    default_words,
    rule_page,
    type_words,
    whole,
)
from iblint.packs.authoring.prose import Example, RuleReference, reference
from iblint.pipeline import load_rules
from iblint.text.safe import printable, to_json
from iblint.text.templates import in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


EXAMPLES = (
    ("Explain a rule by name or by code", "iblint explain imdsv2-required"),
    ("Write a page about a rule of your own", "iblint explain ORG001 --rules rules/ --format markdown > ORG001.md"),
)


@click.command(cls=Command, short_help="Explain a rule: why, how to fix it, examples.", examples=EXAMPLES)
@click.argument("rule")
@options_of(EXPLAIN)
def command(
    rule: str, format: str, config: str | None, no_config: bool, rules: Sequence[str], packs: Sequence[str]
) -> None:
    """Explain RULE, given by code, name or former name: why it exists, how to fix it, examples, sources."""
    found = reference(load_rules(settings_of(config, no_config, {"rules": rules, "packs": packs})), rule)
    match format:
        case "json":
            write_stdout(to_json(_data(found)))
        case "markdown":
            write_stdout(printable(rule_page(found)))
        case _:
            write_stdout(_page(found))


def _page(found: RuleReference) -> str:
    rule = found.rule
    facts = (rule.severity.value, rule.group, f"{rule.status} since {rule.since}", f"by default {default_words(rule)}")
    lines = [_bold(f"{rule.code} {rule.name}: {rule.title}"), printable(", ".join(facts))]
    if rule.tags:
        lines.append(f"tags: {', '.join(rule.tags)}")
    if rule.aliases:
        lines.append(f"former names: {', '.join(rule.aliases)}")
    for title, body in _sections(found):
        lines += ["", _bold(title), *map(printable, body)]
    if rule.url:
        lines += ["", printable(rule.url)]
    return "\n".join(lines) + "\n"


def _sections(found: RuleReference) -> Iterator[tuple[str, list[str]]]:
    rule = found.rule
    yield "Why", _paragraphs(found.rationale)
    yield "How to fix", _paragraphs(_remediation(found))
    if rule.options:
        yield "Options", [line for option in rule.options for line in _option(option)]
    for example in found.examples:
        title = f"Example: {example.verdict}" + (f", {example.title}" if example.title else "")
        yield title, _example(example, rule)
    if found.controls:
        yield (
            "Controls",
            [f"  {' '.join(filter(None, (c.framework, c.version, c.id)))} ({c.relation})" for c in found.controls],
        )
    yield "Sources", [f"  {link.title}: {link.url}" for link in found.references]


def _option(option: OptionSpec) -> list[str]:
    facts = f"    {type_words(option.schema)}; default {whole(option.default)}"
    return [f"  {option.name}: {' '.join(option.description.split())}", facts]


def _example(example: Example, rule: Rule) -> list[str]:
    text = textwrap.indent(example.text.rstrip(), "    ").splitlines()
    settings = textwrap.indent(configuration_of(example, rule), "    ").splitlines()
    return (
        ["  With these settings in .iblint.yaml:", *settings, "  The rule judges this file:", *text]
        if settings
        else text
    )


def _paragraphs(text: str) -> list[str]:
    width = min(terminal_width(sys.stdout), DEFAULT_WIDTH)
    return [
        line
        for paragraph in text.strip().split("\n\n")
        for line in textwrap.wrap(" ".join(paragraph.split()), width, initial_indent="  ", subsequent_indent="  ")
    ]


def _remediation(found: RuleReference) -> str:
    return in_words(found.remediation, found.rule, code="{}", general="{}").strip()


def _bold(title: str) -> str:
    text = printable(" ".join(title.split()))
    return f"\033[1m{text}\033[0m" if use_color("auto", sys.stdout) else text


def _data(found: RuleReference) -> dict[str, Any]:
    return {
        **rule_data(found.rule),
        "rationale": found.rationale,
        "remediation": _remediation(found),
        "references": [{"title": link.title, "url": link.url} for link in found.references],
        "controls": [
            {"framework": c.framework, "version": c.version, "id": c.id, "relation": c.relation} for c in found.controls
        ],
        "examples": [
            {
                "verdict": e.verdict.value,
                "title": e.title,
                "dialect": e.dialect,
                "syntax": e.syntax,
                "settings": dict(e.settings),
                "text": e.text,
            }
            for e in found.examples
        ],
    }
