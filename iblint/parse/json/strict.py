"""Parse any JSON text strictly, with the span of every key and value, and of every error.

This reader decides what is refused; the fast one hands over whatever it cannot read.
"""

from __future__ import annotations

import math
import re
from json.decoder import JSONDecodeError, JSONDecoder

from iblint.model.document import KnownSpans
from iblint.model.span import Entry, Span
from iblint.parse.line_index import Lines
from iblint.parse.parsed import MAX_DEPTH, MAX_NODES, MAX_NUMBER_LENGTH, MAX_REACH, TOO_FAR, Parsed
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[-+.\w]+|.?", re.DOTALL)
_CONSTANTS = {"true": True, "false": False, "null": None}
_STRINGS = JSONDecoder()


def read(text: str) -> Parsed:
    """Read a JSON text. Raises ParseError."""
    return _Reader(text).document()


class _Reader:
    """One pass over a text. ``_at`` is the offset of the next character; MAX_DEPTH limits the recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._at = 0
        self._nodes = 0
        self._reach = 0  # of the value read last: characters of the keys on the longest path inside it
        self._table: dict[int, dict[str | int, Entry]] = {}

    def document(self) -> Parsed:
        self._skip_blanks()
        data, span = self._value(0)
        self._skip_blanks()
        if self._at < len(self._text):
            self._invalid("more text follows the end of the document. Remove it.")
        return Parsed(data, KnownSpans(data, span, self._table))

    def _refuse(self, message: str, offset: int | None = None) -> NoReturn:
        raise self._lines.error(message, self._at if offset is None else offset)

    def _invalid(self, message: str, offset: int | None = None) -> NoReturn:
        offset = self._at if offset is None else offset
        if self._text.startswith(("/", "#"), offset):
            message = "JSON has no comments. Remove it."
        raise self._lines.error("not valid JSON: " + message, offset, malformed=True)

    def _skip_blanks(self) -> str:
        """Move to the next character that is not blank and return it; "" at the end."""
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _value(self, depth: int) -> tuple[Any, Span]:
        start = self._at
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(f"more than {MAX_NODES} values. Split the file.")
        self._reach = 0
        char = self._text[start : start + 1]
        value: Any
        if char in ("{", "["):
            if depth == MAX_DEPTH:
                self._refuse(f"objects and arrays are nested more than {MAX_DEPTH} levels deep. Flatten the structure.")
            value = self._object(depth + 1) if char == "{" else self._array(depth + 1)
        elif char == '"':
            value = self._string()
        else:
            value = self._number_or_constant()
        return value, self._lines.span(start, self._at)

    def _object(self, depth: int) -> dict[str, Any]:
        opened = self._at
        data: dict[str, Any] = {}
        entries: dict[str | int, Entry] = {}
        reach = 0
        self._at += 1
        if self._skip_blanks() != "}":
            while True:
                start = self._at
                key, key_span = self._key(entries)
                data[key], span = self._value(depth)
                entries[key] = Entry(key_span, span)
                reach = max(reach, len(key) + self._reach)
                if reach > MAX_REACH:
                    self._refuse(TOO_FAR, start)
                if not self._another("}", opened):
                    break
        self._at += 1
        self._reach = reach
        self._table[id(data)] = entries
        return data

    def _key(self, entries: dict[str | int, Entry]) -> tuple[str, Span]:
        """Read a key and its colon; stop at the value."""
        start = self._at
        if self._text[start : start + 1] != '"':
            self._invalid("a key in double quotes is expected here. Add it, or its quotes.")
        key = self._string()
        span = self._lines.span(start, self._at)
        if key in entries:
            first = entries[key].key
            line = first.line if first else 0
            self._refuse(f"the key {key!r} is written twice in this object, first on line {line}. Remove one.", start)
        if self._skip_blanks() != ":":
            self._invalid("a ':' is expected after the key. Add it.")
        self._at += 1
        self._skip_blanks()
        return key, span

    def _array(self, depth: int) -> list[Any]:
        opened = self._at
        data: list[Any] = []
        entries: dict[str | int, Entry] = {}
        reach = 0
        self._at += 1
        if self._skip_blanks() != "]":
            while True:
                value, span = self._value(depth)
                reach = max(reach, self._reach)
                entries[len(data)] = Entry(None, span)
                data.append(value)
                if not self._another("]", opened):
                    break
        self._at += 1
        self._reach = reach
        self._table[id(data)] = entries
        return data

    def _another(self, closing: str, opened: int) -> bool:
        """After a value, return whether another follows; if so, stop at it, else at the closing bracket."""
        char = self._skip_blanks()
        if char == closing:
            return False
        if char != ",":
            line = self._lines.position(opened)[0]
            self._invalid(f"a ',' or the {closing!r} for line {line} is missing before this place. Add it.")
        comma = self._at
        self._at += 1
        if self._skip_blanks() == closing:
            self._invalid(f"there is a ',' before {closing!r}. Remove the comma.", comma)
        return True

    def _string(self) -> str:
        start = self._at
        try:
            value, self._at = _STRINGS.raw_decode(self._text, start)
        except JSONDecodeError as error:
            if error.msg.startswith("Unterminated"):
                self._invalid("the string that begins here is never closed. Add the closing quote.", start)
            if error.msg.startswith("Invalid control"):
                self._invalid(
                    "the string contains a line break or control character. Write it as an escape.", error.pos
                )
            self._invalid("the escape is not valid. Write a backslash as '\\\\', a character as '\\uXXXX'.", error.pos)
        try:
            value.encode()
        except UnicodeEncodeError:
            self._refuse("the string contains half of a surrogate pair. Write both halves, or the character.", start)
        return str(value)

    def _number_or_constant(self) -> Any:
        start = self._at
        match = _WORD.match(self._text, start)
        word = match.group() if match else ""
        self._at += len(word)
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        if len(word) > MAX_NUMBER_LENGTH and word[0] in "-0123456789":
            self._refuse(f"a number of {len(word)} characters is too long. Put it in quotes if a text is meant.", start)
        number = _NUMBER.fullmatch(word)
        if number is None:
            self._invalid(_no_value(word), start)
        if number.group(1) is None and number.group(2) is None:
            return int(word)
        value = float(word)
        if not math.isfinite(value):
            self._refuse(f"the number {shorten(word)} is too large. Write a smaller one.", start)
        return value


def _no_value(word: str) -> str:
    """Explain why a word is not a JSON value."""
    if not word:
        return "the text ends where a value is expected. Add the rest."
    if word in ",:]}":
        return f"a value is missing before {word!r}. Add it."
    if word == "'":
        return "the string is in single quotes. Use double quotes."
    if word.lstrip("-+").lower() in ("nan", "infinity", "inf"):
        return f"{word!r} is not a JSON number. Write a finite number."
    if word.lower() in ("true", "false", "none", "null"):
        return f"{word!r} is not a JSON value. Write true, false or null."
    return f"no value begins with '{shorten(word)}'. Put a text in double quotes."
