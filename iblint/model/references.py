"""Find the resource of the run that a value names: by reference, by name or ARN, or by an import of an export.

A resource is found only if it is certain that the value names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from iblint.model.answers import Identity
from iblint.model.context import Target, World
from iblint.model.path import ROOT, Path
from iblint.model.record import Record
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Deferred, Resource
from iblint.model.values import ABSENT, Choice, Unresolved, is_plain, lookup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NO_ASSIGNMENT: Mapping[str, str] = {}

_SAME = str.maketrans(" _", "--")
_ARN = re.compile(
    r"arn:(?:[^:$]+|\$\{(?:AWS::Partition)?\}):(?P<service>[a-z]+):(?P<region>[a-z0-9-]*|\$\{AWS::Region\})"
    r":(?P<account>[0-9]*|\$\{AWS::AccountId\}):(?P<rest>[^$\s]+)"
)


class _Naming(Record):
    """How a kind of resource is named: the property with its name, and the service and prefix in its ARN."""

    name: Path
    service: str
    prefix: str = ""
    version: Path | None = None
    bare: bool = False
    """Whether the name alone, without an ARN, identifies the resource."""


_NAMINGS = {
    "InfrastructureConfiguration": _Naming(("name",), "imagebuilder", "infrastructure-configuration/"),
    "ImageRecipe": _Naming(("name",), "imagebuilder", "image-recipe/", ("version",)),
    "ContainerRecipe": _Naming(("name",), "imagebuilder", "container-recipe/", ("version",)),
    "Topic": _Naming(("topicName",), "sns"),
    "Alias": _Naming(("aliasName",), "kms", bare=True),
    "InstanceProfile": _Naming(("instanceProfileName",), "iam", "instance-profile/", bare=True),
    "Role": _Naming(("roleName",), "iam", "role/", bare=True),
}


def normalise(name: str) -> str:
    """Return a name as Image Builder writes it in an ARN: lower case, hyphens for blanks and underscores."""
    return name.lower().translate(_SAME)


def configuration_arn(identity: Identity, name: str) -> str:
    """Return the ARN of an infrastructure configuration in the caller's account and Region."""
    place = f"{identity.region}:{identity.account}"
    return f"arn:{identity.partition}:imagebuilder:{place}:infrastructure-configuration/{normalise(name)}"


def possible_values(value: Any, path: Path = ROOT, given: Mapping[str, str] = NO_ASSIGNMENT) -> Iterator[Any]:
    """Yield the values that a value may have at ``path``: one for each branch of the choices on the way and there.

    ``given`` maps variables to labels: of the choices of such a variable only that branch is followed.
    """
    if isinstance(value, Choice):
        label = given.get(value.variable)
        chosen = [option for option in value.options if option.label == label] or value.options
        for option in chosen:
            yield from possible_values(option.value, path, given)
    elif path:
        yield from possible_values(lookup(value, path[:1]), path[1:], given)
    else:
        yield value


def find_resource(world: World, value: Any, kind: str, file: str) -> Resource | None:
    """Return the resource of a kind that a value in ``file`` names, or None."""
    if isinstance(value, Unresolved):
        known = resolve_import(world, value, file)
        if isinstance(known, Unresolved) and known.refers_to is not None:
            found = world.by_id(known.refers_to)
            return found if found is not None and found.kind == kind else None
        return None if value.text is None else _by_arn(world, value.text, kind, file)
    if not isinstance(value, str) or kind not in _NAMINGS:
        return None
    by_name = world.index(_names).get((kind, file, value)) if _NAMINGS[kind].bare else None
    return by_name or _by_arn(world, value, kind, file)


def is_alone(world: World, resource: Resource) -> bool:
    """Return whether the file of a resource holds only configurations, and the resource imports nothing."""
    siblings = world.of_file(resource.file)
    return all(r.kind == INFRASTRUCTURE_CONFIGURATION for r in siblings) and not imported_names([resource])


def referrers(world: World, resource: Resource, kind: str, path: Path) -> tuple[Resource, ...]:
    """Return the resources of a kind whose value at ``path`` names ``resource`` in at least one branch."""
    return world.index(_referrers, resource.kind, kind, path).get(resource.id, ())


def _referrers(world: World, target: str, kind: str, path: Path) -> Mapping[str, tuple[Resource, ...]]:
    """Map the ID of a resource of the kind ``target`` to the resources of ``kind`` that name it at ``path``."""
    found: dict[str, dict[str, Resource]] = {}
    for candidate in world.of_kind(kind):
        for value in _each(candidate.spec, path):
            named = find_resource(world, value, target, candidate.file)
            if named is not None:
                found.setdefault(named.id, {})[candidate.id] = candidate
    return {id: tuple(candidates.values()) for id, candidates in found.items()}


def _each(spec: Any, path: Path) -> Iterator[Any]:
    """Yield the values at ``path`` or, if that is a list, its items."""
    for value in possible_values(spec, path):
        for item in value if isinstance(value, list) else [value]:
            yield from possible_values(item)


def _by_arn(world: World, text: str, kind: str, file: str) -> Resource | None:
    """Return the resource of the same file with an ARN, unless it is that of another account or Region."""
    naming, arn = _NAMINGS.get(kind), _ARN.fullmatch(text)
    if naming is None or arn is None or arn["service"] != naming.service or _is_outside_target(world, file, arn):
        return None
    if not arn["rest"].startswith(naming.prefix):
        return None
    rest = arn["rest"].removeprefix(naming.prefix)
    if naming.service == "iam":
        rest = rest.rpartition("/")[2]
    return world.index(_names).get((kind, file, rest))


def _is_outside_target(world: World, file: str, arn: re.Match[str]) -> bool:
    """Return whether an ARN has another account or Region than the target of the file."""
    target = world.targets.get(file, Target())
    declared = ((arn["account"], target.account), (arn["region"], target.region))
    return any(
        known is not None and written and not written.startswith("$") and written != known
        for written, known in declared
    )


def _names(world: World) -> Mapping[tuple[str, str, str], Resource]:
    """Map kind, file and name (as in the ARN) to the resource, for names that only one resource has."""
    found: dict[tuple[str, str, str], list[Resource]] = {}
    for resource in world.resources:
        naming = _NAMINGS.get(resource.kind)
        name = lookup(resource.spec, naming.name) if naming else ABSENT
        if naming is None or not isinstance(name, str):
            continue
        if naming.service == "imagebuilder":
            name = normalise(name)
        if naming.version is not None:
            name = f"{name}/{lookup(resource.spec, naming.version)}"
        found.setdefault((resource.kind, resource.file, name), []).append(resource)
    return {key: resources[0] for key, resources in found.items() if len(resources) == 1}


def imported_names(resources: Iterable[Resource]) -> frozenset[str]:
    """Return the names of the exports that the resources import; "" for a name that is not known."""
    return frozenset(name for resource in resources if not is_plain(resource.spec) for name in _imports(resource.spec))


def _imports(value: Any) -> Iterator[str]:
    match value:
        case Unresolved(imports=str(name)):
            yield name
        case Choice(options=options):
            for option in options:
                yield from _imports(option.value)
        case Mapping() if not isinstance(value, Deferred):  # it imports nothing
            for item in value.values():
                yield from _imports(item)
        case list():
            for item in value:
                yield from _imports(item)


def resolve_import(world: World, value: Unresolved, file: str) -> Any:
    """Return the value of the only export of the run that ``value`` imports, or ``value`` itself."""
    if not value.imports:
        return value
    exports = world.index(_exports).get(value.imports, ())
    found = [export for export in exports if not _have_different_targets(world, file, export.file)]
    return lookup(found[0].spec, ("value",)) if len(found) == 1 else value


def _have_different_targets(world: World, one: str, other: str) -> bool:
    """Return whether two templates have different target accounts or Regions. Exports are not shared across these."""
    mine, theirs = world.targets.get(one, Target()), world.targets.get(other, Target())
    declared = ((mine.account, theirs.account), (mine.region, theirs.region))
    return any(None not in both and both[0] != both[1] for both in declared)


def _exports(world: World) -> Mapping[str, list[Resource]]:
    """Map export names to the exports of that name in the templates of the run."""
    found: dict[str, list[Resource]] = {}
    for export in world.of_kind("Export"):
        name = lookup(export.spec, ("name",))
        if isinstance(name, str):
            found.setdefault(name, []).append(export)
    return found
