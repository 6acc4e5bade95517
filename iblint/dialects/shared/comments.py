"""Tell whether a place in the source of a program is in a comment or a docstring.

No program is parsed. In doubt a place is code, so that no mention is passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

_STRINGS = r'"(?:\\.|[^"\\])*"|' r"'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`"
_SLASHES = ("javascript", "go", "java", "csharp", "jenkinsfile")
_BOTH = ("terraform", "terragrunt")

# Lazy, because a group that repeats takes memory for every repetition.
_BLOCK = re.compile(r"^[ \t]*/\*.*?(?:\*/|\Z)", re.MULTILINE | re.DOTALL)
_BLOCKS = {
    "powershell": re.compile(r"<#.*?(?:#>|\Z)", re.DOTALL),
    "ruby": re.compile(r"^=begin\b.*?(?:\n=end|\Z)", re.MULTILINE | re.DOTALL),
}
_STRING = re.compile(_STRINGS)
_LINE = 4096
"""Characters of a line that are looked at."""
_LONGEST_PROGRAM = 1 << 20
"""Characters of a Python file up to which docstrings are recognised."""


def comment_test(text: str, kind: str) -> Callable[[int], bool]:
    """Return the function that tells whether a place in the text is in a comment of a kind of program."""
    marks = ("//", "/*") if kind in _SLASHES else ("#", "//", "/*") if kind in _BOTH else ("#",)
    blocks = list(_blocks(text, kind))
    starts = [start for start, _ in blocks]

    def is_comment(place: int) -> bool:
        index = bisect_right(starts, place) - 1
        if index >= 0 and place < blocks[index][1]:
            return True
        begin = max(place - _LINE, 0)
        return _is_in_line_comment(text[max(text.rfind("\n", begin, place) + 1, begin) : place], marks)

    return is_comment


def _is_in_line_comment(line: str, marks: tuple[str, ...]) -> bool:
    """Return whether the beginning of a line has a mark of a comment, outside strings and after a blank."""
    if line.lstrip().startswith(marks) or (marks[0] == "//" and line.lstrip().startswith("* ")):
        return True
    bare = _STRING.sub("''", line)
    if "/*" in marks and bare.rfind("/*") > bare.rfind("*/"):
        return True
    return any(f" {mark}" in bare or f"\t{mark}" in bare for mark in marks if mark != "/*")


def _blocks(text: str, kind: str) -> Iterator[tuple[int, int]]:
    if kind == "python" and len(text) <= _LONGEST_PROGRAM:
        yield from _docstrings(text)
    elif kind in _SLASHES or kind in _BOTH:
        yield from (match.span() for match in _BLOCK.finditer(text))
    elif kind in _BLOCKS:
        yield from (match.span() for match in _BLOCKS[kind].finditer(text))


_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>[rRbBuUfF]{0,2}(?:\"\"\"(?:[^"\\]|\\.|"(?!""))*(?:\"\"\"|\Z)|'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)
        |"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?))
    |(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<joined>\\\n)|(?P<newline>\n)|(?P<blank>[ \t\r\f]+)|(?P<other>\w+|.)""",
    re.VERBOSE | re.DOTALL,
)
"""A token of Python. Every text is a sequence of them, so finding all is linear."""


def _docstrings(text: str) -> Iterator[tuple[int, int]]:
    """Yield the strings of Python that are statements of their own: docstrings, and blocks of text left as comments."""
    depth, alone, candidate = 0, True, None
    for token in _TOKEN.finditer(text):
        group = token.lastgroup
        if group == "newline":
            if depth == 0:
                if candidate is not None:
                    yield candidate
                alone, candidate = True, None
        elif group in ("comment", "blank", "joined"):
            continue
        elif group == "string" and alone and depth == 0:
            candidate, alone = token.span(), False
        else:
            depth = max(depth + (group == "open") - (group == "close"), 0)
            alone, candidate = False, None
    if candidate is not None:
        yield candidate
