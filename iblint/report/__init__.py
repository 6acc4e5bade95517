"""Report formats: a report is written as text, by one module for each format.

The folder is the registry. Each module or package without a leading underscore is a format and has
``NEEDS: Needs`` and ``render(report: Report, style: Style) -> str``. ``render`` here masks secrets before it calls a
format.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from iblint.model.report import Report
    from iblint.report._style import Checkout, Needs, Prose, Style

__all__ = ["FORMATS", "Checkout", "Needs", "Prose", "Style", "needs_of", "nothing_found", "nothing_to_check", "render"]


def _formats() -> tuple[str, ...]:
    stems = (os.path.splitext(name) for name in os.listdir(os.path.dirname(__file__)))
    return tuple(sorted(stem for stem, suffix in stems if suffix in (".py", "") and not stem.startswith("_")))


FORMATS: tuple[str, ...] = _formats()
"""The names of all formats, sorted."""


def needs_of(formats: Iterable[str], *, detailed: bool = False) -> Needs:
    """Return what the formats need together. ``detailed`` says that the user asks for details.

    Raises UsageError for a name that is not in ``FORMATS``.
    """
    from iblint.report._style import Needs

    needs = [_format(name).NEEDS for name in formats]
    return Needs(
        reasons=any(need.reasons or (detailed and need.reasons_if_detailed) for need in needs),
        reasons_if_detailed=any(need.reasons_if_detailed for need in needs),
        checkout=any(need.checkout for need in needs),
        prose=any(need.prose for need in needs),
    )


def render(name: str, report: Report, style: Style) -> str:
    """Write the report in the format ``name``. The text ends in a newline, or is empty if there is nothing to show.

    Raises UsageError for a name that is not in ``FORMATS``.
    """
    from iblint.report._redaction import without_secrets

    rendered: str = _format(name).render(without_secrets(report), style)
    return rendered


def _format(name: str) -> Any:
    if name not in FORMATS:
        from iblint.model.errors import UsageError

        raise UsageError(f"Unknown format '{name}'. Formats: {', '.join(FORMATS)}.")
    return _module(name)


def _module(name: str) -> Any:
    from importlib import import_module

    return import_module(f"iblint.report.{name}")


def nothing_found(files: int) -> str:
    """Return the counts of a run without configurations. The fast path of the command line prints them, too."""
    noun = "file" if files == 1 else "files"
    return f"0 configurations: no Image Builder infrastructure configuration recognised in {files} {noun}"


def nothing_to_check(exit_code: int) -> str:
    """Return the meaning of the exit code (0 or 3) of a run without configurations."""
    if exit_code:
        return "nothing to check: --require-configurations needs at least one configuration"
    return "nothing to check"


def __getattr__(name: str) -> Any:
    """Load the classes of this interface on first use: the fast path imports this module and uses none of them."""
    if name not in ("Checkout", "Needs", "Prose", "Style"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_module("_style"), name)
