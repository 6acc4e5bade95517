"""Settings from the configuration file, a profile and the command line.

The command line wins over the configuration file, and that over a profile. A profile from the command line wins over
the file too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from iblint.config.find import ConfigFile, find
from iblint.model.errors import ConfigError
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.rule import CORE, FORMER_CORE
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Severity
from iblint.text.wording import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHOLE_RUN = ("select", "account", "region", "dialect")
"""Options of the command line that also replace what overrides say."""

_ADDED = ("ignore", "rules", "packs")
"""Options of the command line that add to what the configuration file says."""

_OPTIONS = {"packs": "pack", "var-files": "var-file"}
"""Options whose names are not those of their settings."""

_PATH_DEPTH = 4
"""Levels of the configuration whose places are kept: ``overrides[0].options.IB401`` has four."""


def load_settings(config: str | None, cwd: str | os.PathLike[str]) -> Settings:
    """Read the configuration file ``config``, or the one found from ``cwd`` upward. Without one return the defaults.

    Raises ConfigError with one line per error: ``file:line: what is wrong; what to do``.
    """
    folder = os.path.realpath(cwd)
    file = find(config, folder)
    return Settings() if file is None else _read(file, folder)


def _read(file: ConfigFile, cwd: str) -> Settings:
    from iblint.config.read import read_config  # with the parsers, which a run without a configuration does not need

    content = read_config(file)
    root = os.path.dirname(file.path)
    data = dict(content.data)

    def resolved(key: str, holder: Mapping[str, Any], place: Path = ()) -> list[str]:
        paths = [os.path.normpath(os.path.join(root, path)) for path in holder.get(key, ())]
        for index, path in enumerate(paths):
            if file.bounds is not None and not file.bounds.contains(path):
                raise ConfigError(
                    f"{content.where((*place, key, index))}: '{key}[{index}]' is outside {file.bounds.name}. A "
                    "configuration file that iblint finds by itself may not refer to it; use --config or "
                    f"--{_OPTIONS.get(key, key)}."
                )
        return [_relative(path, cwd) for path in paths]

    for key in ("rules", "parameters", "var-files"):
        data[key] = resolved(key, data)
    data["overrides"] = [
        {**each, "var-files": resolved("var-files", each, ("overrides", index))}
        for index, each in enumerate(data.get("overrides", ()))
    ]
    written = {path: content.where(path) for path in _paths(content.data)}
    return replace(Settings(), **_fields(data), root=root, file=file.shown, written=written)


def _relative(path: str, cwd: str) -> str:
    """Return a path relative to the working folder if it is inside, because that reads better in messages."""
    return os.path.relpath(path, cwd) if path.startswith(os.path.join(cwd, "")) else path


def _paths(data: Any, path: Path = (), depth: int = _PATH_DEPTH) -> Iterator[Path]:
    """Yield the path of every key and item, down to ``depth`` levels."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries if depth else ():
        yield (*path, step)
        yield from _paths(value, (*path, step), depth - 1)


def from_mapping(data: Mapping[str, Any]) -> Settings:
    """Return the settings of valid data in the keys of the configuration file."""
    return replace(Settings(), **_fields(data))


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Convert keys of the configuration file (kebab-case) to fields of Settings or Override."""
    return dict(_field(key, value) for key, value in data.items())


def _field(key: str, value: Any) -> tuple[str, Any]:
    match key:
        case "unknown-build-type":
            return "assume_container", value == "assume-container"
        case "severity":
            return "severity", {rule: Severity(word) for rule, word in value.items()}
        case "overrides":
            return "overrides", tuple(Override(**_fields(item)) for item in value)
        case _:
            return key.replace("-", "_"), tuple(value) if isinstance(value, list) else value


def with_profile(settings: Settings, profiles: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Return the settings with those of their profile filled in where nothing else was given.

    Raises ConfigError for an unknown profile.
    """
    if settings.profile is None:
        return settings
    name = CORE if settings.profile == FORMER_CORE else settings.profile
    if name not in profiles:
        hint = did_you_mean(name, profiles) or f" There are: {', '.join(sorted(profiles))}."
        raise ConfigError(f"{settings.place(('profile',))}Unknown profile '{settings.profile}'.{hint}")
    from_command_line = settings.written.get(("profile",), "").startswith("--")
    fixed = {
        path[0]
        for path, place in settings.written.items()
        if len(path) == 1 and (place.startswith("--") or not from_command_line)
    }
    return replace(settings, **_fields({key: value for key, value in profiles[name].items() if key not in fixed}))


def with_command_line(settings: Settings, given: Mapping[str, Any]) -> Settings:
    """Return the settings with the options of the command line applied.

    ``given`` has the options that were given, under the keys of the configuration file. ``ignore``, ``rules`` and
    ``packs`` add to the file; ``select``, ``account``, ``region`` and ``dialect`` also replace what overrides say.
    """
    written = dict(settings.written)
    changes: dict[str, Any] = {}
    for key, value in given.items():
        option = "--" + _OPTIONS.get(key, key)
        name, field = _field(key, value)
        if key in _ADDED:
            before: tuple[str, ...] = getattr(settings, name)
            written.update({(key, index): option for index in range(len(before), len(before) + len(field))})
            field = (*before, *field)
        else:
            written = {path: place for path, place in written.items() if path[0] != key}
            written[key,] = option
        changes["cli_build_type" if key == "build-type" else name] = field
    defaults = Override(files=())
    cleared = {key: getattr(defaults, key) for key in _WHOLE_RUN if key in given}
    if cleared:
        changes["overrides"] = tuple(replace(override, **cleared) for override in settings.overrides)
    return replace(settings, **changes, written=written)
