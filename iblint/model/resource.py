"""Resources, in the same canonical shape whatever their dialect, and where their values are written."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.path import Path, to_pointer
from iblint.model.record import Record, field
from iblint.model.span import Span
from iblint.model.values import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Operation: TypeAlias = "Literal['create', 'update']"
"""The call that sends a configuration. An update names it by its ARN and replaces it; what is omitted is cleared."""

Origin: TypeAlias = "Literal['api', 'cloudformation', 'terraform']"
"""Whose defaults apply to an absent value.

An omitted terminateInstanceOnFailure is true for the API and CloudFormation, but false for Terraform, which always
sends it.
"""

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
    """The file of the value, if it is not that of the resource."""
    provenance: str | None = None
    """Where the value comes from, if it is not written at the property: "the default of parameter 'Tokens'"."""
    related: tuple[Location, ...] = ()


class Deferred(Mapping):  # type: ignore[type-arg]
    """A spec whose properties are resolved when they are read. None of them is an import."""

    __slots__ = ()


class Directive(Record):
    """A setting that the document declares for one resource: ``# iblint: build-type=container``, or in metadata."""

    key: str
    value: str
    location: Location


class Variant(Record):
    """The spec of a configuration with an allowed value of a parameter that is not its default."""

    parameter: str
    value: str
    """The allowed value."""
    spec: Mapping[str, Any]
    location: Location
    """Where the parameter allows the value."""


class Existence(Record):
    """In which deployments of its template a resource exists."""

    condition: str | None = None
    """The condition of the template that decides it."""
    holds: Any = True
    """Whether it exists with the known parameters: a boolean, a Choice of booleans, or Unresolved."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """For a configuration: the conditions of other resources, each as in ``holds``, where the configuration exists."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Variable of a Choice -> its label wherever the resource exists."""
    deviating: frozenset[str] = frozenset()
    """For a configuration: the parameters that must have other values than the known ones for it to exist."""
    names: frozenset[str] = frozenset()
    """The names that its properties depend on. Only known if a configuration of the template has ``deviating``."""


ALWAYS = Existence()


class Resource(Record, compiled=True):
    """An AWS resource found in a document.

    For the kind InfrastructureConfiguration, ``spec`` has the shape of boto3's
    ``imagebuilder.create_infrastructure_configuration`` request (camelCase); leaves may be Unresolved or Choice.
    """

    id: str
    """Unique in a run, without line numbers: ``infra/base.yaml#web``."""
    kind: str
    dialect: str
    origin: Origin
    file: str
    address: str
    """Logical ID, resource address, call site or ARN; for a request its JSON Pointer in the file."""
    span: Span
    """The first key of the resource, or the key that names it."""
    spec: Mapping[str, Any]
    places: Mapping[Path, Place] = field(default_factory=dict)
    """Canonical path -> place of the value."""
    directives: tuple[Directive, ...] = ()
    spelling: Mapping[Path, str] = field(default_factory=dict)
    """Canonical path -> its spelling in the dialect, if that is not dotted camelCase."""
    construct: str | None = None
    """Path of the CDK construct that creates it: ``Main/Builds/Resource``."""
    related: tuple[Location, ...] = ()
    """Locations to show with every finding: the line of code that creates it."""
    existence: Existence = ALWAYS
    readings: Mapping[Path, Reading] = field(default_factory=dict)
    """Canonical path -> how the scalar there is written, where its value does not show that."""
    variants: tuple[Variant, ...] = ()
    """The specs with the other allowed values of the parameters, one parameter at a time."""
    form: str = ""
    """The form of another tool that it is written in, if that is none of the dialect's own: "Step Functions task"."""
    operation: Operation = "create"
    arn: str | None = None
    """The ARN of the configuration, if it exists already: its account and Region are those of the target."""
    region: str | None = None
    """The Region that the document declares for it."""
    within: str = ""
    """Where in the file the string is that it was read from (``Document.within``)."""
    unit: str = ""
    """The unit in which names are looked up, if that is not its file: the folder of a root module."""

    @property
    def scope(self) -> str:
        """Where names are looked up: its unit, or its file."""
        return self.unit or self.file

    @property
    def template(self) -> str:
        """What its ID has before its address, the same for all resources of a template."""
        return self.id.removesuffix(self.address)

    @property
    def name(self) -> str:
        """The name of the configuration if it is known, or that in its ARN, else its address."""
        name = self.spec.get("name")
        if isinstance(name, str) and name:
            return name
        return self.address if self.arn is None else self.arn.rpartition("/")[2]

    def place(self, path: Path) -> Place:
        """Return the place of the value at ``path`` or, if it is not set, of its nearest ancestor.

        The place of an ancestor is its key (one line), and that of the resource its first key.
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
        """Return a path as it is spelled in the dialect: ``instanceMetadataOptions.httpTokens``."""
        return spelled(self.spelling, path)


def spelled(spelling: Mapping[Path, str], path: Path) -> str:
    """Return a canonical path as a dialect with this ``spelling`` writes it."""
    for length in range(len(path), 0, -1) if spelling else ():
        written = spelling.get(path[:length])
        if written is not None:
            return dotted(path[length:], written)
    return dotted(path)


def dotted(path: Path, start: str = "") -> str:
    """Return ``("instanceTypes", 0)`` as ``instanceTypes[0]``; ``start`` is put before it."""
    out = start
    for step in path:
        if isinstance(step, int):
            out += f"[{step}]"
        else:
            out += f".{step}" if out else step
    return out or to_pointer(path) or "the configuration"
