"""The locations of rule files: folders of the file system, and the built-in pack.

The built-in rules are in ``iblint/_rules`` in a wheel. In a checkout or an editable installation they are in the folder
``rules`` beside ``iblint``. A zipped wheel is read through importlib.resources.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from iblint.model.errors import RulePackError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from typing import IO, TypeAlias


class Disk:
    """A file or folder of the file system, with the interface of ``importlib.resources.abc.Traversable``.

    pathlib.Path has it too, but a run does not import pathlib.
    """

    def __init__(self, path: str, listed: os.DirEntry[str] | None = None) -> None:
        """``listed`` is the directory entry, if it is known: it has the file type without another system call."""
        self.path = path
        self.name = os.path.basename(path)
        self._listed = listed

    def __str__(self) -> str:
        return self.path

    def __fspath__(self) -> str:
        return self.path

    def is_dir(self) -> bool:
        """Return whether it is a folder, or a link to one."""
        return self._listed.is_dir() if self._listed else os.path.isdir(self.path)

    def is_link(self) -> bool:
        """Return whether it is a symbolic link."""
        return self._listed.is_symlink() if self._listed else os.path.islink(self.path)

    def is_file(self) -> bool:
        """Return whether it is a regular file, or a link to one."""
        return self._listed.is_file() if self._listed else os.path.isfile(self.path)

    def iterdir(self) -> Iterator[Disk]:
        """Return the entries of a folder. Raises OSError."""
        with os.scandir(self.path) as entries:
            return iter([Disk(entry.path, entry) for entry in entries])

    def joinpath(self, *names: str) -> Disk:
        """Return the entry below a folder with these names, whether it exists or not."""
        return Disk(os.path.join(self.path, *names))

    def open(self, mode: str = "rb") -> IO[bytes]:
        """Open a file for reading bytes. Raises OSError."""
        return open(self.path, mode)


Folder: TypeAlias = "Disk | Traversable"
"""A file or folder of the file system, or inside a zipped wheel."""

PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SHIPPED = "_rules"
COMPILED, PROSE = "compiled.json", "prose.json"
"""Files beside the rule files, written when the wheel is built."""


def compiled_rules() -> bytes | None:
    """Return the built-in pack as compiled when the wheel was built; None in a checkout."""
    return _read_shipped(COMPILED)


def shipped_prose() -> bytes | None:
    """Return the prose of the built-in pack as JSON; None in a checkout."""
    return _read_shipped(PROSE)


def _read_shipped(name: str) -> bytes | None:
    try:
        with open(os.path.join(PACKAGE, SHIPPED, name), "rb") as file:
            return file.read()
    except OSError:
        if os.path.isdir(PACKAGE):
            return None
    zipped = builtin_rules().joinpath(name)
    return read_bytes(zipped) if zipped.is_file() else None


def read_bytes(file: Folder, limit: int = -1) -> bytes:
    """Return the bytes of a file, at most ``limit``."""
    with file.open("rb") as stream:
        return stream.read(limit)


def builtin_rules() -> Folder:
    """Return the folder of the built-in pack.

    Raises RulePackError if iblint was installed or copied without its rules.
    """
    shipped = _package().joinpath(SHIPPED)
    if shipped.joinpath("pack.yaml").is_file():
        return shipped
    checkout = Disk(os.path.dirname(PACKAGE))
    if checkout.joinpath("pyproject.toml").is_file() and checkout.joinpath("rules", "pack.yaml").is_file():
        return checkout.joinpath("rules")
    raise RulePackError(f"{PACKAGE}: iblint's built-in rules are missing; install iblint again.")


def _package() -> Folder:
    if os.path.isdir(PACKAGE):
        return Disk(PACKAGE)
    from importlib.resources import files  # needed only for a zipped wheel

    return files("iblint")
