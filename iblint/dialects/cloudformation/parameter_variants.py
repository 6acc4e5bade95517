"""The specs of a configuration if a parameter had another allowed value than its default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from iblint.dialects.cloudformation.properties import CONVENTIONS, request_shape
from iblint.dialects.cloudformation.requirements import named_by
from iblint.dialects.cloudformation.resolver import Resolver
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.shared.decision_tree import as_text
from iblint.dialects.shared.extraction import Deployment, Given
from iblint.dialects.shared.request_shape import Spec
from iblint.model.record import replace
from iblint.model.resource import Variant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_VARIANTS = 100
"""Allowed values that are tried for one configuration. The result is only a note, so the rest is ignored."""


def variants_of(
    template: Template, deployment: Deployment, declared: Declared, spec: Mapping[str, Any]
) -> tuple[Variant, ...]:
    """Return the specs that differ from ``spec`` if one parameter has another allowed value than its default."""
    others = list(islice(_others(template, deployment), MAX_VARIANTS))
    named = named_by(template, declared.body) if others else ()
    found = (_variant(template, deployment, declared, *other) for other in others if other[0] in named)
    return tuple(variant for variant in found if variant.spec != spec)


def _others(template: Template, deployment: Deployment) -> Iterator[tuple[str, str, list[Any], int]]:
    """Yield each parameter with a default and each other allowed value: name, value, list and index."""
    for name, declaration in template.section("Parameters").items():
        if name in deployment.parameters or not isinstance(declaration, dict) or "Default" not in declaration:
            continue
        allowed, default = declaration.get("AllowedValues"), as_text(declaration["Default"])
        if not isinstance(allowed, list):
            continue
        for index, value in enumerate(allowed):
            text = as_text(value)
            if text is not None and text != default:
                yield str(name), text, allowed, index


def _variant(
    template: Template, deployment: Deployment, declared: Declared, name: str, text: str, allowed: list[Any], index: int
) -> Variant:
    location = template.location(template.place(allowed, index), f"parameter '{name}' allows it")
    parameters = {**deployment.parameters, name: Given(text, location)}
    spec = Spec(CONVENTIONS)
    spec.build(Resolver(template, replace(deployment, parameters=parameters)).properties(declared), request_shape())
    return Variant(name, text, spec.spec, location)
