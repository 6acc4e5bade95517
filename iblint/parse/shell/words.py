"""Read the words of a shell script as the shell passes them on, as far as they are known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from iblint.parse.shell.source import ShellSource
from iblint.parse.shell.word import MAX_LENGTH, Hole, Variable, Word, expands_braces, split, without_tabs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

    from iblint.parse.shell.variables import Variables

_MAX_DEPTH = 20

_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "?": "?"}


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
        if expands_braces(word) or len(word.text) > MAX_LENGTH:
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
                found += split(self.word(*group), group[0], self.source)
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
        return without_tabs(word) if self.source.text_of(redirect).startswith("<<-") else word

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
