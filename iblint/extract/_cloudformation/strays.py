"""Configurations that stand elsewhere than among the resources of the template: nothing judges them there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from iblint.model.document import Document, Problem
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION
from iblint.model.span import Entry
from iblint.model.values import Tagged

_TYPE = f"AWS::ImageBuilder::{INFRASTRUCTURE_CONFIGURATION}"
_BODY = "TemplateBody"
"""The property of a stack set that holds a template as a text."""

_MESSAGE = (
    "An infrastructure configuration stands here, but not as a resource of the template, so it was not judged. Write "
    "it below 'Resources:', judge the template that is made of this file, or exclude the file in the configuration."
)


def strays_of(document: Document, judged: Collection[int] = ()) -> tuple[Problem, ...]:
    """A Problem for each configuration of a document that is none of those that were ``judged``, by identity."""
    if _TYPE not in document.text and "\\" not in document.text:
        return ()
    spans = [(entry.key or entry.value) for entry in _strays(document, judged)]
    return tuple(Problem(document.file, span.line, span.column, _MESSAGE) for span in dict.fromkeys(spans))


def _strays(document: Document, judged: Collection[int]) -> Iterator[Entry]:
    seen: set[int] = set()
    waiting: list[tuple[Any, Entry]] = [(document.data, Entry(None, document.spans.root))]
    while waiting:
        node, entry = waiting.pop()
        while isinstance(node, Tagged):
            node = node.value
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        entries = document.spans.of(node)
        steps = node if isinstance(node, dict) else range(len(node))
        if isinstance(node, dict) and _is_configuration(node):
            if id(node) not in judged:
                yield entry
        elif isinstance(node, dict) and _holds_template(node):
            yield entries.get(_BODY, entry)
        waiting += [(node[step], entries.get(step, entry)) for step in reversed(list(steps))]


def _is_configuration(node: dict[Any, Any]) -> bool:
    """Whether it is written as a resource of the type, even if the type has blanks around it or a function makes it."""
    match node.get("Type"):
        case str(kind) | Tagged(value=str(kind)) | {"Fn::Sub": str(kind)}:
            return "Properties" in node and kind.strip() == _TYPE
    return False


def _holds_template(node: dict[Any, Any]) -> bool:
    return isinstance(node.get(_BODY), str) and _TYPE in node[_BODY]
