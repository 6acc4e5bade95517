"""Text of files in GitHub's Markdown: whatever it holds, it is shown and does nothing.

Every character that could begin markup is written as a character reference, which Markdown reads as text. What code
hosts look for in the finished text (mentions, issue numbers, addresses) is broken up by a blank of no width.
"""

from __future__ import annotations

import re

from iblint.report._addresses import is_web_address
from iblint.report._escape import sentence

_NO_WIDTH = "&#8203;"
_ACTIVE = re.compile(r"[!\"#$&*:<>@\[\\\]^_`{|}~]")
_FOUND_LATER = re.compile(r"[@#]|:(?=//)|(?i:(?<=www)\.)")


def text(value: str, limit: int = 300) -> str:
    """Text of a file, as prose on one line."""
    parts = []
    shown = sentence(value, limit)
    for index, character in enumerate(shown):
        found_later = _FOUND_LATER.match(shown, index)
        reference = found_later or _ACTIVE.match(character)
        parts.append(f"&#{ord(character)};" if reference else character)
        parts.append(_NO_WIDTH if found_later else "")
    return "".join(parts)


def code(value: str, limit: int = 120) -> str:
    """Text of a file, as code. An HTML tag, because between backticks no character can be escaped."""
    return f"<code>{text(value, limit)}</code>"


def link(label: str, address: str | None) -> str:
    """A link around Markdown of ours; only the label when the address is none or could end the link."""
    return f"[{label}]({address})" if address and is_web_address(address) else label


def table(head: list[str], rows: list[str]) -> list[str]:
    """The lines of a table whose rows are written by ``row``."""
    return [row(head), "|" + " --- |" * len(head), *rows]


def row(cells: list[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"
