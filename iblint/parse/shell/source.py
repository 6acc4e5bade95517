"""The tree of a shell script. Expressions of pipelines (``${{ }}`` and others) are masked, so that it is one."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from iblint.model.document import Comment
from iblint.model.span import Span
from iblint.parse.program import Bytes, Program, ProgramSpans
from iblint.parse.tree_sitter import first_fault, nodes, parser_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

EXPRESSIONS = re.compile(
    r"\$\{\{.{0,500}?\}\}|\$\[\[.{0,500}?\]\]|<<[ \t]{0,9}(?:parameters|pipeline)\.[\w.-]{1,99}[ \t]{0,9}>>"
    r"|(?<!\$)\{\{.{0,500}?\}\}",
    re.DOTALL,
)
"""Expressions of GitHub and Azure, GitLab, CircleCI, and of templates, which are filled in before a shell runs."""
MACROS = re.compile(rf"{EXPRESSIONS.pattern}|\$\([A-Za-z_][\w.]*\)", re.DOTALL)
"""The same with the macros of Azure, which look like commands."""


class ShellSource:
    """A script and its tree."""

    def __init__(self, program: Program, *, masked: re.Pattern[str] = EXPRESSIONS, shell: str = "bash") -> None:
        """``masked`` matches what is filled in before the shell runs; ``shell`` is the name of the shell."""
        self.program = program
        self.shell = shell
        self.masks: list[tuple[int, int]] = [match.span() for match in masked.finditer(program.text)]
        text = masked.sub(lambda match: _mask(match[0]), program.text)
        self.text = text
        self._bytes = Bytes(text)
        self.tree = parser_of("bash").parse(self._bytes.data)
        self.nodes: list[Node] = list(nodes(self.tree))

    def extent(self, node: Node) -> tuple[int, int]:
        """Return the offsets at which a node begins and ends in the text."""
        return self._bytes.offset(node.start_byte), self._bytes.offset(node.end_byte)

    def text_of(self, node: Node) -> str:
        """Return the text of a node, masks included."""
        start, end = self.extent(node)
        return self.text[start:end]

    def shown(self, node: Node) -> str:
        """Return the text of a node on one line, as it is written."""
        return self.program.shown(*self.extent(node))

    def mask_at(self, offset: int) -> tuple[int, int] | None:
        """Return the mask that an offset is in, or None."""
        index = bisect_right(self.masks, (offset, len(self.text) + 1)) - 1
        return self.masks[index] if index >= 0 and offset < self.masks[index][1] else None

    @property
    def fault(self) -> tuple[int, int] | None:
        """The offsets of the first place at which the text is no shell script, or None."""
        node = first_fault(self.tree)
        return None if node is None else self.extent(node)

    @cached_property
    def comments(self) -> ProgramSpans:
        """The comments, in the lines and columns of the program."""
        lines, found, first = self.program.lines, [], len(self.text)
        for node in self.nodes[1:]:
            start, end = self.extent(node)
            if node.type == "comment":
                found.append(
                    Comment(self.text[start:end], lines.span(start, end), lines.blank_before(self.text, start))
                )
            else:
                first = min(first, start)
        line, column = lines.position(first)
        return ProgramSpans(Span(line, column, line, column), tuple(found))


def _mask(text: str) -> str:
    """Return a variable of the same length, with the same line breaks."""
    inner = re.sub(r"[^\r\n]", "_", text[2:-1])
    return "${" + inner.replace("\n", "_").replace("\r", "_") + "}"
