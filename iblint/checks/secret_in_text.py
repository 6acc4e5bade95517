"""IB209: no text of a configuration contains a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import NoneType

from iblint.checks._values import cannot_tell, is_unresolved, leaves
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import Unresolved, lookup
from iblint.model.verdict import Judgement, Violation, failed, passed, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PATTERNS = {
    "a private key": r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----",
    "an AWS access key id": r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])",
    "an AWS secret access key": r"(?i)secret_?access_?key\W{1,5}[a-z0-9/+]{40}(?![a-z0-9/+])",
    "a GitHub token": r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}",
    "a Slack token": r"xox[abprs]-[A-Za-z0-9-]{10}",
    "a password in an address": r"://[^/\s:@]{1,100}:[^/\s:@]{1,100}@",
}
_CONSEQUENCE = "Anyone who can read the text can use it."

_HINTS = ("-----begin", "akia", "asia", "secret", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "://")
"""Every secret contains one of these (case folded). Most specs contain none, and no pattern is searched for."""
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
    if _may_contain_secret(texts):
        violations = [
            Violation(path, f"{resource.spell(path)} contains what looks like {kind}. {_CONSEQUENCE}")
            for path, value in leaves(resource.spec)
            if (kind := _kind_of_secret(value)) is not None
        ]
        if violations:
            return failed(*violations)
    if plain:
        return passed()
    free = (leaf for base in _FREE_TEXTS for leaf in leaves(lookup(resource.spec, base), base))
    unresolved = [cannot_tell(resource, path, value) for path, value in free if is_unresolved(value)]
    return unknown(*unresolved) if unresolved else passed()


def _may_contain_secret(texts: list[str]) -> bool:
    written = "\n".join(texts).casefold()
    return any(hint in written for hint in _HINTS)


def _texts(spec: Any) -> tuple[list[str], bool]:
    """Return every string of a spec (not its keys) in no order, and whether the spec is plain data."""
    texts: list[str] = []
    plain = True
    found = [spec]
    for value in found:  # the list grows while it is read, which is faster than recursion
        kind = type(value)
        if kind is str:
            texts.append(value)
        elif kind is dict:
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


def _kind_of_secret(value: Any) -> str | None:
    text = value.expression if isinstance(value, Unresolved) else value
    if not isinstance(text, str):
        return None
    return next((kind for kind, pattern in _PATTERNS.items() if re.search(pattern, text)), None)
