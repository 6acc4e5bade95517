"""How the plain scalars of a request in YAML are written, where their values do not show that."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.dialects.request.spec import Places
from iblint.model.document import Document
from iblint.model.path import ROOT, Path
from iblint.model.span import Span
from iblint.model.values import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NUMERIC = frozenset("0123456789+-.")
"""First characters of the texts that may be numbers in another version of YAML."""


def readings_of(document: Document, spec: dict[str, Any], places: Places) -> dict[Path, Reading]:
    """Return how each scalar is written whose value does not show it, by its path in the spec."""
    found: dict[Path, Reading] = {}
    lines: list[str] | None = None
    for path, value in _scalars(spec, ROOT) if document.syntax == "yaml" else ():
        entry = places.entry(path)
        if entry is None:
            continue
        lines = lines or lines_of(document.text)
        text = _as_plain(written_at(entry.written or entry.value, lines))
        if text is None or _shows(text, value):
            continue
        from iblint.parse.yaml.versions import in_yaml_1_2  # few documents have such a scalar

        other = in_yaml_1_2(text, value)
        if not isinstance(value, str) or not isinstance(other, str):
            found[path] = Reading(text, other)
    return found


def _scalars(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield the values below ``value`` that are no text, and the texts that may be numbers, with their paths."""
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict | list):
            yield from _scalars(item, (*path, step))
        elif item.__class__ is not str or item[:1] in _NUMERIC:
            yield (*path, step), item


def _shows(text: str, value: Any) -> bool:
    """Return whether a text that YAML 1.1 reads as ``value`` shows it, and every reader agrees."""
    if value is None:
        return text in ("", "null")
    if value.__class__ is bool:
        return text in ("true", "false", "True", "False", "TRUE", "FALSE")
    return value.__class__ in (int, float) and text == str(value)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, as spans count them."""
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).split("\n")


def written_at(span: Span, lines: list[str]) -> str:
    """Return what is written at a span, as far as its first line goes."""
    end = span.end_column - 1 if span.line == span.end_line else None
    return lines[span.line - 1][span.column - 1 : end]


def _as_plain(text: str) -> str | None:
    """Return a plain scalar without its anchor; None for one with quotes, a tag, or several lines."""
    if text.startswith("&"):
        text = text.partition(" ")[2].lstrip()
    return None if text.startswith(("'", '"', "!", "|", ">")) else text
