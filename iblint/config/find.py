"""Find the configuration file: ``--config``, or the nearest one between the working folder and the repository root."""

from __future__ import annotations

import os
import re

from iblint.discovery.config_files import MAX_BYTES, MENTION, NAME, WRONG_NAME, candidates, folders_upward
from iblint.model.errors import ConfigError
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


MAX_KEY_PARTS = 50
"""Parts of a dotted key in TOML."""


class Bounds(Record):
    """The folder that a found configuration may refer to: a stranger's must not make iblint read other files."""

    folder: str
    """The root of the repository with links resolved; without a repository the folder of the configuration."""
    name: str
    """The folder in words, for messages."""

    def contains(self, path: str) -> bool:
        """Return whether a path is inside the folder once links are followed."""
        return os.path.join(os.path.realpath(path), "").startswith(os.path.join(self.folder, ""))


class ConfigFile(Record):
    """The bytes of a configuration file."""

    path: str
    """Absolute. Globs and rule folders are relative to its folder."""
    shown: str
    """The path for messages, relative to the working folder."""
    data: bytes
    bounds: Bounds | None = None
    """None if the user named the file, which then may refer to anything."""


def find(config: str | None, cwd: str) -> ConfigFile | None:
    """Return the file ``config``, or the nearest configuration file from ``cwd`` upward, or None if there is none.

    Raises ConfigError if the file cannot be read.
    """
    if config is not None:
        return named(config, cwd)
    for path in candidates(cwd):
        found = _read_candidate(path, cwd)
        if found is not None:
            return found
    return None


def named(file: str, cwd: str, noun: str = "configuration") -> ConfigFile:
    """Return a file that the user names. ``noun`` is what messages call it. Raises ConfigError if it cannot be read."""
    path = os.path.join(cwd, file)
    folder, name = os.path.split(path)
    return ConfigFile(os.path.join(os.path.realpath(folder), name), file, _read(path, file, noun))


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
    return file if has_table(parse_toml(file)) else None  # the word alone may be a dependency


def _bounds(folder: str) -> Bounds:
    for above in folders_upward(folder):
        if os.path.lexists(os.path.join(above, ".git")):
            return Bounds(above, "the repository")
    return Bounds(folder, "the configuration's folder")


def _refuse_link(path: str, shown: str, bounds: Bounds) -> None:
    if os.path.islink(path) and not bounds.contains(path):
        what = f"A link out of {bounds.name} is not followed"
        raise ConfigError(f"{shown}:1: {what}; copy the file, or name it with --config.")


def _read(path: str, shown: str, noun: str = "configuration") -> bytes:
    """Read a configuration file. Raises ConfigError if it is missing, unreadable, too large or not a file."""
    try:
        if os.path.lexists(path) and not os.path.isfile(path):
            raise ConfigError(f"{shown}: Not a regular file; give the path of a {noun}.")
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{shown}: The {noun} cannot be read: {reason}.") from None
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{shown}:1: A {noun} has at most {MAX_BYTES >> 20} MiB; make it smaller.")
    return data


def has_table(data: dict[str, Any]) -> bool:
    """Return whether the data of a pyproject.toml has the table ``[tool.iblint]``."""
    tool = data.get("tool")
    return isinstance(tool, dict) and "iblint" in tool


def parse_toml(file: ConfigFile) -> dict[str, Any]:
    """Parse a TOML file. Raises ConfigError with file and line."""
    import tomllib

    text = decode(file)
    _refuse_long_key(text, file.shown)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).rpartition(" (at ")
        found = re.match(r"line (\d+)", place)
        line = found[1] if found else str(len(text.splitlines()) or 1)
        raise ConfigError(f"{file.shown}:{line}: Not valid TOML: {message or place}.") from None
    except RecursionError:
        raise ConfigError(f"{file.shown}:1: Not valid TOML: nested too deeply.") from None
    except ValueError:  # int() limits the number of digits
        raise ConfigError(f"{file.shown}:1: A number has too many digits; write a shorter one.") from None


def _refuse_long_key(text: str, shown: str) -> None:
    """Raise ConfigError for a dotted key with too many parts: tomllib takes time and memory like their square.

    Each string counts as one part. A string of several lines may be mistaken for a key.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") < MAX_KEY_PARTS:
            continue
        parts = 0
        for token in re.finditer(_PIECE, line):
            if token.lastgroup == "other":
                parts = 0
            parts += token.lastgroup == "dot"
            if parts >= MAX_KEY_PARTS:
                raise ConfigError(f"{shown}:{number}: A key has at most {MAX_KEY_PARTS} parts; write a shorter one.")


_PIECE = r"""(?s)(?P<part>"(?:[^"\\]|\\.)*"?|'[^']*'?|[\w-]+|[ \t]+)|(?P<dot>\.)|(?P<other>.)"""
"""A part of a key or a blank, the dot between two parts, or what ends a key. Every text matches, so it is linear."""


def decode(file: ConfigFile) -> str:
    """Return the text of a configuration file. Raises ConfigError if it is not UTF-8."""
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{file.shown}:{line}: Not UTF-8; save the file as UTF-8.") from None
