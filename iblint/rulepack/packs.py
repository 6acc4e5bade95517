"""Packs besides the built-in one: folders of rules, and installed distributions that bring rules and Python checks.

A folder is data. It may come from an untrusted checkout: its rules name checks of iblint, never Python of their own.
A distribution is found by the entry point group ``iblint.packs`` and is only loaded when it is enabled by name. Naming
it runs its code, and a configuration file of an untrusted checkout may name it, so it must really be installed: see
``_refuse_uninstalled``.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iblint.model.context import Context
from iblint.model.errors import RulePackError
from iblint.model.resource import Resource
from iblint.model.rule import Rule
from iblint.model.verdict import Judgement
from iblint.rulepack.cache import cached
from iblint.rulepack.compiled import LoadedPack
from iblint.rulepack.reader import read_pack
from iblint.rulepack.resources import Folder

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "iblint.packs"
"""The entry point group; an entry point's name is the pack's, its value a module with a folder ``rules`` beside it."""

Check = Callable[[Resource, Context], Judgement]

_CHECK_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class SourcedPack:
    """A loaded pack and the folder of its rule files."""

    pack: LoadedPack
    folder: Folder
    shown: str


def load_folder(path: str) -> SourcedPack:
    """Load a folder of custom rules. Raises RulePackError when anything in it is wrong."""
    folder = Path(path)
    return _load(folder, path.rstrip("/") or path, None, None)


def load_distribution(name: str) -> SourcedPack:
    """Load the installed pack of a name. Raises RulePackError, which names the distribution, when that fails."""
    entry = _entry_point(name)
    if not _MODULE.fullmatch(entry.value):
        raise _broken(entry, f"the entry point's value '{entry.value}' is not the name of a module")
    _refuse_uninstalled(entry)
    try:
        module = importlib.import_module(entry.value)
        from importlib.resources import files

        folder: Any = files(module).joinpath("rules")
    except Exception as error:
        raise _broken(entry, f"{type(error).__name__}: {error}") from error
    loaded = _load(folder, f"{name}: rules", entry.value, _distribution(entry).version)
    if loaded.pack.info.name != name:
        raise _broken(entry, f"its pack.yaml has another name: '{loaded.pack.info.name}'")
    return loaded


def resolve_check(rule: Rule) -> Check:
    """The function of a rule's check: of iblint itself, or of the installed pack that the rule came with.

    Raises RulePackError when there is no such check or it cannot be loaded.
    """
    name = rule.check or ""
    if "." in name:  # set by load_distribution alone: the name of a check in a rule file holds no dot
        module_name = name
    elif _CHECK_NAME.fullmatch(name):
        module_name = f"iblint.checks.{name.replace('-', '_')}"
    else:
        raise RulePackError(f"{rule.code} {rule.name}: '{name}' is not the name of a check.")
    try:
        check = importlib.import_module(module_name).check
    except Exception as error:
        message = f"{rule.code} {rule.name}: the check {name} of the pack {rule.pack} cannot be loaded"
        raise RulePackError(f"{message}: {type(error).__name__}: {error}.") from error
    if not callable(check):
        raise RulePackError(f"{rule.code} {rule.name}: {module_name}.check is not a function.")
    loaded: Check = check
    return loaded


def _load(folder: Folder, shown: str, module: str | None, version: str | None) -> SourcedPack:
    from iblint.rulepack.compile import compile_pack

    files = read_pack(folder, shown)
    pack = cached(files, lambda: compile_pack(files))
    rules = tuple(_with_check(rule, module) for rule in pack.rules)
    info = replace(pack.info, version=version) if version is not None else pack.info
    return SourcedPack(replace(pack, rules=rules, info=info), folder, shown)


def _with_check(rule: Rule, module: str | None) -> Rule:
    """Bind the check of a rule to the pack that brings it, and make sure that it can be loaded."""
    if rule.check is None:
        return rule
    if not _CHECK_NAME.fullmatch(rule.check):  # a cache entry is no reason to trust it
        raise RulePackError(f"{rule.code} {rule.name}: '{rule.check}' is not the name of a check.")
    if module is not None:
        from importlib.util import find_spec

        own = f"{module}.checks"
        full = f"{own}.{rule.check.replace('-', '_')}"
        if find_spec(own) is not None and find_spec(full) is not None:
            rule = replace(rule, check=full)
    resolve_check(rule)
    return rule


def _entry_point(name: str) -> EntryPoint:
    from importlib.metadata import entry_points

    installed = entry_points(group=GROUP)
    found = [entry for entry in installed if entry.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        owners = ", ".join(sorted(_distribution(entry).name for entry in found))
        raise RulePackError(f"pack {name}: several distributions bring it ({owners}); uninstall all but one.")
    known = ", ".join(sorted({entry.name for entry in installed})) or "none"
    raise RulePackError(f"pack {name}: no installed distribution brings it (installed are: {known}); install it first.")


def _distribution(entry: EntryPoint) -> Distribution:
    if entry.dist is None:
        raise RulePackError(f"pack {entry.name}: it belongs to no installed distribution.")
    return entry.dist


def _broken(entry: EntryPoint, why: str) -> RulePackError:
    dist = _distribution(entry)
    return RulePackError(f"pack {entry.name}: the distribution {dist.name} {dist.version} cannot be loaded: {why}.")


def _refuse_uninstalled(entry: EntryPoint) -> None:
    """Refuse a pack that is only lying in the working folder.

    ``python -m`` puts the working folder on the import path, and there a checkout could bring metadata of a
    distribution, or a module that hides the installed one. So the metadata must stand in a folder that Python installs
    to (or at least outside the working folder), and the module must be one of the distribution's own files, or stand
    where an editable installation of it points.
    """
    dist = _distribution(entry)
    home = Path(str(dist.locate_file(""))).resolve()
    if _in_working_folder(home) and home not in _installation_folders():
        raise _broken(entry, f"it is not installed but lies in the working folder ({home}); install it")
    from importlib.util import find_spec

    spec = find_spec(entry.value.partition(".")[0])  # finds a top-level module without running it
    places = [Path(place).resolve() for place in (spec.submodule_search_locations or [])] if spec else []
    if spec is not None and spec.origin and not places:
        places = [Path(spec.origin).resolve()]
    allowed = [home, *_editable_folder(dist)]
    for place in places:
        own = any(place.is_relative_to(folder) for folder in allowed)
        if not own or (_in_working_folder(place) and not _belongs(place, dist, home)):
            raise _broken(entry, f"the module {entry.value} stands in {place}, which is not where the distribution is")


def _belongs(place: Path, dist: Distribution, home: Path) -> bool:
    installed = home in _installation_folders() and place.is_relative_to(home)
    return installed or any(place.is_relative_to(folder) for folder in _editable_folder(dist))


def _in_working_folder(place: Path) -> bool:
    return place.is_relative_to(Path.cwd().resolve())


def _installation_folders() -> set[Path]:
    """Where this Python installs distributions: site-packages of the environment and of the user."""
    import site
    import sysconfig

    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), site.getusersitepackages()}
    return {Path(path).resolve() for path in paths}


def _editable_folder(dist: Distribution) -> list[Path]:
    """The folder that an editable installation points to (PEP 610), as a list of at most one."""
    import json
    from urllib.parse import unquote, urlsplit

    try:
        direct = json.loads(dist.read_text("direct_url.json") or "{}")
        url = urlsplit(direct["url"])
        editable = direct["dir_info"]["editable"] is True and url.scheme == "file"
    except (ValueError, KeyError, TypeError):
        return []
    return [Path(unquote(url.path)).resolve()] if editable else []
