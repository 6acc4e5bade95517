"""IB109: lists have no empty and no duplicate items."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.checks._values import cannot_tell, is_unresolved, items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Location, Resource
from iblint.model.values import ABSENT, lookup
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
    violations = [violation for texts, _ in read for violation in _violations(resource, texts)]
    if violations:
        return failed(*violations)
    unknowns = [cannot_tell(resource, path, value) for _, unresolved_items in read for path, value in unresolved_items]
    return unknown(*unknowns) if unknowns else passed()


def _is_valid(value: Any) -> bool:
    """Return whether a value is a list of different, non-empty strings. Most are, and this is a quick test."""
    return isinstance(value, list) and all(type(item) is str and item for item in value) and len({*value}) == len(value)


def _violations(resource: Resource, texts: list[tuple[Path, str]]) -> Iterator[Violation]:
    first: dict[str, Path] = {}
    for path, text in texts:
        if not text:
            yield Violation(path, f"{resource.spell(path)} is empty. An empty item is not {LISTS[path[:-1]]}.")
        elif text in first:
            earlier = first[text]
            place = resource.place(earlier)
            related = Location(place.file or resource.file, place.value, "first here")
            message = f"{resource.spell(path)} repeats {show(text)}, which is already in {resource.spell(earlier)}."
            yield Violation(path, message, severity=Severity.WARNING, related=(related,))
        else:
            first[text] = path
