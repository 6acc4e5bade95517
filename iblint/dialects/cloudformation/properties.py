"""How CloudFormation writes the members of the request: PascalCase, with types converted from strings."""

from __future__ import annotations

import re
from functools import cache

from iblint.dialects.cloudformation.intrinsics import is_function
from iblint.dialects.cloudformation.macros import may_replace
from iblint.dialects.shared.decision_tree import as_text
from iblint.dialects.shared.request_shape import NOT_PROPERTIES, Conventions, request_shape
from iblint.model.path import ROOT, Path
from iblint.model.record import replace
from iblint.model.values import Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.shared.request_shape import Schema

_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}
_INTEGER = r"[+-]?[0-9]{1,18}"


@cache
def request_spelling() -> dict[Path, str]:
    """Return how a template writes each member of the request: ``InstanceMetadataOptions.HttpTokens``."""
    spelling: dict[Path, str] = {}

    def visit(schema: Schema, path: Path, written: str) -> None:
        for name, member in schema.get("properties", {}).items():
            spelling[*path, name] = f"{written}.{_upper(name)}".lstrip(".")
            visit(member, (*path, name), spelling[*path, name])

    visit(request_shape(), ROOT, "")
    return spelling


def name_of(key: str, schema: Schema | None = None) -> str:
    """Return the canonical name of a property.

    A key that the resource type does not have never gets the name of a known member.
    """
    if schema is None:
        return key[:1].lower() + key[1:]
    known = schema.get("properties")
    if known is None:
        return key
    lowered = key[:1].lower() + key[1:]
    if lowered in known and key != lowered:
        return lowered
    if key in known or key in NOT_PROPERTIES:
        return _upper(key) if _upper(key) != key else key.upper()
    return key


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def _coerce(data: Any, kind: Any) -> Any:
    """Return a scalar as the type of the property, if CloudFormation converts it, else unchanged."""
    match kind:
        case "boolean" | "integer" if isinstance(data, Unresolved) and data.kind is not None:
            return replace(data, kind=None)  # a string may be converted
        case "boolean" if isinstance(data, str):
            return _BOOLEANS.get(data, data)
        case "integer" if isinstance(data, str) and re.fullmatch(_INTEGER, data):
            return int(data)
        case "string" if data is not None and not isinstance(data, str):
            text = as_text(data)
            return data if text is None else text
    return data


CONVENTIONS = Conventions(name_of, is_function, may_replace, _coerce, "CloudFormation", request_spelling)
