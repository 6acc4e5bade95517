"""Compare a request with the configuration in the account, without the fields that the service adds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from iblint.apply.request import UPDATED
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.values import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

_NOT_COMPARED = frozenset({"arn", "dateCreated", "dateUpdated", "name", UPDATED})
"""Fields that only the response has; and the name, which no update can change and the ARN identifies."""
_DEFAULTS: Mapping[Path, Any] = {
    ("terminateInstanceOnFailure",): True,
    ("terminateInstanceOnCompletion",): True,
    ("placement", "tenancy"): "default",
}
"""The values that the service may return for fields that were not set."""
_UNORDERED = frozenset({("instanceTypes",), ("securityGroupIds",)})
"""Lists whose order does not matter."""


class Change(Record):
    """A field that differs. ``old`` or ``new`` is ABSENT if only the other side has the field."""

    path: Path
    old: Any
    new: Any

    @property
    def kind(self) -> Literal["add", "change", "clear"]:
        """The effect of an update on the field."""
        return "add" if self.old is ABSENT else "clear" if self.new is ABSENT else "change"


def changes(request: Mapping[str, Any], observed: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the changes that an update makes to ``observed``, ordered by path.

    A field that is not set equals the default that the service fills in. An update request leaves the tags.
    """
    if UPDATED in request:
        observed = {key: value for key, value in observed.items() if key != "tags"}
    requested, existing = dict(_fields(request)), dict(_fields(observed))
    found = []
    for path in sorted(requested.keys() | existing.keys(), key=str):
        default = _DEFAULTS.get(path, ABSENT)
        old, new = existing.get(path, default), requested.get(path, default)
        if _comparable(path, old) != _comparable(path, new):
            found.append(Change(path, existing.get(path, ABSENT), requested.get(path, ABSENT)))
    return tuple(found)


def in_effect(request: Mapping[str, Any], observed: Mapping[str, Any]) -> bool:
    """Return whether the configuration has the content of the request, and no other.

    A field that was not sent may only have the default that the service documents.
    """
    same = UPDATED in request or request.get("name") == observed.get("name")
    return same and not changes(request, observed)


def filled_in(request: Mapping[str, Any], observed: Mapping[str, Any]) -> tuple[Path, ...]:
    """Return the fields that only ``observed`` has. If it is in effect, they have their defaults."""
    requested = dict(_fields(request))
    return tuple(sorted((path for path, _ in _fields(observed) if path not in requested), key=str))


def _fields(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every leaf, without empty mappings and lists, and without the tags of AWS (``aws:``)."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            aws_tag = path == ("tags",) and str(key).startswith("aws:")
            if not aws_tag and (path or key not in _NOT_COMPARED):
                yield from _fields(item, (*path, key))
    elif value != [] and value is not None:
        yield path, value


def _comparable(path: Path, value: Any) -> str:
    """Return a text that is equal for equal values."""
    if value is ABSENT:
        return ""
    if path in _UNORDERED and isinstance(value, list):
        value = sorted(set(map(str, value)))
    return json.dumps(value, sort_keys=True)
