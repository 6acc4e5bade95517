"""What is known of EC2 instance types from their names and a bundled, dated table. Read on first use.

New types appear every month, so that a name is not in the table proves nothing: see ``known``.
"""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache

from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Architecture: TypeAlias = "Literal['x86_64', 'arm64', 'x86_64_mac', 'arm64_mac']"

_FAMILY = re.compile(r"(mac-)?[a-z]+-?[0-9]+(?P<attributes>[a-z]*)[a-z0-9-]*")
_remembered = lru_cache(maxsize=1024)
"""Thousands of configurations name the same few types, and several rules ask the same of each."""

_MAX_LENGTH = 64
"""Three times the longest name there is. What is longer is no type to any rule: to look at it would take long."""
_SIZE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Families whose name does not tell: Nvidia Grace is an Arm processor.
_ARM_FAMILIES = frozenset({"a1", "p6e-gb200"})


class _Tables(Record):
    families: dict[str, str]
    """Family -> its sizes, with blanks between them."""
    previous_generation: frozenset[str]
    xen: frozenset[str]
    undersized: frozenset[str]


@cache
def _tables() -> _Tables:
    import json

    with open(os.path.splitext(__file__)[0] + ".json", "rb") as file:
        raw = json.load(file)
    return _Tables(
        families=raw["families"],
        previous_generation=frozenset(raw["previousGeneration"]),
        xen=frozenset(raw["xen"]),
        undersized=frozenset(raw["undersized"]),
    )


@_remembered
def split(name: str) -> tuple[str, str] | None:
    """Family and size of a well-formed type (``m7g.large`` -> ``m7g``, ``large``), known or not; else None."""
    family, dot, size = name.partition(".")
    if len(name) > _MAX_LENGTH or not dot or not _FAMILY.fullmatch(family) or not _SIZE.fullmatch(size):
        return None
    return family, size


@_remembered
def known(name: str) -> bool:
    """Whether the table has the type. False may also mean that the type is newer than the table."""
    family, _, size = name.partition(".")
    return size in _tables().families.get(family, "").split()


@_remembered
def architecture(name: str) -> Architecture | None:
    """The processor architecture, by AWS's naming scheme, also of types newer than the table; None if malformed."""
    parts = split(name)
    if parts is None:
        return None
    family = parts[0]
    if is_mac(name):
        return "x86_64_mac" if family == "mac1" else "arm64_mac"
    match = _FAMILY.fullmatch(family)
    assert match is not None, "split() has matched it"
    return "arm64" if family in _ARM_FAMILIES or "g" in match["attributes"] else "x86_64"


def is_mac(name: str) -> bool:
    """Whether it is an Apple machine, which needs a Dedicated Host."""
    parts = split(name)
    return parts is not None and re.match(r"mac(?![a-z])", parts[0]) is not None


def is_xen(name: str) -> bool:
    """Whether it runs on the Xen hypervisor (then it is not of the Nitro system). Metal sizes have no hypervisor."""
    family, _, size = name.partition(".")
    return family in _tables().xen and not size.startswith("metal")


def previous_generation(name: str) -> bool:
    """Whether AWS counts its family among the previous generations, as of the table's date."""
    return name.partition(".")[0] in _tables().previous_generation


def undersized(name: str) -> bool:
    """Whether it has less than 1 GiB of memory."""
    return name in _tables().undersized


def suggest(name: str) -> str | None:
    """The known type that was most likely meant by an unknown or malformed name; None when nothing is near."""
    wanted = name.strip().lower()
    if known(wanted):
        return wanted
    if len(wanted) > _MAX_LENGTH:
        return None
    from difflib import get_close_matches

    families = _tables().families
    family = wanted.partition(".")[0]
    candidates = [family] if family in families else list(families)
    names = [f"{family}.{size}" for family in sorted(candidates) for size in sorted(families[family].split())]
    return next(iter(get_close_matches(wanted, names, n=1, cutoff=0.75)), None)
