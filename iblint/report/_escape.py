"""Text from files, made safe to print: nothing in it can move the cursor, hide, reorder or forge a line."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any

# C0, DEL and C1; soft hyphen and other invisible format characters; bidirectional controls; line and paragraph
# separators; byte order mark; interlinear annotations; lone surrogates; tags.
_UNSAFE = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
_UNSAFE_CHARACTER = re.compile(f"[{_UNSAFE}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """Write control and invisible characters as escapes: ``\\x1b``, ``\\u202e``, ``\\n``."""
    return _UNSAFE_CHARACTER.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code < 0x100:
        return _SHORT.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def sentence(text: str, limit: int = 1000) -> str:
    """A message as one printable line: line breaks become blanks, and the middle of an overlong one is left out."""
    line = visible(" ".join(part.strip() for part in text.strip().split("\n")))
    if len(line) <= limit:
        return line
    head = limit * 2 // 3
    return f"{line[:head]} … {line[head + 3 - limit :]}"


def file_name(file: str) -> str:
    """A file as it is shown at the start of a line, where ``::`` would be a command to a CI runner."""
    shown = visible(file)
    return f"./{shown}" if shown.startswith("::") else shown


def is_inside(file: str) -> bool:
    """Whether a file is in the working folder."""
    return not posixpath.normpath(file).startswith(("/", "../"))


def relative_path(file: str) -> str:
    """A file as a path inside the working folder, as code hosts want it.

    They take no path that leaves the root. For a file outside the working folder the leading ``../`` or ``/`` is
    dropped: it then names the right file, though the host may not find it, and no path of the machine leaks.
    """
    path = posixpath.normpath(file).lstrip("/")
    while path.startswith("../"):
        path = path[3:]
    return path


def relative_uri(file: str) -> str:
    """A file as a percent-encoded URI relative to the root of the repository (see ``relative_path``)."""
    from urllib.parse import quote

    encodable = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", relative_path(file))
    return quote(encodable.encode("utf-8", "surrogateescape"), safe="/")


def split_message(message: str) -> tuple[str, str]:
    """The first sentence of a message, and the rest; a period inside single quotes ends no sentence."""
    for match in re.finditer(r"(?<!\be\.g)(?<!\bi\.e)[.!?](?=\s)", message):
        head = message[: match.end()]
        if len(re.findall(r"(?<!\w)'|'(?!\w)", head)) % 2 == 0:
            return head, message[match.end() :].strip()
    return message, ""


def to_json(value: Any) -> str:
    """JSON with two blanks of indentation and a final newline: always valid UTF-8, and safe on a terminal."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    text = _SURROGATE.sub("\ufffd", text)
    return re.sub(f"(?!\n)[{_UNSAFE}]", _json_escape, text) + "\n"


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
