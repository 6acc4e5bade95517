"""Where rules stand: folders of the file system, and the built-in pack's.

Three layouts are known. In a wheel they are ``iblint/_rules``; in a checkout, bare or installed editable, they are the
folder ``rules`` beside ``iblint``; a zipped wheel is read through importlib.resources.
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
    """A file or folder of the file system, in the interface that ``importlib.resources`` has for those of a package.

    A Path has it too, but importing pathlib takes a quarter of the time that Python needs to start.
    """

    def __init__(self, path: str, listed: os.DirEntry[str] | None = None) -> None:
        """``listed`` is its entry in a folder, which knows what it is without asking the file system once more."""
        self.path = path
        self.name = os.path.basename(path)
        self._listed = listed

    def __str__(self) -> str:
        return self.path

    def __fspath__(self) -> str:
        return self.path

    def is_dir(self) -> bool:
        """Whether it is a folder, or a link to one."""
        return self._listed.is_dir() if self._listed else os.path.isdir(self.path)

    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self._listed.is_symlink() if self._listed else os.path.islink(self.path)

    def is_file(self) -> bool:
        """Whether it is a regular file, or a link to one."""
        return self._listed.is_file() if self._listed else os.path.isfile(self.path)

    def iterdir(self) -> Iterator[Disk]:
        """What a folder holds. Raises OSError."""
        with os.scandir(self.path) as entries:
            return iter([Disk(entry.path, entry) for entry in entries])

    def joinpath(self, *names: str) -> Disk:
        """What stands below a folder by these names, there or not."""
        return Disk(os.path.join(self.path, *names))

    def open(self, mode: str = "rb") -> IO[bytes]:
        """Open a file to read its bytes. Raises OSError."""
        return open(self.path, mode)


Folder: TypeAlias = "Disk | Traversable"
"""A file or folder of the file system, or inside a zipped wheel."""

PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SHIPPED = "_rules"
COMPILED, PROSE = "compiled.json", "prose.json"
"""Made when the wheel is built, beside the rule files."""


def compiled_rules() -> bytes | None:
    """The built-in pack as it was compiled when the wheel was built; None in a checkout."""
    return _made(COMPILED)


def shipped_prose() -> bytes | None:
    """The prose of the built-in pack, likewise."""
    return _made(PROSE)


def _made(name: str) -> bytes | None:
    try:
        with open(os.path.join(PACKAGE, SHIPPED, name), "rb") as file:
            return file.read()
    except OSError:
        if os.path.isdir(PACKAGE):
            return None
    zipped = builtin_rules().joinpath(name)
    return read_bytes(zipped) if zipped.is_file() else None


def read_bytes(file: Folder, limit: int = -1) -> bytes:
    """The bytes of a file, at most ``limit`` of them."""
    with file.open("rb") as stream:
        return stream.read(limit)


def builtin_rules() -> Folder:
    """The folder of the built-in pack.

    Raises RulePackError when iblint was installed or copied without its rules.
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
    from importlib.resources import files  # only a zipped wheel pays for it

    return files("iblint")
