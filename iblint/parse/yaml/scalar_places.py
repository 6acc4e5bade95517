"""Where each character of a YAML string stands: block scalars, quoted and plain ones."""

from __future__ import annotations

import re

from iblint.parse.json_strings import unescape
from iblint.parse.program import Places

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)")


def scalar_places(text: str, start: int, end: int, value: str) -> Places | None:
    """Return where the characters of a scalar stand in the text of the file; None if that is not certain.

    ``start`` and ``end`` are the offsets of the scalar as it is written.
    """
    properties = _PROPERTIES.match(text, start, end)
    start = start if properties is None else properties.end()
    if text[start : start + 1] == '"':
        string, places = unescape(text, start + 1)
        return places if string == value else None
    header = _HEADER.match(text, start)
    if header is not None:
        return _aligned(text, header.end(), max(end, header.end()), value, is_block=True)
    if text[start : start + 1] == "'":
        return _aligned(text, start + 1, end - 1, value, is_block=False)
    return _aligned(text, start, end, value, is_block=False)


def _aligned(text: str, start: int, end: int, value: str, *, is_block: bool) -> Places | None:
    """Return the places of a value that differs from its text by line breaks, indentation and doubled quotes alone."""
    starts: list[int] = []
    ends: list[int] = []
    at = start
    indent = _indent_of(text, start, end) if is_block else None
    for index, character in enumerate(value):
        doubled = 0
        if character in " \n":
            at = _break_or_blank(text, at, end, character)
        elif text[at : at + 1] in ("\r", "\n", " ", "\t") and text[at : at + 1] != character:
            at = _skip_blank(text, at, end)
        elif text[at : at + 2] == "''" and not is_block:
            at, doubled = at + 1, 1
        if indent is not None and (index == 0 or value[index - 1] == "\n"):
            at = _behind_indent(text, at, indent)
        is_same = text[at : at + 1] == character or (character in " \n" and text[at : at + 1] in "\r\n")
        if at > end or not (is_same or at == len(text)):
            return None
        length = 2 if text[at : at + 2] == "\r\n" else 1
        starts.append(at - doubled)
        ends.append(min(at + length, len(text)))
        at += length
    return Places(starts, ends)


def _indent_of(text: str, start: int, end: int) -> int:
    """Return the indentation of a block scalar: that of its first line with text."""
    for line in text[start:end].splitlines():
        if line.strip():
            return len(line) - len(line.lstrip(" "))
    return 0


def _behind_indent(text: str, at: int, indent: int) -> int:
    """Return the offset behind the indentation of the line that begins at an offset."""
    begin = at
    while at < begin + indent and text[at : at + 1] == " ":
        at += 1
    return at


def _break_or_blank(text: str, at: int, end: int, character: str) -> int:
    """Return the offset of the line break or blank that a blank or line break of the value comes from."""
    if text[at : at + 1] == character:
        return at
    return at if text[at : at + 1] in "\r\n" else _skip_blank(text, at, end)


def _skip_blank(text: str, at: int, end: int) -> int:
    while at < end and text[at] in " \t\r\n":
        at += 1
    return at
