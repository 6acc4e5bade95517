"""Values in the shape of resources: canonical names, plain data, places."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.request_shape import Conventions, Spec, request_shape
from iblint.dialects.terraform.aws import NAMES
from iblint.dialects.terraform.values import Json, Lookup
from iblint.model.path import ROOT, Path
from iblint.model.values import ABSENT, Choice, Open, Option, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.shared.request_shape import Schema

REST = "..."
"""The key that stands for further entries of a mapping, which are not known."""


@cache
def spelling() -> dict[Path, str]:
    """Return how Terraform writes each member of the request: ``instance_metadata_options.http_tokens``."""
    written = {member: name for name, member in NAMES.items()}
    found: dict[Path, str] = {}

    def visit(schema: Schema, path: Path, above: str) -> None:
        for name, member in schema.get("properties", {}).items():
            found[*path, name] = f"{above}.{written.get(name, name)}".lstrip(".")
            visit(member, (*path, name), found[*path, name])

    visit(request_shape(), ROOT, "")
    return found


def _same_name(key: str, schema: Schema | None) -> str:  # noqa: ARG001 - the signature
    return key


def _is_rest(key: Any) -> bool:
    return bool(key == REST)


def _never(key: Any) -> bool:  # noqa: ARG001 - the signature
    return False


def _as_it_is(data: Any, kind: Any) -> Any:  # noqa: ARG001 - the signature
    return data


CONVENTIONS = Conventions(_same_name, _is_rest, _never, _as_it_is, "Terraform", spelling)


def spec_of(members: Mapping[str, Value], where: Any, schema: Schema | None = None) -> Spec:
    """Return the spec of a resource."""
    spec = Spec(CONVENTIONS)
    shown = {name: finished(value) for name, value in members.items()}
    spec.build(Value({name: value for name, value in shown.items() if value.data is not None}, where), schema)
    return spec


def finished(value: Value) -> Value:
    """Return a value as rules read it: no kinds of collections, no null in mappings, no whole resources."""
    data = value.data
    if isinstance(data, Choice):
        options = tuple(Option(option.label, _present(finished(option.value))) for option in data.options)
        return Value(Choice(data.variable, options, data.expression), value.where)
    if isinstance(data, Lookup):
        return Value(Unresolved("the resource", "a whole resource or module is not one value"), value.where)
    if isinstance(data, Json):
        return Value(Unresolved(data.expression, data.reason, data.refers_to, data.text), value.where)
    if isinstance(data, dict):
        made = {key: finished(item) for key, item in data.items()}
        made = {key: item for key, item in made.items() if item.data is not None}
        if isinstance(data, Open):
            made[REST] = Value(data.rest, value.where)
        return Value(made, value.where)
    if isinstance(data, list):
        return Value([_present(finished(item)) for item in data], value.where)
    if isinstance(data, Decimal):
        return Value(float(data), value.where)
    return value


def _present(value: Value) -> Value:
    return Value(ABSENT, value.where) if value.data is None else value
