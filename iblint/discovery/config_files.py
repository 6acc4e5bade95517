"""Where configuration files are looked for: in the folder and those above it, up to the root of the repository."""

from __future__ import annotations

import os

from iblint.discovery.read import NotReadError, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = ".iblint.yaml"
WRONG_NAME = ".iblint.yml"
PYPROJECT = "pyproject.toml"
MAX_BYTES = 1 << 20
MENTION = b"iblint"
"""In every pyproject.toml that has the table ``[tool.iblint]``, however it is spelled."""


def folders_upward(folder: str) -> Iterator[str]:
    """Yield the folder and those above it, up to the root of the repository (with ``.git``) or of the file system."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder or os.path.lexists(os.path.join(folder, ".git")):
            return
        folder = parent


def candidates(folder: str) -> Iterator[str]:
    """Yield the files that may be the configuration, the nearest first: all that exist under one of the names."""
    for above in folders_upward(folder):
        for name in (NAME, WRONG_NAME, PYPROJECT):
            path = os.path.join(above, name)
            if os.path.lexists(path):
                yield path


def may_be_configured(folder: str) -> bool:
    """Return whether ``config.find`` may find a configuration, or an error in one, without parsing any file."""
    return any(not path.endswith(PYPROJECT) or _mentions_iblint(path) for path in candidates(folder))


def _mentions_iblint(path: str) -> bool:
    try:
        return MENTION in read(path, MAX_BYTES)
    except NotReadError:
        return True
