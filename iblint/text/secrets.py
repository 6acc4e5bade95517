"""The redactor: values that look like secrets are never shown in full, in any message or report.

It masks AWS access key IDs (except for their prefix), PEM bodies, tokens of well-known formats, values after names such
as ``password``, and strings in the format of an AWS secret access key. Idempotency tokens (UUIDs) and digests are not
secrets. Error messages of AWS are treated more strictly, because some services quote the request that they refuse,
including its signature and security token (``SignatureDoesNotMatch``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from iblint.text.secret_patterns import ANY, PATTERNS, Pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_AWS_LENGTH = 600
"""Characters of an error message of AWS; longer ones are cut."""
_AWS_MASK = "[hidden]"


_AWS_PATTERNS: tuple[Pattern, ...] = (
    ("", r"(?i)x-amz-security-token\s{0,4}[:=]\s{0,4}(?P<secret>[^\s&'\",]+)", ("x-amz-security-token",), 0, ANY),
    (
        "",
        r"(?i)\b(?:signature|credential|sessiontoken|secretaccesskey)\s{0,4}[:=]\s{0,4}(?P<secret>[^\s,&'\"]+)",
        ("signature", "credential", "sessiontoken", "secretaccesskey"),
        0,
        ANY,
    ),
    (
        "",
        r"(?i)encoded authorization failure message:\s{0,4}(?P<secret>\S+)",
        ("encoded authorization failure message:",),
        0,
        ANY,
    ),
    ("", r"(?<![A-Z0-9])(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{12,})", ("akia", "asia"), 16, ANY),
    (
        "",
        r"(?<![\w/+=.:-])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
        ("",),
        40,
        ANY,
    ),
    ("", r"(?P<secret>[A-Za-z0-9/+_-]{120,}={0,2})", ("",), 120, ANY),
    ("", r"(?<![0-9a-f])(?P<secret>[0-9a-f]{64})(?![0-9a-f])", ("",), 64, ANY),
)
"""For error messages of AWS, in addition to the patterns for all texts."""
_WORD = r"[A-Z][a-z]{2,}"
_LOOSE = r"[0-9/+]+|(?<![A-Z])[A-Z](?![a-z])|(?<![A-Za-z])[a-z]"
_HASH = r"(?:[0-9A-F]{8}|[0-9a-f]{8,10})$"

_compiled = cache(re.compile)


def redact(text: str) -> str:
    """Replace each character of every secret in ``text`` by an asterisk: columns and line breaks stay."""
    return _mask(text, PATTERNS, lambda secret: re.sub(r"\S", "*", secret))


def redact_aws_message(text: str) -> str:
    """Return an error message of AWS on one line, without secrets and cut at MAX_AWS_LENGTH characters."""
    text = _mask(text[: 20 * MAX_AWS_LENGTH], (*_AWS_PATTERNS, *PATTERNS), lambda _: _AWS_MASK)
    text = " ".join(text.split())
    return text if len(text) <= MAX_AWS_LENGTH else text[: MAX_AWS_LENGTH - 1] + "…"


def redact_all(value: Any, name: str = "") -> Any:
    """Redact every text in plain data. The key of a value counts as its name, as in ``password: ...``."""
    if isinstance(value, Mapping):
        return {key: redact_all(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_all(item, name) for item in value]
    return redact(f"{name}: {value}")[len(name) + 2 :] if isinstance(value, str) else value


def kind_of_secret(text: str, name: str = "") -> str | None:
    """Return what a text holds that looks like a secret ("a GitHub token"), or None; ``name`` is its key."""
    text = f"{name}: {text}" if name else text
    for kind, regex, needles, length, words in PATTERNS:
        if _may_match(text, needles, length):
            for match in _compiled(regex).finditer(text):
                if wordiness(match["secret"]) < words:
                    return kind
    return None


def wordiness(text: str) -> float:
    """Return the degree to which a text is made of words: 1 for ``ImageBuilderRole``, below 0 for most random texts.

    It is the share of letters in words (a capital and two small letters or more), less 0.06 for each group of digits
    and each letter that stands alone. The hash at the end of a logical ID of the CDK does not count.
    """
    body = re.sub(_HASH, "", text)
    words = sum(map(len, re.findall(_WORD, body)))
    return words / max(len(body), 1) - 0.06 * len(re.findall(_LOOSE, body))


def _may_match(text: str, needles: tuple[str, ...], length: int) -> bool:
    folded = text.casefold()
    return any(needle in folded for needle in needles) and max(map(len, text.split()), default=0) >= length


def _mask(text: str, patterns: Iterable[Pattern], mask: Callable[[str], str]) -> str:
    folded, longest = text.casefold(), max(map(len, text.split()), default=0)
    for _, regex, needles, length, words in patterns:
        if longest >= length and any(needle in folded for needle in needles):
            text = _compiled(regex).sub(partial(_masked, mask, words), text)
    return text


def _masked(mask: Callable[[str], str], words: float, match: re.Match[str]) -> str:
    whole = match.group()
    if words < ANY and wordiness(match["secret"]) >= words:
        return whole
    start, end = (position - match.start() for position in match.span("secret"))
    return whole[:start] + mask(whole[start:end]) + whole[end:]
