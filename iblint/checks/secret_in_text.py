"""IB209: no text of a configuration contains a secret."""

from __future__ import annotations

from collections.abc import Iterable
from types import NoneType

from iblint.checks._values import cannot_tell, is_unresolved, leaves
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import Unresolved, lookup
from iblint.model.verdict import Judgement, Violation, failed, passed, unknown
from iblint.text.secret_patterns import may_hold_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CONSEQUENCE = "Anyone who can read the text can use it."

_PLAIN = frozenset({bool, int, float, NoneType})
_FREE_TEXTS: tuple[Path, ...] = (
    ("description",),
    ("tags",),
    ("resourceTags",),
    ("logging", "s3Logs", "s3KeyPrefix"),
)
"""Free text. An unresolved value of another member cannot be a secret, so it does not matter."""


def check(resource: Resource, context: Context) -> Judgement:
    """Search every text for the patterns of secrets. Messages never contain what was found."""
    texts, plain = _texts(resource.spec)
    if may_hold_secret("\n".join(texts)):
        violations = [
            Violation(path, f"{resource.spell(path)} contains what looks like {kind}. {_CONSEQUENCE}")
            for path, value in leaves(resource.spec)
            if (kind := _kind_of_secret(path, value)) is not None
        ]
        if violations:
            return failed(*violations)
    if plain:
        return passed()
    free = (leaf for base in _FREE_TEXTS for leaf in leaves(lookup(resource.spec, base), base))
    unresolved = [cannot_tell(resource, path, value) for path, value in free if is_unresolved(value)]
    return unknown(*unresolved) if unresolved else passed()


def _texts(spec: Any) -> tuple[list[str], bool]:
    """Return every string of a spec, its keys too, in no order, and whether the spec is plain data."""
    texts: list[str] = []
    plain = True
    found = [spec]
    for value in found:  # the list grows while it is read, which is faster than recursion
        kind = type(value)
        if kind is str:
            texts.append(value)
        elif kind is dict:
            texts += value
            found += value.values()
        elif kind is list:
            found += value
        elif kind not in _PLAIN:
            plain = False
            found += _children(value)
    return texts, plain


def _children(value: Any) -> Iterable[Any]:
    """Return the values in a value that is not plain data."""
    if isinstance(value, Unresolved):
        return [value.expression]
    return value.values() if isinstance(value, dict) else ()


def _kind_of_secret(path: Path, value: Any) -> str | None:
    from iblint.text.secrets import kind_of_secret  # few configurations may hold one

    name = path[-1] if path and isinstance(path[-1], str) else ""
    if isinstance(value, Unresolved):
        return kind_of_secret(value.expression)
    return kind_of_secret(value, name) if isinstance(value, str) else None
