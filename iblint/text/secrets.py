"""The redactor: values that look like secrets are never shown in full, in any message or report.

It masks AWS access key IDs (except for their prefix), PEM bodies, tokens of well-known formats, values after names such
as ``password``, and strings in the format of an AWS secret access key. Idempotency tokens (UUIDs) and digests are not
secrets. Error messages of AWS are treated more strictly, because some services quote the request that they refuse,
including its signature and security token (``SignatureDoesNotMatch``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from iblint.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_AWS_LENGTH = 600
"""Characters of an error message of AWS; longer ones are cut."""
_AWS_MASK = "[hidden]"


class _Pattern(NamedTuple):
    """A regular expression whose group ``secret`` is masked. It is linear: repetitions are bounded or anchored.

    ``needles`` and ``length`` are necessary conditions for a match: the case-folded text contains one of the needles,
    and a run of ``length`` characters without blanks. Most texts meet neither, and the expression is not compiled.
    """

    regex: str
    needles: tuple[str, ...] = ("",)
    length: int = 0


_NAMED = r"""[\w.-]{0,40}["']?\s{0,8}[:=]\s{0,8}["']?"""
_PATTERNS = (
    _Pattern(r"-----BEGIN [A-Z0-9 ]{1,40}-----(?P<secret>[^-]*(?:-(?!----)[^-]*)*)-----END", ("-----begin",)),
    _Pattern(r"-----BEGIN [A-Z0-9 ]{1,40}-----(?P<secret>[A-Za-z0-9+/=\s\\]*)", ("-----begin",)),
    _Pattern(r"(?<![A-Z0-9])(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{16,})", ("akia", "asia"), 20),
    _Pattern(
        r"(?<![A-Za-z0-9/+])(?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz|AQoDYXdz)(?P<secret>[A-Za-z0-9/+=_-]{16,})",
        ("fwogzxivyxdz", "iqojb3jpz2lu", "fqogzxivyxdz", "aqodyxdz"),
        24,
    ),
    _Pattern(
        r"(?<!\w)(?:npm_|pypi-|dop_v1_|hf_|whsec_|xapp-|(?:sk|rk)_(?:live|test)_|SG\.)(?P<secret>[\w.-]{16,})",
        ("npm_", "pypi-", "dop_v1_", "hf_", "whsec_", "xapp-", "_live_", "_test_", "sg."),
        19,
    ),
    _Pattern(r"(?<![\w-])AIza(?P<secret>[\w-]{30,})", ("aiza",), 34),
    _Pattern(
        r"(?i)hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[\w/-]{8,})",
        ("hooks.slack",),
        30,
    ),
    _Pattern(r"(?i)\bbearer\s{1,8}(?=[\w.~+/-]{0,400}[0-9])(?P<secret>[\w.~+/-]{16,}=*)", ("bearer",), 16),
    _Pattern(
        r"(?i)authorization[\"']?\s{0,8}[:=]\s{0,8}[\"']?(?:basic|token)\s{1,8}(?P<secret>[\w.~+/-]{8,}=*)",
        ("authorization",),
    ),
    _Pattern(
        r"(?<!\w)(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-)(?P<secret>[\w-]{16,})",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox"),
        20,
    ),
    _Pattern(r"://[^/\s:@]{1,100}:(?P<secret>[^/\s:@]{1,100})@", ("://",)),
    _Pattern(r"(?<![\w-])eyJ(?P<secret>[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})", ("eyj",), 24),
    _Pattern(r"(?i)passw(?:or)?d" + _NAMED + r"""(?P<secret>[^\s"'{}!$&*<>,:=][^\s"',]{5,})""", ("passw",)),
    _Pattern(
        r"(?i)(?:(?<![a-z])pwd|passphrase|(?<=[_-])pass)"
        + _NAMED
        + r"""(?P<secret>[^\s"'{}!$&*<>,:=/.~][^\s"',]{5,})""",
        ("pwd", "passphrase", "_pass", "-pass"),
    ),
    _Pattern(
        r"(?i)(?:secret|token|credential|api[_-]?key|private[_-]?key|access[_-]?key)"
        + _NAMED
        + r"(?P<secret>[A-Za-z0-9/+=]{32,})",
        ("secret", "token", "credential", "key"),
        32,
    ),
    _Pattern(
        r"(?<![\w/+=.:-])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])"
        r"(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
        length=40,
    ),
    _Pattern(
        r"(?<=[=:])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])"
        r"(?![A-Za-z0-9/+]{0,40}[a-z]{6})(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
        length=41,
    ),
)
"""For all texts. The last one is for a key right after an equals sign or a colon, where names stand as well: a name is
made of words, and one with six small letters in a row is taken for one."""
_AWS_PATTERNS = (
    _Pattern(r"(?i)x-amz-security-token\s{0,4}[:=]\s{0,4}(?P<secret>[^\s&'\",]+)", ("x-amz-security-token",)),
    _Pattern(
        r"(?i)\b(?:signature|credential|sessiontoken|secretaccesskey)\s{0,4}[:=]\s{0,4}(?P<secret>[^\s,&'\"]+)",
        ("signature", "credential", "sessiontoken", "secretaccesskey"),
    ),
    _Pattern(
        r"(?i)encoded authorization failure message:\s{0,4}(?P<secret>\S+)", ("encoded authorization failure message:",)
    ),
    _Pattern(r"(?<![A-Z0-9])(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{12,})", ("akia", "asia"), 16),
    _Pattern(
        r"(?<![\w/+=.:-])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
        length=40,
    ),
    _Pattern(r"(?P<secret>[A-Za-z0-9/+_-]{120,}={0,2})", length=120),
    _Pattern(r"(?<![0-9a-f])(?P<secret>[0-9a-f]{64})(?![0-9a-f])", length=64),
)
"""For error messages of AWS, in addition to the patterns for all texts."""
_NOT_BLANK = re.compile(r"\S")

_compiled = cache(re.compile)


def redact(text: str) -> str:
    """Replace each character of every secret in ``text`` by an asterisk: columns and line breaks stay."""
    return _mask(text, _PATTERNS, lambda secret: _NOT_BLANK.sub("*", secret))


def redact_aws_message(text: str) -> str:
    """Return an error message of AWS on one line, without secrets and cut at MAX_AWS_LENGTH characters."""
    text = _mask(text[: 20 * MAX_AWS_LENGTH], (*_AWS_PATTERNS, *_PATTERNS), lambda _: _AWS_MASK)
    text = " ".join(text.split())
    return text if len(text) <= MAX_AWS_LENGTH else text[: MAX_AWS_LENGTH - 1] + "…"


def redact_all(value: Any, name: str = "") -> Any:
    """Redact every text in plain data. The key of a value counts as its name, as in ``password: ...``."""
    if isinstance(value, Mapping):
        return {key: redact_all(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_all(item, name) for item in value]
    return redact(f"{name}: {value}")[len(name) + 2 :] if isinstance(value, str) else value


def _mask(text: str, patterns: Iterable[_Pattern], mask: Callable[[str], str]) -> str:
    folded, longest = text.casefold(), max(map(len, text.split()), default=0)
    for regex, needles, length in patterns:
        if longest >= length and any(needle in folded for needle in needles):
            text = _compiled(regex).sub(lambda match: _masked(match, mask), text)
    return text


def _masked(match: re.Match[str], mask: Callable[[str], str]) -> str:
    start, end = (position - match.start() for position in match.span("secret"))
    whole = match.group()
    return whole[:start] + mask(whole[start:end]) + whole[end:]
