"""The code of a Jupyter notebook as one program, with the place of each character in the JSON."""

from __future__ import annotations

import re

from iblint.model.errors import ParseError
from iblint.model.path import Path
from iblint.parse.json_strings import unescape
from iblint.parse.program import Places, Program
from iblint.parse.python.source import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAGIC = re.compile(r"^([ \t]*)([%!?].*|.*=[ \t]*[%!](?!=).*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
"""A line that IPython reads and Python does not."""


class Notebook:
    """The code cells of a notebook."""

    def __init__(self, text: str, file: str) -> None:
        """Raises ParseError if the text is no notebook."""
        self.program, self.faults, self.doubtful = _read(text, file)


def _read(text: str, file: str) -> tuple[Program, list[tuple[int, ParseError]], frozenset[str]]:
    """Return the program, the cells that are not Python by their offset, and the names that these or magics may set."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    faults: list[tuple[int, ParseError]] = []
    doubtful: set[str] = set()
    length = 0
    for code, places in _cells(text):
        if code.startswith("%%"):
            continue
        plain = _MAGIC.sub(lambda line: line[1] + "#" + line[2][1:], code)
        for line in _MAGIC.finditer(code):
            doubtful.update(re.findall(r"[^\W\d]\w*", line[0]))
        try:
            parse(plain)
        except ParseError as error:
            faults.append((length, error))
            doubtful.update(re.findall(r"[^\W\d]\w*", plain))
            plain = re.sub(r"[^\r\n]", " ", plain)
        pieces += [plain, "\n"]
        starts += [*places.starts, places.ends[-1] if places.ends else 0]
        ends += [*places.ends, places.ends[-1] if places.ends else 0]
        length += len(plain) + 1
    return Program("".join(pieces), file, text, Places(starts, ends)), faults, frozenset(doubtful)


def _cells(text: str) -> list[tuple[str, Places]]:
    """Return the code of each code cell with its places. Raises ParseError if the text is no notebook."""
    from iblint.parse.json import fast as json

    parsed = json.parse(text)
    data: Any = parsed.data
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise ParseError("the file is no notebook: it has no list of cells. Correct it.", 1, 1, malformed=True)
    offsets = Program(text, "")
    found = []
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code" or "source" not in cell:
            continue
        source = cell["source"]
        paths: list[Path] = [("cells", index, "source")]
        if isinstance(source, list):
            paths = [("cells", index, "source", line) for line in range(len(source))]
        code, starts, ends = [], [], []
        for path in paths:
            entry = parsed.spans.at(path)
            if entry is None:
                continue
            begin = offsets.offset(entry.value.line, entry.value.column)
            string, places = unescape(text, begin + 1)
            code.append(string)
            starts += places.starts
            ends += places.ends
        found.append(("".join(code), Places(starts, ends)))
    return found
