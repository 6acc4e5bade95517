"""JSON strings with the place of each of their characters, also those that YAML writes in double quotes."""

from __future__ import annotations

import re
from collections.abc import Callable

from iblint.parse.program import Places

_SHORT = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "0": "\0",
    "a": "\a",
    "v": "\v",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HEX = {"x": 2, "u": 4, "U": 8}
_FOLD = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*(?:(?:\r\n?|\n)[ \t]*)*")
_ESCAPED_FOLD = re.compile(r"(?:\r\n?|\n)[ \t]*")


def unescape(text: str, start: int) -> tuple[str, Places]:
    """Return the string whose opening quote is right before ``start``, up to its closing quote."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = start

    def add(character: str, end: int) -> None:
        for each in character:
            out.append(each)
            starts.append(at)
            ends.append(end)

    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and at + 1 < len(text):
            end = _escape(text, at, add)
        elif text[at] in "\r\n" or (text[at] in " \t" and _FOLD.match(text, at)):  # only YAML folds lines
            fold = _FOLD.match(text, at)
            assert fold is not None
            breaks = len(re.findall(r"\r\n?|\n", fold[0]))
            add("\n" * (breaks - 1) or " ", fold.end())
            end = fold.end()
        else:
            end = at + 1
            add(text[at], end)
        at = end
    return "".join(out), Places(starts, ends)


def _escape(text: str, at: int, add: Callable[[str, int], None]) -> int:
    """Add the character of the escape at an offset, and return where it ends."""
    letter = text[at + 1]
    fold = _ESCAPED_FOLD.match(text, at + 1)
    if fold:
        return fold.end()
    end = at + 2
    if letter in _HEX:
        end += _HEX[letter]
        code = int(text[at + 2 : end], 16)
        if 0xD800 <= code < 0xDC00 and text[end : end + 2] == "\\u":  # the first half of a pair
            low = int(text[end + 2 : end + 6], 16)
            code, end = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), end + 6
        add(chr(code), end)
    else:
        add(_SHORT.get(letter, letter), end)
    return end
