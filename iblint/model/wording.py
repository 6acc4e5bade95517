"""Values as a person would write them in a sentence."""

from __future__ import annotations

import json
from typing import Any

from iblint.model.values import ABSENT, Choice, Tagged, Unresolved

MAX_SHOWN = 80
"""Longer values are cut in messages: the excerpt shows them where they stand."""


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
    """Cut a text at MAX_SHOWN characters, with an ellipsis."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
