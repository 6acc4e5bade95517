"""IB209: no text of a configuration holds a secret."""

from __future__ import annotations

import re

from iblint.checks._values import is_open, leaves, open_fault
from iblint.hints import Any
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import Unresolved, is_plain, lookup
from iblint.model.verdict import Fault, Judgement, failed, passed, unknown

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
_FREE_TEXTS: tuple[Path, ...] = (
    ("description",),
    ("tags",),
    ("resourceTags",),
    ("logging", "s3Logs", "s3KeyPrefix"),
)
"""Where people write what they like: of the other members an open value is no reason for doubt."""


def check(resource: Resource, context: Context) -> Judgement:
    """Search every text for the shapes of secrets. What is found is never part of a message."""
    if _may_hold_one(resource.spec):
        faults = [
            Fault(
                path, f"{resource.spell(path)} holds what looks like {kind}. Everyone who may read the text can use it."
            )
            for path, value in leaves(resource.spec)
            if (kind := _shape(value)) is not None
        ]
        if faults:
            return failed(*faults)
    if is_plain(resource.spec):
        return passed()
    texts = (leaf for base in _FREE_TEXTS for leaf in leaves(lookup(resource.spec, base), base))
    doubtful = [open_fault(resource, path, value) for path, value in texts if is_open(value)]
    return unknown(*doubtful) if doubtful else passed()


def _may_hold_one(spec: Any) -> bool:
    texts: list[str] = []
    _collect(spec, texts)
    written = "\n".join(texts).casefold()
    return any(hint in written for hint in _HINTS)


def _collect(value: Any, texts: list[str]) -> None:
    """Every text of a value; of its keys none."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, Unresolved):
        texts.append(value.expression)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            if type(item) is str:
                texts.append(item)
            else:
                _collect(item, texts)


def _shape(value: Any) -> str | None:
    text = value.expression if isinstance(value, Unresolved) else value
    if not isinstance(text, str):
        return None
    return next((kind for kind, shape in _SHAPES.items() if re.search(shape, text)), None)
