"""IB307: the names of all configurations of an account and Region differ, as Image Builder compares them."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context, Target, World
from iblint.model.path import Path
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Resource
from iblint.model.span import Span
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

NAME: Path = ("name",)
_SAME = str.maketrans(" _", "--")
_UNRESOLVED = ""
"""The key of configurations whose name is unresolved: no name normalises to it."""


def check(resource: Resource, context: Context) -> Judgement:
    """Look for an earlier configuration with the same name; of a pair only the later one fails.

    Configurations of one file have the same target. Those of different files, or of different strings of a file, are
    only compared if the same account and Region are declared for both: the same name in two accounts is common and
    allowed.
    """
    name = lookup(resource.spec, NAME)
    if is_unresolved(name):
        return unknown(cannot_tell(resource, NAME, name))
    if not isinstance(name, str) or not name:
        return not_applicable("The configuration has no name.")
    index = context.world.index(_by_name)
    for other in index.get(_normalise(name), ()):
        if other.id == resource.id:
            break
        if _share_target(resource, other, context):
            return failed(_collision(name, other))
    for other in index.get(_UNRESOLVED, ()):
        if other.id != resource.id and _share_target(resource, other, context):
            message = f"Cannot tell whether the name {show(name)} is used twice: that of {other.address} is unresolved."
            return unknown(Violation(NAME, message, "Write the names as literal values."))
    return passed(f"No earlier configuration of the same target has the name {show(name)}.")


def _normalise(name: str) -> str:
    return name.lower().translate(_SAME)


def _by_name(world: World) -> Mapping[str, list[Resource]]:
    """Return the configurations by normalised name, in the order of the run."""
    index: dict[str, list[Resource]] = {}
    for resource in world.of_kind(INFRASTRUCTURE_CONFIGURATION):
        name = lookup(resource.spec, NAME)
        if is_unresolved(name) or (isinstance(name, str) and name):
            index.setdefault(_normalise(name) if isinstance(name, str) else _UNRESOLVED, []).append(resource)
    return index


def _share_target(one: Resource, other: Resource, context: Context) -> bool:
    if one.arn is not None or other.arn is not None:
        return False  # it exists already, and may be the very configuration that the other one is
    if _location(one) == _location(other) and one.file != other.file:
        return False  # a call that sends the very request
    if one.region != other.region and None not in (one.region, other.region):
        return False
    if one.file == other.file and one.within == other.within:
        return True
    mine, theirs = context.target, context.world.targets.get(other.file, Target())
    declared = mine.account is not None and mine.region is not None
    return declared and (mine.account, mine.region) == (theirs.account, theirs.region)


def _location(resource: Resource) -> tuple[str, Span]:
    """Return where the name of a configuration is written."""
    place = resource.place(NAME)
    return place.file or resource.file, place.value


def _collision(name: str, other: Resource) -> Violation:
    there = other.place(NAME)
    related = Location(there.file or other.file, there.value, "the other configuration")
    message = (
        f"The name {show(name)} is already used by the configuration {show(other.name)} in {other.file}. "
        "In an account and Region, names that differ only in case, blanks or underscores are the same name."
    )
    return Violation(NAME, message, "Choose another name.", related=(related,))
