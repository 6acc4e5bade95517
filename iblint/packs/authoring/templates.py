"""Templates of messages: which placeholders they hold, and how they read without a finding. (The engine fills them.)"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from iblint.model.path import from_pointer
from iblint.model.resource import dotted
from iblint.model.rule import Rule
from iblint.text.wording import AS_CLAUSE, alternatives, did_you_mean, show

WORDS = ("field", "actual", "expected", "suggestion", "key", "configuration")
"""Placeholders besides ``{option:NAME}`` and ``{/json/pointer}``."""

_GENERAL_WORDS = {
    "field": "the field",
    "actual": "its value",
    "expected": "what is expected",
    "key": "its key",
    "configuration": "the configuration",
}

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def placeholders(template: str) -> tuple[str, ...]:
    """The placeholders of a template, without braces. Raises ValueError for a brace that stands alone."""
    found = []
    for match in _BRACES.finditer(template):
        if match.group(0) in ("{", "}"):
            raise ValueError(f"a single '{match.group(0)}'; write '{match.group(0) * 2}' for a literal brace")
        if match.group(1) is not None:
            found.append(match.group(1))
    return tuple(found)


def wrong_placeholders(template: str, options: Collection[str]) -> Iterator[str]:
    """What is wrong with a template, given the options that its rule declares."""
    try:
        names = placeholders(template)
    except ValueError as error:
        yield str(error)
        return
    for name in names:
        if name.startswith("option:"):
            option = name.removeprefix("option:")
            if option not in options:
                near = did_you_mean(option, options, AS_CLAUSE)
                yield f"the placeholder {{{name}}} names no option of the rule{near}"
        elif not name.startswith("/") and name not in WORDS:
            yield f"unknown placeholder {{{name}}}{did_you_mean(name, WORDS, AS_CLAUSE)}"


def in_words(
    template: str, rule: Rule, literal: Callable[[str], str] = str, code: str = "`{}`", general: str = "*{}*"
) -> str:
    """A template of a rule for a reader who has no finding before him, as Markdown.

    ``literal`` is given every stretch between the placeholders; ``code`` and ``general`` are the forms of names and of
    words that stand for whatever a finding is about.
    """

    def word(name: str) -> str:
        if name.startswith("/"):
            return code.format(dotted(from_pointer(name)))
        if name.startswith("option:"):
            option = next(option for option in rule.options if option.name == name.removeprefix("option:"))
            return f"the option {code.format(option.name)} (default {show(option.default)})"
        if name == "field" and rule.at:
            return alternatives(code.format(dotted(path)) for path in rule.at)
        return general.format(_GENERAL_WORDS[name]) if name in _GENERAL_WORDS else ""

    out, end = "", 0
    for match in _BRACES.finditer(template):
        name = match.group(1)
        out += literal(template[end : match.start()])
        out += literal(match.group(0)[0]) if name is None else word(name)
        end = match.end()
    return out + literal(template[end:])
