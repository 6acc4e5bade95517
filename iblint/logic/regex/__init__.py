"""Regular expressions of schemas: matched by Python's ``re``, with the meaning that JSON Schema gives ``$``.

``limits`` bounds the cost of a pattern; it is needed only for rules that are not built in.
"""

from __future__ import annotations

import re
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

MAX_TEXT: Final = 2048
"""Characters. Longer texts are not matched: no value of a configuration needs to be that long."""

_DOLLAR: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


class Pattern:
    """A regular expression, compiled at its first use: most patterns of a rule pack are never used in a run."""

    __slots__ = ("_text", "search")

    def __init__(self, text: str) -> None:
        self._text = text
        self.search: Callable[[str], object] = self._first_search

    def _first_search(self, value: str) -> object:
        self.search = re.compile(translate(self._text), re.ASCII).search
        return self.search(value)


def translate(pattern: str) -> str:
    r"""Return the pattern for Python's ``re``: ``$`` becomes ``\Z``, as ``$`` also matches before a final newline."""
    before, dollar, after = pattern.partition("$")
    if not after and not before.endswith("\\"):
        return before + r"\Z" if dollar else pattern  # the usual case
    return _DOLLAR.sub(lambda token: r"\Z" if token[0] == "$" else token[0], pattern)
