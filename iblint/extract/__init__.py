"""Documents in, resources out: one module for each dialect in which people write infrastructure configurations.

A dialect registers by being a module of this folder, with ``DIALECT``, ``MARKERS`` and ``extract``. It is imported when
a document is worth it: testing a file for markers must stay cheap.
"""

from __future__ import annotations

from iblint.extract.markers import has_marker, is_ours

TYPE_CHECKING = False  # importing typing would triple the price of dismissing a file
if TYPE_CHECKING:
    from typing import Any

    from iblint.extract.dialects import DIALECTS
    from iblint.extract.extraction import MAX_CONFIGURATIONS, Deployment, Extraction
    from iblint.model.document import Document

__all__ = ["DIALECTS", "MAX_CONFIGURATIONS", "Deployment", "Extraction", "extract", "has_marker", "is_ours"]


def extract(document: Document, *, dialect: str | None = None, deployment: Deployment | None = None) -> Extraction:
    """The resources of a document, recognised by content, or all that it holds when ``dialect`` says what it is.

    ``deployment`` settles values that the document itself leaves open.

    Raises UsageError for a dialect that does not exist.
    """
    from iblint.extract.dialects import extract_all, extract_as
    from iblint.extract.extraction import Deployment

    deployment = deployment or Deployment()
    return extract_all(document, deployment) if dialect is None else extract_as(document, dialect, deployment)


def __getattr__(name: str) -> Any:
    """Import what the other modules define when it is asked for."""
    if name in ("Deployment", "Extraction", "MAX_CONFIGURATIONS"):
        from iblint.extract import extraction

        return getattr(extraction, name)
    if name == "DIALECTS":
        from iblint.extract.dialects import DIALECTS

        return DIALECTS
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
