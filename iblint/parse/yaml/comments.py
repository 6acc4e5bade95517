"""The comments of a YAML text. Found between its tokens, so that no ``#`` of a scalar is taken for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from iblint.model.document import Comment
from iblint.parse.line_index import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BREAKS = "\r\n\x85\u2028\u2029"
"""What ends a line, and so a comment, for the parser (YAML 1.1), though not all of it for editors."""
_END = re.compile(f"[{_BREAKS}]|$")

Stretch = tuple[int, int, bool]
"""Start and end of what may hold a ``#`` that begins no comment, and whether it is a block scalar."""


def comments(
    text: str, lines: Lines, gaps: Iterable[tuple[int, int]], about: str = ""
) -> Iterator[tuple[int, Comment]]:
    """The comments in parts of a text that hold nothing else with a ``#``, in order, each with its offset.

    Only those that hold what they are to be ``about``, in small letters or capitals.
    """
    for start, end in gaps:
        for line in text[start:end].splitlines(keepends=True):  # what else it takes for a break is no YAML
            at = line.find("#")
            comment = line[at:].rstrip(_BREAKS) if at >= 0 else ""
            if comment and about in comment.lower():
                offset = start + at
                span = lines.span(offset, offset + len(comment))
                yield offset, Comment(comment, span, lines.blank_before(text, offset))
            start += len(line)


def stretches(text: str, loader: Any) -> Iterator[Stretch]:
    """The tokens with text of a text that has been parsed without error."""
    import yaml  # most comments are found without it

    with_text = (yaml.ScalarToken, yaml.TagToken, yaml.AnchorToken, yaml.AliasToken, yaml.DirectiveToken)
    for token in yaml.scan(text, Loader=loader):
        if isinstance(token, with_text):
            block = isinstance(token, yaml.ScalarToken) and token.style in ("|", ">")
            yield token.start_mark.index, token.end_mark.index, block


def gaps(text: str, between: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """The parts of a text between some stretches: they hold structure and comments alone."""
    gap = 0
    for start, end, block in between:
        yield gap, start
        gap = end
        if block:
            header = _END.search(text, start)
            yield start, header.start() if header else gap
    yield gap, len(text)
