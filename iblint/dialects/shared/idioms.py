"""Patterns of the text around the name of a class or method that is used without being called."""

from __future__ import annotations

import re

_MEMBER_BEFORE, _MEMBER_AFTER = re.compile(r"""[\w)\]]\[\s*["'`]\Z"""), re.compile(r"""["'`]\s*\]\s*(?:\(|\.\w+\()""")
"""What is around the name of a method that is called as ``client["name"](...)``."""
_MOCK_BEFORE = re.compile(
    r"(?:\.EXPECT\(\)|\bReceived\(\w*\)|\bverify\([^()\n]{0,60}\))\s*\.\s*\Z|\b(?:when|Setup|Verify)\s*\([^;\n(){}]{0,80}\Z"
)
_MOCK_AFTER = re.compile(
    r"\s*=(?![=>])|\s*\.(?:return_value|side_effect|assert_|called|call_|mock|reset_mock|returns|resolves|rejects|callsFake)"
    r"|\s*\)\s*\.(?:not\.|to[A-Z]|mock|returns|resolves)"
)
"""What is around the name of a method that a test replaces, or whose calls it counts."""
_DESTRUCTURED_BEFORE = re.compile(r"\b(?:const|let|var)\s*\{[^{}]*\Z")
_DESTRUCTURED_AFTER = re.compile(r"[^{}]*\}\s*=(?!\s*(?:await\s+)?(?:require|import)\b)")
_ALIAS = re.compile(r"\s+as\s+\w")
"""What follows a name that is imported under another one, which no mention shows."""
_ASSIGNED_BEFORE, _ASSIGNED_AFTER = (
    re.compile(r"(?<![=!<>])(?:=|\breturn\b)\s*(?:\w+\.)+\Z"),
    re.compile(r"\s*(?:;|\n|\Z)"),
)
_TYPE_ALIAS = re.compile(r"\btype\s+\w+\s*=\s*[\w.]*\Z")


def is_called_by_key(before: str, after: str) -> bool:
    """Return whether a method is called by its name in brackets: ``client["name"](...)``."""
    return bool(_MEMBER_BEFORE.search(before) and _MEMBER_AFTER.match(after))


def is_mocked(before: str, after: str) -> bool:
    """Return whether a test replaces a method, or counts its calls."""
    return bool(_MOCK_BEFORE.search(before) or _MOCK_AFTER.match(after))


def is_renamed(before: str, after: str) -> bool:
    """Return whether a class or function gets another name, under which it may be called."""
    if _ALIAS.match(after):
        return True
    if _TYPE_ALIAS.search(before):
        return False
    return bool(_ASSIGNED_BEFORE.search(before) and _ASSIGNED_AFTER.match(after))


def is_destructured(before: str, after: str) -> bool:
    """Return whether a method becomes a variable: ``const { name } = client``. An import does not count."""
    return bool(_DESTRUCTURED_BEFORE.search(before) and _DESTRUCTURED_AFTER.match(after))
