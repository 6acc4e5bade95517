"""What a dialect gets and returns: units, what the user declares of their deployment, extractions, companions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from iblint.model.document import Document, InputError, NotJudged
from iblint.model.record import Record, field
from iblint.model.resource import Location, Resource
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

RUN_STEPS = 1_000_000
UNIT_STEPS = 5_000
"""Steps to resolve all units of a run, and those that each unit adds. Each process has as many."""

MAX_CONFIGURATIONS = 2000
"""Configurations of one document that are judged; aliases can make very many of a few bytes."""


class UnitFiles:
    """The files that a unit may read beside its documents, by their names in the run. This one has none."""

    def listed(self, folder: str) -> tuple[str, ...]:  # noqa: ARG002 - the signature
        """Return the names of the files in a folder (``.`` for the working folder), without those that are excluded."""
        return ()

    def read(self, name: str) -> bytes | None:  # noqa: ARG002 - the signature
        """Return the bytes of a file inside the root of the run; None if there is none, or it may not be read."""
        return None


class Unit(Record):
    """One scope in which values resolve: a document, or all documents of a folder."""

    key: str
    """The name of its file, or whatever the dialect's ``unit_of`` returned for its files."""
    documents: tuple[Document, ...]
    folder: str = ""
    """The working folder of the run, which names of files are relative to."""
    companions: Mapping[str, bytes] = field(default_factory=dict)
    """The files that the dialect's ``companions`` named and that exist, by the name given there."""
    files: UnitFiles = field(default_factory=UnitFiles)
    """Reads what is known to be needed only when the values of the unit are: other modules, files of variables."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names in reports of those of them that were found by a path."""

    @property
    def document(self) -> Document:
        """The only document, or the first one."""
        return self.documents[0]

    @property
    def file(self) -> str:
        """The file of the first document."""
        return self.documents[0].file


class Given(Record):
    """The value of a parameter that the user gives for a deployment."""

    text: str | None
    """None if the file leaves it to AWS, e.g. to the value of the previous deployment."""
    location: Location


class RunSteps:
    """The steps that resolving the units of a run may take together, in one process: those that are left."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = RUN_STEPS

    def add_unit(self) -> None:
        """Allow the steps of one more unit. It has them although others took more than they may."""
        self.left = max(self.left, 0) + UNIT_STEPS


class Deployment(Record):
    """What the user declares of the deployment of a unit; it settles values that the unit leaves open."""

    account: str | None = None
    region: str | None = None
    parameters: Mapping[str, Given] = field(default_factory=dict)
    steps: RunSteps = field(default_factory=RunSteps)
    """Those of the run that the unit belongs to."""
    variable_files: tuple[tuple[str, bytes], ...] = ()
    """Files of variables of Terraform, by name; later ones win."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables of Terraform that the command line gives; they win over files."""


class Extraction(Record, compiled=True):
    """The resources of a unit, the errors that kept others (or their directives) from being read, and what is listed as
    not judged."""

    resources: tuple[Resource, ...] = ()
    problems: tuple[InputError, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """The texts of the files that the dialect read itself, by name."""
    never_made: tuple[Span, ...] = ()
    """Where configurations are written that no deployment makes, such as those of a loop without items."""


class Companions(Record):
    """What a unit needs in addition to its own documents."""

    files: tuple[str, ...] = ()
    """Names of files in the folder of the unit."""
    exports: frozenset[str] = frozenset()
    """Names of values that other units may export; the empty name stands for one that is not known."""
    paths: tuple[str, ...] = ()
    """Paths as programs write them: below the folder of the unit or that of the run; with ``./`` below the former."""


NO_COMPANIONS = Companions()


class ParameterFiles(Record):
    """The contents of the parameter files that the user gives for a deployment."""

    values: dict[str, Given] = field(default_factory=dict)
    """By the name of the parameter; later files win."""
    texts: dict[str, str] = field(default_factory=dict)
    """The text of each file, for excerpts."""


def document_unit(document: Document, folder: str = "") -> Unit:
    """Return a document as a unit of its own."""
    return Unit(document.file, (document,), folder)


def unit_per_document(file: str) -> str:
    """Return the key of a file whose documents are units of their own: ``unit_of`` of most dialects."""
    return file


def no_companions(unit: Unit, resources: Sequence[Resource]) -> Companions:  # noqa: ARG001 - the signature
    """Return that a unit needs nothing else: ``companions`` of dialects whose documents stand alone."""
    return NO_COMPANIONS


def within_bounds(
    document: Document, found: Sequence[T], span_of: Callable[[T], Span]
) -> tuple[Sequence[T], tuple[InputError, ...]]:
    """Return the configurations of a document that may be judged, and an InputError if there are more."""
    if len(found) <= MAX_CONFIGURATIONS:
        return found, ()
    span = span_of(found[MAX_CONFIGURATIONS])
    message = (
        f"The document holds {len(found)} configurations; from here on, those beyond {MAX_CONFIGURATIONS} were not "
        "judged. Split the file."
    )
    return found[:MAX_CONFIGURATIONS], (InputError(document.file, span.line, span.column, message),)
