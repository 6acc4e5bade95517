"""What a dialect is given besides the document, and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iblint.model.document import Problem
from iblint.model.resource import Location, Resource


@dataclass(frozen=True, slots=True)
class Given:
    """The value of a parameter that the user gives for a deployment."""

    text: str | None
    """None when the file leaves it to AWS, e.g. to the value of the deployment before."""
    location: Location


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the user says of the deployment of a document; it settles values that the document leaves open."""

    account: str | None = None
    region: str | None = None
    parameters: Mapping[str, Given] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document holds: its resources, and what kept others (or their directives) from being read."""

    resources: tuple[Resource, ...] = ()
    problems: tuple[Problem, ...] = ()
