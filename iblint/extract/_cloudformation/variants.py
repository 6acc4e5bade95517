"""What a configuration would be with other values that its parameters allow than their defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from iblint.extract._cloudformation.intrinsics import Resolver
from iblint.extract._cloudformation.properties import Spec, request_shape
from iblint.extract._cloudformation.template import Declared, Template
from iblint.extract._cloudformation.value import as_text
from iblint.extract._extraction import Deployment, Given
from iblint.model.record import replace
from iblint.model.resource import Variant

MAX_VARIANTS = 100
"""Allowed values that are tried for one configuration; it is a hint, so further ones are left."""


def variants_of(
    template: Template, deployment: Deployment, declared: Declared, spec: Mapping[str, Any]
) -> tuple[Variant, ...]:
    """The specs other than ``spec`` that come of one parameter having another allowed value than its default."""
    found = (
        _variant(template, deployment, declared, *other)
        for other in islice(_others(template, deployment), MAX_VARIANTS)
    )
    return tuple(variant for variant in found if variant.spec != spec)


def _others(template: Template, deployment: Deployment) -> Iterator[tuple[str, Given]]:
    """Each parameter that has a default, with each other value that it allows."""
    for name, declaration in template.section("Parameters").items():
        if name in deployment.parameters or not isinstance(declaration, dict) or "Default" not in declaration:
            continue
        allowed, default = declaration.get("AllowedValues"), as_text(declaration["Default"])
        for index, value in enumerate(allowed if isinstance(allowed, list) else ()):
            text = as_text(value)
            if text is not None and text != default:
                label = f"parameter '{name}' allows it"
                yield str(name), Given(text, template.location(template.place(allowed, index), label))


def _variant(template: Template, deployment: Deployment, declared: Declared, name: str, given: Given) -> Variant:
    parameters = {**deployment.parameters, name: given}
    spec = Spec()
    spec.build(Resolver(template, replace(deployment, parameters=parameters)).properties(declared), request_shape())
    return Variant(name, given.text or "", spec.spec, given.location)
