"""What a dialect is given besides the document, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from iblint.model.document import Document, InputError
from iblint.model.record import Record, field
from iblint.model.resource import Location, Resource
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

MAX_CONFIGURATIONS = 2000
"""Configurations of one document that are judged; aliases can make very many of a few bytes."""


class Given(Record):
    """The value of a parameter that the user gives for a deployment."""

    text: str | None
    """None when the file leaves it to AWS, e.g. to the value of the deployment before."""
    location: Location


class Deployment(Record):
    """What the user says of the deployment of a document; it settles values that the document leaves open."""

    account: str | None = None
    region: str | None = None
    parameters: Mapping[str, Given] = field(default_factory=dict)


class Extraction(Record):
    """What one document holds: its resources, and what kept others (or their directives) from being read."""

    resources: tuple[Resource, ...] = ()
    problems: tuple[InputError, ...] = ()


def within_bounds(
    document: Document, found: Sequence[T], span_of: Callable[[T], Span]
) -> tuple[Sequence[T], tuple[InputError, ...]]:
    """The configurations that may be judged of those found in a document, and the InputError with those beyond."""
    if len(found) <= MAX_CONFIGURATIONS:
        return found, ()
    span = span_of(found[MAX_CONFIGURATIONS])
    message = (
        f"The document holds {len(found)} configurations; from here on, those beyond {MAX_CONFIGURATIONS} were not "
        "judged. Split the file."
    )
    return found[:MAX_CONFIGURATIONS], (InputError(document.file, span.line, span.column, message),)
