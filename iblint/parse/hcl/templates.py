"""Strings and here-documents: literal parts, interpolations, directives, strip markers, indentation.

Literal parts are cut from the text between the interpolations, because tree-sitter's own leave blanks out. What strip
markers and indentation remove is as in HCL's parser, which reads a here-document line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from iblint.parse.hcl.expressions import Broken, Conditional, Expression, For, Literal, Template
from iblint.parse.hcl.source import HclText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from tree_sitter import Node

    Convert: TypeAlias = "Callable[[Node], Expression]"

_SEQUENCES = frozenset(
    {"template_interpolation", "template_if_intro", "template_else_intro", "template_if_end"}
    | {"template_for_start", "template_for_end"}
)
_ESCAPE = r'\\(?:([nrt"\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))|([$%])\4\{'
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class _Piece:
    """A literal piece of a template, or a sequence (``node``) that stands between two."""

    __slots__ = ("end", "node", "start", "text")

    def __init__(self, start: int, end: int, text: str, node: Node | None = None) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.node = node


def quoted(source: HclText, node: Node, convert: Convert) -> Expression:
    """Return the string that a node in double quotes is."""
    start, end = node.start_byte + 1, node.end_byte - 1
    pieces = list(_pieces(source, node, start, end, by_line=False))
    for piece in pieces:
        piece.text = unescape(piece.text, backslashes=True)
    _strip(pieces)
    return _template(source, node.start_byte, node.end_byte, pieces, convert)


def heredoc(source: HclText, node: Node, convert: Convert, *, chomp: bool = False) -> Expression:
    """Return the string that a here-document is; with ``chomp``, without the line break at its end."""
    names = [child for child in node.children if child.type == "heredoc_identifier"]
    if len(names) != 2:
        return Broken(source, node.start_byte, node.end_byte, "iblint cannot read the here-document")
    start = source.data.find(b"\n", names[0].end_byte) + 1
    end = max(start, source.data.rfind(b"\n", 0, names[1].start_byte) + 1)
    pieces = list(_pieces(source, node, start, end - 1 if chomp else end, by_line=True))
    _strip(pieces)
    if source.data[node.start_byte : node.start_byte + 3] == b"<<-":
        _unindent(pieces)
    for piece in pieces:
        piece.text = unescape(piece.text, backslashes=False)
    return _template(source, node.start_byte, node.end_byte, pieces, convert)


def _pieces(source: HclText, node: Node, start: int, end: int, *, by_line: bool) -> Iterator[_Piece]:
    position = start
    for sequence in _sequences(node):
        yield from _literals(source, position, sequence.start_byte, by_line)
        yield _Piece(sequence.start_byte, sequence.end_byte, "", sequence)
        position = sequence.end_byte
    yield from _literals(source, position, end, by_line)


def _literals(source: HclText, start: int, end: int, by_line: bool) -> Iterator[_Piece]:
    text = source.cut(start, end)
    for line in re.findall(r"[^\n]*\n|[^\n]+", text) if by_line else filter(None, [text]):
        yield _Piece(start, end, line)


def _sequences(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.type in _SEQUENCES:
            yield child
        elif child.type.startswith("template_") and child.child_count:
            yield from _sequences(child)


def _strip(pieces: list[_Piece]) -> None:
    """Remove the blanks beside strip markers, up to the end of a piece."""
    for index, piece in enumerate(pieces):
        if piece.node is None:
            continue
        inner = piece.node.children
        if len(inner) > 1 and inner[1].type == "strip_marker" and index and pieces[index - 1].node is None:
            pieces[index - 1].text = pieces[index - 1].text.rstrip()
        behind = inner[-2] if len(inner) > 1 else None
        if behind is not None and behind.type == "strip_marker" and index + 1 < len(pieces):
            following = pieces[index + 1]
            following.text = following.text.lstrip() if following.node is None else ""


def _unindent(pieces: list[_Piece]) -> None:
    """Remove the indentation that all lines share. A line that begins with a sequence has none."""
    least: int | None = None
    indented: list[_Piece] = []
    at_start = True
    for piece in pieces:
        if at_start:
            trimmed = piece.text.lstrip()
            blank = piece.node is None and not trimmed and piece.text.endswith("\n")
            if not blank:
                spaces = len(piece.text) - len(trimmed)
                least = spaces if least is None else min(least, spaces)
                indented += [piece] if piece.node is None else []
        at_start = piece.node is None and piece.text.endswith("\n")
    for piece in indented:
        piece.text = piece.text[least:]


def unescape(text: str, *, backslashes: bool) -> str:
    """Return a literal text with its escapes resolved."""
    if "\\" not in text and "$${" not in text and "%%{" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        if match[4]:
            return match[4] + "{"
        if not backslashes:
            return match[0]
        if match[1]:
            return _SIMPLE[match[1]]
        code = int(match[2] or match[3], 16)
        return chr(code) if code < 0x110000 else "\ufffd"

    return re.sub(_ESCAPE, character, text)


def _template(source: HclText, start: int, end: int, pieces: list[_Piece], convert: Convert) -> Expression:
    if all(piece.node is None for piece in pieces):
        return Literal(source, start, end, _normal("".join(piece.text for piece in pieces)))
    reader = _Reader(source, pieces, convert)
    parts = reader.parts(())
    if reader.broken or reader.position < len(pieces):
        return Broken(source, start, end, "iblint cannot read the directives of the template")
    wrapped = len(parts) == 1 and pieces[0].node is not None and pieces[0].node.type == "template_interpolation"
    return Template(source, start, end, parts, is_wrapped=wrapped)


def _normal(text: str) -> str:
    """Return a text in Unicode's normal form C, in which HCL keeps all strings."""
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFC", text)


class _Reader:
    """Reads the pieces of a template to its parts, by recursive descent over the directives."""

    def __init__(self, source: HclText, pieces: list[_Piece], convert: Convert) -> None:
        self.source = source
        self.pieces = pieces
        self.convert = convert
        self.position = 0
        self.broken = False

    def parts(self, until: tuple[str, ...]) -> tuple[Expression, ...]:
        """Return the parts up to a directive of one of the types."""
        found: list[Expression] = []
        while self.position < len(self.pieces) and not self.broken:
            piece = self.pieces[self.position]
            kind = "" if piece.node is None else piece.node.type
            if kind in until:
                break
            self.position += 1
            if piece.node is None:
                if piece.text:
                    found.append(Literal(self.source, piece.start, piece.end, _normal(piece.text)))
            elif kind == "template_interpolation":
                found.append(self._expression(piece.node))
            elif kind == "template_if_intro":
                found.append(self._conditional(piece.node))
            elif kind == "template_for_start":
                found.append(self._loop(piece.node))
            else:
                self.broken = True
        return tuple(found)

    def _expression(self, node: Node) -> Expression:
        inner = [child for child in node.children if child.type == "expression"]
        if len(inner) == 1:
            return self.convert(inner[0])
        return Broken(self.source, node.start_byte, node.end_byte, "the interpolation is empty")

    def _text(self, parts: tuple[Expression, ...], start: int, end: int) -> Expression:
        return Template(self.source, start, end, parts, is_wrapped=False)

    def _conditional(self, intro: Node) -> Expression:
        start = intro.start_byte
        yes = self._text(self.parts(("template_else_intro", "template_if_end")), start, intro.end_byte)
        no = self._text((), start, intro.end_byte)
        if self._take("template_else_intro"):
            no = self._text(self.parts(("template_if_end",)), start, intro.end_byte)
        self.broken = not self._take("template_if_end") or self.broken
        return Conditional(self.source, start, intro.end_byte, self._expression(intro), yes, no)

    def _loop(self, intro: Node) -> Expression:
        names = [self.source.cut(c.start_byte, c.end_byte) for c in intro.children if c.type == "identifier"]
        body = self._text(self.parts(("template_for_end",)), intro.start_byte, intro.end_byte)
        self.broken = not self._take("template_for_end") or not names or self.broken
        return For(
            self.source,
            intro.start_byte,
            intro.end_byte,
            key_name=names[0] if len(names) > 1 else None,
            value_name=names[-1] if names else "",
            over=self._expression(intro),
            value=body,
            joins=True,
        )

    def _take(self, kind: str) -> bool:
        if self.position >= len(self.pieces):
            return False
        node = self.pieces[self.position].node
        if node is None or node.type != kind:
            return False
        self.position += 1
        return True
