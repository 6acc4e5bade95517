"""Text from files, made safe to print: it cannot move the cursor, hide or reorder text, or command a CI runner.

Runners parse what a step prints, on both streams. GitHub executes a line that begins with ``::`` after blanks, and
``##[command]`` anywhere in a line; Azure Pipelines executes ``##vso[command]``, TeamCity ``##teamcity[command]``.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# C0, DEL and C1; soft hyphen and other invisible format characters; bidirectional controls; line and paragraph
# separators; byte order mark; interlinear annotations; lone surrogates; tags.
# Blanks that look like the ordinary one (no-break, en, thin, ideographic, ...); letters and joiners that show nothing.
_UNSAFE = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f"
    "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0\U000e0100-\U000e01ef"
)
_COMMAND = r"(?<=#)#(?=[A-Za-z]{0,16}\[)"
_SYMBOLS = "\u203c\u2049\u2100-\u27bf\u2934\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_SELECTOR = f"(?<![{_SYMBOLS}])[\ufe00-\ufe0f]"
"""A variation selector, invisible unless it follows a symbol: there it chooses the form of an emoji."""
_ESCAPED = f"[{_UNSAFE}]|{_SELECTOR}|{_COMMAND}"
_ESCAPED_IN_JSON = f"(?!\n)[{_UNSAFE}]|{_SELECTOR}|{_COMMAND}"
_SURROGATE = "[\ud800-\udfff]"
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """Escape control characters, invisible characters and the start of runner commands: ``\\x1b``, ``\\n``."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text  # nearly all texts
    return re.sub(_ESCAPED, lambda match: escape(match.group()), text)


def escaped_offsets(line: str) -> frozenset[int]:
    """Return the offsets of the characters that ``visible`` escapes."""
    return frozenset(match.start() for match in re.finditer(_ESCAPED, line))


def escape(character: str) -> str:
    """Escape a character, whether it needs it or not."""
    code = ord(character)
    if code < 0x100:
        return _SHORT.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str) -> str:
    """Make a text of several lines safe to print, if its first line starts a line of the stream."""
    return "\n".join(map(_printable_line, text.split("\n")))


def _printable_line(line: str) -> str:
    shown = visible(line)
    start = len(shown) - len(shown.lstrip())
    return f"{shown[:start]}{escape(':')}{shown[start + 1 :]}" if shown.startswith("::", start) else shown


def single_line(text: str, limit: int = 1000) -> str:
    """Join the lines of a text, make it safe to print, and cut the middle if it has more than ``limit`` characters."""
    line = visible(" ".join(part.strip() for part in text.strip().split("\n")))
    if len(line) <= limit:
        return line
    head = limit * 2 // 3
    return f"{line[:head]} … {line[head + 3 - limit :]}"


def is_web_address(text: str) -> bool:
    """Return whether a text is an http(s) address without characters that are special in Markdown or HTML."""
    return re.fullmatch(r"https?://[A-Za-z0-9_.~:/?#@!$&*+,;=%-]+", text) is not None


def to_json(value: Any) -> str:
    """Return JSON, indented by two blanks, with a final newline: valid UTF-8 that is safe on a terminal."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    text = re.sub(_SURROGATE, "\ufffd", text)
    return re.sub(_ESCAPED_IN_JSON, _json_escape, text) + "\n"


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
