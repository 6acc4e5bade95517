"""Values that pass from one module to another."""

from __future__ import annotations

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform.values import first_unknown
from iblint.model.record import replace
from iblint.model.values import Open, Unresolved


def renamed(value: Value, expression: str) -> Value:
    """Return a value that comes from another module: what is not known in it is called as it is read here.

    Its own name could also be that of another value here, and conditions are named after what they depend on.
    """
    data = value.data
    if isinstance(data, Unresolved):
        return Value(replace(data, expression=expression), value.where)
    if first_unknown(value) is None:
        return value
    if isinstance(data, dict):
        members = {key: renamed(item, f"{expression}.{key}") for key, item in data.items()}
        if isinstance(data, Open):
            return Value(Open(members, replace(data.rest, expression=expression)), value.where)
        return Value(type(data)(members), value.where)
    if isinstance(data, list):
        items = [renamed(item, f"{expression}[{place}]") for place, item in enumerate(data)]
        return Value(type(data)(items), value.where)
    return value
