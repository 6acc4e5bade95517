"""Texts as the formats show them: on one line, in two parts, as paths. What is shown is safe to print."""

from __future__ import annotations

import posixpath
import re

from iblint.text.safe import to_json as to_json
from iblint.text.safe import visible as visible


def sentence(text: str, limit: int = 1000) -> str:
    """A message as one printable line: line breaks become blanks, and the middle of an overlong one is left out."""
    line = visible(" ".join(part.strip() for part in text.strip().split("\n")))
    if len(line) <= limit:
        return line
    head = limit * 2 // 3
    return f"{line[:head]} … {line[head + 3 - limit :]}"


def file_name(file: str) -> str:
    """A file as it is shown at the start of a line, where ``::`` after blanks would be a command to a CI runner."""
    shown = visible(file)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


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
