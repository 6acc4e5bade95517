"""Decode bytes as YAML 1.2 (5.2) and JSON define it: UTF-8, or UTF-16 and UTF-32 if the first bytes say so."""

from __future__ import annotations

import codecs

from iblint.parse.line_index import Lines

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
# Without a mark, the first characters are ASCII: the places of their zero bytes give the encoding. In UTF-16 two of
# them count, if there are two: one byte alone may be a stray NUL in another encoding.
_ZEROS = (
    ((True, True, True, False), "utf-32-be"),
    ((False, True, True, True), "utf-32-le"),
    ((True, False, True, False), "utf-16-be"),
    ((False, True, False, True), "utf-16-le"),
)


def decode(data: bytes) -> str:
    """Decode a file, without its byte order mark. Raises ParseError at the first invalid byte."""
    encoding, start = _encoding(data)
    try:
        text = data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[start : start + error.start].decode(encoding)
        offset = start + error.start
        message = (
            f"not valid {encoding.upper()}: byte 0x{data[offset]:02X} at offset {offset} is invalid. "
            "Save the file as UTF-8."
        )
        raise Lines(before).error(message, len(before)) from None
    if text.startswith("\ufeff"):
        raise Lines(text).error("the text begins with two byte order marks. Remove one.", 0)
    return text


def _encoding(data: bytes) -> tuple[str, int]:
    """Return the encoding and the length of the byte order mark."""
    if data[:4].isascii() and b"\0" not in data[:4]:
        return "utf-8", 0
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    for zeros, encoding in _ZEROS:
        if data and tuple(byte == 0 for byte in data[:4]) == zeros[: len(data)]:
            return encoding, 0
    return "utf-8", 0
