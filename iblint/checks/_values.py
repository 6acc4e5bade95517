"""Read values of a spec (unresolved values, list items, all leaves), and make the violations about them."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.model.context import Evidence
from iblint.model.path import ROOT, Path
from iblint.model.resource import Location, Resource
from iblint.model.values import Choice, Tagged, Unresolved, lookup
from iblint.model.verdict import Violation
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

UnresolvedValue = Unresolved | Choice | Tagged
"""A value that is set, but not known from the document."""

_UNRESOLVED = (Unresolved, Choice, Tagged)


def is_unresolved(value: Any) -> TypeGuard[UnresolvedValue]:
    """Return whether a value is set, but not known from the document."""
    return isinstance(value, _UNRESOLVED)


def cannot_tell(
    resource: Resource, path: Path, value: UnresolvedValue, consequence: str = "", help: str | None = None
) -> Violation:
    """Return a violation of an UNKNOWN judgement: the value at ``path`` is unresolved.

    ``consequence`` is a sentence on what depends on the value.
    """
    reason = value.reason if isinstance(value, Unresolved) else "its value is not known here"
    message = f"Cannot tell whether the rule is met: {resource.spell(path)} is '{show(value)}', and {reason}."
    return Violation(
        path,
        f"{message} {consequence}".strip(),
        help or "Write the value, or check the file that is generated from this one.",
    )


def contradiction(path: Path, subject: str, one: Evidence, other: Evidence) -> Violation:
    """Return the violation of two declarations that contradict each other; ``subject`` begins the sentence."""
    message = (
        f"{subject} is contradictory: it is '{one.value}' according to {one.source}, and '{other.value}' according to "
        f"{other.source}. The rule cannot be applied until they agree."
    )
    help = "Keep the declaration that is right, and correct or remove the other one."
    return Violation(path, message, help, related=locations(one, other))


def locations(*evidence: Evidence) -> tuple[Location, ...]:
    """Return the locations of the evidence that is written in a file."""
    return tuple(e.location for e in evidence if e.location is not None)


def items(resource: Resource, path: Path) -> tuple[list[tuple[Path, str]], list[tuple[Path, UnresolvedValue]]]:
    """Return the strings and the unresolved items of the list at ``path``, each with its path.

    An unresolved list is one unresolved item. Values of a wrong type are left out, because another rule reports them.
    """
    value = lookup(resource.spec, path)
    if is_unresolved(value):
        return [], [(path, value)]
    strings: list[tuple[Path, str]] = []
    unresolved: list[tuple[Path, UnresolvedValue]] = []
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            strings.append(((*path, index), item))
        elif is_unresolved(item):
            unresolved.append(((*path, index), item))
    return strings, unresolved


def leaves(value: Any, path: Path = ROOT) -> Iterator[tuple[Path, Any]]:
    """Yield every value of a spec that is neither a mapping nor a list, with its path."""
    found: list[tuple[Path, Any]] = []
    _collect_leaves(value, path, found)
    return iter(found)


def _collect_leaves(value: Any, path: Path, found: list[tuple[Path, Any]]) -> None:
    if isinstance(value, dict):
        for key, entry in value.items():
            _collect_leaves(entry, (*path, key), found)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            _collect_leaves(entry, (*path, index), found)
    else:
        found.append((path, value))
