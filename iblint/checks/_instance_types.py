"""EC2 instance types: facts from their names and from a bundled table, and judgements of a list of types.

The table is dated, and new types appear every month: a type may exist although it is not in the table.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cache, lru_cache

from iblint.checks._values import cannot_tell, items
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Architecture: TypeAlias = "Literal['x86_64', 'arm64', 'x86_64_mac', 'arm64_mac']"

TYPES: Path = ("instanceTypes",)

_FAMILY = re.compile(r"(mac-)?[a-z]+-?[0-9]+(?P<attributes>[a-z]*)[a-z0-9-]*")
_SIZE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_MAX_LENGTH = 64
"""Three times the longest name there is. A longer text is not parsed: that would take long."""

_cached = lru_cache(maxsize=1024)
"""Thousands of configurations name the same few types, and several rules parse each."""

# Arm families whose name has no "g" among its attributes. Nvidia Grace is an Arm processor.
_ARM_FAMILIES = frozenset({"a1", "p6e-gb200"})


class _Tables(Record):
    families: dict[str, str]
    """Family -> its sizes, separated by blanks."""
    previous_generation: frozenset[str]
    xen: frozenset[str]
    undersized: frozenset[str]


@cache
def _tables() -> _Tables:
    with open(os.path.splitext(__file__)[0] + ".json", "rb") as file:
        raw = json.load(file)
    return _Tables(
        families=raw["families"],
        previous_generation=frozenset(raw["previousGeneration"]),
        xen=frozenset(raw["xen"]),
        undersized=frozenset(raw["undersized"]),
    )


@_cached
def split(name: str) -> tuple[str, str] | None:
    """Split a well-formed type into family and size (``m7g.large`` -> ``m7g``, ``large``); None if malformed."""
    family, dot, size = name.partition(".")
    if len(name) > _MAX_LENGTH or not dot or not _FAMILY.fullmatch(family) or not _SIZE.fullmatch(size):
        return None
    return family, size


@_cached
def is_known(name: str) -> bool:
    """Return whether the table has the type. If not, the type may be newer than the table."""
    family, _, size = name.partition(".")
    return size in _tables().families.get(family, "").split()


@_cached
def architecture(name: str) -> Architecture | None:
    """Return the processor architecture according to AWS's naming scheme (no table needed); None if malformed."""
    parts = split(name)
    if parts is None:
        return None
    family = parts[0]
    if is_mac(name):
        return "x86_64_mac" if family == "mac1" else "arm64_mac"
    match = _FAMILY.fullmatch(family)
    assert match is not None, "split() matched it"
    return "arm64" if family in _ARM_FAMILIES or "g" in match["attributes"] else "x86_64"


def is_mac(name: str) -> bool:
    """Return whether the type is an Apple machine, which needs a Dedicated Host."""
    parts = split(name)
    return parts is not None and re.match(r"mac(?![a-z])", parts[0]) is not None


def is_xen(name: str) -> bool:
    """Return whether the type runs on the Xen hypervisor instead of Nitro. Metal sizes have no hypervisor."""
    family, _, size = name.partition(".")
    return family in _tables().xen and not size.startswith("metal")


def is_previous_generation(name: str) -> bool:
    """Return whether AWS counted its family among the previous generations at the table's date."""
    return name.partition(".")[0] in _tables().previous_generation


def is_undersized(name: str) -> bool:
    """Return whether the type has less than 1 GiB of memory."""
    return name in _tables().undersized


def suggest(name: str) -> str | None:
    """Return the known type that an unknown or malformed name most likely misspells; None if no type is close."""
    word = name.strip().lower()
    if is_known(word):
        return word
    if len(word) > _MAX_LENGTH:
        return None
    from difflib import get_close_matches

    families = _tables().families
    family = word.partition(".")[0]
    candidates = [family] if family in families else list(families)
    names = [f"{family}.{size}" for family in sorted(candidates) for size in sorted(families[family].split())]
    return next(iter(get_close_matches(word, names, n=1, cutoff=0.75)), None)


def judge_each(resource: Resource, violates: Callable[[str], bool], message: str) -> Judgement:
    """Fail each type for which ``violates`` is true; ``message`` continues the sentence "'t3.nano' ..."."""
    types, unresolved = items(resource, TYPES)
    violations = [Violation(path, f"{show(item)} {message}") for path, item in types if violates(item)]
    if violations:
        return failed(*violations)
    if unresolved:
        return unknown(*(cannot_tell(resource, path, value) for path, value in unresolved))
    return passed() if types else not_applicable("No instance type is given.")


def judge_mixed(resource: Resource, kind_of: Callable[[str], str | None], why: str) -> Judgement:
    """Fail if two types are of different kinds; types of no kind are left out. ``why`` is a sentence."""
    types, unresolved = items(resource, TYPES)
    kinds = [(path, item, kind) for path, item in types if (kind := kind_of(item)) is not None]
    for path, item, kind in kinds[1:]:
        _, first, first_kind = kinds[0]
        if kind != first_kind:
            field = resource.spell(TYPES)
            message = f"{field} mixes {first_kind} ({show(first)}) and {kind} ({show(item)}). {why}"
            return failed(Violation(path, message))
    if any(path == TYPES for path, _ in unresolved) or (unresolved and len(types) + len(unresolved) > 1):
        return unknown(*(cannot_tell(resource, path, value) for path, value in unresolved))
    return passed() if kinds else not_applicable("No instance type is known.")
