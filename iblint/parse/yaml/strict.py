"""Parse any YAML text strictly, with the span of every key and value, and of every error.

The documents are built from the events of PyYAML's parser, without recursion or expansion of aliases, and every node is
counted against the limits. This reader decides what is refused; the fast one hands over whatever it cannot read.
"""

from __future__ import annotations

import yaml

from iblint.model.document import Comment, KnownSpans
from iblint.model.span import Entry
from iblint.model.values import Tagged
from iblint.parse.line_index import Lines
from iblint.parse.parsed import MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES, MAX_REACH, TOO_FAR, Parsed
from iblint.parse.yaml import scalars as scalars
from iblint.parse.yaml.collections import MERGE_KEY, Entries, Frame, Node, live_entries, merged
from iblint.parse.yaml.comments import comments, end_of_block_scalar, gaps, place_of_empty_scalar, stretches
from iblint.parse.yaml.errors import explain, is_too_deep, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

MAX_ALIASED = 200_000
"""Nodes that the aliases and merges of one text may expand to. More is a bomb."""

MAX_DIRECTIVES = 100
"""Tag handles in one text: PyYAML's parser compares each with all others."""


class Builder:
    """Builds the documents of one text."""

    def __init__(self, text: str, loader: Any = None) -> None:
        """``loader`` is the PyYAML loader class whose parser reads the text: by default the one in C."""
        self._text = text
        self._lines = Lines(text)
        self._loader = loader or getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._documents: list[tuple[KnownSpans, int]] = []
        self._nodes = 0
        self._aliased = 0
        self._handlers = {
            yaml.DocumentStartEvent: self._document_start,
            yaml.DocumentEndEvent: self._document_end,
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._collection_start,
            yaml.SequenceStartEvent: self._collection_start,
            yaml.MappingEndEvent: self._collection_end,
            yaml.SequenceEndEvent: self._collection_end,
        }

    def documents(self) -> list[Parsed]:
        """Return the documents of the whole text. Raises ParseError."""
        if self._text.startswith("\ufeff"):  # the parser would drop it, and count all offsets without it
            self._refuse("the text begins with two byte order marks. Remove one.", 0)
        if self._text.count("%TAG") > MAX_DIRECTIVES:
            self._refuse(f"more than {MAX_DIRECTIVES} %TAG directives. Write tags in full.", self._text.find("%TAG"))
        try:
            for event in yaml.parse(self._text, Loader=self._loader):
                handler = self._handlers.get(type(event))
                if handler is not None:
                    handler(event)
            return self._with_comments()
        except UnicodeEncodeError:
            raise unreadable(self._text, self._lines) from None
        except yaml.YAMLError as error:
            if self._loader is not yaml.SafeLoader and is_too_deep(error):
                # libyaml 0.2.6 and later stop before the events that lead to the 101st collection. The parser in
                # Python has no limit of its own, so the refusal is ours, with its place.
                return Builder(self._text, yaml.SafeLoader).documents()
            raise explain(error, self._text, self._lines) from None

    def _refuse(self, message: str, offset: int) -> NoReturn:
        raise self._lines.error(message, offset)

    # Documents

    def _document_start(self, event: Any) -> None:
        if len(self._documents) == MAX_DOCUMENTS:
            self._refuse(f"more than {MAX_DOCUMENTS} documents. Split the file.", event.start_mark.index)
        self._stack: list[Frame] = []
        self._anchors: dict[str, Node | None] = {}
        self._table: dict[int, Entries] = {}
        self._merged = False
        self._root: Node | None = None

    def _document_end(self, event: Any) -> None:
        root = self._root
        assert root is not None, "the parser gives every document a node"
        table = live_entries(root.value, self._table) if self._merged else self._table
        spans = KnownSpans(root.value, self._lines.span(root.start, root.end), table)
        self._documents.append((spans, event.end_mark.index))

    def _with_comments(self) -> list[Parsed]:
        """Return the documents with their comments: each goes to the first document that ends after it, or the last."""
        found: list[list[Comment]] = [[] for _ in self._documents]
        index = 0
        between = gaps(self._text, stretches(self._text, self._loader)) if "#" in self._text and found else ()
        for offset, comment in comments(self._text, self._lines, between):
            while index < len(found) - 1 and offset >= self._documents[index][1]:
                index += 1
            found[index].append(comment)
        return [
            Parsed(spans.data, KnownSpans(spans.data, spans.root, spans.entries, tuple(own)))
            for (spans, _), own in zip(self._documents, found, strict=True)
        ]

    # Nodes

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        self._count(start)
        tag = scalars.tag_of(event)
        as_key = bool(self._stack) and self._stack[-1].expects_key
        try:
            if as_key and tag == scalars.MERGE:
                value: Any = MERGE_KEY
            else:
                value = scalars.construct(scalars.STR if as_key and tag == scalars.VALUE else tag, event.value)
        except ValueError as error:
            self._refuse(str(error), start)
        if event.style in ("|", ">"):
            end = end_of_block_scalar(self._text, start, end)
        elif start == end:
            start = end = place_of_empty_scalar(self._text, start)
        node = Node(value, start, end)
        if event.anchor is not None:
            self._open_anchor(event.anchor, start)
            self._anchors[event.anchor] = node
        self._place(node)

    def _alias(self, event: Any) -> None:
        start, end, name = event.start_mark.index, event.end_mark.index, event.anchor
        self._count(start)
        if name not in self._anchors:
            self._refuse(f"the alias '*{name}' has no anchor before it. Add '&{name}' to the value it names.", start)
        node = self._anchors[name]
        if node is None:
            self._refuse(f"the alias '*{name}' is inside its own anchor. Write the value out.", start)
        self._count_aliased(node.size, start)
        if len(self._stack) + node.height > MAX_DEPTH:
            self._refuse(
                f"with '*{name}', collections are nested more than {MAX_DEPTH} levels deep. Flatten it.", start
            )
        written = self._lines.span(node.start, node.end)
        self._place(Node(node.value, start, end, node.size, node.height, written, node.reach))

    def _collection_start(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if len(self._stack) == MAX_DEPTH:
            self._refuse(f"collections are nested more than {MAX_DEPTH} levels deep. Flatten the structure.", start)
        counted = self._nodes + self._aliased
        self._count(start)
        mapping = isinstance(event, yaml.MappingStartEvent)
        tag = event.tag
        if tag in (None, "!", scalars.CORE + ("map" if mapping else "seq")):
            tag = None
        elif tag in scalars.KNOWN:
            kind = "mapping" if mapping else "list"
            self._refuse(f"the tag {scalars.short(tag)} is not read on a {kind}. Remove it.", start)
        else:
            tag = scalars.short(tag)
        if event.anchor is not None:
            self._open_anchor(event.anchor, start)
        self._stack.append(Frame(start, end, tag, event.anchor, counted, {} if mapping else []))

    def _collection_end(self, event: Any) -> None:
        frame = self._stack.pop()
        end = max(frame.end, event.end_mark.index) if self._is_flow(event) else frame.end
        data, entries = (frame.data, frame.entries) if not frame.merges else merged(frame, self._table)
        self._table[id(data)] = entries
        value = data if frame.tag is None else Tagged(frame.tag, data)
        size = self._nodes + self._aliased - frame.counted
        node = Node(value, frame.start, end, size, frame.height, reach=frame.reach)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = node
        self._place(node)

    @staticmethod
    def _is_flow(event: Any) -> bool:
        """Return whether a collection ends with a bracket; the end of a block collection has no text."""
        return bool(event.start_mark.index < event.end_mark.index)

    def _open_anchor(self, name: str, start: int) -> None:
        if name in self._anchors:
            self._refuse(f"the anchor '&{name}' is defined twice. Rename one of them.", start)
        self._anchors[name] = None

    # Placing a node in its parent

    def _place(self, node: Node) -> None:
        if not self._stack:
            self._root = node
            return
        frame = self._stack[-1]
        frame.end = max(frame.end, node.end)
        if frame.expects_key:
            self._place_key(frame, node)
            return
        if node.value is MERGE_KEY:
            self._refuse("'<<' stands for a merge, and is no value. Put it in quotes.", node.start)
        if frame.key is None:
            self._set(frame, len(frame.data), None, node)
        elif frame.key.value is MERGE_KEY:
            self._merge(frame, node)
        else:
            self._set(frame, frame.key.value, frame.key, node)
        frame.key = None

    def _place_key(self, frame: Frame, node: Node) -> None:
        if isinstance(node.value, dict | list | Tagged):
            self._refuse("a key is not a plain scalar. Write it as one, in quotes if it contains brackets.", node.start)
        if node.value is not MERGE_KEY and node.value in frame.data:
            first = frame.entries[node.value].key
            line = first.line if first else 0
            message = f"the key {node.value!r} is written twice in this mapping, first on line {line}. Remove one."
            self._refuse(message, node.start)
        frame.key = node

    def _set(self, frame: Frame, step: Any, key: Node | None, node: Node) -> None:
        frame.height = max(frame.height, node.height + 1)
        frame.reach = max(frame.reach, node.reach + (len(str(step)) if key else 0))
        if key and frame.reach > MAX_REACH:
            self._refuse(TOO_FAR, key.start)
        key_span = self._lines.span(key.start, key.end) if key else None
        frame.entries[step] = Entry(key_span, self._lines.span(node.start, node.end), node.written)
        if key:
            frame.data[step] = node.value
        else:
            frame.data.append(node.value)

    def _merge(self, frame: Frame, node: Node) -> None:
        self._merged = True
        frame.height = max(frame.height, node.height)
        frame.reach = max(frame.reach, node.reach)
        alias = self._lines.span(node.start, node.end) if node.written else None
        sources = [(node.value, alias)]
        if isinstance(node.value, list):
            entries = self._table[id(node.value)]
            items = [(item, entries[index]) for index, item in enumerate(node.value)]
            # The first of a list wins over those after it.
            sources = [(item, alias or (entry.value if entry.written else None)) for item, entry in reversed(items)]
        for mapping, _ in sources:
            if not isinstance(mapping, dict):
                self._refuse("the value of '<<' is not a mapping or a list of mappings. Correct it.", node.start)
            self._count_aliased(len(mapping), node.start)
        frame.merges.extend(sources)

    # Bounds

    def _count(self, offset: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(f"the file has more than {MAX_NODES} keys and values. Split it.", offset)

    def _count_aliased(self, size: int, offset: int) -> None:
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            self._refuse(f"the aliases expand to more than {MAX_ALIASED} values. Use fewer of them.", offset)
