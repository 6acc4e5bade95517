"""The files that git tracks, as its index names them. The index is read as data: git is never run.

Versions 2, 3 and 4 are read, with SHA-1 and SHA-256 (gitformat-index), but not a split index: half of it is elsewhere.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator
from struct import Struct

from iblint.discovery.names import Names
from iblint.discovery.read import NotReadError, read

MAX_BYTES = 64 << 20
MAX_POINTER = 4096
"""Bytes of a ``.git`` that is a file: it names the folder that has the index."""

_MODES = frozenset({0o040000, 0o100644, 0o100755, 0o100664, 0o120000, 0o160000})
_REGULAR = 0o100000
_ENTRY = ">24xI12x{}xH"
"""An entry before its name: two times, device, inode, mode, user, group, size, a hash of so many bytes, flags."""


class IndexUnreadableError(Exception):
    """The index exists, but the files that it names are not known."""


class TrackedFiles:
    """The regular files that a repository tracks, by their paths below its root."""

    def __init__(self, names: list[bytes]) -> None:
        self._names = sorted(names)
        self._set = frozenset(names)

    def __contains__(self, path: str) -> bool:
        return os.fsencode(path) in self._set

    def below(self, folder: str) -> Iterator[str]:
        """Yield the files below a folder, whose path ends in a slash."""
        prefix = os.fsencode(folder)
        for index in range(bisect_left(self._names, prefix), len(self._names)):
            if not self._names[index].startswith(prefix):
                return
            yield os.fsdecode(self._names[index])


def tracked_files(root: str, names: Names) -> TrackedFiles:
    """Return the tracked files that a search opens, of the repository with this root; none without an index.

    Raises IndexUnreadableError.
    """
    path = os.path.join(_git_folder(root), "index")
    if not os.path.lexists(path):
        return TrackedFiles([])
    try:
        data = read(path, MAX_BYTES)
    except NotReadError as error:
        raise IndexUnreadableError(str(error)) from None
    for size in (20, 32):  # of a hash; the configuration of the repository has it, but a wrong one is noticed
        found = _parse(data, size, names)
        if found is not None:
            return TrackedFiles(found)
    raise IndexUnreadableError("It has a form that iblint does not read.")


def _git_folder(root: str) -> str:
    """Return the folder of git's own files: ``.git``, or the one that a file of this name points to."""
    path = os.path.join(root, ".git")
    if not os.path.isfile(path):
        return path
    try:
        word, _, folder = read(path, MAX_POINTER).partition(b":")
    except NotReadError as error:
        raise IndexUnreadableError(str(error)) from None
    if word != b"gitdir" or b"\0" in folder:
        raise IndexUnreadableError("'.git' is a file that does not name a folder.")
    return os.path.join(root, os.fsdecode(folder.strip()))


def _parse(data: bytes, hash_size: int, wanted: Names) -> list[bytes] | None:
    """Return the regular files that a search opens; None if the bytes are not an index with such hashes."""
    version = int.from_bytes(data[4:8], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        return None
    names: list[bytes] = []
    name, start, last = b"", 12, len(data)
    entry = Struct(_ENTRY.format(hash_size))
    for _ in range(int.from_bytes(data[8:12], "big")):
        begin = start + entry.size
        if begin >= last:
            return None
        mode, flags = entry.unpack_from(data, start)
        if mode not in _MODES:
            return None
        if flags & 0x4000:
            begin += 2
        if version == 4:
            dropped, begin = _number(data, begin)
            if dropped > len(name):
                return None
        end = data.find(b"\0", begin)
        if end < 0:
            return None
        name = name[: len(name) - dropped] + data[begin:end] if version == 4 else data[begin:end]
        if min(len(name), 0xFFF) != flags & 0xFFF:
            return None
        start = end + 1 if version == 4 else start + (end - start + 8) // 8 * 8
        if mode & 0o170000 == _REGULAR and wanted.match(os.fsdecode(name.rpartition(b"/")[2])):
            names.append(name)
    return None if _is_split(data, start, hash_size) else names


def _number(data: bytes, start: int) -> tuple[int, int]:
    """Return a number of variable length (as in pack files), and where it ends."""
    value = -1
    for place in range(start, min(start + 9, len(data))):
        value = (value + 1 << 7) | data[place] & 0x7F
        if not data[place] & 0x80:
            return value, place + 1
    return len(data), start


def _is_split(data: bytes, start: int, hash_size: int) -> bool:
    """Return whether an extension says that the other half of the index is elsewhere."""
    while start + 8 <= len(data) - hash_size:
        if data[start : start + 4] == b"link":
            return True
        start += 8 + int.from_bytes(data[start + 4 : start + 8], "big")
    return start != len(data) - hash_size
