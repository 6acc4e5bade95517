"""Find the settings of one file: its override, and the declared account, Region, build type and topic keys."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache

from iblint.discovery.globs import Matcher
from iblint.model.context import BuildTypeValue, Target
from iblint.model.record import names
from iblint.model.settings import Override, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_EMPTY = Override(files=())


def override_for(settings: Settings, file: str) -> Override | None:
    """Return all overrides that match ``file`` merged into one: later ones win, ``ignore`` adds up.

    The same set of overrides gives the same object.
    """
    matching = _matching(settings, file)
    return _merge(matching) if matching else None


def place_of(settings: Settings, override: Override) -> str:
    """Return the place of an override, or of the last one of those merged into it, as the beginning of a message."""
    merged = [i for i, each in enumerate(settings.overrides) if set(each.files) <= set(override.files)]
    return settings.place(("overrides", *merged[-1:]))


def target_for(settings: Settings, file: str) -> Target:
    """Return what is declared for the configurations of a file: on the command line, in overrides, or for all files."""
    return _target(settings, _matching(settings, file))


def targets_for(settings: Settings, files: Iterable[str]) -> dict[str, Target]:
    """Return ``target_for`` each file. Files that the same overrides match share one object."""
    by_overrides: dict[tuple[Override, ...], Target] = {}
    targets: dict[str, Target] = {}
    for file in files:
        overrides = _matching(settings, file)
        if overrides not in by_overrides:
            by_overrides[overrides] = _target(settings, overrides)
        targets[file] = by_overrides[overrides]
    return targets


def dialect_for(settings: Settings, file: str) -> str | None:
    """Return the dialect that is declared for ``file``, or None if its content decides."""
    override = override_for(settings, file)
    return (override.dialect if override else None) or settings.dialect


def variable_files_for(settings: Settings, file: str) -> tuple[str, ...]:
    """Return the files of Terraform variables for a file: those for all files, then those of its overrides."""
    override = override_for(settings, file) if settings.overrides else None
    return (*settings.var_files, *(override.var_files if override else ()))


def _target(settings: Settings, overrides: tuple[Override, ...]) -> Target:
    override = _merge(overrides) if overrides else _EMPTY
    build_type = _build_type(settings, overrides)
    return Target(
        account=override.account or settings.account,
        region=override.region or settings.region,
        build_type=(build_type,) if build_type else (),
        assume_container=settings.assume_container,
        sns_topic_keys={**settings.sns_topic_keys, **override.sns_topic_keys},
    )


def _build_type(settings: Settings, overrides: tuple[Override, ...]) -> tuple[BuildTypeValue, str] | None:
    if settings.cli_build_type:
        return settings.cli_build_type, "--build-type"
    name = settings.file or "the settings"
    for override in reversed(overrides):
        if override.build_type:
            return override.build_type, f"the override for {', '.join(override.files)} in {name}"
    return (settings.build_type, f"build-type in {name}") if settings.build_type else None


def _matching(settings: Settings, file: str) -> tuple[Override, ...]:
    if not settings.overrides:
        return ()
    folder = settings.folder or os.getcwd()
    path = os.path.join(folder, file)
    return tuple(o for o in settings.overrides if _matcher(o.files, settings.root or folder).match(path))


@cache
def _matcher(globs: tuple[str, ...], root: str) -> Matcher:
    return Matcher(globs, root)


@cache
def _merge(overrides: tuple[Override, ...]) -> Override:
    if len(overrides) == 1:
        return overrides[0]
    merged: dict[str, Any] = {}
    for name in names(Override):
        values = [value for value in (getattr(o, name) for o in overrides) if value]
        if not values:
            merged[name] = getattr(_EMPTY, name)
        elif name == "options":
            merged[name] = {rule: _merge_options(values, rule) for value in values for rule in value}
        elif isinstance(values[0], Mapping):
            merged[name] = {key: item for value in values for key, item in value.items()}
        elif name in ("ignore", "files", "var_files"):
            merged[name] = tuple(item for value in values for item in value)
        else:
            merged[name] = values[-1]
    return Override(**merged)


def _merge_options(tables: Iterable[Mapping[str, Mapping[str, Any]]], rule: str) -> dict[str, Any]:
    return {option: value for table in tables for option, value in table.get(rule, {}).items()}
