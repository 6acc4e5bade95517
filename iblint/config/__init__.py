"""Typed settings, from the configuration file, a profile and the command line. Data only: nothing is executed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache

from iblint.config.find import ConfigFile, find
from iblint.discovery.globs import Matcher
from iblint.model.context import BuildTypeValue, Target
from iblint.model.errors import ConfigError, IblintError
from iblint.model.path import Path
from iblint.model.record import names, replace
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Severity
from iblint.text.wording import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

__all__ = [
    "Accepts",
    "by_code",
    "check_names",
    "dialect_for",
    "from_mapping",
    "load_settings",
    "override_for",
    "place_of",
    "target_for",
    "targets_for",
    "with_command_line",
    "with_profile",
]

Accepts: TypeAlias = "Callable[[Any, Any], bool]"

_PER_RUN = ("select", "account", "region", "dialect")
"""Keys that replace, given on the command line, what overrides say as well."""


def load_settings(config: str | None, cwd: str | os.PathLike[str], accepts: Accepts | None = None) -> Settings:
    """Read the configuration: the file ``config``, else the one found from ``cwd`` upward; defaults without one.

    ``accepts`` says of a JSON Schema and a value that the value surely meets it; jsonschema, which takes longer than a
    whole run to load, is then asked only what is wrong with the others.

    Raises ConfigError (``file:line: what is wrong; what to do``, one line for each error).
    """
    folder = os.path.realpath(cwd)
    file = find(config, folder)
    return Settings() if file is None else _read(file, folder, accepts)


def _read(file: ConfigFile, cwd: str, accepts: Accepts | None) -> Settings:
    from iblint.config.read import read
    from iblint.config.validate import validate

    content = read(file)
    validate(content, accepts)
    root = os.path.dirname(file.path)
    data = dict(content.data)
    for key in ("rules", "parameters"):
        paths = [os.path.normpath(os.path.join(root, path)) for path in data.get(key, ())]
        for index, path in enumerate(paths):
            if file.bounds is not None and not file.bounds.hold(path):
                raise ConfigError(
                    f"{content.where((key, index))}: '{key}[{index}]' leads out of {file.bounds.words}, where a "
                    f"configuration that is found may name nothing; name it with --config, or give --{key}."
                )
        data[key] = [_near(path, cwd) for path in paths]
    written = {path: content.where(path) for path in _paths(content.data)}
    return replace(Settings(), **_fields(data), root=root, file=file.shown, written=written)


def _near(path: str, cwd: str) -> str:
    """A path relative to the working folder when it lies inside, which reads better in messages."""
    return os.path.relpath(path, cwd) if path.startswith(os.path.join(cwd, "")) else path


def _paths(data: Any, path: Path = (), depth: int = 4) -> Iterator[Path]:
    """Every path of the configuration down to what names a rule: ``overrides[0].options.IB401``."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries if depth else ():
        yield (*path, step)
        yield from _paths(value, (*path, step), depth - 1)


def from_mapping(data: Mapping[str, Any]) -> Settings:
    """Settings from keys as the configuration file has them, already known to be valid."""
    return replace(Settings(), **_fields(data))


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Turn keys as they are written (kebab-case) into fields of Settings or Override."""
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
    """Fill in the profile that the settings name, under everything that was given explicitly.

    A profile from the command line also outranks the configuration file. Raises ConfigError for an unknown one.
    """
    name = settings.profile
    if name is None:
        return settings
    if name not in profiles:
        raise ConfigError(f"{settings.place(('profile',))}{_unknown('profile', name, profiles)}")
    from_command_line = settings.written.get(("profile",), "").startswith("--")
    fixed = {
        path[0]
        for path, place in settings.written.items()
        if len(path) == 1 and (place.startswith("--") or not from_command_line)
    }
    return replace(settings, **_fields({k: v for k, v in profiles[name].items() if k not in fixed}))


def with_command_line(settings: Settings, given: Mapping[str, Any]) -> Settings:
    """Lay the command line over the settings. ``given`` has the configuration's keys, only those that were given.

    ``ignore``, ``rules`` and ``packs`` add to what the file says; every other key replaces it, in overrides too.
    """
    written = dict(settings.written)
    changes: dict[str, Any] = {}
    for key, value in given.items():
        option = "--" + {"packs": "pack"}.get(key, key)
        name, made = _field(key, value)
        if key in ("ignore", "rules", "packs"):
            before: tuple[str, ...] = getattr(settings, name)
            written.update({(key, index): option for index in range(len(before), len(before) + len(made))})
            made = (*before, *made)
        else:
            written = {path: place for path, place in written.items() if path[0] != key}
            written[key,] = option
        changes["cli_build_type" if key == "build-type" else name] = made
    cleared = {key: getattr(_NO_OVERRIDE, key) for key in _PER_RUN if key in given}
    if cleared:
        changes["overrides"] = tuple(replace(override, **cleared) for override in settings.overrides)
    return replace(settings, **changes, written=written)


_NO_OVERRIDE = Override(files=())


def override_for(settings: Settings, file: str) -> Override | None:
    """All overrides that match ``file`` as one: later ones win, ``ignore`` adds. The same object for the same set."""
    matching = _matching(settings, file)
    return _merge(matching) if matching else None


def place_of(settings: Settings, override: Override) -> str:
    """Where an override, or the last of those that were merged to one, was given, to begin a message with."""
    parts = [i for i, part in enumerate(settings.overrides) if set(part.files) <= set(override.files)]
    return settings.place(("overrides", *parts[-1:]))


def by_code(settings: Settings, code_of: Callable[[str], str]) -> Settings:
    """The settings with each rule called by its code wherever it is given a severity or options.

    So that what comes later wins, whichever of its names a rule was called by before.
    """

    def renamed(scope: Settings | Override) -> dict[str, Any]:
        options: dict[str, dict[str, Any]] = {}
        for label, values in scope.options.items():
            options.setdefault(code_of(label), {}).update(values)
        return {"severity": {code_of(label): word for label, word in scope.severity.items()}, "options": options}

    overrides = tuple(replace(override, **renamed(override)) for override in settings.overrides)
    return replace(settings, **renamed(settings), overrides=overrides)


def target_for(settings: Settings, file: str) -> Target:
    """What is declared for the configurations of ``file``: command line over overrides over the whole file's keys."""
    return _target(settings, _matching(settings, file))


def targets_for(settings: Settings, files: Iterable[str]) -> dict[str, Target]:
    """The same for many files: one object for all that the same overrides match."""
    made: dict[tuple[Override, ...], Target] = {}
    found: dict[str, Target] = {}
    for file in files:
        overrides = _matching(settings, file)
        if overrides not in made:
            made[overrides] = _target(settings, overrides)
        found[file] = made[overrides]
    return found


def _target(settings: Settings, overrides: tuple[Override, ...]) -> Target:
    override = _merge(overrides) if overrides else _NO_OVERRIDE
    build_type = _build_type(settings, overrides)
    return Target(
        account=override.account or settings.account,
        region=override.region or settings.region,
        build_type=(build_type,) if build_type else (),
        assume_container=settings.assume_container,
        sns_topic_keys={**settings.sns_topic_keys, **override.sns_topic_keys},
    )


def dialect_for(settings: Settings, file: str) -> str | None:
    """The dialect that ``file`` is declared to be written in, or None when its content is to tell."""
    override = override_for(settings, file)
    return (override.dialect if override else None) or settings.dialect


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
    place = os.path.join(folder, file)
    return tuple(o for o in settings.overrides if _matcher(o.files, settings.root or folder).match(place))


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
            merged[name] = getattr(_NO_OVERRIDE, name)
        elif name == "options":
            merged[name] = {rule: _options(values, rule) for value in values for rule in value}
        elif isinstance(values[0], Mapping):
            merged[name] = {key: item for value in values for key, item in value.items()}
        elif name in ("ignore", "files"):
            merged[name] = tuple(item for value in values for item in value)
        else:
            merged[name] = values[-1]
    return Override(**merged)


def _options(tables: Iterable[Mapping[str, Mapping[str, Any]]], rule: str) -> dict[str, Any]:
    return {option: value for table in tables for option, value in table.get(rule, {}).items()}


def check_names(
    settings: Settings,
    dialects: Collection[str],
    resolve: Callable[[str], object],
    probe: Callable[[Settings], object],
) -> None:
    """Check every selector, dialect, severity and option that the settings name, also in overrides that match no file.

    ``resolve`` raises an IblintError for a selector that nothing answers to. ``probe`` is given settings that hold one
    severity or option each, and raises an IblintError when it is wrong. Raises ConfigError with a line for everything
    that is wrong, with file and line where there are.
    """
    faults = [*_wrong_names(settings, dialects, resolve), *_wrong_rule_settings(settings, probe)]
    if faults:
        raise ConfigError("\n".join(f"{settings.place(path)}{message}" for path, message in faults))


_Faults = Iterator[tuple[Path, str]]


def _wrong_names(settings: Settings, dialects: Collection[str], resolve: Callable[[str], object]) -> _Faults:
    for path, scope in _scopes(settings):
        for key, selectors in (("select", scope.select), ("ignore", scope.ignore)):
            for index, selector in enumerate(selectors):
                yield from _refusal((*path, key, index), resolve, selector)
        if scope.dialect is not None and scope.dialect not in dialects:
            yield (*path, "dialect"), _unknown("dialect", scope.dialect, dialects)


def _wrong_rule_settings(settings: Settings, probe: Callable[[Settings], object]) -> _Faults:
    for path, scope in _scopes(settings):
        for rule, severity in scope.severity.items():
            yield from _refusal((*path, "severity", rule), probe, Settings(severity={rule: severity}))
        for rule, values in scope.options.items():
            no_rule = list(_refusal((*path, "options", rule), probe, Settings(options={rule: {}})))
            yield from no_rule
            for name, value in values.items() if not no_rule else ():
                yield from _refusal((*path, "options", rule, name), probe, Settings(options={rule: {name: value}}))


def _refusal(path: Path, test: Callable[[Any], object], value: Any) -> _Faults:
    try:
        test(value)
    except IblintError as error:
        yield path, str(error)


def _scopes(settings: Settings) -> Iterator[tuple[Path, Settings | Override]]:
    yield (), settings
    for index, override in enumerate(settings.overrides):
        yield ("overrides", index), override


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    hint = did_you_mean(name, known) or f" There are: {', '.join(sorted(known))}."
    return f"Unknown {what} '{name}'.{hint}"
