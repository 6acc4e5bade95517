"""Find the resource of the run that a value names: by reference, by name or ARN, or by an import of an export.

A resource is found only if it is certain that the value names it. An ARN whose account or Region is not known to be the
target's may be that of another resource with the same name.
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
_ARN = (
    r"arn:(?:[^:$]+|\$\{(?:AWS::Partition)?\}):(?P<service>[a-z]+):(?P<region>[a-z0-9-]*|\$\{AWS::Region\})"
    r":(?P<account>[0-9]*|\$\{AWS::AccountId\}):(?P<rest>[^$\s]+)"
)


_UNKNOWN_PART = r"\$\{[^}]*\}"


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


def find_resource(
    world: World,
    value: Any,
    kind: str,
    file: str,
    judged: Resource | None = None,
    given: Mapping[str, str] = NO_ASSIGNMENT,
) -> Resource | None:
    """Return the resource of a kind that a value in ``file`` names, or None.

    With ``judged``, a configuration: only if it is certain where the configuration exists and ``given`` holds.
    """
    if isinstance(value, Unresolved):
        known = resolve_import(world, value, file)
        if isinstance(known, Unresolved) and known.refers_to is not None:
            found = world.by_id(known.refers_to)  # it exists, since the value refers to it
            return found if found is not None and found.kind == kind and is_resolved_for(judged, found) else None
    found = named_resource(world, value, kind, file)
    if found is None or _is_elsewhere(world, value, file) is not False:
        return None
    if judged is None:
        return found
    if judged.scope == found.scope and judged.template != found.template:
        return None  # another template, which may be deployed elsewhere
    return found if exists(judged, found, given) is True and is_resolved_for(judged, found) else None


def named_resource(world: World, value: Any, kind: str, file: str) -> Resource | None:
    """Return the resource of the same file with the name or ARN that a value is, or None.

    It is not certain that it exists, or that it is in the account and Region of the ARN.
    """
    naming, text = _NAMINGS.get(kind), value.text if isinstance(value, Unresolved) else value
    if naming is None or not isinstance(text, str):
        return None
    by_name = world.index(_names).get((kind, file, text)) if naming.bare and text is value else None
    return by_name or _by_arn(world, text, kind, file)


def exists(judged: Resource, other: Resource, given: Mapping[str, str] = NO_ASSIGNMENT) -> bool | None:
    """Return whether another resource exists wherever a configuration does and ``given`` holds; None if not known."""
    existence = other.existence
    holds = existence.holds
    if existence.condition is not None and judged.template == other.template:
        holds = (
            True
            if existence.condition == judged.existence.condition
            else judged.existence.others.get(existence.condition, ABSENT)
        )
    labels = {**judged.existence.labels, **given} if judged.template == other.template else NO_ASSIGNMENT
    answers = set(possible_values(holds, given=labels))
    return next(iter(answers)) if answers in ({True}, {False}) else None


def is_resolved_for(judged: Resource | None, other: Resource) -> bool:
    """Return whether the values of another resource are those that it has where a configuration exists.

    A configuration whose condition is false with the known parameters exists with others.
    """
    if judged is None or judged.template != other.template or not judged.existence.deviating:
        return True
    return judged.existence.condition == other.existence.condition or judged.existence.deviating.isdisjoint(
        other.existence.names
    )


def is_there(judged: Resource, other: Resource, given: Mapping[str, str] = NO_ASSIGNMENT) -> bool | None:
    """Return whether another resource exists, with the values that are known of it, wherever a configuration does.

    False if it exists nowhere there; None if that, or its values, are not known.
    """
    found = exists(judged, other, given)
    return None if found and not is_resolved_for(judged, other) else found


def is_alone(world: World, resource: Resource) -> bool:
    """Return whether the file of a resource holds only configurations, and the resource imports nothing."""
    return resource.scope not in world.index(_scopes_with_others) and not imported_names([resource])


def _scopes_with_others(world: World) -> frozenset[str]:
    """Return the scopes that hold resources of other kinds."""
    return frozenset([r.scope for r in world.resources if r.kind != INFRASTRUCTURE_CONFIGURATION])


def referrers(world: World, resource: Resource, kind: str, path: Path) -> tuple[Resource, ...]:
    """Return the resources of a kind whose value at ``path`` names ``resource`` in at least one branch."""
    return world.index(_referrers, resource.kind, kind, path).get(resource.id, ())


def _referrers(world: World, target: str, kind: str, path: Path) -> Mapping[str, tuple[Resource, ...]]:
    """Map the ID of a resource of the kind ``target`` to the resources of ``kind`` that name it at ``path``."""
    found: dict[str, dict[str, Resource]] = {}
    for candidate in world.of_kind(kind):
        for value in _each(candidate.spec, path):
            named = find_resource(world, value, target, candidate.scope)
            if named is not None:
                found.setdefault(named.id, {})[candidate.id] = candidate
    return {id: tuple(candidates.values()) for id, candidates in found.items()}


def names(world: World, value: Any, resource: Resource, file: str) -> bool | None:
    """Return whether a value in ``file`` names a resource, or None if that is not known."""
    found = find_resource(world, value, resource.kind, file)
    if found is not None:
        return found.id == resource.id
    if isinstance(value, Unresolved):
        export = _export_of(world, value, file)
        if export is not None:  # perhaps that of another account, but then of the same template
            exported = find_resource(world, lookup(export.spec, ("value",)), resource.kind, export.scope)
            if exported is not None:
                return None if exported.id == resource.id else False
        value = resolve_import(world, value, file)
    if isinstance(value, Unresolved):
        if value.refers_to is not None and world.by_id(value.refers_to) is not None:
            return False  # another resource of the run
        value = "${}" if value.text is None or value.refers_to is not None else value.text
    return None if isinstance(value, str) and _may_name(world, value, resource, file) else False


def _may_name(world: World, text: str, resource: Resource, file: str) -> bool:
    """Return whether an ARN with unknown parts (``${...}``) may be that of a resource."""
    if _share_target(world, file, resource.scope) is False:
        return False
    naming = _NAMINGS[resource.kind]
    before, found, name = text.partition(f":{naming.prefix}")
    if not found:
        return "$" in text
    written = before.split(":")
    target = world.targets.get(resource.scope, Target())
    if len(written) == len(("arn", "partition", "service", "region", "account")):
        known = zip(written[3:], (target.region, target.account), strict=True)
        if any("$" not in own and declared not in (None, own) for own, declared in known):
            return False
    own_names = possible_values(resource.spec, naming.name)
    return any(not isinstance(own, str) or _matches(name, normalise(own)) for own in own_names)


def name_in_arn(value: Any, kind: str) -> str | None:
    """Return the name at the end of an ARN of a kind; None if it is not known, or if there is none."""
    text = value.text if isinstance(value, Unresolved) else value
    name = text.partition(f":{_NAMINGS[kind].prefix}")[2] if isinstance(text, str) else ""
    return normalise(name) if name and "$" not in name else None


def _matches(pattern: str, name: str) -> bool:
    """Return whether a name consists of the known parts of a text in their order, with any text between them."""
    first, *others = map(normalise, re.split(_UNKNOWN_PART, pattern))
    if not others:
        return first == name
    *between, last = others
    end = len(name) - len(last)
    if len(first) > end or not name.startswith(first) or not name.endswith(last):
        return False
    position = len(first)
    for part in between:
        position = name.find(part, position, end)
        if position < 0:
            return False
        position += len(part)
    return True


def _each(spec: Any, path: Path) -> Iterator[Any]:
    """Yield the values at ``path`` or, if that is a list, its items."""
    for value in possible_values(spec, path):
        for item in value if isinstance(value, list) else [value]:
            yield from possible_values(item)


def _by_arn(world: World, text: str, kind: str, file: str) -> Resource | None:
    """Return the resource of the same file with the name in an ARN, unless the ARN is that of another one."""
    naming, arn = _NAMINGS.get(kind), re.fullmatch(_ARN, text)
    if naming is None or arn is None or arn["service"] != naming.service or _is_other_target(world, file, arn):
        return None
    if not arn["rest"].startswith(naming.prefix):
        return None
    rest = arn["rest"].removeprefix(naming.prefix)
    if naming.service == "iam":
        rest = rest.rpartition("/")[2]
    return world.index(_names).get((kind, file, rest))


def _is_elsewhere(world: World, value: Any, file: str) -> bool | None:
    """Return whether a name or ARN has another account or Region than the target of its file; None if not known."""
    text = value.text if isinstance(value, Unresolved) else value
    arn = re.fullmatch(_ARN, text) if isinstance(text, str) else None
    if arn is None:
        return False  # a name, which holds in its own account
    if "$" in arn[0] and not isinstance(value, Unresolved):
        return None  # it only looks like a substitution
    return _is_other_target(world, file, arn)


def _is_other_target(world: World, file: str, arn: re.Match[str]) -> bool | None:
    """Return whether an ARN has another account or Region than the target of the file; None if not known."""
    target = world.targets.get(file, Target())
    region = "" if arn["service"] == "iam" else target.region
    answers = [
        None if known is None else written != known
        for written, known in ((arn["account"], target.account), (arn["region"], region))
        if not written.startswith("$")  # the stack's own
    ]
    return True if True in answers else None if None in answers else False


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
        found.setdefault((resource.kind, resource.scope, name), []).append(resource)
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
    """Return the value of the export of the run that ``value`` certainly imports, or ``value`` itself.

    It is certain if the account and the Region of both files are declared and the same. Otherwise a stack outside the
    run may have an export of that name where this one is deployed.
    """
    export = _export_of(world, value, file)
    if export is None or export.existence.holds is not True or not _share_target(world, file, export.scope):
        return value
    return lookup(export.spec, ("value",))


def _export_of(world: World, value: Unresolved, file: str) -> Resource | None:
    """Return the only export of the run that ``value`` may import; None if there is none, or several."""
    exports = world.index(_exports).get(value.imports, ()) if value.imports else ()
    found = [export for export in exports if _share_target(world, file, export.scope) is not False]
    return found[0] if len(found) == 1 else None


def _share_target(world: World, one: str, other: str) -> bool | None:
    """Return whether two templates have one target account and Region, as exports require; None if not known."""
    mine, theirs = world.targets.get(one, Target()), world.targets.get(other, Target())
    declared = ((mine.account, theirs.account), (mine.region, theirs.region))
    if any(None not in both and both[0] != both[1] for both in declared):
        return False
    return True if one == other or all(None not in both for both in declared) else None


def _exports(world: World) -> Mapping[str, list[Resource]]:
    """Map export names to the exports of that name in the templates of the run."""
    found: dict[str, list[Resource]] = {}
    for export in world.of_kind("Export"):
        name = lookup(export.spec, ("name",))
        if isinstance(name, str):
            found.setdefault(name, []).append(export)
    return found
