"""Which configuration file a run uses: ``--config``, else the nearest one, up to the root of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator

from iblint.model.errors import ConfigError
from iblint.model.record import Record

NAME = ".iblint.yaml"
PYPROJECT = "pyproject.toml"
MAX_BYTES = 1 << 20
_NAME_IN_TABLE = b"iblint"
"""What a pyproject.toml with our table holds, however the table is spelled."""


class Bounds(Record):
    """What a configuration that is found may name: it may be a stranger's, who must not have other files read."""

    folder: str
    """The root of the repository, without links; without a repository the configuration's folder."""
    words: str
    """What the folder is, in messages."""

    def hold(self, path: str) -> bool:
        """Whether a path leads to something inside, links followed."""
        return os.path.join(os.path.realpath(path), "").startswith(os.path.join(self.folder, ""))


class ConfigFile(Record):
    """A configuration file that was found, not yet parsed."""

    path: str
    """Absolute; globs and rule folders are relative to its folder."""
    shown: str
    """For messages: relative to the working folder."""
    data: bytes
    bounds: Bounds | None = None
    """None when it was named and not found: then it is trusted to name anything."""


def find(config: str | None, cwd: str) -> ConfigFile | None:
    """Return the configuration file, or None when there is none and none was asked for.

    Raises ConfigError when the one that was asked for, or the one that was found, cannot be read.
    """
    if config is not None:
        path = os.path.join(cwd, config)
        folder, name = os.path.split(path)
        return ConfigFile(os.path.join(os.path.realpath(folder), name), config, _read(path, config))
    for folder in _upward(cwd):
        found = _in_folder(folder, cwd)
        if found is not None:
            return found
    return None


def _upward(folder: str) -> Iterator[str]:
    """The folder and those above it, up to the root of the repository (where ``.git`` is) or of the file system."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder or os.path.lexists(os.path.join(folder, ".git")):
            return
        folder = parent


def _in_folder(folder: str, cwd: str) -> ConfigFile | None:
    path = os.path.join(folder, NAME)
    if os.path.lexists(path):
        shown = os.path.relpath(path, cwd)
        bounds = _bounds(folder)
        _refuse_link(path, shown, bounds)
        return ConfigFile(path, shown, _read(path, shown), bounds)
    lookalike = os.path.join(folder, ".iblint.yml")
    if os.path.lexists(lookalike):
        raise ConfigError(f"{os.path.relpath(lookalike, cwd)}:1: Not read under this name; rename it to {NAME}.")
    path = os.path.join(folder, PYPROJECT)
    if not os.path.isfile(path):
        return None
    shown = os.path.relpath(path, cwd)
    file = ConfigFile(path, shown, _read(path, shown), _bounds(folder))
    if _NAME_IN_TABLE not in file.data:
        return None
    _refuse_link(path, shown, _bounds(folder))
    return file if _is_ours(file) else None


def _bounds(folder: str) -> Bounds:
    for above in _upward(folder):
        if os.path.lexists(os.path.join(above, ".git")):
            return Bounds(above, "the repository")
    return Bounds(folder, "the configuration's folder")


def _refuse_link(path: str, shown: str, bounds: Bounds) -> None:
    if os.path.islink(path) and not bounds.hold(path):
        what = f"A link that leads out of {bounds.words} is not followed"
        raise ConfigError(f"{shown}:1: {what}; copy the file, or name it with --config.")


def _is_ours(file: ConfigFile) -> bool:
    """Whether a pyproject.toml that mentions the table really has it (and not just as a dependency)."""
    from iblint.config.read import has_table, parse_toml

    return has_table(parse_toml(file))


def _read(path: str, shown: str) -> bytes:
    """Read a configuration file. Raises ConfigError when it is missing, no file, unreadable or too large."""
    try:
        if os.path.lexists(path) and not os.path.isfile(path):
            raise ConfigError(f"{shown}: Not a file that can be read; give the path of a configuration file.")
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{shown}: The configuration cannot be read: {reason}.") from None
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{shown}:1: A configuration has at most {MAX_BYTES >> 20} MiB; this is no configuration.")
    return data
