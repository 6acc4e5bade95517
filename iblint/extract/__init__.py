"""Documents in, resources out: one module for each dialect in which people write infrastructure configurations.

A dialect registers by being a module of this folder without a leading underscore, with ``DIALECT``, ``MARKERS`` and
``extract``. It is imported when a document is worth it: testing a file for markers must stay cheap.
"""

from __future__ import annotations

from iblint.extract._markers import has_marker, is_ours

TYPE_CHECKING = False  # importing typing would triple the price of dismissing a file
if TYPE_CHECKING:
    from iblint.extract._constructs import with_constructs
    from iblint.extract._dialects import DIALECTS
    from iblint.extract._exporters import may_export
    from iblint.extract._extraction import MAX_CONFIGURATIONS, Deployment, Extraction, Given
    from iblint.extract._parameters import read_parameters
    from iblint.hints import Any
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
    "DIALECTS": "_dialects",
    "MAX_CONFIGURATIONS": "_extraction",
    "Deployment": "_extraction",
    "Extraction": "_extraction",
    "Given": "_extraction",
    "may_export": "_exporters",
    "read_parameters": "_parameters",
    "with_constructs": "_constructs",
}
"""The modules that define what is imported when it is asked for."""


def extract(document: Document, *, dialect: str | None = None, deployment: Deployment | None = None) -> Extraction:
    """The resources of a document, recognised by content, or all that it holds when ``dialect`` says what it is.

    ``deployment`` settles values that the document itself leaves open.

    Raises UsageError for a dialect that does not exist.
    """
    from iblint.extract._dialects import extract

    return extract(document, dialect, deployment)


def __getattr__(name: str) -> Any:
    """Import what the other modules define when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"iblint.extract.{_HOMES[name]}"), name)
