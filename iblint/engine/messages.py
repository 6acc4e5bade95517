"""Message templates of rules: filling their placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from iblint.model.path import Path, from_pointer
from iblint.model.resource import Resource
from iblint.text.wording import alternatives, shorten, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")

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
_SINGULAR = re.compile("|".join(_SINGULARS))


def expected(keyword: str, argument: Any) -> str:
    """What a schema keyword asks for, in words: ``at most 64``, ``true or false``, ``'required'``."""
    if keyword == "type":
        names = argument if isinstance(argument, list) else [argument]
        return alternatives(_TYPE_WORDS.get(name, str(name)) for name in names)
    if keyword == "enum" and isinstance(argument, list):
        return alternatives(show(item) for item in argument)
    words = _LIMIT_WORDS.get(keyword)
    if words is None:
        return show(argument)
    text = words.format(argument)
    return _SINGULAR.sub(lambda plural: _SINGULARS[plural.group()], text) if argument == 1 else text


def fill(template: str, resource: Resource, path: Path, values: Mapping[str, str | Callable[[], str]]) -> str:
    """Fill a rule's template for a fault at ``path``.

    ``values`` holds the placeholders that depend on the fault (``actual``, ``expected``, ...), as text or as a function
    that makes it; an unknown placeholder stays as it is (the pack's lint refuses it before that).
    """

    def replace(match: re.Match[str]) -> str:
        whole, name = match.group(0), match.group(1)
        if whole in ("{{", "}}"):
            return whole[0]
        if name.startswith("/"):
            return resource.spell(from_pointer(name))
        if name == "field":
            return resource.spell(path)
        if name == "key":
            return str(path[-1]) if path else ""
        if name == "configuration":
            return shorten(resource.name)
        value = values.get(name, whole)
        return value if isinstance(value, str) else value()

    return (_PLACEHOLDER.sub(replace, template) if "{" in template or "}" in template else template).strip()
