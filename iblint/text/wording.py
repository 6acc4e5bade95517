"""Values and words as they are written in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from iblint.model.values import ABSENT, Choice, Reading, Tagged, Unresolved
from iblint.text.secrets import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_SHOWN = 80
"""Characters of a value in a message; longer ones are cut, because the excerpt shows them."""

_REDACTED = 1000
"""Characters of a longer value that are searched for secrets before it is cut at MAX_SHOWN."""

AS_CLAUSE = "; did you mean '{}'?"
IN_BRACKETS = " (did you mean '{}'?)"
"""Forms of ``did_you_mean`` inside a sentence."""

_CODE = "[A-Za-z]{2,8}[0-9]{1,4}"
"""A rule code. All codes are similar, so that only a code with one wrong character gets a suggestion."""


def show(value: Any) -> str:
    """Write a value for a sentence: ``'optional'``, ``1``, ``true``, ``not set``; cut at MAX_SHOWN characters."""
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
        case _:  # YAML has more types than JSON: dates, binary data
            return f"'{shorten(str(value))}'"


def show_as_written(value: Any, reading: Reading | None) -> str:
    """Write a value as its author wrote it: ``NO (false in YAML 1.1)``; without a ``reading`` as ``show`` does."""
    if reading is None:
        return show(value)
    meaning = "a date" if hasattr(value, "isoformat") else show(value)
    return f"{shorten(reading.text)} ({meaning}{' in YAML 1.1' if reading.differs(value) else ''})"


def show_with_kind(value: Any, reading: Reading | None) -> str:
    """Write a value as ``show_as_written`` does, and what it is if that is all that is known: ``!Ref Vpc (VPC id)``."""
    kind = value.kind if isinstance(value, Unresolved) else None
    return show_as_written(value, reading) + (f" ({kind})" if kind is not None else "")


def _show_nested(value: Any) -> str:
    return show(value).strip("'")


def shorten(text: str) -> str:
    """Cut a text at MAX_SHOWN characters, with an ellipsis.

    A text is redacted before it is cut, because half a secret is not recognised. Other texts are redacted when they are
    printed.
    """
    return text if len(text) <= MAX_SHOWN else redact(text[:_REDACTED])[: MAX_SHOWN - 1] + "…"


def alternatives(words: Iterable[str]) -> str:
    """Join words: ``a``, ``a or b``, ``a, b or c``."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def counted(count: int, noun: str) -> str:
    """Write a number with its noun: ``1 error``, ``2 errors``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def split_message(message: str) -> tuple[str, str]:
    """Return the first sentence of a message, and the rest. A period inside single quotes does not end a sentence."""
    for match in re.finditer(r"(?<!\be\.g)(?<!\bi\.e)[.!?](?=\s)", message):
        head = message[: match.end()]
        if len(re.findall(r"(?<!\w)'|'(?!\w)", head)) % 2 == 0:
            return head, message[match.end() :].strip()
    return message, ""


def did_you_mean(word: object, known: Iterable[str], form: str = " Did you mean '{}'?") -> str:
    """Return a suggestion of the known word nearest to ``word``, in the given form; empty if none is near."""
    near = nearest(word, known)
    return "" if near is None else form.format(near)


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the known word of which ``word`` is a misspelling: other letters, case or separators. None if none is."""
    if not isinstance(word, str):
        return None
    folded = {_fold(each): each for each in sorted(known)}
    if _fold(word) in folded:
        same = folded[_fold(word)]
        return same if same != word else None
    if re.fullmatch(_CODE, word):
        similar = [each for each in folded if _differ_in_one(_fold(word), each)]
        return folded[similar[0]] if len(similar) == 1 else None
    import difflib

    close = difflib.get_close_matches(_fold(word)[:100], list(folded), n=1)
    return folded[close[0]] if close else None


def _fold(word: str) -> str:
    return word.lower().replace("_", "-")


def _differ_in_one(one: str, other: str) -> bool:
    """Return whether two texts differ in one character: replaced, added or removed."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rests = one[start:], other[start:]
    return rests[0][1:] == rests[1][1:] or rests[0][1:] == rests[1] or rests[0] == rests[1][1:]
