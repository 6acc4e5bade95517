"""Cache compiled packs, so that a run does not parse the rule files again.

Entries are JSON files in a folder that belongs to the user alone, one for each folder of rules. An entry that cannot be
read or trusted, or that was compiled from other files, is ignored: then the pack is compiled again.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from zlib import crc32

from iblint.packs.authoring.reader import PackFiles
from iblint.packs.compiled import BUILTIN, FORMAT, LoadedPack, to_pack
from iblint.schemas import read_schema
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VARIABLE = "IBLINT_CACHE_DIR"
"""The environment variable with the folder of the cache, or ``off``."""

MAX_ENTRY_BYTES = 16 * 1024 * 1024


def load_compiled(files: PackFiles, *, builtin: bool = False) -> LoadedPack:
    """Return the compiled pack of ``files``: from the cache, else compiled now and cached for the next run.

    ``builtin`` compiles it as the built-in pack. Raises RulePackError for wrong rule files.
    """
    folder = _folder()
    if folder is None:
        return to_pack(_compile(files, builtin))
    origin = _origin(files, builtin)
    entry = os.path.join(folder, _name(files, builtin))
    pack = _read(entry, origin)
    if pack is not None:
        return pack
    compiled = _compile(files, builtin)
    _write(entry, {"origin": origin, "compiled": compiled})
    return to_pack(compiled)


def _compile(files: PackFiles, builtin: bool) -> dict[str, Any]:
    from iblint.packs.authoring.compile import compile_pack  # imports the parsers

    return compile_pack(files, builtin=builtin)


def _origin(files: PackFiles, builtin: bool) -> list[Any]:
    """Return everything that the compiled form depends on, as it reads back from JSON.

    The files are stored whole rather than digested: a comparison cannot be fooled, and importing hashlib takes as long
    as judging a file. iblint's own schemas change only in a checkout, so a checksum is enough for them.
    """
    schemas = [crc32(read_schema(name).encode()) for name in ("rule", "pack", "request")]
    texts = [[name, data.decode("latin-1")] for name, data in files.files]
    return [FORMAT, __version__, builtin, files.name, schemas, texts]


def _name(files: PackFiles, builtin: bool) -> str:
    """Return the name of the entry. Folders whose entries share a name replace each other's entry."""
    place = f"{BUILTIN if builtin else ''}\0{os.path.realpath(str(files.folder))}"
    return f"{crc32(place.encode('utf-8', 'surrogateescape')):08x}.json"


def _folder() -> str | None:
    """Return the folder of the cache, created if missing; None if the cache is off or others can write the folder."""
    named = os.environ.get(VARIABLE)
    if named == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = named or os.path.join(base, "iblint")
    if not os.path.isabs(folder):
        return None
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return folder if _is_private(os.lstat(folder), stat.S_ISDIR) else None
    except OSError:
        return None


def _is_private(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Return whether only the user can write it. On Windows the user's folders are protected by default."""
    if not hasattr(os, "getuid"):
        return is_kind(status.st_mode)
    return is_kind(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022


def _read(entry: str, origin: list[Any]) -> LoadedPack | None:
    try:
        descriptor = os.open(entry, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not _is_private(status, stat.S_ISREG) or status.st_size > MAX_ENTRY_BYTES:
                return None
            content = json.loads(stream.read())
            return to_pack(content["compiled"]) if content["origin"] == origin else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _write(entry: str, content: dict[str, Any]) -> None:
    """Write an entry atomically: to a temporary file that is then renamed."""
    import contextlib  # these are needed only after a change of the rule files
    import tempfile

    with contextlib.suppress(OSError):
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(entry), suffix=".tmp")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
            os.replace(temporary, entry)
        except BaseException:
            os.unlink(temporary)
            raise
