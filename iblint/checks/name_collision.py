"""IB307: the names of all configurations of an account and Region differ, as Image Builder compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context, Target, World
from iblint.model.path import Path
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

_Firsts: TypeAlias = "Mapping[tuple[str, ...], tuple[int, Resource]]"
"""Target -> its first configuration, with its number in the run."""

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
    targets = list(_targets(resource, context.target))
    other = _first(index.get(_normalise(name), {}), targets)
    if other is not None and other.id != resource.id:
        return failed(_collision(name, other))
    other = _first(index.get(_UNRESOLVED, {}), targets)
    if other is not None:
        message = f"Cannot tell whether the name {show(name)} is used twice: that of {other.address} is unresolved."
        return unknown(Violation(NAME, message, "Write the names as literal values."))
    return passed(f"No earlier configuration of the same target has the name {show(name)}.")


def _normalise(name: str) -> str:
    return name.lower().translate(_SAME)


def _by_name(world: World) -> Mapping[str, _Firsts]:
    """Return the first configuration of each target, by normalised name."""
    index: dict[str, dict[tuple[str, ...], tuple[int, Resource]]] = {}
    for number, resource in enumerate(world.of_kind(INFRASTRUCTURE_CONFIGURATION)):
        name = lookup(resource.spec, NAME)
        if is_unresolved(name) or (isinstance(name, str) and name):
            firsts = index.setdefault(_normalise(name) if isinstance(name, str) else _UNRESOLVED, {})
            for target in _targets(resource, world.targets.get(resource.file, Target())):
                firsts.setdefault(target, (number, resource))
    return index


def _targets(resource: Resource, target: Target) -> Iterator[tuple[str, ...]]:
    """Yield what configurations of the same account and Region have in common: their text, or what is declared."""
    if resource.arn is not None:
        return  # it exists already, and may be the very configuration that another one is
    yield ("text", resource.file, resource.within)
    if target.account is not None and target.region is not None:
        yield ("declared", target.account, target.region)


def _first(firsts: _Firsts, targets: list[tuple[str, ...]]) -> Resource | None:
    """Return the first configuration in the order of the run that has one of the targets."""
    found = [firsts[target] for target in targets if target in firsts]
    return min(found, key=lambda each: each[0])[1] if found else None


def _collision(name: str, other: Resource) -> Violation:
    there = other.place(NAME)
    related = Location(there.file or other.file, there.value, "the other configuration")
    message = (
        f"The name {show(name)} is already used by the configuration {show(other.name)} in {other.file}. "
        "In an account and Region, names that differ only in case, blanks or underscores are the same name."
    )
    return Violation(NAME, message, "Choose another name.", related=(related,))
