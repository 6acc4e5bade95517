"""Reading files: regular ones only, of a bounded size, without ever waiting for one."""

from __future__ import annotations

import os
import stat

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_CHUNK = 1 << 16
"""Most files fit in, and the memory for it costs nothing."""


class NotReadError(Exception):
    """A file that was not read; the text says why, as a sentence."""


def read(path: str, limit: int, *, known: bool = False) -> bytes:
    """The bytes of a file. Raises NotReadError for a special file, one with more than ``limit`` bytes, and the like.

    ``known`` is whether the folder's listing said that it is a regular file: then it is not asked again. The system
    calls are made directly, because a file object costs as much as they do.
    """
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            if not known and not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise NotReadError("Not a regular file; not read. Use '-' to read standard input.")
            data = os.read(descriptor, _CHUNK)
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
