"""Determine what kind of image a configuration builds, from all evidence."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.facts import questions
from iblint.model.answers import Unavailable
from iblint.model.context import BuildType, BuildTypeValue, Evidence, Facts, Target, World
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.references import configuration_arn, possible_values, referrers
from iblint.model.resource import Location, Resource
from iblint.model.values import ABSENT, lookup

_VALUES: tuple[BuildTypeValue, ...] = ("container", "ami", "both", "unknown")
_USERS = ("ImagePipeline", "Image")
_CONFIGURATION: Path = ("infrastructureConfigurationArn",)
_RECIPES: tuple[tuple[BuildTypeValue, Path], ...] = (
    ("container", ("containerRecipeArn",)),
    ("ami", ("imageRecipeArn",)),
)


def resolve_build_type(resource: Resource, target: Target, world: World, facts: Facts) -> BuildType:
    """Return what a configuration builds, from declarations and from its pipelines in the run and in the account.

    Pipelines of the account that build containers override declarations. Pipelines that build AMIs decide only if
    nothing else does, since pipelines that build containers may be created later.
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
    if offline.value == "unknown" and live and not containers:
        value = _combine({evidence.value for evidence in live})
        return BuildType("ami" if value == "ami" else "unknown", live)
    return offline


def _live_evidence(resource: Resource, target: Target, facts: Facts) -> tuple[Evidence, ...] | Unavailable:
    """Return what each pipeline of the account builds with the configuration, if that exists there."""
    name, identity = lookup(resource.spec, ("name",)), facts.identity()
    if isinstance(identity, Unavailable) or not target.may_be(identity) or not isinstance(name, str):
        return ()
    uses = facts.ask(questions.PIPELINES_OF, configuration_arn(identity, name))
    if isinstance(uses, Unavailable):
        return uses
    return tuple(Evidence(use.builds, f"the image pipeline '{use.arn}' of the account") for use in uses)


def _offline(resource: Resource, target: Target, world: World) -> BuildType:
    """Return what a configuration builds, without the account. Any one source decides.

    The sources, in this order: directives of the document, the settings (``target.build_type``), and the pipelines and
    images of the run that use the configuration. Different declarations are a conflict. So is a pipeline that builds
    something else than declared, unless "both" is declared.
    """
    declared = [
        Evidence(d.value, f"'build-type={d.value}' on line {d.location.span.line}", d.location)
        for d in resource.directives
        if d.key == "build-type" and d.value in _VALUES
    ]
    declared += [Evidence(value, source) for value, source in target.build_type]
    known = [evidence for evidence in declared if evidence.value != "unknown"]
    uses = list(_evidence_of_uses(resource, world))
    first = next(iter(known or uses), None)
    if first is None:
        return BuildType("unknown")
    others = [e for e in known if e.value != first.value]
    if known and first.value != "both":
        others += [e for e in uses if e.value not in (first.value, "unknown")]
    value = first.value if known else _combine({evidence.value for evidence in uses})
    decided: BuildTypeValue = next(v for v in _VALUES if v == value)
    return BuildType(decided, tuple(known) or _deciding_first(uses, value), (first, others[0]) if others else None)


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


def _evidence_of_uses(resource: Resource, world: World) -> Iterator[Evidence]:
    """Yield what each pipeline and image of the run builds with the configuration."""
    for kind in _USERS:
        for user in referrers(world, resource, kind, _CONFIGURATION):
            span = user.span
            where = f"on line {span.line}" + (f" of {user.file}" if user.file != resource.file else "")
            value, path = _build_type_of(user)
            place = user.place(path).key or user.place(path).value
            location = Location(user.file, place, f"{value} build" if value != "unknown" else "build")
            yield Evidence(value, f"the {kind} '{user.address}' {where}", location)


def _build_type_of(user: Resource) -> tuple[BuildTypeValue, Path]:
    """Return the build type of a pipeline or image, from the recipe that it has in all branches, and its path."""
    present = {value: [v is not ABSENT for v in possible_values(user.spec, path)] for value, path in _RECIPES}
    for value, path in _RECIPES:
        if all(present[value]) and not any(any(others) for other, others in present.items() if other != value):
            return value, path
    return "unknown", ()
