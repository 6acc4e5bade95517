"""Whether a template may export a value under one of several names, without parsing it."""

from __future__ import annotations

import re
from collections.abc import Collection

_SUBSTITUTED = re.compile(rb"""[^\s"']*\$\{[^\s"']*""")
_VARIABLE = re.compile(rb"\$\{[^}]*\}?")
_COMPUTED = re.compile(
    rb"""Export["']?\s*:\s*\{?\s*["']?Name["']?\s*:\s*\{?\s*["']?(?!!Sub|Fn::Sub)(?:!|Fn::|Ref["']?\s*:)"""
)
"""The name of an export that a function other than Sub computes."""


def may_export_one(data: bytes, names: Collection[str]) -> bool:
    """Return whether the bytes of a template hold one of the names, or an expression that may evaluate to one."""
    encoded = [name.encode("utf-8", "surrogatepass") for name in names if name]
    if not encoded:
        return False
    if any(name in data for name in encoded) or _COMPUTED.search(data):
        return True
    patterns = {tuple(_VARIABLE.split(text)) for text in _SUBSTITUTED.findall(data)}
    return any(_may_be(name, pattern) for pattern in patterns for name in encoded)


def _may_be(name: bytes, pattern: tuple[bytes, ...]) -> bool:
    """Return whether a name consists of the parts of a pattern in their order, with any text between them."""
    first, *between, last = pattern
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    rest = name[len(first) : len(name) - len(last)]
    for part in between:
        start = rest.find(part)
        if start < 0:
            return False
        rest = rest[start + len(part) :]
    return True
