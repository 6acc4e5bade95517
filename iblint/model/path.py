"""Paths into a request spec or a document, and their JSON Pointers."""

from __future__ import annotations

Path = tuple[str | int, ...]
"""Keys and list indices from the root, e.g. ``("instanceMetadataOptions", "httpTokens")``."""

ROOT: Path = ()


def to_pointer(path: Path) -> str:
    """Return a path as a JSON Pointer (RFC 6901): ``/instanceTypes/0``; the root is ``""``."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def from_pointer(pointer: str) -> Path:
    """Parse a JSON Pointer. Steps made of digits become list indices.

    Raises ValueError if the pointer is not empty and does not start with ``/``.
    """
    if not pointer:
        return ROOT
    if not pointer.startswith("/"):
        raise ValueError(f"a path starts with '/': {pointer!r}")
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/"))
    return tuple(int(step) if step.isdecimal() else step for step in steps)
