"""What extractors produce: resources in one canonical shape, whatever the dialect."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.path import Path, to_pointer
from iblint.model.record import Record, field
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Origin: TypeAlias = "Literal['api', 'cloudformation', 'terraform']"
"""Whose defaults hold for an absent value (omitted terminateInstanceOnFailure: true for the API and CloudFormation,
false for Terraform, which always sends it)."""

ORIGINS: tuple[Origin, ...] = ("api", "cloudformation", "terraform")

INFRASTRUCTURE_CONFIGURATION = "InfrastructureConfiguration"


class Location(Record, compiled=True):
    """A span of a file to show to the reader; ``label`` says what is there.

    Compiled, because every finding and every directive has some.
    """

    file: str
    span: Span
    label: str = ""


class Place(Record, compiled=True):
    """Where a value of the spec is written.

    Compiled, because each resource has one for every value.
    """

    value: Span
    key: Span | None = None
    file: str | None = None
    """When the value stands in another file than the resource."""
    provenance: str | None = None
    """When the value is not written at the property: "the default of parameter 'Tokens'"."""
    related: tuple[Location, ...] = ()


class Deferred(Mapping):  # type: ignore[type-arg]
    """A spec whose properties are made when they are looked at. It is certain that none of them is an import."""

    __slots__ = ()


class Directive(Record):
    """A setting declared in the document for one resource: ``# iblint: build-type=container`` or its metadata."""

    key: str
    value: str
    location: Location


class Variant(Record):
    """What a configuration would be with another value of a parameter than its default."""

    parameter: str
    value: str
    """One that the parameter allows."""
    spec: Mapping[str, Any]
    location: Location
    """Where the value is allowed."""


class Resource(Record):
    """An AWS resource found in a document.

    For the kind InfrastructureConfiguration, ``spec`` has the shape of boto3's
    ``imagebuilder.create_infrastructure_configuration`` request (camelCase); leaves may be Unresolved or Choice.
    """

    id: str
    """Unique in a run and free of line numbers: ``infra/base.yaml#web``."""
    kind: str
    dialect: str
    origin: Origin
    file: str
    address: str
    """Logical id, resource address, call site or ARN; for a request its pointer in the file."""
    span: Span
    """Where the resource begins: its first key, or the key that names it."""
    spec: Mapping[str, Any]
    places: Mapping[Path, Place] = field(default_factory=dict)
    """Places by canonical path."""
    directives: tuple[Directive, ...] = ()
    spelling: Mapping[Path, str] = field(default_factory=dict)
    """How the dialect writes a canonical path, where it differs from dotted camelCase."""
    construct: str | None = None
    """Path of the CDK construct that makes it: ``Main/Builds/Resource``."""
    related: tuple[Location, ...] = ()
    """Where else to look, whatever is wrong with it: the line of code that makes it."""
    variants: tuple[Variant, ...] = ()
    """The other specs that the parameters of its document permit, one parameter at a time."""

    @property
    def name(self) -> str:
        """The configuration's own name when it is known, else its address."""
        name = self.spec.get("name")
        return name if isinstance(name, str) and name else self.address

    def place(self, path: Path) -> Place:
        """The place of the value at ``path``, or of the nearest ancestor that is written.

        For an ancestor its key is shown (one line), and for the resource itself its first key.
        """
        found = self.places.get(path)
        if found is not None:
            return found
        for length in range(len(path) - 1, 0, -1):
            ancestor = self.places.get(path[:length])
            if ancestor is not None:
                return Place(ancestor.key or ancestor.value, ancestor.key, ancestor.file)
        return Place(self.span)

    def spell(self, path: Path) -> str:
        """The path as the author of this dialect would write it: ``instanceMetadataOptions.httpTokens``."""
        return spelled(self.spelling, path)


def spelled(spelling: Mapping[Path, str], path: Path) -> str:
    """A canonical path as a dialect with the ``spelling`` writes it."""
    for length in range(len(path), 0, -1) if spelling else ():
        written = spelling.get(path[:length])
        if written is not None:
            return dotted(path[length:], written)
    return dotted(path)


def dotted(path: Path, start: str = "") -> str:
    """``("instanceTypes", 0)`` -> ``instanceTypes[0]``; ``start`` is what is already written of it."""
    out = start
    for step in path:
        if isinstance(step, int):
            out += f"[{step}]"
        else:
            out += f".{step}" if out else step
    return out or to_pointer(path) or "the configuration"
