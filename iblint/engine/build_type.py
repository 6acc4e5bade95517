"""What kind of image a configuration builds, from every source that says so."""

from __future__ import annotations

from typing import get_args

from iblint.model.context import BuildType, BuildTypeValue, Evidence, Target
from iblint.model.resource import Resource

_VALUES = get_args(BuildTypeValue)


def resolve_build_type(resource: Resource, target: Target) -> BuildType:
    """Collect the declarations for a configuration; any one decides, two that differ are a conflict.

    Sources: the document's directives, then what configuration or command line declare (``target.build_type``).
    """
    declared = [
        Evidence(d.value, f"'build-type={d.value}' on line {d.location.span.line}", d.location)
        for d in resource.directives
        if d.key == "build-type" and d.value in _VALUES
    ]
    declared += [Evidence(value, source) for value, source in target.build_type]
    known = [evidence for evidence in declared if evidence.value != "unknown"]
    if not known:
        return BuildType("unknown")
    first = known[0]
    other = next((evidence for evidence in known if evidence.value != first.value), None)
    value: BuildTypeValue = next(v for v in _VALUES if v == first.value)
    return BuildType(value, tuple(known), (first, other) if other else None)
