"""IAM and key policies as templates hold them. True, False, or None for what cannot be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from iblint.checks._values import is_open
from iblint.model.values import ABSENT, Choice, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Tri = bool | None


def either(answers: Iterable[Tri]) -> Tri:
    """Whether one of the answers is yes; None when one of them cannot be told and none is yes."""
    found: Tri = False
    for answer in answers:
        if answer:
            return True
        found = None if answer is None else found
    return found


def agreed(answers: Iterable[Tri]) -> Tri:
    """The answer that all give; None when they differ."""
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def allowed(document: Any, action: str, covers: Callable[[Mapping[str, Any]], Tri]) -> Tri:
    """Whether a policy allows ``action`` (in lower case) by a statement that ``covers`` what it is about.

    A statement that denies it, perhaps under conditions, leaves that open.
    """
    answers: list[Tri] = []
    for statement in as_list(member(document, "Statement")):
        if not isinstance(statement, Mapping):
            answers.append(None)
            continue
        answer = _acts(statement, action) and covers(statement)
        effect = member(statement, "Effect")
        if effect == "Deny" and answer is not False:
            return None
        answers.append(answer if effect == "Allow" or not answer else None if is_open(effect) else False)
    return either(answers)


def _acts(statement: Mapping[str, Any], action: str) -> Tri:
    patterns = member(statement, "Action")
    if patterns is ABSENT:  # then it has NotAction
        return None
    return either(_matches(pattern, action) for pattern in as_list(patterns))


def _matches(pattern: Any, action: str) -> Tri:
    return fnmatchcase(action, pattern.lower()) if isinstance(pattern, str) else None


def member(mapping: Any, name: str) -> Any:
    """A member of a policy, however its first letter is written; what is open in place of the mapping, else ABSENT."""
    if is_open(mapping):
        return mapping
    if not isinstance(mapping, Mapping):
        return ABSENT
    return next((value for key, value in mapping.items() if str(key).lower() == name.lower()), ABSENT)


def as_list(value: Any) -> list[Any]:
    """The items of a list; any other value that is written is a list of itself."""
    if isinstance(value, list):
        return value
    return [] if value is ABSENT else [value]


def text_of(value: Any) -> str:
    """Everything that is written in a value, with open values as their expressions, for looking up names in it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unresolved | Choice):
        return value.expression
    return json.dumps(value, default=lambda part: getattr(part, "expression", str(part)), ensure_ascii=False)
