"""Find the parameter values that a resource requires to exist, if the known values make its condition false."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iblint.dialects.cloudformation.intrinsics import read_call
from iblint.dialects.cloudformation.template import Template
from iblint.dialects.shared.decision_tree import placeholder
from iblint.dialects.shared.extraction import Given
from iblint.model.record import Record, field
from iblint.model.resource import Place
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAME = r"\$\{\s*([^}]*?)\s*\}"


class Requirements(Record):
    """Values of parameters that a resource requires to exist."""

    values: dict[str, Given] = field(default_factory=dict)
    """Parameter -> the literal that the condition compares it with."""
    open: frozenset[str] = frozenset()
    """Other parameters that the condition depends on. Their known values do not apply."""


def requirements_of(template: Template, condition: str) -> Requirements:
    """Return what parameters must be for a condition to be true."""
    parameters = template.section("Parameters")
    used = named_by(template, condition)
    values: dict[str, Given] = {}
    for operands in _equalities(template, condition):
        _compared(template, operands, values)
    return Requirements(values, frozenset(used & parameters.keys() - values.keys()))


def named_by(template: Template, raw: Any) -> set[str]:
    """Return every string of a raw node that may be a name, and those of the conditions that it depends on.

    Only the parameters among them can decide the value of the node.
    """
    conditions = template.section("Conditions")
    found: set[str] = set()
    waiting = _texts(raw)
    while waiting:
        text = waiting.pop()
        if text not in found:
            found.add(text)
            waiting += _texts(conditions[text]) if text in conditions else ()
    return found


def _texts(raw: Any) -> list[str]:
    """Return all strings that may name a parameter or another condition."""
    texts: list[str] = []
    waiting = [raw]
    for node in waiting:
        if isinstance(node, str):
            texts.append(node)
            if "${" in node:
                texts += re.findall(_NAME, node)
        elif isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
        elif isinstance(node, Tagged):
            waiting.append(node.value)
    return texts


def _equalities(template: Template, condition: str) -> Iterator[list[Any]]:
    """Yield the operands of each equality that a condition requires: the condition itself, or an operand of And."""
    conditions, seen = template.section("Conditions"), {condition}
    waiting = [conditions.get(condition)]
    while waiting:
        raw = waiting.pop()
        call = read_call(raw, Place(template.document.spans.root))
        name, argument = (call.name, call.argument) if call is not None else ("", None)
        if isinstance(raw, dict) and list(raw) == ["Condition"]:
            name, argument = "Condition", raw["Condition"]
        match name, argument:
            case "And", list(operands):
                waiting += operands
            case "Condition", str(other) if other not in seen:
                seen.add(other)
                waiting.append(conditions.get(other))
            case "Equals", [_, _]:
                yield argument


def _compared(template: Template, operands: list[Any], values: dict[str, Given]) -> None:
    """Record the value of a parameter that is compared with a literal."""
    for index, literal in enumerate(operands):
        reference = read_call(operands[1 - index], Place(template.document.spans.root))
        if reference is None or reference.name != "Ref" or not isinstance(literal, str) or placeholder(literal):
            continue
        if isinstance(reference.argument, str) and reference.argument in template.section("Parameters"):
            location = template.location(template.place(operands, index), "where the resource exists")
            values.setdefault(reference.argument, Given(literal, location))
