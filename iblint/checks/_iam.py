"""Evaluate IAM and key policies: whether a statement allows an action. The answers are three-valued."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from iblint.checks._values import is_unresolved
from iblint.model.references import possible_values
from iblint.model.values import ABSENT, Choice, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Tri = bool | None
"""None if the answer is unknown."""


def any_true(answers: Iterable[Tri]) -> Tri:
    """Return whether any answer is True; None if none is True and one is unknown."""
    found: Tri = False
    for answer in answers:
        if answer:
            return True
        found = None if answer is None else found
    return found


def common_answer(answers: Iterable[Tri]) -> Tri:
    """Return the answer if all are the same, else None."""
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def policies_allow(documents: Iterable[Any], action: str, covers: Callable[[Mapping[str, Any]], Tri]) -> Tri:
    """Return whether policies together allow ``action`` (in lower case) by a statement for which ``covers`` is true.

    If a statement denies it, perhaps under conditions, the answer is unknown. So it is if one may deny it.
    """
    answers: list[Tri] = []
    may_be_denied = False
    for statement, is_certain in _statements(documents):
        if not isinstance(statement, Mapping):
            answers.append(None)
            may_be_denied = True
            continue
        answer = _acts(statement, action) and covers(statement)
        effect = member(statement, "Effect")
        if answer is False:
            continue
        if effect == "Deny" and is_certain:
            return None
        may_be_denied |= effect == "Deny" or is_unresolved(effect)
        answers.append(answer if effect == "Allow" and is_certain else None)
    found = any_true(answers)
    return None if found and may_be_denied else found


def _statements(documents: Iterable[Any]) -> Iterator[tuple[Any, bool]]:
    """Yield each statement, in all branches of conditions, with whether every branch has it."""
    for document in documents:
        if is_unresolved(document):
            yield document, False
            continue
        for statement in as_list(member(document, "Statement")):
            branches = list(possible_values(statement))
            yield from ((branch, len(branches) == 1) for branch in branches if branch is not ABSENT)


def _acts(statement: Mapping[str, Any], action: str) -> Tri:
    patterns = member(statement, "Action")
    if patterns is ABSENT:  # then it has NotAction
        return None
    return any_true(_matches(pattern, action) for pattern in as_list(patterns))


def _matches(pattern: Any, action: str) -> Tri:
    return fnmatchcase(action, pattern.lower()) if isinstance(pattern, str) else None


def member(mapping: Any, name: str) -> Any:
    """Return a member of a policy, ignoring case, or ABSENT. If the mapping itself is unresolved, return that."""
    if is_unresolved(mapping):
        return mapping
    if not isinstance(mapping, Mapping):
        return ABSENT
    return next((value for key, value in mapping.items() if str(key).lower() == name.lower()), ABSENT)


def as_list(value: Any) -> list[Any]:
    """Return a list, or any other value that is set as a list of one item."""
    if isinstance(value, list):
        return value
    return [] if value is ABSENT else [value]


def says(value: Any, test: Callable[[str], bool]) -> bool:
    """Return whether a value certainly passes a test of its text: in each branch, if a condition decides it."""
    branches = list(possible_values(value))
    return all(not _PICKS.search(_expression(branch)) and test(text_of(branch)) for branch in branches)


_PICKS = re.compile(r"\b(?:Select|FindInMap|If)\b")
"""Functions whose expression holds values that may not be chosen."""


def _expression(value: Any) -> str:
    return value.expression if isinstance(value, Unresolved) else ""


def text_of(value: Any) -> str:
    """Return a value as text to search for names, with unresolved values as their expressions."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unresolved | Choice):
        return value.expression
    return json.dumps(value, default=lambda part: getattr(part, "expression", str(part)), ensure_ascii=False)
