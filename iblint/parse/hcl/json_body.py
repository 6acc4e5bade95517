"""Terraform's JSON syntax as blocks and arguments.

JSON does not say whether a member is an argument or a block, so a body has all its members as arguments, and gives
those of a type as blocks when it is asked. A string is a template.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from iblint.model.document import Document
from iblint.model.span import Span
from iblint.parse.hcl.body import Attribute, Block, Body, Fault, _parse
from iblint.parse.hcl.convert import convert
from iblint.parse.hcl.expressions import Broken, Expression, Literal, ObjectCons, TupleCons
from iblint.parse.hcl.numbers import number
from iblint.parse.hcl.source import HclText, JsonText
from iblint.parse.hcl.templates import heredoc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LABELS = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0}
_DELIMITER = "IBLINT_END"
_COMMENT = "//"


class JsonFile:
    """The blocks of a JSON document."""

    def __init__(self, document: Document) -> None:
        self._reader = _Reader(document)
        self.body = Body({}, list(self._blocks(document)), list[Fault]())

    def _blocks(self, document: Document) -> Iterator[Block]:
        for root in _mappings(document.data):
            for type, count in _LABELS.items():
                if type in root:
                    yield from self._labelled(root, type, type, (), count)

    def _labelled(self, holder: Any, key: Any, type: str, labels: tuple[str, ...], left: int) -> Iterator[Block]:
        for inner in _mappings(holder[key]):
            if left == 0:
                yield self._reader.block(holder, key, inner, type, labels)
                continue
            for name in inner:
                if isinstance(name, str) and name != _COMMENT:
                    yield from self._labelled(inner, name, type, (*labels, name), left - 1)


def _mappings(data: Any) -> list[dict[Any, Any]]:
    """Return the mappings that a member stands for: itself, or those of a list."""
    listed = data if isinstance(data, list) else [data]
    return [item for item in listed if isinstance(item, dict)]


class JsonBody(Body):
    """A mapping as a body."""

    def __init__(self, reader: _Reader, data: dict[Any, Any]) -> None:
        self._reader = reader
        self._data = data
        attributes = {
            key: Attribute(reader.source(data, key), key, None, (0, 0), reader.expression(data, key))
            for key in data
            if isinstance(key, str) and key != _COMMENT
        }
        super().__init__(attributes, [], [])

    def blocks_of(self, type: str) -> list[Block]:
        """Return the blocks of a type."""
        if type == "dynamic":
            return [
                self._reader.block(each, name, inner, "dynamic", (name,))
                for each in _mappings(self._data.get(type))
                for name in each
                for inner in _mappings(each[name])
            ]
        return [self._reader.block(self._data, type, inner, type, ()) for inner in _mappings(self._data.get(type))]


class JsonBlock(Block):
    """A mapping as a block."""

    def __init__(self, reader: _Reader, holder: Any, key: Any, data: Any, type: str, labels: tuple[str, ...]) -> None:
        source = reader.source(holder, key)
        super().__init__(source, type, labels, None, None)
        self._reader = reader
        self._data = data
        entry = reader.document.spans.entry(holder, key)
        root = reader.document.spans.root
        self._span = root if entry is None else entry.value
        self._header = root if entry is None else entry.key or entry.value

    @property
    def body(self) -> Body:
        """Its members."""
        if self._body is None:
            self._body = JsonBody(self._reader, self._data)
        return self._body


class _Reader:
    """Makes blocks and expressions from the data of a document."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def block(self, holder: Any, key: Any, data: Any, type: str, labels: tuple[str, ...]) -> Block:
        return JsonBlock(self, holder, key, data, type, labels)

    def _span(self, container: Any, step: Any) -> Span:
        entry = self.document.spans.entry(container, step)
        return self.document.spans.root if entry is None else entry.value

    def source(self, container: Any, step: Any) -> JsonText:
        return JsonText("", self.document.file, self._span(container, step))

    def expression(self, container: Any, step: Any) -> Expression:
        """Return an entry of a mapping or list as an expression."""
        data, span = container[step], self._span(container, step)
        if isinstance(data, str):
            return template(data, self.document.file, span)
        source = JsonText("", self.document.file, span)
        if isinstance(data, dict):
            entries = [
                (template(str(key), self.document.file, span), self.expression(data, key))
                for key in data
                if key != _COMMENT
            ]
            return ObjectCons(source, 0, 0, tuple(entries))
        if isinstance(data, list):
            return TupleCons(source, 0, 0, tuple(self.expression(data, index) for index in range(len(data))))
        if isinstance(data, float):
            found: int | Decimal | None = number(repr(data))
            return (
                Broken(source, 0, 0, "iblint cannot read the number") if found is None else Literal(source, 0, 0, found)
            )
        return Literal(source, 0, 0, data)


def template(text: str, file: str, span: Span) -> Expression:
    """Return a string of JSON as a template."""
    if "${" not in text and "%{" not in text:
        source: HclText = JsonText(text, file, span)
        return Literal(source, 0, len(source.data), text)
    delimiter = _DELIMITER
    while delimiter in text:
        delimiter += "_"
    made = _parsed(JsonText(f"x = <<{delimiter}\n{text}\n{delimiter}\n", file, span), chomp=True)
    made.source, made.start = JsonText(text, file, span), 0
    made.end = len(made.source.data)
    return made


def bare_expression(text: str, file: str, span: Span) -> Expression:
    """Return a text that is an expression by itself, such as the value of a variable on the command line."""
    return _parsed(JsonText(f"x = {text}\n", file, span), chomp=False)


def _parsed(source: HclText, *, chomp: bool) -> Expression:
    tree = _parse(source.data)
    whole = Broken(source, 0, len(source.data), "it has a syntax error")
    if tree.root_node.has_error:
        return whole
    body = next((child for child in tree.root_node.children if child.type == "body"), None)
    attribute = None if body is None or body.child_count != 1 else body.children[0]
    inner = None if attribute is None else next((c for c in attribute.children if c.type == "expression"), None)
    if inner is None:
        return whole
    if not chomp:
        return convert(source, inner)
    node = inner.children[0].children[0] if inner.children and inner.children[0].children else None
    if node is None or node.type != "heredoc_template":
        return whole
    return heredoc(source, node, lambda each: convert(source, each), chomp=True)
