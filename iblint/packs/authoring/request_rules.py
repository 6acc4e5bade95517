"""``request:`` rules: the projection of the request schema to some keywords at some paths."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from iblint.model.path import Path, from_pointer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ANY = "*"
"""A step of a path: any list item, or any value of a map."""

_COMPOSED = ("allOf", "anyOf", "oneOf", "if", "then", "else", "not")


class Area:
    """The part of a request that a projection covers: at and below some paths, except at and below others."""

    def __init__(self, paths: Sequence[str], excepted: Sequence[str]) -> None:
        self._paths = [from_pointer(p) for p in paths] or [()]
        self._excepted = [from_pointer(p) for p in excepted]

    def __contains__(self, path: Path) -> bool:
        return any(_begins(path, p) for p in self._paths) and not any(_begins(path, p) for p in self._excepted)


def project(schema: Any, keywords: Collection[str], area: Area, path: Path = ()) -> dict[str, Any]:
    """Return a schema with the structure of the request schema and, inside the area, the named keywords.

    ``required`` keeps the properties that are inside the area. ``additionalProperties: false`` is kept if the mapping
    itself is inside the area. The result is {} if nothing is left.
    """
    kept: dict[str, Any] = {}
    for keyword in keywords:
        if keyword not in schema or keyword in ("required", "additionalProperties"):
            continue
        if path in area and (keyword not in _COMPOSED or path):
            kept[keyword] = schema[keyword]
    if "required" in keywords:
        required = [name for name in schema.get("required", ()) if (*path, name) in area]
        kept |= {"required": required} if required else {}
    closed = schema.get("additionalProperties") is False and "additionalProperties" in keywords and path in area
    kept |= _properties(schema, keywords, area, path, closed)
    for keyword, step in (("items", (ANY,)), ("additionalProperties", (ANY,)), ("propertyNames", (ANY,))):
        inner = schema.get(keyword)
        if isinstance(inner, Mapping) and keyword not in kept:
            below = project(inner, keywords, area, path + step)
            kept |= {keyword: below} if below else {}
    return kept


def _properties(schema: Any, keywords: Collection[str], area: Area, path: Path, closed: bool) -> dict[str, Any]:
    """Return the properties with a projection that is not empty; all of them if unknown ones are rejected."""
    inner = {name: project(sub, keywords, area, (*path, name)) for name, sub in schema.get("properties", {}).items()}
    kept: dict[str, Any] = {name: sub for name, sub in inner.items() if sub or closed}
    return ({"properties": kept} if kept else {}) | ({"additionalProperties": False} if closed else {})


UPDATE_KEY = "infrastructureConfigurationArn"
NOT_UPDATED = ("name", "tags", "dryRun")
"""The members of the create request that the update request does not have."""

_REFUSED = {
    "message": "{field} is not a field of an update. A request with an unknown field is refused.",
    "help": "Remove {field}. The name cannot be changed, and tags are set by tag-resource.",
}


def of_update(create: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of the update request, given that of the create request.

    Source: botocore's service model of UpdateInfrastructureConfiguration, which a test compares.
    """
    properties = {name: schema for name, schema in create["properties"].items() if name not in NOT_UPDATED}
    required = [name for name in create["required"] if name not in NOT_UPDATED]
    return {**create, "properties": {UPDATE_KEY: {"type": "string"}, **properties}, "required": [UPDATE_KEY, *required]}


def refused_by_update(create: Mapping[str, Any]) -> dict[str, Any]:
    """Return schemas that accept no value, with messages, for the members that the update request does not have."""
    return {name: {"not": {}, "fault": _REFUSED} for name in NOT_UPDATED if name in create["properties"]}


def exists(schema: Any, path: Path) -> bool:
    """Return whether the request schema has a path. A step into a list is a number or ``*``, into a map anything."""
    for step in path:
        properties = schema.get("properties", {})
        if step in properties:
            schema = properties[step]
        elif isinstance(schema.get("items"), Mapping) and (step == ANY or isinstance(step, int)):
            schema = schema["items"]
        elif isinstance(schema.get("additionalProperties"), Mapping):
            schema = schema["additionalProperties"]
        else:
            return False
    return True


def _begins(path: Path, prefix: Path) -> bool:
    return len(path) >= len(prefix) and all(b in (a, ANY) for a, b in zip(path, prefix, strict=False))
