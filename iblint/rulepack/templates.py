"""Templates of messages: which placeholders they hold. (The engine fills them in.)"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from iblint.model.wording import AS_CLAUSE, did_you_mean

WORDS = ("field", "actual", "expected", "suggestion", "key", "configuration")
"""Placeholders besides ``{option:NAME}`` and ``{/json/pointer}``."""

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
