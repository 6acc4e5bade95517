"""What looks like a secret: the one list for the redactor and for the rule that finds secrets. Data only.

The regular expressions are linear: repetitions are bounded or anchored.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Pattern: TypeAlias = "tuple[str, str, tuple[str, ...], int, float]"
"""What it is ("a GitHub token"); a regular expression whose group ``secret`` is masked; needles; length; words.

Needles and length are necessary conditions for a match: the case-folded text contains one of the needles, and a run of
``length`` characters without blanks. Most texts meet neither, and the expression is not compiled. A secret is made of
words to less than the degree ``words`` (``secrets.wordiness``).
"""

ANY = 2.0
"""The degree ``words`` of a secret that may be any text."""
_NAME_LIKE = 0.4
"""A value after a name such as ``token`` is a secret, unless it is clearly a name itself."""
_RANDOM = -0.1
"""A text with nothing beside it is a secret only if it is random: logical IDs have as many characters."""

_NAMED = r"""[\w.-]{0,40}["']?\s{0,8}[:=]\s{0,8}["']?"""
PATTERNS: tuple[Pattern, ...] = (
    (
        "a private key",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?P<secret>[^-]*(?:-(?!----)[^-]*)*)-----END",
        ("-----begin",),
        0,
        ANY,
    ),
    (
        "a private key",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?P<secret>[A-Za-z0-9+/=\s\\]*)",
        ("-----begin",),
        0,
        ANY,
    ),
    (
        "an AWS access key id",
        r"(?<![A-Z0-9])(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{16,})",
        ("akia", "asia"),
        20,
        ANY,
    ),
    (
        "an AWS session token",
        r"(?<![A-Za-z0-9/+])(?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz|AQoDYXdz)(?P<secret>[A-Za-z0-9/+=_-]{16,})",
        ("fwogzxivyxdz", "iqojb3jpz2lu", "fqogzxivyxdz", "aqodyxdz"),
        24,
        ANY,
    ),
    (
        "an access token",
        r"(?<!\w)(?:npm_|pypi-|dop_v1_|hf_|whsec_|xapp-|(?:sk|rk)_(?:live|test)_|SG\.)(?P<secret>[\w.-]{16,})",
        ("npm_", "pypi-", "dop_v1_", "hf_", "whsec_", "xapp-", "_live_", "_test_", "sg."),
        19,
        ANY,
    ),
    ("a Google API key", r"(?<![\w-])AIza(?P<secret>[\w-]{30,})", ("aiza",), 34, ANY),
    (
        "a Slack webhook",
        r"(?i)hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[\w/-]{8,})",
        ("hooks.slack",),
        30,
        ANY,
    ),
    (
        "a bearer token",
        r"(?i)\bbearer\s{1,8}(?=[\w.~+/-]{0,400}[0-9])(?P<secret>[\w.~+/-]{16,}=*)",
        ("bearer",),
        16,
        ANY,
    ),
    (
        "credentials of a request",
        r"(?i)authorization[\"']?\s{0,8}[:=]\s{0,8}[\"']?(?:basic|token)\s{1,8}(?P<secret>[\w.~+/-]{8,}=*)",
        ("authorization",),
        0,
        ANY,
    ),
    (
        "a GitHub token",
        r"(?<!\w)(?:gh[pousr]_|github_pat_)(?P<secret>[\w-]{16,})",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        20,
        ANY,
    ),
    ("a GitLab token", r"(?<!\w)glpat-(?P<secret>[\w-]{16,})", ("glpat-",), 22, ANY),
    ("a Slack token", r"(?<!\w)xox[abeoprs]-(?P<secret>[\w-]{10,})", ("xox",), 15, ANY),
    ("a password in an address", r"://[^/\s:@]{1,100}:(?P<secret>[^/\s:@]{1,100})@", ("://",), 0, ANY),
    ("a token", r"(?<![\w-])eyJ(?P<secret>[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})", ("eyj",), 24, ANY),
    (
        "a password",
        r"(?i)passw(?:or)?d" + _NAMED + r"""(?P<secret>[^\s"'{}!$&*<>,:=][^\s"',]{5,})""",
        ("passw",),
        0,
        ANY,
    ),
    (
        "a password",
        r"(?i)(?:(?<![a-z])pwd|passphrase|(?<=[_-])pass)"
        + _NAMED
        + r"""(?P<secret>[^\s"'{}!$&*<>,:=/.~][^\s"',]{5,})""",
        ("pwd", "passphrase", "_pass", "-pass"),
        0,
        ANY,
    ),
    (
        "an AWS secret access key",
        r"(?i)secret_?access_?key\W{1,5}(?P<secret>[a-z0-9/+]{40})(?![a-z0-9/+])",
        ("secret",),
        40,
        ANY,
    ),
    (
        "a secret",
        r"(?i)(?:secret|token|credential|api[_-]?key|private[_-]?key|access[_-]?key)"
        + _NAMED
        + r"(?P<secret>[A-Za-z0-9/+=]{32,})",
        ("secret", "token", "credential", "key"),
        32,
        _NAME_LIKE,
    ),
    (
        "an AWS secret access key",
        r"(?<![\w/+.-])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])"
        r"(?P<secret>[A-Za-z0-9/+]{40})(?![\w/+=:-])",
        ("",),
        40,
        _RANDOM,
    ),
)


def may_hold_secret(text: str) -> bool:
    """Return whether a text meets the necessary conditions of any pattern, so that they are worth searching for."""
    folded = text.casefold()
    words = text.split()
    found = [length for needle, length in _NEEDLES if needle in folded]
    if found and _longest(words) >= min(found):
        return True
    run = _longest(" ".join(words).replace(":", " ").replace("-", " ").replace("_", " ").replace(".", " ").split())
    return any(run >= length and any(needle in folded for needle in needles) for length, needles in _RUNS)


def _longest(words: list[str]) -> int:
    return max(map(len, words), default=0)


_NEEDLES = [(needle, length) for _, _, needles, length, words in PATTERNS if words == ANY for needle in needles]
"""Needles of the patterns whose secrets may be any text, each with the length of the pattern."""

_RUNS = [(length, needles) for _, _, needles, length, words in PATTERNS if words != ANY]
"""Length and needles of the other patterns: their secrets have none of the characters of names and ARNs."""
