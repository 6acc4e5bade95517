"""The specs of a configuration if a parameter had another allowed value than its default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from iblint.dialects.cloudformation.properties import CONVENTIONS
from iblint.dialects.cloudformation.requirements import named_by
from iblint.dialects.cloudformation.resolver import Resolver
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.cloudformation.work import Work
from iblint.dialects.shared.decision_tree import as_text
from iblint.dialects.shared.extraction import Deployment, Given
from iblint.dialects.shared.request_shape import Spec, request_shape
from iblint.model.record import replace
from iblint.model.resource import Variant
from iblint.model.values import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_VARIANTS = 100
"""Allowed values that are tried for one configuration. The result is only a note, so the rest is ignored."""


def variants_of(
    template: Template, deployment: Deployment, declared: Declared, spec: Mapping[str, Any], work: Work
) -> tuple[Variant, ...]:
    """Return the specs that differ from ``spec`` if one parameter has another allowed value than its default.

    When the template has taken all of its steps there are no more.
    """
    others = list(islice(_others(template, deployment), MAX_VARIANTS))
    named = named_by(template, declared.body) if others else ()
    size = _size(spec)
    variants = []
    for other in others:
        if other[0] not in named:
            continue
        work.add(size)
        if work.is_over:
            break
        variants.append(_variant(template, deployment, declared, *other, work))
    return tuple(variant for variant in variants if variant.spec != spec)


def _size(value: Any) -> int:
    """Return the number of values in a spec, itself included."""
    if isinstance(value, Mapping):
        return 1 + sum(map(_size, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(_size, value))
    if isinstance(value, Choice):
        return 1 + sum(_size(option.value) for option in value.options)
    return 1


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
    template: Template,
    deployment: Deployment,
    declared: Declared,
    name: str,
    text: str,
    allowed: list[Any],
    index: int,
    work: Work,
) -> Variant:
    location = template.location(template.place(allowed, index), f"parameter '{name}' allows it")
    parameters = {**deployment.parameters, name: Given(text, location)}
    spec = Spec(CONVENTIONS)
    resolver = Resolver(template, replace(deployment, parameters=parameters), work=work)
    spec.build(resolver.properties(declared), request_shape())
    return Variant(name, text, spec.spec, location)
