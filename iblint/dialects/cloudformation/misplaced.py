"""Find configurations outside the resources of a template. They are errors, because nothing judges them there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from iblint.model.document import Document, InputError
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION
from iblint.model.span import Entry
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

_TYPE = f"AWS::ImageBuilder::{INFRASTRUCTURE_CONFIGURATION}"
_ESCAPES = ("u00", "U0", "x", "\n", "\r", "\x85", "\u2028", "\u2029")
"""What follows a backslash in an escape that may spell a character of the type, or in a folded line."""

_Where: TypeAlias = "tuple[Any, Any, '_Where'] | None"
"""A container, a step into it, and the same for the container itself; None for the root."""

_MESSAGE = (
    "This infrastructure configuration is not a resource of the template, so it was not judged. Write "
    "it below 'Resources:', judge the template that is made of this file, or exclude the file in the configuration."
)


def misplaced_configurations(
    document: Document, judged: Collection[int] = (), *, looped: bool = False
) -> tuple[InputError, ...]:
    """Return an error for each configuration of a document that was not ``judged`` (by identity).

    ``looped``: whether the document has expanded loops, so that one mention of the type may be several configurations.
    """
    text = document.text
    if not looped and not may_hide(text) and ("&" not in text or not judged) and text.count(_TYPE) <= len(judged):
        return ()  # all mentions of the type are judged; an anchor could reuse one
    entries = [_entry(document, where) for where in _misplaced(document, judged)]
    spans = dict.fromkeys(entry.key or entry.value for entry in entries)
    return tuple(InputError(document.file, span.line, span.column, _MESSAGE) for span in spans)


@lru_cache(maxsize=1)
def may_hide(text: str) -> bool:
    """Return whether a text may spell words with escapes, so that searching for them finds nothing.

    A file has one text and may have many documents, also in its strings.
    """
    return any(after.startswith(_ESCAPES) for after in text.split("\\")[1:])


def _misplaced(document: Document, judged: Collection[int]) -> Iterator[_Where]:
    seen: set[int] = set()
    waiting: list[tuple[Any, _Where]] = [(document.data, None)]
    while waiting:
        node, where = waiting.pop()
        while isinstance(node, Tagged):
            node = node.value
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, dict) and _is_configuration(node) and id(node) not in judged:
            yield where
        steps = node if isinstance(node, dict) else range(len(node))
        waiting += [(node[step], (node, step, where)) for step in reversed(steps)]


def _entry(document: Document, where: _Where) -> Entry:
    """Return the entry at a place, or the innermost known one around it."""
    while where is not None:
        container, step, where = where
        entry = document.spans.entry(container, step)
        if entry is not None:
            return entry
    return Entry(None, document.spans.root)


def _is_configuration(node: dict[Any, Any]) -> bool:
    """Return whether a node is a resource of the type, also with blanks around the type or with Fn::Sub."""
    match node.get("Type"):
        case str(kind) | Tagged(value=str(kind)) | {"Fn::Sub": str(kind)}:
            return "Properties" in node and kind.strip() == _TYPE
    return False
