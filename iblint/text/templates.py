"""Message templates of rules: their placeholders, filled for a finding or described for a page about the rule.

A placeholder is one of PLACEHOLDERS, ``{option:NAME}`` or ``{/json/pointer}``. ``{{`` and ``}}`` are literal braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from iblint.model.path import Path, from_pointer
from iblint.model.resource import Resource, dotted
from iblint.model.rule import Rule
from iblint.text.wording import AS_CLAUSE, alternatives, did_you_mean, shorten, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PLACEHOLDERS = ("field", "actual", "expected", "suggestion", "key", "configuration")

_GENERAL_WORDS = {
    "field": "the field",
    "actual": "its value",
    "expected": "what is expected",
    "key": "its key",
    "configuration": "the configuration",
}
"""Placeholder -> its words on a page that is not about a finding."""

_PLACEHOLDER = r"\{\{|\}\}|\{([^{}]*)\}|[{}]"

_TYPE_WORDS = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}

_LIMIT_WORDS: Mapping[str, str] = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} entries",
    "maxProperties": "at most {} entries",
    "pattern": "the pattern {}",
}

_SINGULARS = {"characters": "character", "items": "item", "entries": "entry"}
_PLURAL = "|".join(_SINGULARS)


def expected(keyword: str, argument: Any) -> str:
    """Return what a schema keyword requires, in words: ``at most 64``, ``true or false``, ``'required'``."""
    if keyword == "type":
        names = argument if isinstance(argument, list) else [argument]
        return alternatives(_TYPE_WORDS.get(name, str(name)) for name in names)
    if keyword == "enum" and isinstance(argument, list):
        return alternatives(show(item) for item in argument)
    words = _LIMIT_WORDS.get(keyword)
    if words is None:
        return show(argument)
    text = words.format(argument)
    return re.sub(_PLURAL, lambda plural: _SINGULARS[plural.group()], text) if argument == 1 else text


def fill(template: str, resource: Resource, path: Path, values: Mapping[str, str | Callable[[], str]]) -> str:
    """Fill a rule's template for a violation at ``path``.

    ``values`` holds the placeholders that depend on the violation (``actual``, ``expected``, ...), as text or as a
    function that returns it. An unknown placeholder is left as it is; rule files with one are rejected.
    """

    def word(name: str) -> str | None:
        if name.startswith("/"):
            return resource.spell(from_pointer(name))
        if name == "field":
            return resource.spell(path)
        if name == "key":
            return str(path[-1]) if path else ""
        if name == "configuration":
            return shorten(resource.name)
        value = values.get(name)
        return value() if callable(value) else value

    return _substitute(template, word).strip()


def in_words(
    template: str, rule: Rule, literal: Callable[[str], str] = str, code: str = "`{}`", general: str = "*{}*"
) -> str:
    """Return a template of a rule as Markdown for a page that is not about a finding.

    ``literal`` converts each stretch of text between placeholders. ``code`` is the form of names, ``general`` that of
    words for what depends on a finding.
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

    return _substitute(template, word, literal)


def _substitute(template: str, word: Callable[[str], str | None], literal: Callable[[str], str] = str) -> str:
    """Replace each placeholder by its word, or leave it if that is None, and convert the rest by ``literal``."""
    text, end = "", 0
    for token in re.finditer(_PLACEHOLDER, template):
        text += literal(template[end : token.start()])
        name = token.group(1)
        if name is None:
            text += literal(token.group()[0])
        else:
            replacement = word(name)
            text += token.group() if replacement is None else replacement
        end = token.end()
    return text + literal(template[end:])


def placeholders(template: str) -> tuple[str, ...]:
    """Return the placeholders of a template, without braces. Raises ValueError for a single brace."""
    names = []
    for token in re.finditer(_PLACEHOLDER, template):
        if token.group() in ("{", "}"):
            raise ValueError(f"a single '{token.group()}'; write '{token.group() * 2}' for a literal brace")
        if token.group(1) is not None:
            names.append(token.group(1))
    return tuple(names)


def wrong_placeholders(template: str, options: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the placeholders of a template, given the options that its rule declares."""
    try:
        names = placeholders(template)
    except ValueError as error:
        yield str(error)
        return
    for name in names:
        if name.startswith("option:"):
            option = name.removeprefix("option:")
            if option not in options:
                yield f"the rule has no option for {{{name}}}{did_you_mean(option, options, AS_CLAUSE)}"
        elif not name.startswith("/") and name not in PLACEHOLDERS:
            yield f"unknown placeholder {{{name}}}{did_you_mean(name, PLACEHOLDERS, AS_CLAUSE)}"
