"""Compiled packs with the files that they are made of, so that rule files are parsed once and not on every run.

Entries are JSON in a folder that belongs to the user alone, one for each folder of rules. The cache is never needed: an
entry that cannot be read, written or trusted, or that was made of other files, is as good as none.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from zlib import crc32

from iblint.packs.authoring.reader import PackFiles
from iblint.packs.compiled import FORMAT, LoadedPack, to_pack
from iblint.schemas import read_schema
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    origin = _origin(files, salt)
    entry = os.path.join(folder, _name(files, salt))
    found = _read(entry, origin)
    if found is not None:
        return found
    compiled = make()
    _write(entry, {"origin": origin, "compiled": compiled})
    return to_pack(compiled)


def _origin(files: PackFiles, salt: str) -> list[Any]:
    """All that the compiled form depends on, as it comes back from JSON.

    Files are compared and not digested: nobody can make others that are taken for them, and hashlib takes as long to
    import as all rules take to judge a file. Schemas of our own change in a checkout only.
    """
    schemas = [crc32(read_schema(name).encode()) for name in ("rule", "pack", "request")]
    texts = [[name, data.decode("latin-1")] for name, data in files.files]
    return [FORMAT, __version__, salt, files.name, schemas, texts]


def _name(files: PackFiles, salt: str) -> str:
    """The name of the entry: folders that share one by chance take turns."""
    place = f"{salt}\0{os.path.realpath(str(files.folder))}"
    return f"{crc32(place.encode('utf-8', 'surrogateescape')):08x}.json"


def _folder() -> str | None:
    """The cache's folder, made when missing; None when it is off, or not the user's own."""
    named = os.environ.get(VARIABLE)
    if named == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = named or os.path.join(base, "iblint")
    if not os.path.isabs(folder):
        return None
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return folder if _is_ours(os.lstat(folder), stat.S_ISDIR) else None
    except OSError:
        return None


def _is_ours(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether nobody else can have written it. (Windows keeps the user's folders from others by itself.)"""
    if not hasattr(os, "getuid"):
        return is_kind(status.st_mode)
    return is_kind(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022


def _read(entry: str, origin: list[Any]) -> LoadedPack | None:
    try:
        descriptor = os.open(entry, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not _is_ours(status, stat.S_ISREG) or status.st_size > MAX_ENTRY_BYTES:
                return None
            found = json.loads(stream.read())
            return to_pack(found["compiled"]) if found["origin"] == origin else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _write(entry: str, content: dict[str, Any]) -> None:
    """Write an entry whole or not at all: to a file of its own that then takes the entry's name."""
    import contextlib  # only the first run after a change pays for these
    import tempfile

    with contextlib.suppress(OSError):
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(entry), suffix=".tmp")  # 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
            os.replace(temporary, entry)
        except BaseException:
            os.unlink(temporary)
            raise
