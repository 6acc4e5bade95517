"""Validate requests by botocore's service model: required members, types, lengths, ranges, patterns, enums."""

from __future__ import annotations

import re
from typing import Any

from tests.fake_aws.wire import AwsError

TYPES = {
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "long": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "list": lambda v: isinstance(v, list),
    "map": lambda v: isinstance(v, dict),
    "structure": lambda v: isinstance(v, dict),
}


def validate(shape: Any, params: Any) -> None:
    """Raise an InvalidRequestException for the first violation of the model.

    Which code the service itself gives each of these is not known: tests must assert the class (4xx), not the code.
    """
    for complaint in complaints(shape, params, ""):
        raise AwsError("InvalidRequestException", complaint)


def complaints(shape: Any, value: Any, path: str) -> list[str]:
    """Return every violation of the model."""
    if not TYPES[shape.type_name](value):
        return [f"{path or 'request'} has the wrong type, {shape.type_name} expected"]
    found = _limits(shape, value, path)
    if shape.type_name == "structure":
        found += [f"{path}.{name} is missing" for name in shape.required_members if name not in value]
        for name, member in shape.members.items():
            if name in value:
                found += complaints(member, value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            found += complaints(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            found += complaints(shape.key, key, f"{path} key") + complaints(shape.value, item, f"{path}[{key}]")
    return found


def unknown_members(shape: Any, value: Any, path: str = "") -> list[str]:
    """Return the members of a response that its shape does not have: the fake must not invent any."""
    if shape.type_name == "structure":
        found = [f"{path}.{name}" for name in value if name not in shape.members]
        for name, member in shape.members.items():
            if name in value:
                found += unknown_members(member, value[name], f"{path}.{name}")
        return found
    if shape.type_name == "list":
        return [name for item in value for name in unknown_members(shape.member, item, path)]
    return []


def _limits(shape: Any, value: Any, path: str) -> list[str]:
    metadata = shape.metadata
    size = value if isinstance(value, int) else len(value) if not isinstance(value, bool) else 0
    found = []
    if "min" in metadata and size < metadata["min"]:
        found.append(f"{path} is below {metadata['min']}")
    if "max" in metadata and size > metadata["max"]:
        found.append(f"{path} is above {metadata['max']}")
    if "pattern" in metadata and not re.fullmatch(metadata["pattern"], value):
        found.append(f"{path} does not match {metadata['pattern']}")
    if "enum" in metadata and value not in metadata["enum"]:
        found.append(f"{path} is none of {', '.join(metadata['enum'])}")
    return found
