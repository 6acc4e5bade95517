"""A request against what the account has: field by field, without what the service adds of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.values import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

_ADDED = frozenset({"arn", "dateCreated", "dateUpdated", "name"})
"""What only the answer has; and the name, which the ARN stands for and no update can change."""
_DEFAULTS: Mapping[Path, Any] = {
    ("terminateInstanceOnFailure",): True,
    ("terminateInstanceOnCompletion",): True,
    ("placement", "tenancy"): "default",
}
"""What the service shows, or may show, for what was not given."""
_SETS = frozenset({("instanceTypes",), ("securityGroupIds",)})
"""Lists without an order."""


class Change(Record):
    """A field that differs. ``old`` or ``new`` is ABSENT when only the other side has it."""

    path: Path
    old: Any
    new: Any

    @property
    def kind(self) -> Literal["add", "change", "clear"]:
        """What an update does to the field."""
        return "add" if self.old is ABSENT else "clear" if self.new is ABSENT else "change"


def changes(request: Mapping[str, Any], observed: Mapping[str, Any]) -> tuple[Change, ...]:
    """What an update would do to ``observed``, in the order of the fields' names.

    What is not given and what the service fills in by default are the same.
    """
    want, have = dict(_fields(request)), dict(_fields(observed))
    found = []
    for path in sorted(want.keys() | have.keys(), key=str):
        default = _DEFAULTS.get(path, ABSENT)
        old, new = have.get(path, default), want.get(path, default)
        if _comparable(path, old) != _comparable(path, new):
            found.append(Change(path, have.get(path, ABSENT), want.get(path, ABSENT)))
    return tuple(found)


def holds(request: Mapping[str, Any], observed: Mapping[str, Any]) -> bool:
    """Whether everything that was sent is in effect. What else is there, the service has filled in."""
    same_name = request.get("name") == observed.get("name")
    return same_name and all(change.kind == "clear" for change in changes(request, observed))


def _fields(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf; empty mappings and lists are none, and AWS's own tags are not the user's."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            own = path == ("tags",) and str(key).startswith("aws:")
            if not own and (path or key not in _ADDED):
                yield from _fields(item, (*path, key))
    elif value != [] and value is not None:
        yield path, value


def _comparable(path: Path, value: Any) -> str:
    if value is ABSENT:
        return ""
    if path in _SETS and isinstance(value, list):
        value = sorted(set(map(str, value)))
    return json.dumps(value, sort_keys=True)
