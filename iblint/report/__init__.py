"""Writers: Report -> text, one module for each format.

The folder is the registry: each module or package without a leading underscore is a format and has
``render(report: Report, style: Style) -> str``. The ``render`` here is the way in: it takes secrets out of the report
before any writer sees it.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # importing typing would triple the price of dismissing a file
if TYPE_CHECKING:
    from typing import Any

    from iblint.model.report import Report
    from iblint.report._style import Checkout, Prose, Style

__all__ = ["FORMATS", "Checkout", "Prose", "Style", "render"]


def _formats() -> tuple[str, ...]:
    stems = (os.path.splitext(name) for name in os.listdir(os.path.dirname(__file__)))
    return tuple(sorted(stem for stem, suffix in stems if suffix in (".py", "") and not stem.startswith("_")))


FORMATS: tuple[str, ...] = _formats()
"""Names of all formats, sorted."""


def render(name: str, report: Report, style: Style) -> str:
    """Write the report in the format ``name``; the text ends in a newline, or is empty when there is nothing to say.

    Raises UsageError for a name that is not in ``FORMATS``.
    """
    if name not in FORMATS:
        from iblint.model.errors import UsageError

        raise UsageError(f"There is no format '{name}'. Formats: {', '.join(FORMATS)}.")
    from importlib import import_module

    from iblint.report._redaction import without_secrets

    writer = import_module(f"iblint.report.{name}")
    rendered: str = writer.render(without_secrets(report), style)
    return rendered


def __getattr__(name: str) -> Any:
    """Import what is said of the looks of reports when it is asked for."""
    if name not in ("Checkout", "Prose", "Style"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from iblint.report import _style

    return getattr(_style, name)
