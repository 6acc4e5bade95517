"""The syntax tree of a Python program, with the offsets of its nodes and its comments."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from functools import cached_property

from iblint.model.document import Comment
from iblint.model.errors import ParseError
from iblint.model.span import Span
from iblint.parse.program import Bytes, Program, ProgramSpans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 4 * 1024 * 1024
"""Characters of a program that is parsed: its tree takes a hundred times its size."""


class PythonSource:
    """A program and its tree. Raises ParseError if it is not Python, as this version of Python reads it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.tree = parse(program.text)
        self._bytes: dict[int, Bytes] = {}
        """The bytes of lines that are not ASCII."""

    @cached_property
    def _lines(self) -> list[str]:
        return re.split(r"(?<=\n)|(?<=\r)(?!\n)", self.program.text)

    @cached_property
    def _starts(self) -> list[int]:
        starts, total = [], 0
        for line in self._lines:
            starts.append(total)
            total += len(line)
        return starts

    def _offset(self, line: int, byte: int) -> int:
        """Return the offset of a line and of a column in bytes, as ``ast`` counts."""
        text = self._lines[line - 1]
        if text.isascii():
            return self._starts[line - 1] + byte
        if line not in self._bytes:
            self._bytes[line] = Bytes(text)
        return self._starts[line - 1] + self._bytes[line].offset(byte)

    def extent(self, node: ast.AST) -> tuple[int, int]:
        """Return the offsets at which a node begins and ends."""
        placed: ast.expr = node  # type: ignore[assignment]
        end_line, end_byte = placed.end_lineno or placed.lineno, placed.end_col_offset or placed.col_offset
        return self._offset(placed.lineno, placed.col_offset), self._offset(end_line, end_byte)

    def span(self, node: ast.AST) -> Span:
        """Return the span of a node in the file."""
        return self.program.span(*self.extent(node))

    def shown(self, node: ast.AST) -> str:
        """Return the source of an expression on one line, shortened."""
        return self.program.shown(*self.extent(node))

    def lines_of(self, node: ast.stmt) -> range:
        """Return the lines of a statement in the text of the program."""
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)

    @cached_property
    def comments(self) -> ProgramSpans:
        """The comments, in the lines and columns of the program."""
        first = self.tree.body[0].lineno if self.tree.body else len(self._lines)
        return ProgramSpans(Span(first, 1, first, 1), tuple(_comments(self.program.text)))


def parse(text: str) -> ast.Module:
    """Return the tree of a program. Raises ParseError with the place of what is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"the program has more than {MAX_CHARACTERS} characters. Split it.", 1, 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        message = f"this Python cannot read the program: {error.msg}. Correct it, or run iblint with a newer Python."
        raise ParseError(message, max(line, 1), max(column, 1), malformed=True) from None
    except (RecursionError, MemoryError):
        raise ParseError("the program has expressions that are nested too deeply. Simplify it.", 1, 1) from None
    except ValueError as error:  # NUL characters, surrogates
        raise ParseError(f"the text is no Python: {error}. Correct it.", 1, 1, malformed=True) from None


def _comments(text: str) -> Iterator[Comment]:
    """Yield the comments of a program that can be parsed."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT:
                (line, column), (_, end) = token.start, token.end
                alone = not token.line[:column].strip()
                yield Comment(token.string, Span(line, column + 1, line, end + 1), alone)
    except (tokenize.TokenError, SyntaxError):
        return


def brief(node: ast.AST) -> str:
    """Return the normal form of a short expression; empty for a longer one, which may be too deep to write."""
    waiting, count = [node], 0
    while waiting:
        count += 1
        if count > _MOST_NODES:
            return ""
        waiting += ast.iter_child_nodes(waiting.pop())
    return ast.unparse(node)


_MOST_NODES = 40

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a comment in the first two lines declares (PEP 263), or None."""
    for line in data.split(b"\n", 2)[:2]:
        match = _COOKIE.match(line)
        if match:
            return match[1].decode("ascii")
        if line.strip() and not line.lstrip().startswith(b"#"):
            return None
    return None
