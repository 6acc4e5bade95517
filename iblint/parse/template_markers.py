"""Strings that another tool fills in later: such a value is not known, and is never judged as it stands."""

from __future__ import annotations

_MARKUP = (("{{", "}}"), ("{%", "%}"), ("<%", "%>"))
_NAMED = (("%(", ")s"), ("@@", "@@"))
"""Markup that counts only around a name, because its characters also occur in plain text."""


def may_hold_placeholder(text: str) -> bool:
    """Whether markup may begin somewhere in a text; cheap enough to be asked of whole files."""
    # One character is searched for many times faster than two, and most texts lack each of these.
    return (
        ("$" in text and "${" in text)
        or ("{" in text and ("{{" in text or "{%" in text))
        or ("%" in text and ("%(" in text or "<%" in text))
        or ("@" in text and "@@" in text)
    )


def is_placeholder(text: str) -> bool:
    """Whether a string holds template markup: ``${X}``, or what ``is_markup`` knows."""
    return _between(text, "${", "}") is not None or is_markup(text)


def is_markup(text: str) -> bool:
    """Whether a string holds markup that no template of AWS has: ``{{ x }}``, ``{% x %}``, ``<% x %>``, ``%(x)s``."""
    if "{" not in text and "%" not in text and "@" not in text:
        return False
    return may_hold_placeholder(text) and (
        any(_between(text, start, end) is not None for start, end in _MARKUP)
        or any((_between(text, start, end) or "").isidentifier() for start, end in _NAMED)
    )


def _between(text: str, start: str, end: str) -> str | None:
    """What stands between the first ``start`` and the next ``end``; None when they do not occur so."""
    begin = text.find(start)
    if begin < 0:
        return None
    stop = text.find(end, begin + len(start))
    return None if stop < 0 else text[begin + len(start) : stop]
