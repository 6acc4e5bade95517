"""Values that look like secrets are never shown in full, by any message or report.

A secret is masked by as many asterisks as it has characters, so that columns stay true. What is masked: AWS access key
ids (all but the prefix), PEM bodies, tokens of well-known shape, passwords and keys after names that say so, and
stand-alone strings in the shape of an AWS secret access key. Idempotency tokens (UUIDs) and digests are not secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# Every pattern masks its group "secret". All are linear: repetitions are bounded, or start at a fixed place.
_NAMED = r"""[\w.-]{0,40}["']?\s{0,8}[:=]\s{0,8}["']?"""
_KEYWORDS = ("secret", "token", "credential", "key")
_PATTERNS: tuple[tuple[tuple[str, ...], int, str], ...] = (
    (("-----begin",), 0, r"-----BEGIN [A-Z0-9 ]{1,40}-----(?P<secret>[^-]*(?:-(?!----)[^-]*)*)-----END"),
    (("-----begin",), 0, r"-----BEGIN [A-Z0-9 ]{1,40}-----(?P<secret>[A-Za-z0-9+/=\s\\]*)"),
    (("akia", "asia"), 20, r"(?<![A-Z0-9])(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{16,})"),
    (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox"),
        20,
        r"(?<!\w)(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-)(?P<secret>[\w-]{16,})",
    ),
    (("://",), 0, r"://[^/\s:@]{1,100}:(?P<secret>[^/\s:@]{1,100})@"),
    (("eyj",), 24, r"(?<![\w-])eyJ(?P<secret>[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})"),
    (("passw",), 0, r"(?i)passw(?:or)?d" + _NAMED + r"""(?P<secret>[^\s"'{}!$&*<>,:=][^\s"',]{5,})"""),
    (
        _KEYWORDS,
        32,
        r"(?i)(?:secret|token|credential|api[_-]?key|private[_-]?key|access[_-]?key)"
        + _NAMED
        + r"(?P<secret>[A-Za-z0-9/+=]{32,})",
    ),
    (
        ("",),
        40,
        r"(?<![\w/+=.:-])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])"
        r"(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
    ),
)
"""What a text must hold for a pattern to match it: one of these (case folded), and a stretch without blanks as long
as this. Ordinary texts hold neither, and then the pattern need not even be compiled."""
_VISIBLE = re.compile(r"\S")


_compiled = cache(re.compile)


def redact(text: str) -> str:
    """Mask everything in ``text`` that looks like a secret; the length and the line breaks stay."""
    folded, longest = text.casefold(), max(map(len, text.split()), default=0)
    for needles, least, pattern in _PATTERNS:
        if longest >= least and any(needle in folded for needle in needles):
            text = _compiled(pattern).sub(_mask, text)
    return text


def redact_all(value: Any, name: str = "") -> Any:
    """Plain data with every text in it redacted; what a value is called counts, as in ``password: ...``."""
    if isinstance(value, Mapping):
        return {key: redact_all(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_all(item, name) for item in value]
    return redact(f"{name}: {value}")[len(name) + 2 :] if isinstance(value, str) else value


def _mask(match: re.Match[str]) -> str:
    start, end = (position - match.start() for position in match.span("secret"))
    whole = match.group()
    return whole[:start] + _VISIBLE.sub("*", whole[start:end]) + whole[end:]
