"""What the checks share: open values, the texts and list items of a spec, and declarations that disagree."""

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

Open = Unresolved | Choice | Tagged
"""A value that is written and still not known."""

_OPEN = (Unresolved, Choice, Tagged)


def is_open(value: Any) -> TypeGuard[Open]:
    """Whether the value is written, but cannot be known from the document."""
    return isinstance(value, _OPEN)


def open_fault(resource: Resource, path: Path, value: Open, why: str = "", help: str | None = None) -> Violation:
    """A fault of an UNKNOWN judgement: the value at ``path`` is open; ``why`` is a sentence on what depends on it."""
    reason = value.reason if isinstance(value, Unresolved) else "its value is not known here"
    message = f"Cannot tell whether the rule is met: {resource.spell(path)} is '{show(value)}', and {reason}. {why}"
    return Violation(path, message.strip(), help or "Write the value, or judge the file that is made from this one.")


def disagreement(path: Path, subject: str, one: Evidence, other: Evidence) -> Violation:
    """The fault of two declarations of one thing that contradict each other; ``subject`` begins the sentence."""
    message = (
        f"{subject} is contradictory: {one.source} says '{one.value}', {other.source} says '{other.value}'. "
        "The rule cannot be applied until they agree."
    )
    help = "Keep the declaration that is true, and correct or remove the other one."
    return Violation(path, message, help, related=places(one, other))


def places(*evidence: Evidence) -> tuple[Location, ...]:
    """Where the evidence stands, as far as it stands in a file."""
    return tuple(e.location for e in evidence if e.location is not None)


def items(resource: Resource, path: Path) -> tuple[list[tuple[Path, str]], list[tuple[Path, Open]]]:
    """The list at ``path`` as its known texts and its open items, each with its path.

    An open list is one open item; values of a wrong type are left out, because another rule reports them.
    """
    value = lookup(resource.spec, path)
    if is_open(value):
        return [], [(path, value)]
    texts: list[tuple[Path, str]] = []
    open_items: list[tuple[Path, Open]] = []
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            texts.append(((*path, index), item))
        elif is_open(item):
            open_items.append(((*path, index), item))
    return texts, open_items


def leaves(value: Any, path: Path = ROOT) -> Iterator[tuple[Path, Any]]:
    """Every value of a spec that is neither a mapping nor a list, with its path."""
    found: list[tuple[Path, Any]] = []
    _collect(value, path, found)
    return iter(found)


def _collect(value: Any, path: Path, found: list[tuple[Path, Any]]) -> None:
    if isinstance(value, dict):
        for key, entry in value.items():
            _collect(entry, (*path, key), found)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            _collect(entry, (*path, index), found)
    else:
        found.append((path, value))
