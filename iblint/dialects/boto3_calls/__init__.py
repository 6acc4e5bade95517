"""The boto3 dialect: calls of ``create_infrastructure_configuration`` and ``update_...`` in Python and in notebooks.

The program is parsed, never imported or executed. What it computes stays unresolved.
"""

from __future__ import annotations

from collections.abc import Sequence

from iblint.dialects.shared.extraction import NO_COMPANIONS, Companions, Deployment, Extraction, Unit, unit_per_document
from iblint.model.resource import Resource

DIALECT = "boto3-calls"
SUFFIXES: tuple[str, ...] = ()
PROGRAMS = ("python", "notebook")
MARKERS = (b"create_infrastructure_configuration", b"update_infrastructure_configuration")

_MENTIONS = tuple(marker.decode() for marker in MARKERS)

unit_of = unit_per_document


def extract(unit: Unit, _deployment: Deployment, *, forced: bool) -> Extraction:  # noqa: ARG001 - the signature
    """Return the configurations that a program sends."""
    document = unit.document
    if document.syntax not in PROGRAMS or not any(mention in document.text for mention in _MENTIONS):
        return Extraction()
    from iblint.dialects.boto3_calls.resources import extract_calls  # ast and the evaluator: few runs need them

    return extract_calls(unit)[0]


def companions(unit: Unit, resources: Sequence[Resource]) -> Companions:
    """Return the files that the program reads by a literal name."""
    document = unit.document
    if document.syntax not in PROGRAMS or not resources or "load" not in document.text:
        return NO_COMPANIONS
    from iblint.dialects.boto3_calls.resources import extract_calls

    return Companions(paths=extract_calls(unit)[1])
