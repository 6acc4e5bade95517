"""Plan files on the command line: what ``plan --out`` keeps, and what ``apply --plan`` takes from it.

A plan file may come from a stranger, as a specification may. It names specifications in its own folder and a few
options, and is parsed as a command line is. Waivers, configuration, rules and credentials are never taken from it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence

import click
from click.core import ParameterSource

from iblint.apply.gate import digest_of
from iblint.apply.plan_file import DAMAGED, Inputs, PlanDiffers, is_plan, read_plan
from iblint.cli.options import IN_PLAN_FILE
from iblint.cli.specs import Specs
from iblint.discovery.files import MAX_BYTES
from iblint.discovery.read import NotReadError, read
from iblint.model.document import Source
from iblint.model.errors import UsageError
from iblint.model.record import Record, names
from iblint.model.rule import PackInfo
from iblint.model.settings import Settings
from iblint.model.waiver import Waiver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KEPT = tuple(option.name for option in IN_PLAN_FILE)
"""The options that a plan file keeps, to make the same plan again."""

_PATHS = ("parameters", "var_files")
"""Those whose values are paths."""

_NOT_BOUND = frozenset({"account", "region", "root", "folder", "file", "written", "parameters", "var_files", "rules"})
"""Settings that are bound in another way (account and Region, files, packs), or differ between checkouts."""


def command_of(specs: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of the command line that a plan file keeps, with paths relative to the folder of the file.

    Raises UsageError for standard input, and for paths outside that folder, if the plan is to be written.
    """
    out = options["out"]
    if out and "-" in specs:
        raise UsageError("--out needs files: standard input cannot be read again when the plan is applied.")
    folder = os.path.dirname(out or "")
    kept = {name: options[name] for name in KEPT}
    if out:
        specs = [_relative(spec, folder) for spec in specs]
        kept |= {name: [_relative(path, folder) for path in kept[name]] for name in _PATHS}
    return {"specs": list(specs), "options": kept}


def _relative(path: str, folder: str) -> str:
    """Return a path relative to the folder of the plan file. Raises UsageError if it is outside."""
    relative = os.path.relpath(path, folder or os.curdir)
    if not _is_inside(relative, folder):
        raise UsageError(
            f"'{path}' is outside the folder of the plan file, and a plan can name only files in its own folder. "
            "Write the plan to a folder above all specifications."
        )
    return relative


def _is_inside(path: str, folder: str) -> bool:
    """Return whether a path that a plan names stays in the plan's folder, also once links are followed."""
    if not path or "\0" in path or os.path.isabs(path) or os.pardir in path.replace("\\", "/").split("/"):
        return False
    root = os.path.realpath(folder or os.curdir)
    real = os.path.realpath(os.path.join(root, path))
    return os.path.join(real, "").startswith(os.path.join(root, ""))


def inputs_of(loaded: Specs, waivers: tuple[Waiver, ...], packs: tuple[PackInfo, ...]) -> Inputs:
    """Return what a plan was made from, once everything was judged."""
    data = {item.file: item.data for item in loaded.items if isinstance(item, Source)} | loaded.files.read
    files = {name: "sha256:" + hashlib.sha256(content).hexdigest() for name, content in data.items()}
    return Inputs(tuple(sorted(files.items())), _settings_digest(loaded.settings), waivers, packs)


def _settings_digest(settings: Settings) -> str:
    return digest_of({name: _plain(getattr(settings, name)) for name in names(Settings) if name not in _NOT_BOUND})


def _plain(value: Any) -> Any:
    """Return the value of a setting as JSON data."""
    if isinstance(value, Record):
        return {name: _plain(getattr(value, name)) for name in names(type(value))}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def refuse_plans(loaded: Specs) -> None:
    """Raise UsageError for a specification that is a plan file: only ``--plan`` makes it one."""
    for item in loaded.items:
        if isinstance(item, Source) and item.explicit and is_plan(item.data):
            raise UsageError(f"{item.file} is a plan, not a specification. To apply it: iblint apply --plan FILE.")


def load_plan(path: str, expected: str | None) -> dict[str, Any]:
    """Return the content of the file of ``--plan``. Raises PlanDiffers if it does not have the expected digest."""
    try:
        planned = read_plan(path, read(path, MAX_BYTES))
    except NotReadError as error:
        raise UsageError(f"{path}: {error}") from None
    if expected is not None and planned["digest"] != expected:
        raise PlanDiffers(
            f"{path} is another plan: its digest is {planned['digest']}, not that of --plan-digest. Nothing was sent."
        )
    return planned


def planned_command(
    ctx: click.Context, path: str, planned: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    """Return the specifications and options of a plan, parsed as if they had been typed.

    Raises UsageError for options that would change the plan, for a plan with options that cannot be typed or that a
    plan must not bring, and for paths outside the folder of the plan file.
    """
    command, folder = planned["command"], os.path.dirname(path)
    if command["options"].keys() - set(KEPT):
        raise UsageError(f"{path}: {DAMAGED}")
    specs = [_joined(spec, path, folder) for spec in command["specs"]]
    if not specs:
        raise UsageError(f"{path}: {DAMAGED}")
    words: list[str] = []
    for parameter in ctx.command.params:
        if parameter.name in KEPT:
            words += _arguments(parameter, command["options"].get(parameter.name))
    if any("\0" in word for word in words):
        raise UsageError(f"{path}: {DAMAGED}")
    try:
        typed = ctx.command.make_context("apply", [*words, "--", *specs]).params
    except click.UsageError as error:
        raise UsageError(f"The plan cannot be made again: {error.format_message()}.") from None
    for key in _PATHS:
        typed[key] = tuple(_joined(name, path, folder) for name in typed[key])
    if typed["account"] is None:
        typed["account"] = options["account"]  # which makes the run stricter
    for name in KEPT:
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE and options[name] != typed[name]:
            raise UsageError(f"--{name.replace('_', '-')} is part of the plan: give it to 'iblint plan'.")
    return list(typed["specs"]), {**options, **{name: typed[name] for name in KEPT}}


def _joined(name: str, path: str, folder: str) -> str:
    """Return a path that the plan names, relative to the working folder."""
    if name == "-" or not _is_inside(name, folder):
        raise UsageError(f"{path}: the plan names '{name}', which is outside the plan's folder. Nothing was read.")
    return os.path.join(folder, name)


def _arguments(parameter: click.Parameter, value: Any) -> list[str]:
    """Return the arguments that give an option a value. Raises UsageError for a value that cannot be typed."""
    flag = next(name for name in parameter.opts if name.startswith("--"))
    if value is None or value is False:
        return []
    if value is True and getattr(parameter, "is_flag", False):
        return [flag]
    values = value if isinstance(value, list) and parameter.multiple else [value]
    if getattr(parameter, "is_flag", False) or not all(isinstance(item, str) for item in values):
        raise UsageError(DAMAGED)
    return [f"{flag}={item}" for item in values]
