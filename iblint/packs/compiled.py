"""The compiled pack -> Rules. All that a run from a wheel loads of this package, so it imports little.

The compiled form is JSON data: it may come from a cache, and nothing in it is ever executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from iblint.model.path import Path, from_pointer
from iblint.model.record import Record
from iblint.model.resource import Origin
from iblint.model.rule import AbsentMeaning, OptionSpec, PackInfo, Rule, RuleFix
from iblint.model.verdict import Severity, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.packs.locations import Folder

FORMAT = 2
"""Raised whenever the compiled form changes its shape or its meaning."""

BUILTIN = "iblint"
"""The name of the built-in pack; no other may have it."""

BUILTIN_PREFIX = "IB"


class LoadedPack(Record):
    """A compiled pack, read."""

    info: PackInfo
    rules: tuple[Rule, ...]
    groups: Mapping[str, str]
    """Group -> one line on it."""
    profiles: Mapping[str, Mapping[str, Any]]
    """Profile -> settings, in the keys of ``.iblint.yaml``."""


class SourcedPack(Record):
    """A loaded pack and the folder of its rule files."""

    pack: LoadedPack
    folder: Folder | None
    """None for the built-in pack: ``resources.builtin_rules`` finds it."""
    shown: str
    """The folder as it is named in messages."""


def to_pack(compiled: Mapping[str, Any]) -> LoadedPack:
    """Read a compiled pack. Raises ValueError, KeyError, TypeError or AttributeError when it is not one."""
    if compiled["format"] != FORMAT:
        raise ValueError("another format")
    pack = compiled["pack"]
    return LoadedPack(
        PackInfo(pack["name"], pack["version"], pack["digest"]),
        tuple(to_rule(rule, pack["name"]) for rule in compiled["rules"]),
        pack["groups"],
        pack["profiles"],
    )


def to_rule(rule: Mapping[str, Any], pack: str) -> Rule:
    """Read one compiled rule of a pack."""
    if (rule["schema"] is None) == (rule["check"] is None):
        raise ValueError("a rule has either a schema or a check")
    fix = rule["fix"]
    return Rule(
        code=rule["code"],
        name=rule["name"],
        title=rule["title"],
        group=rule["group"],
        severity=Severity(rule["severity"]),
        status=rule["status"],
        since=rule["since"],
        tags=tuple(rule["tags"]),
        aliases=tuple(rule["aliases"]),
        enabled=rule["enabled"],
        mission=rule["mission"],
        report_unknown=rule["report_unknown"],
        at=_paths(rule["at"]),
        absent=_absent(rule["absent"]),
        schema=rule["schema"],
        check=rule["check"],
        reads=_paths(rule["reads"]),
        message=rule["message"],
        remediation=rule["remediation"],
        options=tuple(OptionSpec(o["name"], o["description"], o["schema"], o["default"]) for o in rule["options"]),
        fix=None
        if fix is None
        else RuleFix(fix["title"], fix["safety"], fix.get("set", {}), tuple(fix.get("remove", ()))),
        pack=pack,
        url=rule["url"],
        needs_siblings=rule["needs_siblings"],
    )


def _paths(pointers: list[str]) -> tuple[Path, ...]:
    return tuple(from_pointer(pointer) for pointer in pointers)


def _absent(absent: Mapping[Origin, Any]) -> dict[Origin, AbsentMeaning]:
    return {origin: _meaning(meaning["verdict"], meaning["message"]) for origin, meaning in absent.items()}


@cache  # a pack has a few of them, each many times
def _meaning(verdict: str | None, message: str | None) -> AbsentMeaning:
    return AbsentMeaning(None if verdict is None else Verdict(verdict), message)
