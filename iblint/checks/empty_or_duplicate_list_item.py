"""IB109: lists have no empty and no duplicate items."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.checks._values import UnresolvedValue, cannot_tell, is_unresolved, items
from iblint.model.context import Context
from iblint.model.kinds import is_made_by_aws, item_of
from iblint.model.path import Path
from iblint.model.resource import Location, Resource
from iblint.model.values import ABSENT, Unresolved, lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LISTS: dict[Path, str] = {("instanceTypes",): "an instance type", ("securityGroupIds",): "a security group ID"}


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each empty item and, as a warning, each item that repeats an earlier one."""
    values = [lookup(resource.spec, path) for path in LISTS]
    if not any(isinstance(value, list) or is_unresolved(value) for value in values):
        return not_applicable("There is no list.")
    if all(value is ABSENT or _is_valid(value) for value in values):
        return passed()
    read = [items(resource, path) for path in LISTS]
    found = [(*texts, *_names(unresolved_items)) for texts, unresolved_items in read]
    violations = [violation for texts in found for violation in _violations(resource, sorted(texts))]
    if violations:
        return failed(*violations)
    unknowns = [cannot_tell(resource, *item) for texts, items in read for item in _open(texts, items)]
    return unknown(*unknowns) if unknowns else passed()


def _is_valid(value: Any) -> bool:
    """Return whether a value is a list of different, non-empty strings. Most are, and this is a quick test."""
    return isinstance(value, list) and all(type(item) is str and item for item in value) and len({*value}) == len(value)


def _names(unresolved: list[tuple[Path, UnresolvedValue]]) -> Iterator[tuple[Path, str]]:
    """Yield each unresolved item under a name that it shares only with items that are certainly the same."""
    for path, value in unresolved:
        if isinstance(value, Unresolved) and _is_item(path) and is_made_by_aws(value.kind):
            yield path, value.expression if value.refers_to is None else f"{value.kind} of {value.refers_to}"


def _open(
    texts: list[tuple[Path, str]], unresolved: list[tuple[Path, UnresolvedValue]]
) -> Iterator[tuple[Path, UnresolvedValue]]:
    """Yield the unresolved items that may be empty, or equal to another one.

    A value that AWS makes is not empty. That of a resource of the template is also new, so no other item has it.
    """
    old = len(texts) + sum(_resource_of(value) is None for _, value in unresolved)
    for path, value in unresolved:
        kind = value.kind if isinstance(value, Unresolved) else None
        if _is_item(path):
            is_open = not is_made_by_aws(kind) or (_resource_of(value) is None and old > 1)
        else:
            is_open = kind is None or item_of(kind) is not None  # IB103 reports a string in place of a list
        if is_open:
            yield path, value


def _resource_of(value: UnresolvedValue) -> str | None:
    return value.refers_to if isinstance(value, Unresolved) else None


def _is_item(path: Path) -> bool:
    return path not in LISTS


def _violations(resource: Resource, texts: list[tuple[Path, str]]) -> Iterator[Violation]:
    first: dict[str, Path] = {}
    for path, text in texts:
        if not text:
            yield Violation(path, f"{resource.spell(path)} is empty. An empty item is not {LISTS[path[:-1]]}.")
        elif text in first:
            earlier = first[text]
            place = resource.place(earlier)
            written = show(lookup(resource.spec, path))
            related = Location(place.file or resource.file, place.value, "first here")
            message = f"{resource.spell(path)} repeats {written}, which is already in {resource.spell(earlier)}."
            yield Violation(path, message, severity=Severity.WARNING, related=(related,))
        else:
            first[text] = path
