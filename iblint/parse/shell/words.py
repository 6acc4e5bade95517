"""Words of a shell script as the shell passes them on, as far as they are known.

A part that is only known when the script runs is a *hole*: one character ``HOLE`` in the text of the word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from iblint.model.record import Record
from iblint.parse.program import Places
from iblint.parse.shell.source import ShellSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

    from iblint.parse.shell.variables import Variables

HOLE = "\ue000"
"""A private character. Where a script writes it, it is taken for a hole."""
MAX_LENGTH = 100_000
"""Characters of a word."""
_MAX_DEPTH = 20

_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "?": "?"}


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


class Reader:
    """Reads the words of one script."""

    def __init__(self, source: ShellSource, variables: Variables) -> None:
        self.source = source
        self.variables = variables
        self._depth = 0
        self._values: dict[int, Word] = {}
        """The values of variables, by the offset at which each is written."""

    def word(self, node: Node, *more: Node) -> Word:
        """Return a node as a word, with further nodes that the tree has apart although no blank is between them."""
        word = Word(node, self.source)
        self._depth += 1
        try:
            for part in (node, *more):
                if self._depth > _MAX_DEPTH:
                    self._hole(word, part, "it is nested too deeply", bare=False)
                else:
                    self._read(part, word, part)
                word.end = self.source.extent(part)[1]
        finally:
            self._depth -= 1
        if _expands_braces(word) or len(word.text) > MAX_LENGTH:
            why = "the shell expands the braces" if len(word.text) <= MAX_LENGTH else "it is too long"
            word = Word(node, self.source)
            self._hole(word, node, why, bare=False)
        return word

    def words(self, nodes: Sequence[Node]) -> list[Word]:
        """Return nodes as words: a known variable without quotes is split, an array is one word for each item."""
        found: list[Word] = []
        for group in self._joined(nodes):
            items = self.variables.items(group[0]) if len(group) == 1 else None
            if items is not None:
                found += self.words(items)
            else:
                found += _split(self.word(*group), group[0], self.source)
        return found

    def _joined(self, nodes: Sequence[Node]) -> list[list[Node]]:
        """Return nodes in groups, each of which is one word: nothing but escaped line breaks is between them."""
        groups: list[list[Node]] = []
        end = -1
        for node in nodes:
            start, last = self.source.extent(node)
            if groups and re.fullmatch(r"(?:\\\r?\n)*", self.source.text[end:start]):
                groups[-1].append(node)
            else:
                groups.append([node])
            end = last
        return groups

    def _read(self, node: Node, word: Word, whole: Node) -> None:
        """Add a node to a word."""
        start, end = self.source.extent(node)
        match node.type:
            case "word" | "number" | "command_name" | "test_operator" | "extglob_pattern" | "regex" | "variable_name":
                if node.named_child_count:
                    self._parts(node, word, start, end, bare=True)
                else:
                    self._bare(word, start, end)
            case "concatenation":
                self._parts(node, word, start, end, bare=True)
            case "raw_string":
                self._literal(word, start + 1, end - 1)
            case "string":
                self._parts(node, word, start + 1, end - 1, bare=False)
            case "string_content" | "heredoc_content":
                self._quoted(word, start, end)
            case "ansi_c_string":
                self._ansi(word, node)
            case "simple_expansion" | "expansion":
                self._variable(node, word, whole)
            case "command_substitution":
                self._command(node, word, whole)
            case _:
                self._hole(word, node, "its value is only known when the script runs", bare=_is_bare(whole))

    def _parts(self, node: Node, word: Word, start: int, end: int, *, bare: bool) -> None:
        """Add the children of a node, and the text between them, which the tree may leave out."""
        at = start
        for child in node.named_children:
            first, last = self.source.extent(child)
            if last <= start or first >= end:
                continue
            self._between(word, at, first, bare=bare)
            self._read(child, word, node if node.type == "string" else word_node(node))
            at = max(at, last)
        self._between(word, at, end, bare=bare)

    def _between(self, word: Word, start: int, end: int, *, bare: bool) -> None:
        if start < end:
            (self._bare if bare else self._quoted)(word, start, end)

    def _bare(self, word: Word, start: int, end: int) -> None:
        """Add text outside quotes: a backslash escapes any character, and patterns are not known."""
        text, at = self.source.text, start
        while at < end:
            if text[at] == "\\" and at + 1 < end:
                if text[at + 1] not in "\r\n":
                    word.add(text[at + 1], at, at + 2)
                at += 3 if text.startswith("\r\n", at + 1) else 2
                continue
            is_pattern = text[at] in "*?[" or (text[at] == "~" and at == word.start)
            if is_pattern:
                word.add_hole(
                    Hole(self.source.program.shown(start, end), "the shell expands it"), at, at + 1, bare=False
                )
            else:
                word.add(text[at], at, at + 1, bare=True)
            at += 1

    def _quoted(self, word: Word, start: int, end: int, special: str = '$`"\\') -> None:
        """Add text inside double quotes: a backslash escapes some characters."""
        text, at = self.source.text, start
        while at < end:
            following = text[at + 1 : at + 2]
            if text[at] == "\\" and following and following in special:
                word.add(following, at, at + 2)
                at += 2
            elif text[at] == "\\" and following and following in "\r\n":
                at += 3 if text.startswith("\r\n", at + 1) else 2
            else:
                at = self._character(word, at)

    def _literal(self, word: Word, start: int, end: int) -> None:
        at = start
        while at < end:
            at = self._character(word, at)

    def _character(self, word: Word, at: int) -> int:
        """Add the character at an offset, or the mask that begins there; return the next offset."""
        mask = self.source.mask_at(at)
        if mask is None:
            word.add(self.source.text[at], at, at + 1)
            return at + 1
        word.add_hole(self._masked(mask), *mask)
        return mask[1]

    def _masked(self, mask: tuple[int, int]) -> Hole:
        return Hole(self.source.program.shown(*mask), "it is filled in before the script runs")

    def _ansi(self, word: Word, node: Node) -> None:
        """Add ``$'...'``."""
        start, end = self.source.extent(node)
        text, at = self.source.text, start + 2
        while at < end - 1:
            if text[at] == "\\":
                known = _ANSI.get(text[at + 1])
                if known is None:
                    self._hole(word, node, "it has escapes that iblint does not read", bare=False)
                    return
                word.add(known, at, at + 2)
                at += 2
            else:
                at = self._character(word, at)

    def _variable(self, node: Node, word: Word, whole: Node) -> None:
        start, end = self.source.extent(node)
        bare = _is_bare(whole)
        if self.source.mask_at(start) is not None:
            word.add_hole(self._masked(self.source.mask_at(start) or (start, end)), start, end, bare=bare)
            return
        name, reason = self.variables.name_of(node)
        value = None if name is None else self.variables.value(name, node)
        if value is None:
            why = reason or "it is a variable that is not set in this script"
            self._hole(word, node, why if name is None else self.variables.why_not(name) + reason, bare=bare)
            return
        read = self._values.get(value.start_byte)
        if read is None:
            read = self._values[value.start_byte] = self.word(value)
        if len(word.text) + len(read.text) > MAX_LENGTH:
            self._hole(word, node, "it is too long", bare=bare)
            return
        if not read.text and self.source.text_of(node) != f"${name}" and ":" in self.source.text_of(node):
            self._hole(word, node, "it is empty, and has a default", bare=bare)
            return
        word.join(read, start, end, bare=bare)
        if node.parent is not None and (word.start, word.end) in ((start, end), (start - 1, end + 1)):
            word.origin = Variable(name or "", read)

    def _command(self, node: Node, word: Word, whole: Node) -> None:
        """Add the output of ``$(cat <<EOF ...)``; that of other commands is not known."""
        body = self.variables.printed_here_document(node)
        if body is None:
            self._hole(word, node, "it is the output of a command", bare=_is_bare(whole))
            return
        inner = self.here_document(body)
        while inner.text.endswith("\n"):
            inner.text = inner.text[:-1]
        word.holes += inner.holes
        for character, first, last in zip(inner.text, inner.starts, inner.ends, strict=False):
            word.add(character, first, last)

    def here_document(self, redirect: Node) -> Word:
        """Return the text of a here-document, given the node of its redirection."""
        body = next((child for child in redirect.named_children if child.type == "heredoc_body"), None)
        word = Word(redirect, self.source)
        if body is None:
            return word
        start, end = self.source.extent(body)
        marker = next((self.source.text_of(c) for c in redirect.named_children if c.type == "heredoc_start"), "")
        word.start, word.end = start, end
        if re.search(r"[\\'\"]", marker):
            self._literal(word, start, end)
        else:
            at = start
            for child in body.named_children:
                first, last = self.source.extent(child)
                self._quoted(word, at, first, "$`\\")
                if child.type == "heredoc_content":
                    self._quoted(word, first, last, "$`\\")
                else:
                    self._read(child, word, body)
                at = max(at, last)
            self._quoted(word, at, end, "$`\\")
        return _without_tabs(word) if self.source.text_of(redirect).startswith("<<-") else word

    def _hole(self, word: Word, node: Node, reason: str, *, bare: bool) -> None:
        start, end = self.source.extent(node)
        text = self.source.text_of(node)
        is_list = "@" in text[:3] or "[@]" in text or text in ("$*", "${*}") or "[*]" in text
        word.add_hole(Hole(self.source.shown(node), reason, is_list and len(text) < 100), start, end, bare=bare)


def word_node(node: Node) -> Node:
    """Return the node of the whole word that a node is a part of."""
    while node.parent is not None and node.parent.type in ("concatenation", "string", "command_name"):
        node = node.parent
    return node


def _is_bare(whole: Node) -> bool:
    """Return whether a part of a node stands outside quotes."""
    return whole.type not in ("string", "heredoc_body")


def _expands_braces(word: Word) -> bool:
    """Return whether the shell makes several words of ``{a,b}`` or ``{1..3}``."""
    bare = "".join([c if is_bare and c != HOLE else "q" for c, is_bare in zip(word.text, word.bare, strict=False)])
    start = bare.find("{")
    return start >= 0 and re.search(r",|\.\.", bare[start : bare.rfind("}") + 1]) is not None


def _split(word: Word, node: Node, source: ShellSource) -> list[Word]:
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


def _without_tabs(word: Word) -> Word:
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
