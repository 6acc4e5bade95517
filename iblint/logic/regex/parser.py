r"""A parser of the regular expressions that rule files may use: a subset common to Python and ECMA-262.

Character sets are bit masks: one bit for each ASCII character, and one for all others together. They are exact for
ASCII; two sets of other characters are assumed to overlap.
"""

from __future__ import annotations

import string
from collections.abc import Iterable

from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

OTHER: Final = 1 << 128
"""Any character that is not ASCII."""
END: Final = 1 << 129
"""The end of the text, which is not a character."""
ALL: Final = (1 << 129) - 1

MAX_REPEAT: Final = 1000
MAX_GROUPS: Final = 20
"""Maximum nesting of groups."""


class Chars(Record):
    """One character of a set."""

    mask: int


class Anchor(Record):
    """``^`` or ``$``."""

    end: bool


class Sequence(Record):
    """Parts in sequence; none for the empty pattern."""

    parts: tuple[Expression, ...]


class Alternation(Record):
    """Branches, tried in this order."""

    branches: tuple[Expression, ...]


class Repeat(Record):
    """``body`` as often as possible, from ``least`` to ``most`` times; None is no limit."""

    body: Expression
    least: int
    most: int | None


Expression = Chars | Anchor | Sequence | Alternation | Repeat


def parse(pattern: str) -> Expression:
    """Parse a pattern. Raises ValueError with the reason for anything outside the subset."""
    parser = _Parser(pattern)
    expression = parser.alternation()
    if parser.rest:
        raise ValueError("a ')' without a group: write \\) for the character")
    return expression


def mask_of(characters: Iterable[str]) -> int:
    """Return the bit mask of some characters."""
    mask = 0
    for char in characters:
        mask |= 1 << ord(char) if char.isascii() else OTHER
    return mask


_DIGITS: Final = mask_of(string.digits)
_WORD: Final = mask_of(string.ascii_letters + string.digits + "_")
_SPACE: Final = mask_of(" \t\n\r\f\v")
_CLASSES: Final = {
    "d": _DIGITS,
    "D": ALL & ~_DIGITS,
    "w": _WORD,
    "W": ALL & ~_WORD,
    "s": _SPACE,
    "S": ALL & ~_SPACE,
}
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_GROUPS: Final = {
    "?=": "look-ahead",
    "?!": "negative look-ahead",
    "?<=": "look-behind",
    "?<!": "negative look-behind",
    "?P=": "a back-reference",
    "?P<": "a named group",
    "?(": "a conditional group",
    "?>": "an atomic group",
}


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.rest = pattern
        self.depth = 0

    def take(self, length: int = 1) -> str:
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def alternation(self) -> Expression:
        branches = [self.sequence()]
        while self.rest.startswith("|"):
            self.take()
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Alternation(tuple(branches))

    def sequence(self) -> Expression:
        parts: list[Expression] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self.repeat(self.atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def atom(self) -> Expression:
        char = self.take()
        match char:
            case "^" | "$":
                return Anchor(char == "$")
            case ".":
                return Chars(ALL & ~mask_of("\n"))
            case "(":
                return self.group()
            case "[":
                return self.character_class()
            case "\\":
                return Chars(self.escape())
            case "*" | "+" | "?" | "{":
                raise ValueError(f"nothing to repeat before '{char}': write \\{char} for the character")
        return Chars(mask_of(char))

    def group(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_GROUPS:
            raise ValueError(f"groups are nested more than {MAX_GROUPS} deep")
        if self.rest.startswith("?:"):
            self.take(2)
        elif self.rest.startswith("?"):
            name = next((n for opening, n in _GROUPS.items() if self.rest.startswith(opening)), "a group with flags")
            raise ValueError(f"{name} is not supported: only ( and (?: are")
        body = self.alternation()
        if self.take() != ")":
            raise ValueError("a group is not closed")
        self.depth -= 1
        return body

    def repeat(self, body: Expression) -> Expression:
        if not self.rest or self.rest[0] not in "*+?{":
            return body
        if isinstance(body, Anchor):
            raise ValueError("an anchor cannot be repeated")
        char = self.take()
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char) or self.counts()
        if self.rest[:1] in ("*", "+", "?", "{"):
            raise ValueError(f"'{char}{self.rest[0]}' is not supported: repeats are greedy and cannot be repeated")
        return Repeat(body, least, most)

    def counts(self) -> tuple[int, int | None]:
        text, closed, self.rest = self.rest.partition("}")
        first, comma, second = text.partition(",")
        numbers = [first, second] if second else [first]
        if not closed or not all(n.isascii() and n.isdecimal() and len(n) < 10 for n in numbers):
            raise ValueError("expected {m}, {m,} or {m,n} after '{': write \\{ for the character")
        least = int(first)
        most = int(second) if second else None if comma else least
        if max(least, most or 0) > MAX_REPEAT:
            raise ValueError(f"repeats more than {MAX_REPEAT} times")
        if most is not None and most < least:
            raise ValueError(f"{{{text}}} repeats at least {least} and at most {most} times")
        return least, most

    def escape(self) -> int:
        char = self.take()
        if char in _CLASSES:
            return _CLASSES[char]
        return mask_of(self.escaped(char))

    def escaped(self, char: str) -> str:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char and char in string.punctuation:
            return char
        if char in tuple(string.digits):
            raise ValueError(f"'\\{char}' looks like a back-reference, which is not supported")
        raise ValueError(f"the escape '\\{char}' is not supported: there are \\d \\w \\s \\D \\W \\S \\t \\n \\r")

    def character_class(self) -> Expression:
        negated = self.rest.startswith("^")
        if negated:
            self.take()
        mask = 0
        while not self.rest.startswith("]"):
            mask |= self.member()
        self.take()
        if not mask:
            raise ValueError("a class needs at least one member: write \\] for the bracket")
        return Chars(ALL & ~(mask & ~OTHER)) if negated else Chars(mask)

    def member(self) -> int:
        if self.rest[:2] in ("--", "&&", "||", "~~") or self.rest.startswith("["):
            raise ValueError(f"'{self.rest[0]}' needs a backslash here: elsewhere it is an operator")
        low = self.single()
        if isinstance(low, int) or not self.rest.startswith("-") or self.rest.startswith("-]"):
            return low if isinstance(low, int) else mask_of(low)
        self.take()
        high = self.single()
        if isinstance(high, int) or high < low:
            raise ValueError("a range must go from a character to a later one: write \\- for the character")
        ascii_part = mask_of(chr(code) for code in range(ord(low), min(ord(high), 127) + 1))
        return ascii_part if high.isascii() else ascii_part | OTHER

    def single(self) -> str | int:
        """Read one member of a class: a character, or the set of an escape like ``\\d``."""
        char = self.take()
        if not char:
            raise ValueError("a class is not closed: write \\[ for the bracket")
        if char != "\\":
            return char
        char = self.take()
        return _CLASSES[char] if char in _CLASSES else self.escaped(char)
