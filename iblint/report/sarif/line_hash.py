"""GitHub's ``primaryLocationLineHash``: an alert keeps its identity by it when lines above it are added or removed."""

from __future__ import annotations

import struct

_WINDOW = 100
_BASE = 37
_MASK = 0xFFFFFFFFFFFFFFFF
_OLDEST = pow(_BASE, _WINDOW - 1, _MASK + 1)
_END = 0xFFFF
_SPACE, _TAB, _LF, _CR = 32, 9, 10, 13


def line_hashes(text: str) -> dict[int, str]:
    """Return the hash of each line by its 1-based number.

    ``text`` is the decoded file, with its byte order mark if it has one. A hash covers 100 UTF-16 units from the start
    of the line, without blanks and with line breaks as LF. A number follows that counts its occurrences so far.
    """
    units, starts = _significant_units(text)
    units += [0] * _WINDOW
    rolling = 0
    for unit in units[:_WINDOW]:
        rolling = (rolling * _BASE + unit) & _MASK
    hashes: dict[int, str] = {}
    seen: dict[str, int] = {}
    position = 0
    for line, start in enumerate(starts, 1):
        while position < start:
            rolling = ((rolling - units[position] * _OLDEST) * _BASE + units[position + _WINDOW]) & _MASK
            position += 1
        digest = format(rolling, "x")
        seen[digest] = seen.get(digest, 0) + 1
        hashes[line] = f"{digest}:{seen[digest]}"
    return hashes


def _significant_units(text: str) -> tuple[list[int], list[int]]:
    """Return the units that are hashed, and the index at which each line starts."""
    raw = text.encode("utf-16-le", "surrogatepass")
    kept: list[int] = []
    starts: list[int] = []
    at_start, after_cr = True, False
    for unit in (*struct.unpack(f"<{len(raw) // 2}H", raw), _END):
        if unit in (_SPACE, _TAB) or (after_cr and unit == _LF):
            after_cr = False
            continue
        after_cr = unit == _CR
        if at_start:
            starts.append(len(kept))
        kept.append(_LF if after_cr else unit)
        at_start = kept[-1] == _LF
    return kept, starts
