"""Documents in, resources out: one module for each dialect in which people write infrastructure configurations.

A dialect registers by being a module of this folder without a leading underscore, with ``DIALECT``, ``MARKERS`` and
``extract``. It is imported when a document is worth it: testing a file for markers must stay cheap.
"""

from __future__ import annotations

from iblint.dialects.shared.markers import has_marker, is_ours

TYPE_CHECKING = False  # importing typing would triple the price of dismissing a file
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.cloudformation.assembly import with_constructs
    from iblint.dialects.cloudformation.exports import may_export
    from iblint.dialects.cloudformation.parameter_files import read_parameters
    from iblint.dialects.shared.extraction import MAX_CONFIGURATIONS, Deployment, Extraction, Given
    from iblint.dialects.shared.registry import DIALECTS
    from iblint.model.document import Document

__all__ = [
    "DIALECTS",
    "MAX_CONFIGURATIONS",
    "Deployment",
    "Extraction",
    "Given",
    "extract",
    "has_marker",
    "is_ours",
    "may_export",
    "read_parameters",
    "with_constructs",
]

_HOMES = {
    "DIALECTS": "shared.registry",
    "MAX_CONFIGURATIONS": "shared.extraction",
    "Deployment": "shared.extraction",
    "Extraction": "shared.extraction",
    "Given": "shared.extraction",
    "may_export": "cloudformation.exports",
    "read_parameters": "cloudformation.parameter_files",
    "with_constructs": "cloudformation.assembly",
}
"""The modules that define what is imported when it is asked for."""


def extract(document: Document, *, dialect: str | None = None, deployment: Deployment | None = None) -> Extraction:
    """The resources of a document, recognised by content, or all that it holds when ``dialect`` says what it is.

    ``deployment`` settles values that the document itself leaves open.

    Raises UsageError for a dialect that does not exist.
    """
    from iblint.dialects.shared.registry import extract

    return extract(document, dialect, deployment)


def __getattr__(name: str) -> Any:
    """Import what the other modules define when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"iblint.dialects.{_HOMES[name]}"), name)
