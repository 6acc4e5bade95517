"""Which configuration file a run uses: ``--config``, else the nearest one, up to the root of the repository."""

from __future__ import annotations

import os

from iblint.discovery.config_files import MAX_BYTES, MENTION, NAME, WRONG_NAME, candidates, folders_upward
from iblint.model.errors import ConfigError
from iblint.model.record import Record


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
    for path in candidates(cwd):
        found = _read_candidate(path, cwd)
        if found is not None:
            return found
    return None


def _read_candidate(path: str, cwd: str) -> ConfigFile | None:
    """Read a file that may be the configuration; None if it is a pyproject.toml without our table."""
    folder, name = os.path.split(path)
    shown = os.path.relpath(path, cwd)
    if name == WRONG_NAME:
        raise ConfigError(f"{shown}:1: Not read under this name; rename it to {NAME}.")
    bounds = _bounds(folder)
    if name == NAME:
        _refuse_link(path, shown, bounds)
        return ConfigFile(path, shown, _read(path, shown), bounds)
    if not os.path.isfile(path):
        return None
    file = ConfigFile(path, shown, _read(path, shown), bounds)
    if MENTION not in file.data:
        return None
    _refuse_link(path, shown, bounds)
    return file if _is_ours(file) else None


def _bounds(folder: str) -> Bounds:
    for above in folders_upward(folder):
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
