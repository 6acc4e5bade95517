"""Telling, without parsing it, whether a template may export something under one of several names."""

from __future__ import annotations

import re
from collections.abc import Collection

_SUBSTITUTED = re.compile(rb"""[^\s"']*\$\{[^\s"']*""")
_VARIABLE = re.compile(rb"\$\{[^}]*\}?")
_MADE = re.compile(
    rb"""Export["']?\s*:\s*\{?\s*["']?Name["']?\s*:\s*\{?\s*["']?(?!!Sub|Fn::Sub)(?:!|Fn::|Ref["']?\s*:)"""
)
"""The name of an export that another function than Sub makes."""


def may_export(data: bytes, names: Collection[str]) -> bool:
    """Whether the bytes of a template hold one of the names, or something that may come to it."""
    wanted = [name.encode("utf-8", "surrogatepass") for name in names if name]
    if not wanted:
        return False
    if any(name in data for name in wanted) or _MADE.search(data):
        return True
    patterns = {tuple(_VARIABLE.split(text)) for text in _SUBSTITUTED.findall(data)}
    return any(_may_be(name, pattern) for pattern in patterns for name in wanted)


def _may_be(name: bytes, pattern: tuple[bytes, ...]) -> bool:
    """Whether a name is the parts of a pattern in their order, with anything between them."""
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
