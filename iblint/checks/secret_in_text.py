"""IB209: no text of a configuration holds a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import NoneType

from iblint.checks._values import is_unresolved, leaves, cannot_tell
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import Unresolved, lookup
from iblint.model.verdict import Judgement, Violation, failed, passed, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHAPES = {
    "a private key": r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----",
    "an AWS access key id": r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])",
    "an AWS secret access key": r"(?i)secret_?access_?key\W{1,5}[a-z0-9/+]{40}(?![a-z0-9/+])",
    "a GitHub token": r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}",
    "a Slack token": r"xox[abprs]-[A-Za-z0-9-]{10}",
    "a password in an address": r"://[^/\s:@]{1,100}:[^/\s:@]{1,100}@",
}
_HINTS = ("-----begin", "akia", "asia", "secret", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "://")
"""One of these (case folded) stands in every secret. Most specs hold none, and then no shape is searched for."""
_PLAIN = frozenset({bool, int, float, NoneType})
_FREE_TEXTS: tuple[Path, ...] = (
    ("description",),
    ("tags",),
    ("resourceTags",),
    ("logging", "s3Logs", "s3KeyPrefix"),
)
"""Where people write what they like: of the other members an open value is no reason for doubt."""


def check(resource: Resource, context: Context) -> Judgement:
    """Search every text for the shapes of secrets. What is found is never part of a message."""
    texts, plain = _texts(resource.spec)
    if _may_hold_one(texts):
        violations = [
            Violation(
                path, f"{resource.spell(path)} holds what looks like {kind}. Everyone who may read the text can use it."
            )
            for path, value in leaves(resource.spec)
            if (kind := _shape(value)) is not None
        ]
        if violations:
            return failed(*violations)
    if plain:
        return passed()
    free = (leaf for base in _FREE_TEXTS for leaf in leaves(lookup(resource.spec, base), base))
    doubtful = [cannot_tell(resource, path, value) for path, value in free if is_unresolved(value)]
    return unknown(*doubtful) if doubtful else passed()


def _may_hold_one(texts: list[str]) -> bool:
    written = "\n".join(texts).casefold()
    return any(hint in written for hint in _HINTS)


def _texts(spec: Any) -> tuple[list[str], bool]:
    """Every text of a spec, of its keys none, in no order; and whether all that stands in it is plain data."""
    texts: list[str] = []
    plain = True
    found = [spec]
    for value in found:  # which grows meanwhile: the quickest way through data that is plain, as most is
        kind = type(value)
        if kind is str:
            texts.append(value)
        elif kind is dict:
            found += value.values()
        elif kind is list:
            found += value
        elif kind not in _PLAIN:
            plain = False
            found += _inside(value)
    return texts, plain


def _inside(value: Any) -> Iterable[Any]:
    """The values in one that is no plain data."""
    if isinstance(value, Unresolved):
        return [value.expression]
    return value.values() if isinstance(value, dict) else ()


def _shape(value: Any) -> str | None:
    text = value.expression if isinstance(value, Unresolved) else value
    if not isinstance(text, str):
        return None
    return next((kind for kind, shape in _SHAPES.items() if re.search(shape, text)), None)
