"""The mappings of a document that are judged as requests, and the test for the usual one: all its keys are correct."""

from __future__ import annotations

from iblint.dialects.shared.prefilter import DISTINCTIVE, KNOWN
from iblint.model.document import Document, InputError, NotJudged
from iblint.model.path import Path
from iblint.model.record import Record, field
from iblint.model.span import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.request.evidence import Weight
    from iblint.dialects.request.forms import Form


_PLAIN = KNOWN | {"$schema"}

MAPPINGS = frozenset({"instanceMetadataOptions", "logging", "placement", "parentInstance", "tags", "resourceTags"})
"""The members that are mappings."""


class Candidate(Record):
    """A mapping that is judged as a request: its place, and its lines with those that introduce it."""

    path: Path
    data: Any
    entry: Entry
    lines: range
    form: Form | None = None
    """The form of another tool that it is written in, if any."""
    weight: Weight | None = None
    """What its keys say; None if they are all correct."""


class Found(Record):
    """What a document holds, in its order."""

    candidates: list[Candidate] = field(default_factory=list)
    doubtful: list[Candidate] = field(default_factory=list)
    """Mappings that are listed as not judged, but are judged if the user says that the document is a request."""
    problems: list[InputError] = field(default_factory=list)
    not_judged: list[NotJudged] = field(default_factory=list)


def candidate(
    document: Document, path: Path, data: Any, form: Form | None = None, weight: Weight | None = None
) -> Candidate:
    """Return a mapping of a document as a candidate. Its lines begin below the item before it, or with its key."""
    entry = document.spans.at(path) or Entry(None, document.spans.root)
    first = (entry.key or entry.value).line
    if path and isinstance(path[-1], int):
        above = document.spans.at(path[:-1])
        before = document.spans.at((*path[:-1], path[-1] - 1)) if path[-1] else None
        if before is not None:
            first = min(before.value.end_line + 1, first)
        elif above is not None:
            first = min(above.value.line, first)
    return Candidate(path, data, entry, range(first, entry.value.end_line + 1), form, weight)


def is_plain(data: dict[Any, Any]) -> bool:
    """Return whether a mapping is a create request with correct keys only: the usual case."""
    return (
        data.keys() <= _PLAIN
        and not DISTINCTIVE.isdisjoint(data)
        and len(data) - ("$schema" in data) >= 2
        and not describes(data)
    )


def describes(data: dict[Any, Any]) -> bool:
    """Return whether a mapping describes its keys, as a schema or a list of parameters does: with mappings."""
    return all(value.__class__ is dict for value in data.values()) and not data.keys() <= MAPPINGS
