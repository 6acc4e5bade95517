"""Find the comments of a YAML text between its tokens, so that a ``#`` inside a scalar is not taken for one.

Also the ends of scalars as a reader sees them, where PyYAML's parser gives other offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from iblint.model.document import Comment
from iblint.parse.line_index import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BREAKS = "\r\n\x85\u2028\u2029"
"""What ends a line in YAML 1.1. Editors do not know all of them."""
_END = f"[{_BREAKS}]|$"

Stretch = tuple[int, int, bool]
"""Start and end of a token in which a ``#`` does not begin a comment, and whether it is a block scalar."""


def comments(
    text: str, lines: Lines, gaps: Iterable[tuple[int, int]], about: str = ""
) -> Iterator[tuple[int, Comment]]:
    """Yield the comments in the ``gaps`` of a text, in order, each with its offset.

    With ``about``, a lower-case text, yield only the comments that contain it in any case.
    """
    for start, end in gaps:
        for line in text[start:end].splitlines(keepends=True):  # its other line breaks are not valid in YAML
            at = line.find("#")
            comment = line[at:].rstrip(_BREAKS) if at >= 0 else ""
            if comment and about in comment.lower():
                offset = start + at
                span = lines.span(offset, offset + len(comment))
                yield offset, Comment(comment, span, lines.blank_before(text, offset))
            start += len(line)


def stretches(text: str, loader: Any) -> Iterator[Stretch]:
    """Yield the tokens of a valid text that may contain a ``#``."""
    import yaml  # in full; most comments are found without it

    with_text = (yaml.ScalarToken, yaml.TagToken, yaml.AnchorToken, yaml.AliasToken, yaml.DirectiveToken)
    for token in yaml.scan(text, Loader=loader):
        if isinstance(token, with_text):
            block = isinstance(token, yaml.ScalarToken) and token.style in ("|", ">")
            yield token.start_mark.index, token.end_mark.index, block


def gaps(text: str, between: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text outside the stretches: only structure and comments."""
    gap = 0
    for start, end, block in between:
        yield gap, start
        gap = end
        if block:
            header = re.compile(_END).search(text, start)
            yield start, header.start() if header else gap
    yield gap, len(text)


def end_of_block_scalar(text: str, start: int, end: int) -> int:
    """Return the end of the last line that is not blank. The parser's end includes the blank lines after it."""
    end = start + len(text[start:end].rstrip(" \t" + _BREAKS))
    while end < len(text) and text[end] not in _BREAKS:
        end += 1
    return end


def place_of_empty_scalar(text: str, offset: int) -> int:
    """Return the offset right after the colon, dash or key. The parser may give that of the next token."""
    while offset and text[offset - 1] in " \t" + _BREAKS:
        offset -= 1
    return offset
