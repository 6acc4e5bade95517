"""Where scalars begin and end for a reader, when PyYAML's parser says something else."""

from __future__ import annotations

BREAKS = "\r\n\x85\u2028\u2029"
"""What ends a line in YAML 1.1."""


def end_of_block_scalar(text: str, start: int, end: int) -> int:
    """The end of the last line that is not blank: the parser's own end is that of the blank lines after it."""
    end = start + len(text[start:end].rstrip(" \t" + BREAKS))
    while end < len(text) and text[end] not in BREAKS:
        end += 1
    return end


def place_of_empty_scalar(text: str, offset: int) -> int:
    """The place right after the colon, dash or key: the parser's own may be that of the next token."""
    while offset and text[offset - 1] in " \t" + BREAKS:
        offset -= 1
    return offset
