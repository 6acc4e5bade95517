"""Where the built-in rules stand.

Three layouts are known. In a wheel they are ``iblint/_rules``; in a checkout, bare or installed editable, they are the
folder ``rules`` beside ``iblint``; a zipped wheel is read through importlib.resources.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from iblint.model.errors import RulePackError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

Folder: TypeAlias = "Path | Traversable"
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
    from pathlib import Path

    checkout = Path(PACKAGE).parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "rules" / "pack.yaml").is_file():
        return checkout / "rules"
    raise RulePackError(f"{PACKAGE}: iblint's built-in rules are missing; install iblint again.")


def _package() -> Folder:
    if os.path.isdir(PACKAGE):
        from pathlib import Path  # a run from a wheel does without it

        return Path(PACKAGE)
    from importlib.resources import files  # only a zipped wheel pays for it

    return files("iblint")
