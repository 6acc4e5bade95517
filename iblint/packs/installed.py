"""Packs of installed distributions, which may have Python checks.

A distribution has an entry point in the group ``iblint.packs`` and is loaded only if the settings enable it by name.
Loading it runs its code, and the configuration file of an untrusted checkout may name it, so it must really be
installed: see ``_require_installed``.
"""

from __future__ import annotations

import importlib
import re
from importlib.metadata import Distribution, EntryPoint, entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from iblint.model.errors import RulePackError
from iblint.packs.compiled import SourcedPack
from iblint.packs.folders import load

GROUP = "iblint.packs"
"""The group of entry points. Each has the name of the pack; its value is a package with a folder ``rules``."""

_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


def load_distribution(name: str) -> SourcedPack:
    """Load the installed pack with a name. Raises RulePackError, which names the distribution, if that fails."""
    entry = _entry_point(name)
    if not _MODULE.fullmatch(entry.value):
        raise _broken(entry, f"the value of its entry point, '{entry.value}', is not the name of a module")
    _require_installed(entry)
    try:
        folder = files(importlib.import_module(entry.value)).joinpath("rules")
        shown, version = f"{entry.value}/rules", _distribution(entry).version
        loaded = load(folder, shown, module=entry.value, version=version)
    except RulePackError as error:
        raise _broken(entry, str(error)) from error
    except Exception as error:
        raise _broken(entry, f"{type(error).__name__}: {error}") from error
    if loaded.pack.info.name != name:
        raise _broken(entry, f"its pack.yaml has another name: '{loaded.pack.info.name}'")
    return loaded


def _entry_point(name: str) -> EntryPoint:
    installed = entry_points(group=GROUP)
    found = [entry for entry in installed if entry.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        owners = ", ".join(sorted(_distribution(entry).name for entry in found))
        raise RulePackError(f"pack {name}: several distributions provide it ({owners}); uninstall all but one.")
    known = ", ".join(sorted({entry.name for entry in installed})) or "none"
    raise RulePackError(f"pack {name}: no installed distribution provides it (installed are: {known}); install it.")


def _distribution(entry: EntryPoint) -> Distribution:
    if entry.dist is None:
        raise RulePackError(f"pack {entry.name}: its entry point belongs to no installed distribution.")
    return entry.dist


def _broken(entry: EntryPoint, why: str) -> RulePackError:
    dist = _distribution(entry)
    what = f"pack {entry.name}: the distribution {dist.name} {dist.version} cannot be loaded"
    return RulePackError(f"{what}: {why.rstrip('.')}.")


def _require_installed(entry: EntryPoint) -> None:
    """Raise RulePackError for a pack that is not installed but only present in the working folder.

    ``python -m`` puts the working folder on the import path, where a checkout could have metadata of a distribution, or
    a module that hides the installed one. So the metadata must be in a folder that Python installs to, or at least
    outside the working folder, and the module must be beside it, or in the folder of an editable installation.
    """
    dist = _distribution(entry)
    home = Path(str(dist.locate_file(""))).resolve()
    if home.is_relative_to(Path.cwd().resolve()) and home not in _installation_folders():
        raise _broken(entry, f"it is not installed, only present in the working folder ({home}); install it")
    spec = find_spec(entry.value.partition(".")[0])  # does not run a top-level module
    if spec is None:
        raise _broken(entry, f"there is no module {entry.value}")
    places = list(spec.submodule_search_locations or []) or ([spec.origin] if spec.origin else [])
    for place in (Path(place).resolve() for place in places):
        if not any(place.is_relative_to(folder) for folder in (home, *_editable_folder(dist))):
            raise _broken(entry, f"the module {entry.value} is found in {place}, not in the folder of the distribution")


def _installation_folders() -> set[Path]:
    """Return the folders that this Python installs to: site-packages of the environment and of the user."""
    import site
    import sysconfig

    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), site.getusersitepackages()}
    return {Path(path).resolve() for path in paths}


def _editable_folder(dist: Distribution) -> list[Path]:
    """Return the folder that an editable installation points to (PEP 610), as a list of at most one."""
    import json
    from urllib.parse import unquote, urlsplit

    try:
        direct = json.loads(dist.read_text("direct_url.json") or "{}")
        url = urlsplit(direct["url"])
        editable = direct["dir_info"]["editable"] is True and url.scheme == "file"
    except (ValueError, KeyError, TypeError):
        return []
    return [Path(unquote(url.path)).resolve()] if editable else []
