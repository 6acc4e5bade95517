"""Determine what kind of image a configuration builds, from all evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.model.answers import Unavailable
from iblint.model.context import BuildType, BuildTypeValue, Evidence, Facts, Target, World
from iblint.model.path import Path
from iblint.model.record import Record, replace
from iblint.model.references import (
    configuration_arn,
    exists,
    find_resource,
    is_resolved_for,
    name_in_arn,
    names,
    normalise,
    possible_values,
    referrers,
)
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Resource
from iblint.model.values import ABSENT, Unresolved, lookup

_VALUES: tuple[BuildTypeValue, ...] = ("container", "ami", "both", "unknown")
_USERS = ("ImagePipeline", "Image")
_KIND = INFRASTRUCTURE_CONFIGURATION
_CONFIGURATION: Path = ("infrastructureConfigurationArn",)
MAX_CANDIDATES = 50
"""Pipelines and images that are compared with one configuration. Any more are taken to use it."""

_RECIPES: tuple[tuple[BuildTypeValue, Path], ...] = (
    ("container", ("containerRecipeArn",)),
    ("ami", ("imageRecipeArn",)),
)


def resolve_build_type(resource: Resource, target: Target, world: World, facts: Facts) -> BuildType:
    """Return what a configuration builds, from declarations and from its pipelines in the run and in the account.

    Pipelines of the account that build containers override declarations. Pipelines that build AMIs decide only if
    nothing else does, and no pipeline of the run may build containers, since such pipelines may be created later.
    """
    offline = _offline(resource, target, world)
    if not facts.live or offline.conflict is not None:
        return offline
    live = _live_evidence(resource, target, facts)
    if isinstance(live, Unavailable):
        return replace(offline, unread=live)
    containers = tuple(e for e in live if e.value == "container")
    if containers and offline.value not in ("container", "both"):
        others = offline.value == "ami" or any(e.value == "ami" for e in live)
        return BuildType("both" if others else "container", containers)
    if offline.value == "unknown" and not offline.evidence and live and not containers:
        value = _combine({evidence.value for evidence in live})
        return BuildType("ami" if value == "ami" else "unknown", live)
    return offline


def _live_evidence(resource: Resource, target: Target, facts: Facts) -> tuple[Evidence, ...] | Unavailable:
    """Return what each pipeline of the account builds with the configuration, if that exists there."""
    name, identity = lookup(resource.spec, ("name",)), facts.identity()
    if isinstance(identity, Unavailable) or not target.may_be(identity) or not isinstance(name, str):
        return ()
    from iblint.facts.questions import PIPELINES_OF  # few runs ask an account

    uses = facts.ask(PIPELINES_OF, configuration_arn(identity, name))
    if isinstance(uses, Unavailable):
        return uses
    return tuple(Evidence(use.builds, f"the image pipeline '{use.arn}' of the account") for use in uses)


def _offline(resource: Resource, target: Target, world: World) -> BuildType:
    """Return what a configuration builds, without the account. Any one source decides.

    The sources, in this order: directives of the document, the settings (``target.build_type``), and the pipelines and
    images of the run that use the configuration. Different declarations are a conflict. So is a pipeline that builds
    something else than declared, unless "both" is declared. A pipeline that only may use the configuration leaves it
    unknown, unless it builds an AMI or another one builds containers.
    """
    declared = [
        Evidence(d.value, f"'build-type={d.value}' on line {d.location.span.line}", d.location)
        for d in resource.directives
        if d.key == "build-type" and d.value in _VALUES
    ]
    declared += [Evidence(value, source) for value, source in target.build_type]
    known = [evidence for evidence in declared if evidence.value != "unknown"]
    uses = list(_uses(resource, world))
    if known:
        contradicting = [] if known[0].value == "both" else [use.evidence for use in uses]
        others = [e for e in [*known, *contradicting] if e.value not in (known[0].value, "unknown")]
        return BuildType(_decided(known[0].value), tuple(known), (known[0], others[0]) if others else None)
    evidence = [use.evidence for use in uses if use.is_certain]
    evidence += [replace(use.evidence, value="unknown") for use in uses if not use.is_certain and not use.builds_ami]
    if "container" not in {e.value for e in evidence}:
        evidence += _possible_uses(resource, world)
    if not evidence:
        return BuildType("unknown")
    value = _combine({e.value for e in evidence})
    return BuildType(_decided(value), _deciding_first(evidence, value))


def _decided(value: str) -> BuildTypeValue:
    return next(known for known in _VALUES if known == value)


def _combine(uses: set[str]) -> str:
    """Return the build type of all uses together. A use that is not known may build containers."""
    if uses >= {"container", "ami"}:
        return "both"
    return "container" if "container" in uses else "unknown" if "unknown" in uses else "ami"


def _deciding_first(uses: list[Evidence], value: str) -> tuple[Evidence, ...]:
    """Return the evidence of uses, that for ``value`` first. For "both" the first is made of two of them."""
    if value != "both":
        return tuple(sorted(uses, key=lambda e: e.value != value))
    sources = [next(e.source for e in uses if e.value == each) for each, _ in _RECIPES]
    return (Evidence(value, " and ".join(sources)), *uses)


class _Use(Record):
    """A pipeline or image of the run that names the configuration in at least one branch."""

    evidence: Evidence
    is_certain: bool
    """Whether it exists, and uses the configuration, wherever the configuration exists."""

    @property
    def builds_ami(self) -> bool:
        """Whether it builds an AMI."""
        return self.evidence.value == "ami"


def _uses(resource: Resource, world: World) -> Iterator[_Use]:
    for kind in _USERS:
        for user in referrers(world, resource, kind, _CONFIGURATION):
            there = exists(resource, user)
            if there is False:
                continue
            is_certain = there is True and is_resolved_for(resource, user) and _always_uses(user, resource, world)
            yield _Use(_evidence(resource, user), is_certain)


def _always_uses(user: Resource, resource: Resource, world: World) -> bool:
    """Return whether a pipeline or image uses a configuration in all branches in which that exists."""
    labels = resource.existence.labels if user.template == resource.template else {}
    values = possible_values(user.spec, _CONFIGURATION, labels)
    return all(names(world, value, resource, user.scope) for value in values)


def _possible_uses(resource: Resource, world: World) -> Iterator[Evidence]:
    """Yield a pipeline or image that may use the configuration and may build containers, if there is one."""
    for number, user in enumerate(_candidates(resource, world)):
        if exists(resource, user) is not False and (number >= MAX_CANDIDATES or _may_use(user, resource, world)):
            yield replace(_evidence(resource, user), value="unknown")
            return


def _candidates(resource: Resource, world: World) -> Iterator[Resource]:
    by_name = world.index(_open_users)
    name = lookup(resource.spec, ("name",))
    keys = [normalise(name), None] if isinstance(name, str) else list(by_name)
    for key in keys:
        yield from by_name.get(key, ())
    if resource.existence.deviating:
        yield from (user for kind in _USERS for user in world.of_kind(kind, resource.scope))


def _may_use(user: Resource, resource: Resource, world: World) -> bool:
    """Return whether a pipeline or image may use a configuration, though that is not certain."""
    if not is_resolved_for(resource, user):
        return True
    values = possible_values(user.spec, _CONFIGURATION)
    return any(names(world, value, resource, user.scope) is None for value in values)


def has_open_uses(world: World) -> bool:
    """Return whether a pipeline or image may build containers with a configuration outside the world."""
    return bool(world.index(_open_users))


def _open_users(world: World) -> Mapping[str | None, tuple[Resource, ...]]:
    """Map names of configurations to the pipelines and images whose configuration may have that name; None is any.

    Only those that may build containers, and whose configuration is not certain.
    """
    found: dict[str | None, dict[str, Resource]] = {}
    for user in (user for kind in _USERS for user in world.of_kind(kind)):
        if _build_type_of(user)[0] == "ami":
            continue
        for value in possible_values(user.spec, _CONFIGURATION):
            if isinstance(value, str | Unresolved) and find_resource(world, value, _KIND, user.scope) is None:
                found.setdefault(name_in_arn(value, _KIND), {})[user.id] = user
    return {name: tuple(users.values()) for name, users in found.items()}


def _evidence(resource: Resource, user: Resource) -> Evidence:
    """Return what a pipeline or image builds, as evidence."""
    span = user.span
    where = f"on line {span.line}" + (f" of {user.file}" if user.file != resource.file else "")
    value, path = _build_type_of(user)
    place = user.place(path).key or user.place(path).value
    location = Location(user.file, place, f"{value} build" if value != "unknown" else "build")
    return Evidence(value, f"the {user.kind} '{user.address}' {where}", location)


def _build_type_of(user: Resource) -> tuple[BuildTypeValue, Path]:
    """Return the build type of a pipeline or image, from the recipe that it has in all branches, and its path."""
    present = {value: [v is not ABSENT for v in possible_values(user.spec, path)] for value, path in _RECIPES}
    for value, path in _RECIPES:
        if all(present[value]) and not any(any(others) for other, others in present.items() if other != value):
            return value, path
    return "unknown", ()
