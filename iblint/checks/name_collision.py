"""IB307: the names of all configurations of an account and Region differ, as Image Builder compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context, Target, World
from iblint.model.path import Path
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Resource
from iblint.model.span import Span
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

_Numbered: TypeAlias = "tuple[int, Resource]"
"""A configuration, with its number in the run."""

_Firsts: TypeAlias = "Mapping[tuple[str, ...], list[_Numbered]]"
"""Target -> the first two configurations whose names are written at different places."""

NAME: Path = ("name",)
_SAME = str.maketrans(" _", "--")
_UNRESOLVED = ""
"""The key of configurations whose name is unresolved: no name normalises to it."""
_NO_REGION = ""
_ANY = "*"
"""The Region of configurations that do not say theirs, and of all of them."""


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
    targets = [
        (*target, region)
        for target in _targets(resource, context.target)
        for region in ((_ANY,) if resource.region is None else (resource.region, _NO_REGION))
    ]
    other = _first(resource, index.get(_normalise(name), {}), targets)
    if other is not None:
        return failed(_collision(name, other))
    other = _first(resource, index.get(_UNRESOLVED, {}), targets)
    if other is not None:
        message = f"Cannot tell whether the name {show(name)} is used twice: that of {other.address} is unresolved."
        return unknown(Violation(NAME, message, "Write the names as literal values."))
    return passed(f"No earlier configuration of the same target has the name {show(name)}.")


def _normalise(name: str) -> str:
    return name.lower().translate(_SAME)


def _by_name(world: World) -> Mapping[str, _Firsts]:
    """Return the first configurations of each target, by normalised name."""
    index: dict[str, dict[tuple[str, ...], list[_Numbered]]] = {}
    for number, resource in enumerate(world.of_kind(INFRASTRUCTURE_CONFIGURATION)):
        name = lookup(resource.spec, NAME)
        if is_unresolved(name) or (isinstance(name, str) and name):
            firsts = index.setdefault(_normalise(name) if isinstance(name, str) else _UNRESOLVED, {})
            for target in _targets(resource, world.targets.get(resource.file, Target())):
                for region in (resource.region or _NO_REGION, _ANY):
                    found = firsts.setdefault((*target, region), [])
                    if len(found) < 2 and all(_location(each) != _location(resource) for _, each in found):
                        found.append((number, resource))
    return index


def _targets(resource: Resource, target: Target) -> Iterator[tuple[str, ...]]:
    """Yield what configurations of the same account and Region have in common: their text, or what is declared."""
    if resource.arn is not None:
        return  # it exists already, and may be the very configuration that another one is
    yield ("text", resource.file, resource.within)
    if target.account is not None and target.region is not None:
        yield ("declared", target.account, target.region)


def _first(resource: Resource, firsts: _Firsts, targets: list[tuple[str, ...]]) -> Resource | None:
    """Return the first configuration of the run with one of the targets; None if that is the resource itself.

    A call that sends a request, and the file with that request, are one configuration.
    """
    found = dict([each for target in targets for each in firsts.get(target, ())])
    for _, other in sorted(found.items(), key=lambda each: each[0]):
        if other.id == resource.id:
            return None
        if other.file == resource.file or _location(other) != _location(resource):
            return other
    return None


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
