"""Where the built-in rules stand.

Three layouts are known. In a wheel they are ``iblint/_rules``; in a checkout, bare or installed editable, they are the
folder ``rules`` beside ``iblint``; a zipped wheel is read through importlib.resources.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from iblint.model.errors import RulePackError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Folder: TypeAlias = "Path | Traversable"
"""A file or folder of the file system, or inside a zipped wheel."""

PACKAGE = Path(__file__).resolve().parents[1]


def read_bytes(file: Folder, limit: int = -1) -> bytes:
    """The bytes of a file, at most ``limit`` of them."""
    with file.open("rb") as stream:
        return stream.read(limit)


def builtin_rules() -> Folder:
    """The folder of the built-in pack.

    Raises RulePackError when iblint was installed or copied without its rules.
    """
    shipped = _package().joinpath("_rules")
    if shipped.joinpath("pack.yaml").is_file():
        return shipped
    checkout = PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "rules" / "pack.yaml").is_file():
        return checkout / "rules"
    raise RulePackError(f"{PACKAGE}: iblint's built-in rules are missing; install iblint again.")


def _package() -> Folder:
    if PACKAGE.is_dir():
        return PACKAGE
    from importlib.resources import files  # only a zipped wheel pays for it

    return files("iblint")
