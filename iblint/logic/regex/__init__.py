"""Patterns of schemas as Python's ``re`` takes them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

MAX_TEXT: Final = 2048
"""Characters. Longer texts are not matched: no value of a configuration needs to be that long."""

_DOLLAR: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def translate(pattern: str) -> str:
    r"""The pattern for Python's ``re``: ``$`` becomes ``\Z``, because ``$`` matches before a last newline, too."""
    before, dollar, after = pattern.partition("$")
    if not after and not before.endswith("\\"):
        return before + r"\Z" if dollar else pattern  # what nearly all patterns are
    return _DOLLAR.sub(lambda token: r"\Z" if token[0] == "$" else token[0], pattern)
