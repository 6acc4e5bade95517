"""Which resource of the run a value names: by reference, by a literal name or ARN, or by an import of an export.

Only certain links count. A value that may name something else names nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

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
    """How resources of a kind are called: the property that names them, and what stands before it in their ARN."""

    name: Path
    service: str
    prefix: str = ""
    version: Path | None = None
    bare: bool = False
    """Whether the name alone, without an ARN, stands for the resource."""


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
    """The name as it stands in the ARN: lower case, with hyphens for blanks and underscores."""
    return name.lower().translate(_SAME)


def configuration_arn(identity: Identity, name: str) -> str:
    """The ARN that an infrastructure configuration of a name has, or would get, where the caller's calls go."""
    place = f"{identity.region}:{identity.account}"
    return f"arn:{identity.partition}:imagebuilder:{place}:infrastructure-configuration/{normalise(name)}"


def possible(value: Any, path: Path = ROOT, given: Mapping[str, str] = NO_ASSIGNMENT) -> Iterator[Any]:
    """What may stand at ``path`` of a value: one value for each branch of the choices on the way and at the end.

    ``given`` says which option a variable has: of its choices only that branch is followed.
    """
    if isinstance(value, Choice):
        label = given.get(value.variable)
        chosen = [option for option in value.options if option.label == label] or value.options
        for option in chosen:
            yield from possible(option.value, path, given)
    elif path:
        yield from possible(lookup(value, path[:1]), path[1:], given)
    else:
        yield value


def linked(world: World, value: Any, kind: str, file: str) -> Resource | None:
    """The resource of a kind that a value, written in ``file``, certainly names; None when there is none."""
    if isinstance(value, Unresolved):
        known = exported(world, value, file)
        if isinstance(known, Unresolved) and known.refers_to is not None:
            found = world.by_id(known.refers_to)
            return found if found is not None and found.kind == kind else None
        return None if value.text is None else _by_arn(world, value.text, kind, file)
    if not isinstance(value, str) or kind not in _NAMINGS:
        return None
    by_name = _names(world).get((kind, file, value)) if _NAMINGS[kind].bare else None
    return by_name or _by_arn(world, value, kind, file)


def is_alone(world: World, resource: Resource) -> bool:
    """Whether there is nothing besides configurations, in the document or imported, that could tell anything."""
    siblings = world.of_file(resource.file)
    return all(r.kind == INFRASTRUCTURE_CONFIGURATION for r in siblings) and not imported_names([resource])


def referrers(world: World, resource: Resource, kind: str, path: Path) -> tuple[Resource, ...]:
    """The resources of a kind whose value at ``path`` names ``resource``, at least in one branch."""
    return _referrers(world, resource.kind, kind, path).get(resource.id, ())


@lru_cache(maxsize=32)
def _referrers(world: World, target: str, kind: str, path: Path) -> Mapping[str, tuple[Resource, ...]]:
    """Id of a resource of the kind ``target`` -> the resources of ``kind`` that name it at ``path``."""
    found: dict[str, dict[str, Resource]] = {}
    for candidate in world.of_kind(kind):
        for value in _each(candidate.spec, path):
            named = linked(world, value, target, candidate.file)
            if named is not None:
                found.setdefault(named.id, {})[candidate.id] = candidate
    return {id: tuple(candidates.values()) for id, candidates in found.items()}


def _each(spec: Any, path: Path) -> Iterator[Any]:
    """The values at ``path``, and for a list its items."""
    for value in possible(spec, path):
        for item in value if isinstance(value, list) else [value]:
            yield from possible(item)


def _by_arn(world: World, text: str, kind: str, file: str) -> Resource | None:
    """The resource of the same file whose ARN stands in a text, unless the file's target is elsewhere."""
    naming, arn = _NAMINGS.get(kind), _ARN.fullmatch(text)
    if naming is None or arn is None or arn["service"] != naming.service or _is_elsewhere(world, file, arn):
        return None
    if not arn["rest"].startswith(naming.prefix):
        return None
    rest = arn["rest"].removeprefix(naming.prefix)
    if naming.service == "iam":
        rest = rest.rpartition("/")[2]
    return _names(world).get((kind, file, rest))


def _is_elsewhere(world: World, file: str, arn: re.Match[str]) -> bool:
    """Whether an ARN has another account or Region than the one that is declared for the file."""
    target = world.targets.get(file, Target())
    declared = ((arn["account"], target.account), (arn["region"], target.region))
    return any(
        known is not None and written and not written.startswith("$") and written != known
        for written, known in declared
    )


@lru_cache(maxsize=1)
def _names(world: World) -> Mapping[tuple[str, str, str], Resource]:
    """Kind, file and name (as it ends the ARN) of every resource that has a name which no other one has."""
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
    """The names of the exports that values of the resources are; an empty one for those that are not known."""
    return frozenset(name for resource in resources if not is_plain(resource.spec) for name in _imports(resource.spec))


def _imports(value: Any) -> Iterator[str]:
    match value:
        case Unresolved(imports=str(name)):
            yield name
        case Choice(options=options):
            for option in options:
                yield from _imports(option.value)
        case Mapping() if not isinstance(value, Deferred):  # which imports nothing
            for item in value.values():
                yield from _imports(item)
        case list():
            for item in value:
                yield from _imports(item)


def exported(world: World, value: Unresolved, file: str) -> Any:
    """What an import in ``file`` comes to: the value of the only export of that name in the run; else the import."""
    if not value.imports:
        return value
    found = [each for each in _exports(world).get(value.imports, ()) if not _are_apart(world, file, each.file)]
    return lookup(found[0].spec, ("value",)) if len(found) == 1 else value


def _are_apart(world: World, one: str, other: str) -> bool:
    """Whether two templates are declared for different accounts or Regions, between which nothing is imported."""
    mine, theirs = world.targets.get(one, Target()), world.targets.get(other, Target())
    declared = ((mine.account, theirs.account), (mine.region, theirs.region))
    return any(None not in both and both[0] != both[1] for both in declared)


@lru_cache(maxsize=1)
def _exports(world: World) -> Mapping[str, list[Resource]]:
    """Export name -> the exports of that name in the templates of the run."""
    found: dict[str, list[Resource]] = {}
    for export in world.of_kind("Export"):
        name = lookup(export.spec, ("name",))
        if isinstance(name, str):
            found.setdefault(name, []).append(export)
    return found
