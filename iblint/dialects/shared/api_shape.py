"""How programs and commands write the members of the request: by the names of the API, with the types that it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache

from iblint.dialects.shared.request_shape import Conventions
from iblint.model.path import Path
from iblint.schemas import read_schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.shared.request_shape import Schema
    from iblint.model.resource import Operation

UPDATE_KEY = "infrastructureConfigurationArn"
_NOT_UPDATED = ("name", "tags", "dryRun")
_SPELLING: dict[Path, str] = {}


@cache
def shape_of(operation: Operation) -> Schema:
    """Return the JSON Schema of a request, with the members of the create or the update call."""
    schema: dict[str, Any] = json.loads(read_schema("request"))
    without = ("$schema", *(_NOT_UPDATED if operation == "update" else ()))
    members = {name: member for name, member in schema["properties"].items() if name not in without}
    return {**schema, "properties": {UPDATE_KEY: {"type": "string"}, **members} if operation == "update" else members}


def conventions(is_rest: Callable[[Any], bool], spelling: Mapping[Path, str] = _SPELLING) -> Conventions:
    """Return the conventions of a form that writes the names of the API, and types that nothing converts."""
    return Conventions(
        name_of=lambda key, _schema: key,
        is_generator=is_rest,
        may_replace=lambda _key: False,
        coerce=lambda data, _kind: data,
        coerced_by="",
        spelling=lambda: spelling,  # type: ignore[arg-type, return-value]
    )
