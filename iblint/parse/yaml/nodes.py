"""The nodes of PyYAML's composer in C, and their spans in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import is_

from iblint.model.document import Comment, SpanTable, keep_alone
from iblint.model.path import Path
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged
from iblint.parse.line_index import Lines
from iblint.parse.yaml.comments import Stretch, comments, end_of_block_scalar, gaps, place_of_empty_scalar, stretches
from iblint.parse.yaml.libyaml import CParser, MappingNode, ScalarNode, YAMLError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_LENGTH = 250_000
"""Characters of a text that is composed: at most two nodes for each, so fewer than MAX_NODES."""


class _Composer(CParser or object):  # type: ignore[misc]
    """A composer that keeps, as the tag of untagged scalars, the flags that say whether they must be strings."""

    @staticmethod
    def resolve(_kind: Any, _value: Any, implicit: Any) -> Any:
        return implicit

    # Called around every node to no effect here: functions in C that do nothing are the fastest.
    descend_resolver = is_
    ascend_resolver = bool


def compose(text: str) -> list[Any] | None:
    """Return the root node of each document, or None if the text cannot be composed.

    Collections in the text must not nest deep: the composer recurses for each level.
    """
    if CParser is None or len(text) > MAX_LENGTH:
        return None
    try:
        composer = _Composer(text)
        nodes = []
        while composer.check_node():
            nodes.append(composer.get_node())
    except (YAMLError, UnicodeEncodeError):
        return None
    return nodes


class Spans(SpanTable):
    """The spans of a document that has been composed, computed when they are needed.

    Nodes take thirty times the memory of their text, so ``forget`` drops them; if a span is needed later, the text is
    composed again.
    """

    has_text_keys = True

    __slots__ = ("_ascii", "_index", "_lines", "_more", "_node", "_nodes", "_steps", "_text", "_whole")

    def __init__(self, data: Any, text: str, index: int, node: Any = None, made: dict[int, Any] | None = None) -> None:
        super().__init__(data)
        self._text = text
        self._ascii = text.isascii()
        self._index = index
        self._node = node
        self._nodes = made
        self._more: Iterator[tuple[Any, Any]] | None = None
        self._steps: dict[int, dict[Any, Any]] = {}
        self._lines: Lines | None = None
        self._whole: Span | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Spans, (self.data, self._text, self._index)

    def forget(self) -> None:
        """Drop what can be computed again."""
        self._node = self._nodes = self._lines = None
        self._more = None
        self._steps = {}

    @property
    def root(self) -> Span:
        """The span of the whole value."""
        if self._whole is None:
            self._whole = self._span(self._root())
        return self._whole

    def comments_with(self, text: str) -> tuple[Comment, ...]:
        """Return the comments that contain a lower-case text, whatever their own case, in order."""
        if "#" not in self._text:
            return ()
        head = self._text[: self._root().start_mark.index]
        rest = self._text[len(head) :]
        if "%" not in head and "#" not in rest:
            found = comments(head, Lines(head), [(0, len(head))], text)
        else:
            tagged = "%" in head or "!" in self._text or "&" in self._text
            between = stretches(self._text, CParser) if tagged else _scalars(self._root())
            found = comments(self._text, self._line_starts(), gaps(self._text, between), text)
        return tuple([comment for _, comment in found])

    def of(self, container: Any) -> Mapping[str | int, Entry]:
        """Return the entries of a mapping or list of the data; none for any other container."""
        return {step: entry for step in self._members(container) if (entry := self.entry(container, step))}

    def entry(self, container: Any, step: Any) -> Entry | None:
        """Return one entry of a mapping or list of the data, or None if it has no such key or index."""
        members = self._steps.get(id(container))
        if members is None:
            members = self._members(container)
        found = members.get(step)
        if found is None or found.__class__ is Entry:
            return found
        key, value = found if found.__class__ is tuple else (None, found)
        entry = members[step] = Entry(key and self._span(key), self._span(value))
        return entry

    def at(self, path: Path) -> Entry | None:
        """Return the spans of the value at ``path``, or None if there is none. The text has no aliases."""
        value, key, node = self.data, None, self._root()
        for step in path:
            value = value.value if value.__class__ is Tagged else value
            if value.__class__ is dict and step in value:
                key, node = node.value[list(value).index(step)]
            elif value.__class__ is list and isinstance(step, int) and 0 <= step < len(value):
                key, node = None, node.value[step]
            else:
                return None
            value = value[step]
        return Entry(key and self._span(key), self._span(node))

    def first_key(self, mapping: Any) -> Span | None:
        """Return the span of the first key of a mapping, or None if it is empty."""
        if mapping is self.data and isinstance(mapping, dict) and mapping:
            return self._span(self._root().value[0][0])
        return super().first_key(mapping)

    def _root(self) -> Any:
        node = self._node
        if node is None:
            nodes = compose(self._text)
            assert nodes is not None, "the text has been composed before"
            node = self._node = nodes[self._index]
            keep_alone(self)
        return node

    def _members(self, container: Any) -> dict[Any, Any]:
        """Return the entry of each key or index of a container, or the nodes that it is made of."""
        found = self._steps.get(id(container))
        if found is not None:
            return found
        node = self._node_of(container)
        if node is None:
            return {}
        steps = container if isinstance(container, dict) else range(len(container))
        found = self._steps[id(container)] = dict(zip(steps, node.value, strict=True))
        if self._more is not None and self._nodes is not None:
            # The next lookups are for its children, and for the arguments of the functions of a template.
            for value, below in _children(container, node):
                self._nodes[id(value)] = below
                if len(value) == 1:
                    self._nodes.update((id(inner), node) for inner, node in _children(value, below))
        return found

    def _node_of(self, container: Any) -> Any:
        if self._nodes is None:
            self._nodes = {}
            self._more = _collections(self.data, self._root())
        while id(container) not in self._nodes:
            found = next(self._more or iter(()), None)
            if found is None:
                return None
            self._nodes[id(found[0])] = found[1]
        return self._nodes[id(container)]

    def _span(self, node: Any) -> Span:
        start, mark = node.start_mark, node.end_mark
        if self._ascii and node.__class__ is ScalarNode and node.style not in ("|", ">") and start.index < mark.index:
            return Span(start.line + 1, start.column + 1, mark.line + 1, mark.column + 1)  # as below, but for speed
        end, *stop = self._end(node)
        return Span(*(stop if end <= start.index else self._position(start)), *stop)

    def _end(self, node: Any) -> tuple[int, int, int]:
        """Return the end of a node: offset, line and column."""
        text, start, mark = self._text, node.start_mark.index, node.end_mark
        if node.__class__ is ScalarNode:
            if node.style in ("|", ">"):
                return self._at(end_of_block_scalar(text, start, mark.index))
            if start == mark.index:
                return self._at(place_of_empty_scalar(text, start))
            return mark.index, *self._position(mark)
        if node.flow_style and text[mark.index - 1] in "]}":  # but "a: b" in a list ends with its value
            return mark.index, *self._position(mark)
        if node.__class__ is not MappingNode:
            return self._end(node.value[-1])
        key, value = node.value[-1]
        end = self._end(value)
        return end if value.start_mark.index < value.end_mark.index else max(end, self._end(key))

    def _at(self, offset: int) -> tuple[int, int, int]:
        return offset, *self._line_starts().position(offset)

    def _position(self, mark: Any) -> tuple[int, int]:
        """Return the line and column of a mark of the parser, which knows more line breaks than editors do."""
        if self._ascii:
            return mark.line + 1, mark.column + 1
        return self._line_starts().position(mark.index)

    def _line_starts(self) -> Lines:
        lines = self._lines
        if lines is None:
            lines = self._lines = Lines(self._text)
        return lines


def _collections(data: Any, node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each mapping and list of the data, level by level, with its node."""
    data = data.value if isinstance(data, Tagged) else data
    waiting = [(data, node)] if isinstance(data, dict | list) else []
    for found in waiting:
        yield found
        waiting += _children(*found)


def _children(container: Any, node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the mappings and lists directly inside a container, without their tags, with their nodes."""
    if isinstance(container, dict):
        pairs = zip(container.values(), [value for _, value in node.value], strict=True)
    else:
        pairs = zip(container, node.value, strict=True)
    for value, below in pairs:
        inner = value.value if value.__class__ is Tagged else value
        if inner.__class__ is dict or inner.__class__ is list:
            yield inner, below


def _scalars(root: Any) -> Iterator[Stretch]:
    """Yield the scalars below a node, in order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.__class__ is ScalarNode:
            yield node.start_mark.index, node.end_mark.index, node.style in ("|", ">")
        elif node.__class__ is MappingNode:
            waiting += [child for pair in reversed(node.value) for child in reversed(pair)]
        else:
            waiting += reversed(node.value)
