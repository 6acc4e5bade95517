"""What a rule gets in addition to its resource: declared settings, the other resources, facts from the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from iblint.model.answers import Identity, Unavailable
from iblint.model.question import Facts as Facts
from iblint.model.question import NoFacts as NoFacts
from iblint.model.record import Record, field
from iblint.model.resource import Location, Resource
from iblint.model.rule import Rule
from iblint.model.verdict import Judgement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias, TypeVar

    _Index = TypeVar("_Index")

BuildTypeValue: TypeAlias = "Literal['container', 'ami', 'both', 'unknown']"


_PARTITIONS = {
    "cn-": "aws-cn",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
}
"""How the names of Regions begin -> their partition, from botocore's ``partitions.json``. Others are in ``aws``."""


def partition_of(region: str) -> str:
    """Return the partition of a Region: ``aws``, ``aws-cn``, ``aws-eusc`` and so on."""
    return next((partition for prefix, partition in _PARTITIONS.items() if region.startswith(prefix)), "aws")


class Target(Record, compiled=True):
    """What the user declares (configuration, globs, command line) for the configurations of one file."""

    account: str | None = None
    """The account that the configuration will be created in (twelve digits)."""
    region: str | None = None
    build_type: tuple[tuple[BuildTypeValue, str], ...] = ()
    """Declared build types, each with its source: ``(("container", "--build-type"),)``."""
    assume_container: bool = False
    """Whether an unknown build type is judged as container (setting unknown-build-type: assume-container)."""
    sns_topic_keys: Mapping[str, str] = field(default_factory=dict)
    """Topic ARN -> the topic's KmsMasterKeyId, or "none" if it has no key; the ARN "*" is any topic."""

    def may_be(self, identity: Identity) -> bool:
        """Return whether the caller may be in the target: the declared account and Region, if any, are the caller's."""
        return self.account in (None, identity.account) and self.region in (None, identity.region)


class Evidence(Record, compiled=True):
    """A value with its source."""

    value: str
    source: str
    """For messages: "the comment '# iblint: build-type=ami' on line 3"."""
    location: Location | None = None


class BuildType(Record, compiled=True):
    """The kind of image that a configuration builds, with the evidence for it.

    ``conflict`` holds two pieces of evidence that contradict each other, if there are any.
    """

    value: BuildTypeValue
    evidence: tuple[Evidence, ...] = ()
    conflict: tuple[Evidence, Evidence] | None = None
    unread: Unavailable | None = None
    """Why the account's pipelines could not be read, if they might have decided."""


class World(Record, eq=False, compiled=True):
    """All resources of the run, and indexes of them. Compared by identity."""

    resources: tuple[Resource, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    """File, or scope of resources -> what is declared for it."""
    _indexes: dict[Any, Any] = field(default_factory=dict, repr=False)

    def index(self, build: Callable[..., _Index], *args: Any) -> _Index:
        """Return ``build(world, *args)``. It is computed once, and dropped with the world."""
        key = (build, *args)
        found: _Index | None = self._indexes.get(key)
        if found is None:
            found = self._indexes[key] = build(self, *args)
        return found

    def of_kind(self, kind: str, file: str | None = None) -> Iterator[Resource]:
        """Yield the resources of a kind, of one file (``Resource.scope``) or of all."""
        candidates = self.resources if file is None else self.of_file(file)
        return (resource for resource in candidates if resource.kind == kind)

    def of_file(self, file: str) -> tuple[Resource, ...]:
        """Return the resources of a file, or of the unit that is its ``Resource.scope``, in the order of the run."""
        return self.index(_by_file).get(file, ())

    def by_id(self, id: str) -> Resource | None:
        """Return the resource with an ID, or None."""
        return self.index(_by_id).get(id)


def _by_id(world: World) -> Mapping[str, Resource]:
    return {resource.id: resource for resource in world.resources}


def _by_file(world: World) -> Mapping[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for resource in world.resources:
        found.setdefault(resource.scope, []).append(resource)
    return {file: tuple(resources) for file, resources in found.items()}


def _no_core_rules(resource: Resource) -> tuple[tuple[Rule, Judgement], ...]:  # noqa: ARG001 - the signature
    return ()


class Context(Record, compiled=True):
    """The second argument of every check.

    Compiled, because each configuration gets one, and another for each rule with options.
    """

    options: Mapping[str, Any]
    """The rule's options, defaults filled in."""
    target: Target
    build_type: BuildType
    world: World
    facts: Facts
    alone: bool = False
    """Whether it is known that the run holds no related resource (``references.is_alone``). False if not known."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Variable of a ``Choice`` -> its label in this judgement."""
    judge_core_rules: Callable[[Resource], tuple[tuple[Rule, Judgement], ...]] = _no_core_rules
    """Judge a resource by the core rules: this one, or a variant of it."""
    template: str = ""
    """``Resource.template`` of the configuration if ``given`` is not empty: variables hold within one template."""

    def given_for(self, resource: Resource) -> Mapping[str, str]:
        """Return the labels of variables that hold for the values of a resource."""
        return self.given if resource.template == self.template else {}
