"""Compiled packs, read into Rules.

The compiled form is JSON data: it may come from a cache, and nothing in it is executed. A run from a wheel reads the
built-in pack in this form and loads no module of ``authoring``.
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

FORMAT = 5
"""Increased with every change of the compiled form."""

BUILTIN = "iblint"
"""The name of the built-in pack. No other pack may have it."""

BUILTIN_PREFIX = "IB"
"""The prefix of the built-in codes. No other pack may use it."""


class LoadedPack(Record):
    """The rules of a pack, with its groups and profiles."""

    info: PackInfo
    rules: tuple[Rule, ...]
    groups: Mapping[str, str]
    """Group -> its description in one line."""
    profiles: Mapping[str, Mapping[str, Any]]
    """Profile -> settings, in the keys of ``.iblint.yaml``."""


class SourcedPack(Record):
    """A loaded pack and the folder of its rule files."""

    pack: LoadedPack
    folder: Folder | None
    """None for the built-in pack: ``locations.builtin_rules`` finds it."""
    shown: str
    """The name of the folder in messages."""


def to_pack(compiled: Mapping[str, Any]) -> LoadedPack:
    """Read a compiled pack. Raises ValueError, KeyError, TypeError or AttributeError if it is not one."""
    if compiled["format"] != FORMAT:
        raise ValueError("the compiled pack has another format")
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
        core=rule["core"],
        report_unknown=rule["report_unknown"],
        at=_paths(rule["at"]),
        absent=_absent(rule["absent"]),
        schema=rule["schema"],
        update_schema=rule["update_schema"],
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
        needs_readings=rule["needs_readings"],
    )


def _paths(pointers: list[str]) -> tuple[Path, ...]:
    return tuple(from_pointer(pointer) for pointer in pointers)


def _absent(absent: Mapping[Origin, Any]) -> dict[Origin, AbsentMeaning]:
    return {origin: _meaning(meaning["verdict"], meaning["message"]) for origin, meaning in absent.items()}


@cache  # a pack has a few different ones, each many times
def _meaning(verdict: str | None, message: str | None) -> AbsentMeaning:
    return AbsentMeaning(None if verdict is None else Verdict(verdict), message)
