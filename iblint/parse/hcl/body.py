"""Files, blocks and arguments, each read from the tree when it is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property

from iblint.model.document import Comment, SpanTable
from iblint.model.record import Record
from iblint.model.span import Entry, Span
from iblint.parse.hcl.convert import convert
from iblint.parse.hcl.expressions import Broken, Expression
from iblint.parse.hcl.source import HclText
from iblint.parse.hcl.templates import unescape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tree_sitter import Language, Node, Tree

_LABELS = frozenset({"string_lit", "identifier"})


class Fault(Record):
    """What is wrong with a file, at a span: a syntax error, or an argument that is set twice."""

    span: Span
    message: str


_POWER = rb"(?<![\w.])[0-9]+[eE][+-]?[0-9]+(?![\w.])"


@cache
def _language() -> Language:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Language(tree_sitter_hcl.language())


def _parse(data: bytes) -> Tree:
    import tree_sitter

    return tree_sitter.Parser(_language()).parse(data)


class Attribute:
    """An argument: its name and its expression."""

    def __init__(self, source: HclText, name: str, node: Node | None, key: tuple[int, int], expression: Any) -> None:
        self.source = source
        self.name = name
        self.node = node
        self._key = key
        self._expression: Expression | None = expression

    @property
    def key_span(self) -> Span:
        """Where its name is written."""
        return self.source.span(*self._key)

    @property
    def expression(self) -> Expression:
        """Its expression."""
        if self._expression is None:
            inner = None if self.node is None else next((c for c in self.node.children if c.type == "expression"), None)
            if inner is None:
                self._expression = Broken(self.source, *self._key, "it has a syntax error")
            else:
                self._expression = convert(self.source, inner)
        return self._expression


class Body:
    """The arguments and blocks between two braces."""

    def __init__(self, attributes: dict[str, Attribute], blocks: list[Block], faults: list[Fault]) -> None:
        self.attributes = attributes
        self.blocks = blocks
        self.faults = faults
        """Arguments that are set twice, and what tree-sitter could not read."""

    def blocks_of(self, type: str) -> list[Block]:
        """Return the blocks of a type."""
        return [block for block in self.blocks if block.type == type]


class Block:
    """A block: its type, its labels and its body."""

    def __init__(
        self, source: HclText, type: str, labels: tuple[str, ...], node: Node | None, body: Body | None
    ) -> None:
        self.source = source
        self.type = type
        self.labels = labels
        self.node = node
        self._body = body
        self._span: Span | None = None
        self._header: Span | None = None

    def place_of(self, other: Block) -> None:
        """Take the spans of another block, of which this one is a variant."""
        self._span, self._header = other.span, other.header

    @property
    def start(self) -> int:
        """The byte at which it begins; -1 in JSON."""
        return -1 if self.node is None else self.node.start_byte

    @property
    def span(self) -> Span:
        """From its type to its closing brace."""
        if self._span is None:
            assert self.node is not None
            self._span = self.source.span(self.node.start_byte, self.node.end_byte)
        return self._span

    @property
    def header(self) -> Span:
        """Its type and labels."""
        if self._header is None:
            assert self.node is not None
            last = max((c.end_byte for c in self.node.children if c.type in _LABELS), default=self.node.end_byte)
            self._header = self.source.span(self.node.start_byte, last)
        return self._header

    @property
    def body(self) -> Body:
        """Its arguments and blocks."""
        if self._body is None:
            assert self.node is not None
            inner = next((child for child in self.node.children if child.type == "body"), None)
            self._body = _body(self.source, inner)
        return self._body


def _body(source: HclText, node: Node | None) -> Body:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    faults: list[Fault] = []
    for child in () if node is None else node.children:
        if child.type == "block":
            blocks.append(_block(source, child))
        elif child.type == "attribute":
            identifier = child.children[0]
            place = identifier.start_byte, identifier.end_byte
            name = source.cut(*place)
            if name in attributes:
                faults.append(Fault(source.span(*place), f"The argument '{name}' is set twice. Remove one of them."))
            else:
                broken = None
                if _is_cut_off(source, node, child):
                    broken = Broken(source, child.start_byte, child.end_byte, "it has a syntax error")
                attributes[name] = Attribute(source, name, child, place, broken)
    return Body(attributes, blocks, faults)


def _is_cut_off(source: HclText, body: Node | None, attribute: Node) -> bool:
    """Return whether an error may belong to an argument: it stands before it in the same body, or right behind it."""
    if not source.errors or body is None:
        return False
    if any(body.start_byte <= error <= attribute.end_byte for error in source.errors):
        return True
    behind = next((error for error in source.errors if error >= attribute.end_byte), None)
    return behind is not None and not source.data[attribute.end_byte : behind].strip()


def _errors(root: Node) -> list[int]:
    """Return where the errors of a tree begin, in order."""
    found: list[int] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(node.start_byte)
        waiting += reversed([child for child in node.children if child.has_error or child.is_missing])
    return sorted(found) or [root.start_byte]


def _block(source: HclText, node: Node) -> Block:
    identifiers: list[str] = []
    for child in node.children:
        if child.type == "identifier":
            identifiers.append(source.cut(child.start_byte, child.end_byte))
        elif child.type == "string_lit":
            identifiers.append(unescape(source.cut(child.start_byte + 1, child.end_byte - 1), backslashes=True))
        else:
            break
    return Block(source, identifiers[0] if identifiers else "", tuple(identifiers[1:]), node, None)


class HclFile:
    """The blocks of a file, and what is wrong with its syntax."""

    def __init__(self, text: str, file: str) -> None:
        self.source = HclText(text, file)

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return HclFile, (self.source.text, self.source.file)

    @cached_property
    def _tree(self) -> Tree:
        tree = _parse(self.source.data)
        if tree.root_node.has_error and re.search(_POWER, self.source.data):
            # The grammar lacks numbers such as 1e3. Digits in their place keep all offsets.
            tree = _parse(re.sub(_POWER, lambda match: b"1" * len(match[0]), self.source.data))
        if tree.root_node.has_error:
            self.source.errors = _errors(tree.root_node)
        return tree

    @cached_property
    def body(self) -> Body:
        """The blocks of the file. After a syntax error some may be missing."""
        root = self._tree.root_node
        return _body(self.source, next((child for child in root.children if child.type == "body"), None))

    @cached_property
    def first_error(self) -> Span | None:
        """Where the first syntax error is; None if there is none."""
        if not self._tree.root_node.has_error:
            return None
        start = self.source.errors[0]
        return self.source.span(start, start + 1)

    def lost_headers(self, types: str) -> list[Span]:
        """Return where a ``resource`` header of one of the types stands at the start of a line, but not in the tree.

        ``types`` is a regular expression. Only a file with a syntax error can lose a block.
        """
        if self.first_error is None:
            return []
        known = {block.start for block in self.body.blocks if block.type == "resource"}
        header = re.compile(
            rb'^[ \t]*(resource[ \t]*"?(?:%s)"?[ \t]*(?:"[^"\n]*"|[\w-]+))' % types.encode(), re.MULTILINE
        )
        found = (match.span(1) for match in header.finditer(self.source.data))
        return [self.source.span(*span) for span in found if span[0] not in known]

    def comments(self) -> Iterator[Comment]:
        """Yield the comments that begin with ``#`` or ``//``, in order."""
        data = self.source.data
        if b"#" not in data and b"//" not in data:
            return
        waiting: list[Node] = [self._tree.root_node]
        while waiting:
            node = waiting.pop()
            if node.type == "comment":
                text = self.source.cut(node.start_byte, node.end_byte)
                if not text.startswith("/*"):
                    span = self.source.span(node.start_byte, node.end_byte)
                    yield Comment(text.rstrip("\r\n"), span, self.source.blank_before(node.start_byte))
            waiting += reversed(node.children)


class HclSpans(SpanTable):
    """The comments of a file of HCL, and where its first block begins. Values have their spans themselves."""

    __slots__ = ()

    @property
    def root(self) -> Span:
        """From the first block or argument to the last."""
        file: HclFile = self.data
        body = next((child for child in file._tree.root_node.children if child.type == "body"), None)
        return file.source.span(*((0, 0) if body is None else (body.start_byte, body.end_byte)))

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """Return the comments that contain ``text`` (lower case), ignoring case, in order."""
        return tuple(comment for comment in self.data.comments() if text in comment.text.lower())

    def of(self, container: Any) -> dict[str | int, Entry]:  # noqa: ARG002 - the signature
        """Return nothing: there are no mappings and lists."""
        return {}
