"""IB404: the tags that the organisation requires are set, with allowed values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAPS: Mapping[str, tuple[Path, ...]] = {
    "tags": (("tags",),),
    "resource-tags": (("resourceTags",),),
    "both": (("tags",), ("resourceTags",)),
}


def check(resource: Resource, context: Context) -> Judgement:
    """Fail for each missing key, and for each value that matches none of its patterns."""
    keys, patterns = context.options["keys"], context.options["patterns"]
    if not keys and not patterns:
        return not_applicable("No tags are required: the options keys and patterns are empty.")
    violations: list[Violation] = []
    unknowns: list[Violation] = []
    for path in _MAPS[context.options["on"]]:
        if path == ("tags",) and resource.operation == "update":
            continue  # an update leaves the tags of the configuration as they are
        tags = lookup(resource.spec, path)
        if is_unresolved(tags):
            unknowns.append(cannot_tell(resource, path, tags))
        elif tags is ABSENT or isinstance(tags, Mapping):
            present = {} if tags is ABSENT else tags
            violations += _missing(resource, path, present, keys)
            violations += _malformed(resource, path, present, patterns)
            unknowns += [
                cannot_tell(resource, (*path, key), present[key])
                for key in patterns
                if is_unresolved(present.get(key, ABSENT))
            ]
    if violations:
        return failed(*violations)
    return unknown(*unknowns) if unknowns else passed("All required tags are set.")


def _missing(resource: Resource, path: Path, tags: Mapping[str, Any], keys: list[str]) -> Iterator[Violation]:
    field = resource.spell(path)
    for key in keys:
        if tags.get(key, ABSENT) is ABSENT:
            message = f"{field} has no tag {show(key)}. The policy requires it."
            yield Violation((*path, key), message, f"Add the tag {show(key)} to {field}.")


def _malformed(
    resource: Resource, path: Path, tags: Mapping[str, Any], allowed: Mapping[str, list[str]]
) -> Iterator[Violation]:
    for key, patterns in allowed.items():
        value = tags.get(key)
        if isinstance(value, str) and not any(fnmatchcase(value, pattern) for pattern in patterns):
            words = " or ".join(show(pattern) for pattern in patterns)
            message = f"The tag {show(key)} in {resource.spell(path)} has the disallowed value {show(value)}."
            help = f"Set {resource.spell((*path, key))} to an allowed value."
            yield Violation((*path, key), f"{message} Allowed: {words}.", help)
