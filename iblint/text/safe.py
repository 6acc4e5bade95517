"""Text from files, made safe to print: nothing in it can move the cursor, hide, reorder, or command a CI runner.

Runners read what a step prints, on both streams: GitHub obeys a line that begins with ``::`` after blanks, and anywhere
in a line ``##[command]``; Azure Pipelines ``##vso[command]``; TeamCity ``##teamcity[command]``.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# C0, DEL and C1; soft hyphen and other invisible format characters; bidirectional controls; line and paragraph
# separators; byte order mark; interlinear annotations; lone surrogates; tags.
_UNSAFE = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
_COMMAND = r"(?<=#)#(?=[A-Za-z]{0,16}\[)"
_ESCAPED = re.compile(f"[{_UNSAFE}]|{_COMMAND}")
_ESCAPED_IN_JSON = re.compile(f"(?!\n)[{_UNSAFE}]|{_COMMAND}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """Write control and invisible characters, and what begins a command to a runner, as escapes: ``\\x1b``, ``\\n``."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text  # what nearly all texts are
    return _ESCAPED.sub(lambda match: escape(match.group()), text)


def escapes(line: str) -> frozenset[int]:
    """The offsets of the characters that ``visible`` writes as escapes."""
    return frozenset(match.start() for match in _ESCAPED.finditer(line))


def escape(character: str) -> str:
    """A character as an escape, whether it needs one or not."""
    code = ord(character)
    if code < 0x100:
        return _SHORT.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str) -> str:
    """Text of several lines as it may be printed where a line begins, on standard error as on standard output."""
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    shown = visible(line)
    start = len(shown) - len(shown.lstrip())
    return f"{shown[:start]}{escape(':')}{shown[start + 1 :]}" if shown.startswith("::", start) else shown


def to_json(value: Any) -> str:
    """JSON with two blanks of indentation and a final newline: always valid UTF-8, and safe on a terminal."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    text = _SURROGATE.sub("\ufffd", text)
    return _ESCAPED_IN_JSON.sub(_json_escape, text) + "\n"


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
