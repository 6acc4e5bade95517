"""The rule reference as Markdown: one page per rule, an index by group, and a table of compliance controls.

The pages depend on the rule files alone, so that the same rules always give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from iblint.model.record import replace
from iblint.model.resource import Origin, dotted
from iblint.model.rule import Rule
from iblint.model.verdict import Verdict
from iblint.packs.authoring.reference import Example, Link, Polarity, RuleReference
from iblint.packs.authoring.templates import in_words
from iblint.text.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

GENERATED = "<!-- Generated from the rule files by `iblint rules docs`. Edit those instead. -->"

_ORIGIN_WORDS: Mapping[Origin, str] = {"api": "API request", "cloudformation": "CloudFormation"}
"""The origins that a dialect reads. The pages show no other."""

_ABSENCE_WORDS = {
    None: "decided by the rule",
    Verdict.PASS: "pass",
    Verdict.FAIL: "fail",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOT_APPLICABLE: "not applicable",
}

_POLARITY_TITLES: Mapping[Polarity, str] = {
    "good": "Passes",
    "bad": "Fails",
    "unknown": "Unknown",
    "not-applicable": "Not applicable",
}


def render(references: Sequence[RuleReference], groups: Mapping[str, str]) -> dict[str, str]:
    """Return all pages, by file name.

    ``groups`` maps each group to its description, in the order of the index. Every page begins with GENERATED.
    """
    pages = {page_name(reference.rule): rule_page(reference) for reference in references}
    pages = {"index.md": index_page(references, groups), "compliance.md": compliance_page(references), **pages}
    return {name: f"{GENERATED}\n\n{text}" for name, text in pages.items()}


def page_name(rule: Rule) -> str:
    """Return the file name of a rule's page."""
    return f"{rule.code}-{rule.name}.md"


def rule_page(reference: RuleReference) -> str:
    """Return the page of one rule."""
    rule = reference.rule
    parts = [
        f"# {rule.code} {rule.name}",
        f"**{_escape(rule.title)}**",
        _facts(rule),
        "## Why",
        _prose(reference.rationale),
        "## How to fix",
        _prose(in_words(reference.remediation, rule)),
        *_absence(rule),
        *_options(rule),
        *_examples(reference),
        *_controls(reference),
        "## References",
        "\n".join(_link(link) for link in reference.references),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def index_page(references: Sequence[RuleReference], groups: Mapping[str, str]) -> str:
    """Return the tables of all rules, one for each group."""
    sentences = [f"{counted(len(references), 'rule')}."]
    if any(reference.rule.mission for reference in references):
        sentences.append("The **core** rules always run before `apply` creates anything. No selection leaves them out.")
    sentences.append("The [table of controls](compliance.md) maps rules to compliance frameworks.")
    parts = ["# Rules", "\n".join(sentences)]
    by_group: dict[str, list[Rule]] = {group: [] for group in groups}
    for reference in references:
        by_group.setdefault(reference.rule.group, []).append(reference.rule)
    for group, rules in by_group.items():
        if rules:
            rows = [(_page_link(r), _escape(r.title), r.severity, default_words(r), r.since) for r in rules]
            parts += [f"## {group}", *([groups[group]] if groups.get(group) else [])]
            parts.append(_table(("rule", "requires", "severity", "by default", "since"), rows))
    return "\n\n".join(parts) + "\n"


def compliance_page(references: Sequence[RuleReference]) -> str:
    """Return the table of rules and controls, with the relation of each control to its rule."""
    rows = [
        (_escape(c.framework), _escape(c.version) or "-", _escape(c.id), c.relation, _page_link(r.rule))
        for r in references
        for c in r.controls
    ]
    unmapped = [_page_link(r.rule) for r in references if not r.controls]
    parts = [
        "# Rules and compliance controls",
        "An **exact** control covers the infrastructure configuration itself. An **analogous** control covers another\n"
        "kind of resource, such as an EC2 instance or an SNS topic. The rule prevents what the control would find,\n"
        "but a passing rule does not mean that the control passes.",
        _table(("framework", "version", "control", "relation", "rule"), sorted(rows)) if rows else "No rule is mapped.",
        "## Rules without a control",
        "No published control has the same requirement.",
        "\n".join(f"- {link}" for link in unmapped) or "None.",
    ]
    return "\n\n".join(parts) + "\n"


def default_words(rule: Rule) -> str:
    """Return whether a rule runs by default: ``on``, ``on, core``, ``with --live``, ``off`` or ``off (preview)``."""
    if rule.status != "stable":
        return f"off ({rule.status})"
    words = "off" if not rule.enabled else "with --live" if rule.group == "live" else "on"
    return f"{words}, core" if rule.mission else words


def type_words(schema: Mapping[str, Any]) -> str:
    """Return the type of an option in words: ``integer``, ``list of string``, ``"a"|"b"``."""
    if "enum" in schema:
        return "|".join(json.dumps(value) for value in schema["enum"])
    kinds = schema.get("type", "any")
    kind = "|".join(kinds) if isinstance(kinds, list) else str(kinds)
    items = schema.get("items")
    return f"list of {type_words(items)}" if kind == "array" and isinstance(items, Mapping) else kind


def whole(value: Any) -> str:
    """Return a value as JSON, uncut."""
    return json.dumps(value, ensure_ascii=False)


def configuration_of(example: Example, rule: Rule) -> str:
    """Return an example's settings as the text of a configuration file; empty if it has none."""
    settings = dict(example.settings)
    if "options" in settings:
        settings["options"] = {rule.name: settings["options"]}
    return yaml_of(settings)


def yaml_of(entries: Mapping[str, Any]) -> str:
    """Return entries as YAML, with the innermost collections on one line."""
    import yaml

    def entry(key: str, value: Any) -> str:
        flow = None if isinstance(value, dict | list) else False
        text: str = yaml.safe_dump(
            {key: value}, sort_keys=False, default_flow_style=flow, allow_unicode=True, width=100
        )
        return text

    return "".join(entry(key, value) for key, value in entries.items())


def _facts(rule: Rule) -> str:
    aliases = [("former names", ", ".join(f"`{alias}`" for alias in rule.aliases))] if rule.aliases else []
    rows = [
        ("group", rule.group),
        ("severity", str(rule.severity)),
        ("by default", default_words(rule)),
        ("status", rule.status),
        ("since", rule.since),
        ("tags", ", ".join(f"`{tag}`" for tag in rule.tags) or "none"),
        *aliases,
        ("if unknown", "shown as a note" if rule.report_unknown else "counted in the summary"),
    ]
    return _table(("", ""), rows)


def _absence(rule: Rule) -> Iterator[str]:
    if not rule.at:
        return
    fields = " nor ".join(f"`{dotted(path)}`" for path in rule.at)
    condition = f"neither {fields} is set" if len(rule.at) > 1 else f"{fields} is not set"
    rows = [(_ORIGIN_WORDS[origin], _verdict_if_absent(rule, origin)) for origin in _ORIGIN_WORDS]
    yield "## If it is not set"
    yield f"The verdict if {condition}:"
    yield _table(("in", "verdict"), rows)


def _verdict_if_absent(rule: Rule, origin: Origin) -> str:
    meaning = rule.absent[origin]
    words = _ABSENCE_WORDS[meaning.verdict]
    if not meaning.message:
        return words
    first = replace(rule, at=rule.at[:1])  # the finding of an absent value points to the first
    text = in_words(" ".join(meaning.message.split()), first, _escape_markup)
    return text if meaning.verdict is None else f"{words}: {text}"


def _options(rule: Rule) -> Iterator[str]:
    if not rule.options:
        return
    rows = [
        (f"`{o.name}`", _escape(o.description), _code_cell(type_words(o.schema)), _code_cell(whole(o.default)))
        for o in rule.options
    ]
    yield "## Options"
    yield f"Set under `options: {{{rule.name}: {{...}}}}` in the configuration file."
    yield _table(("option", "meaning", "type", "default"), rows)


def _examples(reference: RuleReference) -> Iterator[str]:
    yield "## Examples"
    for polarity, title in _POLARITY_TITLES.items():
        examples = reference.of(polarity)
        if examples:
            yield f"### {title}"
            yield from (_example(example, reference.rule) for example in examples)


def _example(example: Example, rule: Rule) -> str:
    parts = [f"{_escape(example.title)}:"] if example.title else []
    if settings := configuration_of(example, rule):
        parts += ["With this `.iblint.yaml`:", _fenced(settings, "yaml"), "This configuration:"]
    if example.facts:
        facts = yaml_of(example.facts)
        parts += ["In an account with these resources:", _fenced(facts, "yaml"), "This configuration:"]
    elif example.facts is not None:
        parts.append("In an account without the resources that are named here:")
    parts.append(_fenced(example.text, example.syntax))
    if example.expect:
        parts.append("\n".join(f"- `{e.path or '/'}`: ... {_escape(e.message)} ..." for e in example.expect))
    return "\n\n".join(parts)


def _fenced(text: str, syntax: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    text = text.rstrip("\n")
    return f"{fence}{syntax}\n{text}\n{fence}"


def _controls(reference: RuleReference) -> Iterator[str]:
    if reference.controls:
        yield "## Controls"
        yield "\n".join(
            f"- {_escape(c.framework)}{f' {_escape(c.version)}' if c.version else ''} {_escape(c.id)} ({c.relation})"
            for c in reference.controls
        )


def _link(link: Link) -> str:
    return f"- [{_escape(link.title)}]({link.url.replace('(', '%28').replace(')', '%29')})"


def _page_link(rule: Rule) -> str:
    return f"[{rule.code} {rule.name}]({page_name(rule)})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _prose(text: str) -> str:
    """Return the Markdown of a rule file with HTML disabled outside code spans."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)


def _code_cell(text: str) -> str:
    """Return code for a table cell, with bars escaped: a bar would end the cell."""
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`"


def _escape(text: str) -> str:
    """Return text on one line with Markdown markup escaped."""
    return _escape_markup(" ".join(text.split()))


def _escape_markup(text: str) -> str:
    return re.sub(r"([\\<>\[\]|*_])", r"\\\1", text)
