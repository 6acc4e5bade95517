"""What kind of image a configuration builds, from every source that says so."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.facts import questions
from iblint.model.answers import Unavailable
from iblint.model.context import BuildType, BuildTypeValue, Evidence, Facts, Target, World
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.references import configuration_arn, possible, referrers
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
    """What a configuration builds: what is declared, and what its pipelines show, in the run and in the account.

    Pipelines of the account that build containers overrule what is declared: they are what is. Pipelines that build
    AMIs decide only when nothing else does, since pipelines for containers may still be made.
    """
    offline = _offline(resource, target, world)
    if not facts.live or offline.conflict is not None:
        return offline
    shown = _shown_live(resource, target, facts)
    if isinstance(shown, Unavailable):
        return replace(offline, unread=shown)
    containers = tuple(e for e in shown if e.value == "container")
    if containers and offline.value not in ("container", "both"):
        others = offline.value == "ami" or any(e.value == "ami" for e in shown)
        return BuildType("both" if others else "container", containers)
    if offline.value == "unknown" and shown and not containers:
        value = _together({evidence.value for evidence in shown})
        return BuildType("ami" if value == "ami" else "unknown", shown)
    return offline


def _shown_live(resource: Resource, target: Target, facts: Facts) -> tuple[Evidence, ...] | Unavailable:
    """What each pipeline of the account builds with the configuration, if it has been created."""
    name, identity = lookup(resource.spec, ("name",)), facts.identity()
    if isinstance(identity, Unavailable) or not target.may_be(identity) or not isinstance(name, str):
        return ()
    uses = facts.ask(questions.PIPELINES_OF, configuration_arn(identity, name))
    if isinstance(uses, Unavailable):
        return uses
    return tuple(Evidence(use.builds, f"the image pipeline '{use.arn}' of the account") for use in uses)


def _offline(resource: Resource, target: Target, world: World) -> BuildType:
    """Collect what is declared for a configuration and what its pipelines and images show; any one source decides.

    Sources: the document's directives, then what configuration or command line declare (``target.build_type``), then
    the pipelines and images of the run that use it. Declarations that differ are a conflict. So is a use that the
    declaration excludes; a declared "both" excludes nothing, because pipelines may be made elsewhere.
    """
    declared = [
        Evidence(d.value, f"'build-type={d.value}' on line {d.location.span.line}", d.location)
        for d in resource.directives
        if d.key == "build-type" and d.value in _VALUES
    ]
    declared += [Evidence(value, source) for value, source in target.build_type]
    known = [evidence for evidence in declared if evidence.value != "unknown"]
    shown = list(_shown(resource, world))
    first = next(iter(known or shown), None)
    if first is None:
        return BuildType("unknown")
    others = [e for e in known if e.value != first.value]
    if known and first.value != "both":
        others += [e for e in shown if e.value not in (first.value, "unknown")]
    value = first.value if known else _together({evidence.value for evidence in shown})
    decided: BuildTypeValue = next(v for v in _VALUES if v == value)
    return BuildType(decided, tuple(known) or _telling(shown, value), (first, others[0]) if others else None)


def _together(uses: set[str]) -> str:
    """The build type of all uses together. One that is not known may build containers, so it is no proof of AMIs."""
    if uses >= {"container", "ami"}:
        return "both"
    return "container" if "container" in uses else "unknown" if "unknown" in uses else "ami"


def _telling(shown: list[Evidence], value: str) -> tuple[Evidence, ...]:
    """The evidence of uses, first what says ``value``: for "both" that takes two of them."""
    if value != "both":
        return tuple(sorted(shown, key=lambda e: e.value != value))
    sources = [next(e.source for e in shown if e.value == each) for each, _ in _RECIPES]
    return (Evidence(value, " and ".join(sources)), *shown)


def _shown(resource: Resource, world: World) -> Iterator[Evidence]:
    """What each pipeline and image that uses the configuration builds with it."""
    for kind in _USERS:
        for user in referrers(world, resource, kind, _CONFIGURATION):
            span = user.span
            where = f"on line {span.line}" + (f" of {user.file}" if user.file != resource.file else "")
            value, path = _built(user)
            place = user.place(path).key or user.place(path).value
            location = Location(user.file, place, f"{value} build" if value != "unknown" else "build")
            yield Evidence(value, f"the {kind} '{user.address}' {where}", location)


def _built(user: Resource) -> tuple[BuildTypeValue, Path]:
    """The build type of a pipeline or image, by the recipe that it has in every case, and the path of the recipe."""
    may = {value: [v is not ABSENT for v in possible(user.spec, path)] for value, path in _RECIPES}
    for value, path in _RECIPES:
        if all(may[value]) and not any(any(others) for other, others in may.items() if other != value):
            return value, path
    return "unknown", ()
