"""What a rule may look at besides the resource: declared settings, the other resources, facts from the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from iblint.facts.questions import Facts as Facts
from iblint.facts.questions import NoFacts as NoFacts
from iblint.model.answers import Identity, Unavailable
from iblint.model.record import Record, field
from iblint.model.resource import Location, Resource
from iblint.model.rule import Rule
from iblint.model.verdict import Judgement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

BuildTypeValue: TypeAlias = "Literal['container', 'ami', 'both', 'unknown']"


class Target(Record):
    """What the user declares (config, globs, command line) for the configurations of one file."""

    account: str | None = None
    """Twelve digits: the account that the configuration will be created in."""
    region: str | None = None
    build_type: tuple[tuple[BuildTypeValue, str], ...] = ()
    """Declared build types with the source of each: ``(("container", "--build-type"),)``."""
    assume_container: bool = False
    """Judge an unknown build type as container (setting unknown-build-type: assume-container)."""
    sns_topic_keys: Mapping[str, str] = field(default_factory=dict)
    """Topic ARN -> the topic's KmsMasterKeyId, or "none" for a topic known to have no key; key "*" is any topic."""

    def may_be(self, identity: Identity) -> bool:
        """Whether nothing that is declared says that the target is elsewhere than the caller."""
        return self.account in (None, identity.account) and self.region in (None, identity.region)


class Evidence(Record):
    """A value and who says so."""

    value: str
    source: str
    """For messages: "the comment '# iblint: build-type=ami' on line 3"."""
    location: Location | None = None


class BuildType(Record):
    """The kind of image that a configuration builds, with every source that says so.

    Sources that disagree leave ``conflict`` set: the two that do.
    """

    value: BuildTypeValue
    evidence: tuple[Evidence, ...] = ()
    conflict: tuple[Evidence, Evidence] | None = None
    unread: Unavailable | None = None
    """Why the account's pipelines, which might tell, could not be read."""


class World(Record, eq=False):
    """All resources of the run, built once. Compared by identity, so that what is derived from it can be kept."""

    resources: tuple[Resource, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    """What is declared for each file."""

    def of_kind(self, kind: str, file: str | None = None) -> Iterator[Resource]:
        """Resources of a kind, of one file or of all."""
        candidates = self.resources if file is None else self.of_file(file)
        return (resource for resource in candidates if resource.kind == kind)

    def of_file(self, file: str) -> tuple[Resource, ...]:
        """Resources of a file, in the order of the run."""
        return _by_file(self).get(file, ())

    def by_id(self, id: str) -> Resource | None:
        """The resource with an id; None when the run has none."""
        return _by_id(self).get(id)


@lru_cache(maxsize=1)
def _by_id(world: World) -> Mapping[str, Resource]:
    return {resource.id: resource for resource in world.resources}


@lru_cache(maxsize=1)
def _by_file(world: World) -> Mapping[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for resource in world.resources:
        found.setdefault(resource.file, []).append(resource)
    return {file: tuple(resources) for file, resources in found.items()}


def _no_core_rules(resource: Resource) -> tuple[tuple[Rule, Judgement], ...]:  # noqa: ARG001 - the signature
    return ()


class Context(Record):
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
    """Known to be the case when set: there is no other resource that could tell anything (``links.is_alone``)."""
    given: Mapping[str, str] = field(default_factory=dict)
    """The label that each variable of the resource's choices has in this judgement (see ``Choice``)."""
    judge_core_rules: Callable[[Resource], tuple[tuple[Rule, Judgement], ...]] = _no_core_rules
    """Judge a resource by the core rules: this one, or a variant of it."""
