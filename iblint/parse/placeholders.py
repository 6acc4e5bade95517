"""Markup of template languages: values that another tool fills in later, and files that must be rendered first.

A value with markup is unresolved and never judged as it stands.
"""

from __future__ import annotations

import re

from iblint.model.errors import ParseError
from iblint.parse.line_index import Lines

_MARKUP = (("{{", "}}"), ("{%", "%}"), ("<%", "%>"))
_NAMED = (("%(", ")s"), ("@@", "@@"))
"""Markup that counts only around a name, because its characters also occur in plain text."""

# Jinja, Go, Helm and Liquid; ERB; sed and autoconf placeholders. "{{resolve:" is CloudFormation's own.
_IN_FILES = r"\{\{(?!\s*resolve:)|\{%|<%|(@@?)[A-Z][A-Z0-9_]*\1|__[A-Z][A-Z0-9_]*__"


def may_hold_placeholder(text: str) -> bool:
    """Return whether a text may contain markup. Cheap enough for whole files."""
    # Searching for one character is many times faster than for two, and most texts have none of these.
    return (
        ("$" in text and "${" in text)
        or ("{" in text and ("{{" in text or "{%" in text))
        or ("%" in text and ("%(" in text or "<%" in text))
        or ("@" in text and "@@" in text)
    )


def is_placeholder(text: str) -> bool:
    """Return whether a string contains ``${X}`` or other template markup."""
    return _between(text, "${", "}") is not None or is_markup(text)


def is_markup(text: str) -> bool:
    """Return whether a string contains markup of other tools: ``{{ x }}``, ``{% x %}``, ``<% x %>``, ``%(x)s``."""
    if "{" not in text and "%" not in text and "@" not in text:
        return False
    return may_hold_placeholder(text) and (
        any(_between(text, start, end) is not None for start, end in _MARKUP)
        or any((_between(text, start, end) or "").isidentifier() for start, end in _NAMED)
    )


def _between(text: str, start: str, end: str) -> str | None:
    """Return the text between the first ``start`` and the next ``end``, or None."""
    begin = text.find(start)
    if begin < 0:
        return None
    stop = text.find(end, begin + len(start))
    return None if stop < 0 else text[begin + len(start) : stop]


def explain(problem: ParseError, text: str) -> ParseError:
    """Return the error for a text that cannot be parsed: at its first markup, if it is a template of another tool."""
    match = re.search(_IN_FILES, text)
    if match is None:
        return problem
    message = (
        f"template, not judged: {match.group()!r} is markup, and the text cannot be read as it stands "
        f"(line {problem.line}: {problem.message.rstrip('.')}). "
        "Render it first, or exclude it in the configuration."
    )
    return Lines(text).error(message, match.start(), malformed=problem.malformed)
