"""The dialects, found by listing the folder ``dialects``."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module

from iblint.dialects.shared.extraction import Deployment, Extraction
from iblint.dialects.shared.markers import has_marker
from iblint.model.document import Document
from iblint.model.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Dialect(Protocol):
        """What a dialect's module offers."""

        DIALECT: str
        """Its name in reports and settings; the module's name with hyphens."""
        MARKERS: tuple[bytes, ...]
        """Byte strings of which every document of the dialect holds one; each is covered by ``markers.MARKERS``."""

        def extract(self, document: Document, forced: bool, deployment: Deployment) -> Extraction:
            """Its resources; ``forced`` when the user says that the document is of this dialect."""
            ...


def _modules() -> dict[str, str]:
    """Dialect -> name of its module."""
    stems = (os.path.splitext(name) for name in os.listdir(os.path.dirname(os.path.dirname(__file__))))
    found = (stem for stem, suffix in stems if suffix in (".py", "") and not stem.startswith("_") and stem != "shared")
    return {stem.replace("_", "-"): stem for stem in sorted(found)}


DIALECTS: tuple[str, ...] = tuple(_modules())


@cache
def _load(name: str) -> Dialect:
    """Import a dialect. Raises TypeError when its module is not one: a defect of iblint."""
    module = import_module(f"iblint.dialects.{_modules()[name]}")
    if getattr(module, "DIALECT", None) != name or not callable(getattr(module, "extract", None)):
        raise TypeError(f"{module.__name__} is no dialect: it needs DIALECT = {name!r}, MARKERS and extract()")
    if not all(isinstance(marker, bytes) and has_marker(marker) for marker in module.MARKERS):
        raise TypeError(f"{module.__name__}: every one of its MARKERS must be covered by markers.MARKERS")
    dialect: Dialect = module
    return dialect


def extract(document: Document, dialect: str | None, deployment: Deployment | None) -> Extraction:
    """What any dialect recognises in the document, or all that it holds as the one that it is said to be."""
    deployment = deployment or Deployment()
    if dialect is not None:
        if dialect not in DIALECTS:
            raise UsageError(f"unknown dialect '{dialect}'; known are: {', '.join(DIALECTS)}")
        return _load(dialect).extract(document, True, deployment)
    found = []
    for name in DIALECTS:
        extraction = _load(name).extract(document, False, deployment)
        if extraction.resources or extraction.problems:
            found.append(extraction)
    if len(found) == 1:
        return found[0]
    return Extraction(
        tuple(resource for extraction in found for resource in extraction.resources),
        tuple(problem for extraction in found for problem in extraction.problems),
    )
