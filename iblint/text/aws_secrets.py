"""What AWS says, without what must not be repeated: credentials, signatures, tokens.

Some services quote the request that they refuse, with its security token (SignatureDoesNotMatch does).
"""

from __future__ import annotations

import re

MAX_LENGTH = 600
MASK = "[hidden]"

# Every pattern hides its group "secret", or all of it. All are linear.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i)x-amz-security-token\s{0,4}[:=]\s{0,4}(?P<secret>[^\s&'\",]+)",
        r"(?i)\b(?:signature|credential|sessiontoken|secretaccesskey)\s{0,4}[:=]\s{0,4}(?P<secret>[^\s,&'\"]+)",
        r"(?i)encoded authorization failure message:\s{0,4}(?P<secret>\S+)",
        r"(?<![A-Z0-9])(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{12,})",
        r"(?<![\w/+=.:-])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
        r"(?P<secret>[A-Za-z0-9/+_-]{120,}={0,2})",
        r"(?<![0-9a-f])(?P<secret>[0-9a-f]{64})(?![0-9a-f])",
    )
)


def redact(text: str) -> str:
    """A message of AWS on one line, with everything hidden that looks like a secret; cut at MAX_LENGTH characters."""
    text = text[: 20 * MAX_LENGTH]
    for pattern in _PATTERNS:
        text = pattern.sub(_hide, text)
    text = " ".join(text.split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def _hide(match: re.Match[str]) -> str:
    start, end = (position - match.start() for position in match.span("secret"))
    return match.group()[:start] + MASK + match.group()[end:]
