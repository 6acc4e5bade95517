"""Compiled packs by the digest of their files, so that rule files are parsed once and not on every run.

Entries are JSON in a folder that belongs to the user alone. The cache is never needed: an entry that cannot be read,
written or trusted is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from iblint.rulepack.compiled import FORMAT, LoadedPack, to_pack
from iblint.rulepack.reader import PackFiles
from iblint.schemas import read_schema
from iblint.version import __version__

VARIABLE = "IBLINT_CACHE_DIR"
"""Folder of the cache, or ``off``."""

MAX_ENTRY_BYTES = 16 * 1024 * 1024


def cached(files: PackFiles, make: Callable[[], dict[str, Any]], salt: str = "") -> LoadedPack:
    """The compiled pack of ``files``: from the cache, else made (and kept for the next run).

    ``salt`` tells apart packs whose files are equal and that are compiled differently. What ``make`` raises is raised.
    """
    folder = _folder()
    if folder is None:
        return to_pack(make())
    entry = folder / f"{_key(files, salt)}.json"
    found = _read(entry)
    if found is not None:
        return found
    compiled = make()
    _write(entry, compiled)
    return to_pack(compiled)


def _key(files: PackFiles, salt: str) -> str:
    """All that the compiled form depends on."""
    key = hashlib.sha256(f"{FORMAT}\0{__version__}\0{salt}\0{files.name}\0{files.digest}\0".encode())
    for name in ("rule", "pack", "request"):
        key.update(read_schema(name).encode())
    return key.hexdigest()


def _folder() -> Path | None:
    """The cache's folder, made when missing; None when it is off, or not the user's own."""
    named = os.environ.get(VARIABLE)
    if named == "off":
        return None
    if named:
        folder = Path(named)
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        folder = Path(base) / "iblint"
    if not folder.is_absolute():
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _is_ours(os.lstat(folder), stat.S_ISDIR) else None
    except OSError:
        return None


def _is_ours(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether nobody else can have written it. (Windows keeps the user's folders from others by itself.)"""
    if not hasattr(os, "getuid"):
        return is_kind(status.st_mode)
    return is_kind(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022


def _read(entry: Path) -> LoadedPack | None:
    try:
        descriptor = os.open(entry, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not _is_ours(status, stat.S_ISREG) or status.st_size > MAX_ENTRY_BYTES:
                return None
            return to_pack(json.loads(stream.read()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _write(entry: Path, compiled: dict[str, Any]) -> None:
    """Write an entry whole or not at all: to a file of its own that then takes the entry's name."""
    import tempfile  # only the first run after a change pays for it

    with contextlib.suppress(OSError):
        descriptor, temporary = tempfile.mkstemp(dir=entry.parent, suffix=".tmp")  # 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(compiled, stream)
            os.replace(temporary, entry)
        except BaseException:
            os.unlink(temporary)
            raise
