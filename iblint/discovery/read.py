"""Reading files: regular ones only, of a bounded size, without ever waiting for one."""

from __future__ import annotations

import os
import stat

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_CHUNK = 1 << 16
"""Most files fit in, and the memory for it costs nothing."""


class NotReadError(Exception):
    """A file that was not read; the text says why, as a sentence."""


def is_binary(data: bytes) -> bool:
    """Return whether the bytes of a file are no text. Text in UTF-16 or UTF-32 begins with a mark, or every other byte
    of its first characters is zero."""
    if b"\0" not in data[:_CHUNK]:
        return False
    is_wide = len(data) > 3 and (not any(data[0:4:2]) or not any(data[1:4:2])) and any(data[:4])
    return not (is_wide or data[:2] in (b"\xff\xfe", b"\xfe\xff"))


def read(path: str, limit: int, *, known: bool = False, text: bool = False) -> bytes:
    """The bytes of a file. Raises NotReadError for a special file, one with more than ``limit`` bytes, and the like.

    ``known`` is whether the folder's listing said that it is a regular file: then it is not asked again. With ``text``,
    a file that begins as binary ones do is returned empty. The system calls are made directly, because a file object
    costs as much as they do.
    """
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            if not known and not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise NotReadError("Not a regular file; not read. Use '-' to read standard input.")
            data = os.read(descriptor, _CHUNK)
            if text and is_binary(data):
                return b""
            while len(data) <= limit:
                more = os.read(descriptor, len(data) or 1)  # only an empty read says that this is all
                if not more:
                    return data
                data += more
        finally:
            os.close(descriptor)
    except OSError as error:
        raise NotReadError(f"The file cannot be read: {error.strerror}.") from None
    raise NotReadError(f"Larger than {limit >> 20} MiB; not read. Exclude it if it is not meant.")
