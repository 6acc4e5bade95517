"""Words as the shell passes them on, as far as they are known.

A part that is only known when the script runs is a *hole*: one character ``HOLE`` in the text of the word.
"""

from __future__ import annotations

import re

from iblint.model.record import Record
from iblint.parse.program import Places
from iblint.parse.shell.source import ShellSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

HOLE = "\ue000"
"""A private character. Where a script writes it, it is taken for a hole."""
MAX_LENGTH = 100_000
"""Characters of a word."""


class Hole(Record, eq=False):
    """A part of a word that is not known."""

    expression: str
    reason: str
    is_list: bool = False
    """Whether it may be any number of words: ``"$@"``."""


class Word:
    """The text of a word, with the place of each character in the program, and its holes in order."""

    def __init__(self, node: Node, source: ShellSource) -> None:
        self.start, self.end = source.extent(node)
        self.text = ""
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.bare: list[bool] = []
        """Whether each character stands outside quotes."""
        self.holes: list[Hole] = []
        self.origin: Variable | None = None
        """The variable whose value the whole word is."""

    @property
    def places(self) -> Places:
        """Where its characters stand in the program."""
        return Places(self.starts, self.ends)

    @property
    def known(self) -> str | None:
        """Its text, or None if a part of it is not known."""
        return None if HOLE in self.text else self.text

    @property
    def is_open(self) -> bool:
        """Whether it is nothing but a variable without quotes, which may be any number of words."""
        return any(hole.is_list for hole in self.holes) or (self.text == HOLE and self.bare[0])

    def add(self, text: str, start: int, end: int, *, bare: bool = False) -> None:
        """Add text that stands at one place."""
        self.text += text
        self.starts += [start] * len(text)
        self.ends += [end] * len(text)
        self.bare += [bare] * len(text)

    def add_hole(self, hole: Hole, start: int, end: int, *, bare: bool = False) -> None:
        """Add a part that is not known."""
        self.holes.append(hole)
        self.add(HOLE, start, end, bare=bare)

    def join(self, other: Word, start: int, end: int, *, bare: bool) -> None:
        """Add the value of a variable that is written from ``start`` to ``end``."""
        self.holes += other.holes
        self.add(other.text, start, end, bare=bare)


class Variable(Record, eq=False):
    """A variable with a known value: its name, and the word of its assignment."""

    name: str
    word: Word


def expands_braces(word: Word) -> bool:
    """Return whether the shell makes several words of ``{a,b}`` or ``{1..3}``."""
    bare = "".join([c if is_bare and c != HOLE else "q" for c, is_bare in zip(word.text, word.bare, strict=False)])
    start = bare.find("{")
    return start >= 0 and re.search(r",|\.\.", bare[start : bare.rfind("}") + 1]) is not None


def split(word: Word, node: Node, source: ShellSource) -> list[Word]:
    """Return the words that the shell makes of a word with the value of a variable outside quotes."""
    if word.known is None or word.origin is None or not any(word.bare):
        return [word]
    if not re.search(r"[\s*?\[]", word.text):
        return [word] if word.text else []
    if source.shell == "zsh" or re.search(r"[*?\[]", word.text) or re.search(r"\bIFS=", source.text):
        unknown = Word(node, source)
        unknown.add_hole(Hole(source.shown(node), "the shell splits it"), unknown.start, unknown.end, bare=True)
        return [unknown]
    found = []
    for text in word.text.split():
        part = Word(node, source)
        part.add(text, part.start, part.end)
        found.append(part)
    return found


def without_tabs(word: Word) -> Word:
    """Remove the tabs that ``<<-`` ignores at the beginning of lines."""
    kept = []
    at_start = True
    for index, character in enumerate(word.text):
        if not (at_start and character == "\t"):
            kept.append(index)
            at_start = character == "\n"
    word.text = "".join([word.text[index] for index in kept])
    word.starts = [word.starts[index] for index in kept]
    word.ends = [word.ends[index] for index in kept]
    word.bare = [word.bare[index] for index in kept]
    return word
