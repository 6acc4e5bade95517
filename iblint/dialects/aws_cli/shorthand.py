"""The shorthand syntax of the AWS CLI: ``a=b,c={d=e},l=[x,y]``, with quotes.

The grammar is that of ``awscli/shorthand.py``, which is part of the program and cannot be imported from here. The tests
compare the two.
"""

from __future__ import annotations

import re

from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Parsed: TypeAlias = "Text | dict[str, Pair] | list[Parsed]"

_KEY = re.compile(r"[A-Za-z0-9_.#/:-]*")
_BLANK = re.compile(r"[ \t\n\r\x0b\x0c]*")
_SINGLE = re.compile(r"'(?:\\'|[^'])*'")
_DOUBLE = re.compile(r'"(?:\\"|[^"])*"')
_START = r"\!\#-&\(-\+\--\<\>-Z\\\\-z\u007c-\uffff"
_FIRST = re.compile(rf"(?:\\,|[{_START}])(?:\\,|[\s\!\#-&\(-\+\--\\\\\^-\|~-\uffff])*")
"""A value that may hold ``=``."""
_SECOND = re.compile(rf"(?:\\,|[{_START}])(?:\\,|[\s\!\#-&\(-\+\--\<\>-\uffff])*")
"""A further value of a list, which may not."""
_MAX_DEPTH = 20


class Text(Record):
    """A scalar or a key: its text, and its offsets in the word."""

    text: str
    start: int
    end: int


class Pair(Record):
    """A key with its value."""

    key: Text
    value: Parsed


class ShorthandError(ValueError):
    """The text is not of the syntax."""


def parse(text: str) -> dict[str, Pair]:
    """Parse the value of a structure or a map. Raises ShorthandError."""
    return _Parser(text).parameters()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def parameters(self) -> dict[str, Pair]:
        """Return all ``key=value`` pairs."""
        found: dict[str, Pair] = {}
        while True:
            key = self.key()
            if key.text in found:
                raise ShorthandError
            found[key.text] = Pair(key, self.values())
            if self.at >= len(self.text):
                return found
            self.expect(",")

    def key(self) -> Text:
        """Return a key, after which ``=`` is read. ``key@=file`` is not known."""
        match = _KEY.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        self.expect("=")
        return Text(match[0], match.start(), match.end())

    def values(self) -> Parsed:
        """Return a list, a mapping, or what stands up to the next key: a scalar or several."""
        if self.peek() in ("[", "{"):
            return self.value()
        first = self.scalar(_FIRST)
        self.skip_blank()
        found: list[Parsed] = [first]
        while self.peek() == ",":
            before = self.at
            self.expect(",")
            try:
                following = self.scalar(_SECOND)
                self.skip_blank()
                if self.peek() not in ("", ","):
                    raise ShorthandError
            except ShorthandError:
                if self.at >= len(self.text):
                    raise
                self.at = before
                break
            found.append(following)
        return first if len(found) == 1 else found

    def value(self) -> Parsed:
        """Return a list, a mapping or a scalar inside brackets."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ShorthandError
        found: Parsed
        if self.peek() == "[":
            found = self.items()
        elif self.peek() == "{":
            found = self.mapping()
        else:
            found = self.scalar(_FIRST)
        self.depth -= 1
        return found

    def items(self) -> list[Parsed]:
        self.expect("[")
        found: list[Parsed] = []
        while self.peek() != "]":
            found.append(self.value())
            self.skip_blank()
            if self.peek() != "]":
                self.expect(",")
        self.at += 1
        return found

    def mapping(self) -> dict[str, Pair]:
        self.expect("{")
        found: dict[str, Pair] = {}
        while self.peek() != "}":
            key = self.key()
            found[key.text] = Pair(key, self.value())
            self.skip_blank()
            if self.peek() != "}":
                self.expect(",")
        self.at += 1
        return found

    def scalar(self, pattern: re.Pattern[str]) -> Text:
        quote = self.peek()
        if quote in ("'", '"'):
            match = (_SINGLE if quote == "'" else _DOUBLE).match(self.text, self.at)
            if match is None:
                raise ShorthandError
            self.at = match.end()
            text = match[0][1:-1].replace(f"\\{quote}", quote).replace("\\\\", "\\")
            return Text(text, match.start() + 1, match.end() - 1)
        match = pattern.match(self.text, self.at)
        if match is None:
            if pattern is _SECOND:  # a further value of a list is not empty
                raise ShorthandError
            return Text("", self.at, self.at)
        self.at = match.end()
        written = match[0].rstrip()
        return Text(written.replace("\\,", ","), match.start(), match.start() + len(written))

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def expect(self, character: str) -> None:
        """Read a character with the blanks around it. Raises ShorthandError if it is another one."""
        self.skip_blank()
        if self.peek() != character:
            raise ShorthandError
        self.at += 1
        self.skip_blank()

    def skip_blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
