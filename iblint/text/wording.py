"""Values as a person would write them in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from iblint.model.values import ABSENT, Choice, Tagged, Unresolved
from iblint.text.secrets import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_SHOWN = 80
"""Longer values are cut in messages: the excerpt shows them where they stand."""

_REDACTED = 1000
"""Characters looked at to tell whether a secret begins before MAX_SHOWN."""

AS_CLAUSE = "; did you mean '{}'?"
IN_BRACKETS = " (did you mean '{}'?)"
"""Forms of a suggestion inside a sentence."""

_CODE = re.compile("[A-Za-z]{2,8}[0-9]{1,4}")
"""What looks like the code of a rule. All codes are alike, so only a slip of one character tells what was meant."""


def show(value: Any) -> str:
    """A value as it reads in a sentence: ``'optional'``, ``1``, ``true``, ``not set``; cut at MAX_SHOWN characters."""
    match value:
        case _ if value is ABSENT:
            return "not set"
        case Unresolved(expression=expression) | Choice(expression=expression):
            return shorten(expression)
        case Tagged(tag=tag):
            return shorten(tag)
        case str():
            return f"'{shorten(value)}'"
        case bool() | int() | float() | None:
            return json.dumps(value)
        case dict() | list():
            return shorten(json.dumps(value, default=_show_nested, ensure_ascii=False))
        case _:  # what YAML has and JSON has not: dates, binary data
            return f"'{shorten(str(value))}'"


def _show_nested(value: Any) -> str:
    return show(value).strip("'")


def shorten(text: str) -> str:
    """Cut a text at MAX_SHOWN characters, with an ellipsis; what is cut is redacted first.

    Half a secret would no longer look like one. A text that is not cut is redacted where it is printed.
    """
    return text if len(text) <= MAX_SHOWN else redact(text[:_REDACTED])[: MAX_SHOWN - 1] + "…"


def alternatives(words: Iterable[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def counted(count: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def did_you_mean(word: object, known: Iterable[str], form: str = " Did you mean '{}'?") -> str:
    """The known word that was most likely meant, in a sentence of its own with a leading blank, or in another form.

    Nothing when no known word is near.
    """
    near = nearest(word, known)
    return "" if near is None else form.format(near)


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word that another one misspells, in letters, case or separators; None when none is near."""
    if not isinstance(word, str):
        return None
    folded = {_fold(each): each for each in sorted(known)}
    if _fold(word) in folded:
        same = folded[_fold(word)]
        return same if same != word else None
    if _CODE.fullmatch(word):
        slips = [each for each in folded if _one_slip(_fold(word), each)]
        return folded[slips[0]] if len(slips) == 1 else None
    import difflib  # only a misspelling pays for it

    close = difflib.get_close_matches(_fold(word)[:100], list(folded), n=1)
    return folded[close[0]] if close else None


def _fold(word: str) -> str:
    return word.lower().replace("_", "-")


def _one_slip(one: str, other: str) -> bool:
    """Whether two texts differ in one character: another one, one too many or one too few."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rests = one[start:], other[start:]
    return rests[0][1:] == rests[1][1:] or rests[0][1:] == rests[1] or rests[0] == rests[1][1:]
