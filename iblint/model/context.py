"""What a rule may look at besides the resource: declared settings, the other resources, facts from the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from iblint.model.resource import Location, Resource

BuildTypeValue = Literal["container", "ami", "both", "unknown"]


@dataclass(frozen=True, slots=True)
class Target:
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value and who says so."""

    value: str
    source: str
    """For messages: "the comment '# iblint: build-type=ami' on line 3"."""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class BuildType:
    """The kind of image that a configuration builds, with every source that says so.

    Sources that disagree leave ``conflict`` set: the two that do.
    """

    value: BuildTypeValue
    evidence: tuple[Evidence, ...] = ()
    conflict: tuple[Evidence, Evidence] | None = None


class Facts(Protocol):
    """Facts from a live account; ``NoFacts`` when offline. Extended by the live rules."""

    @property
    def account(self) -> str | None:
        """The caller's account, or None."""
        ...


@dataclass(frozen=True, slots=True)
class NoFacts:
    """Offline: nothing is known of any account."""

    account: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """All resources of the run, built once. Compared by identity, so that what is derived from it can be kept."""

    resources: tuple[Resource, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    """What is declared for each file."""

    def of_kind(self, kind: str, file: str | None = None) -> Iterator[Resource]:
        """Resources of a kind, of one file or of all."""
        return (r for r in self.resources if r.kind == kind and (file is None or r.file == file))


@dataclass(frozen=True, slots=True)
class Context:
    """The second argument of every check."""

    options: Mapping[str, Any]
    """The rule's options, defaults filled in."""
    target: Target
    build_type: BuildType
    world: World
    facts: Facts
