"""Derive from the table of questions: the allow-list of API calls, the IAM policy, and the documented permissions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from iblint.facts.questions import QUESTIONS
from iblint.model.question import Question, Scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Questions = Iterable[Question[Any]]


def operations(questions: Questions = QUESTIONS) -> frozenset[str]:
    """Return the API calls that answer the questions: ``s3:HeadBucket``."""
    return frozenset(question.operation for question in questions if question.operation)


def actions_by_scope(questions: Questions = QUESTIONS) -> Mapping[Scope, frozenset[str]]:
    """Return the IAM actions that the questions need, by the resources that they can be narrowed to."""
    found: dict[Scope, set[str]] = {}
    for question in questions:
        if question.operation and question.scope != "none":
            found.setdefault(question.scope, set()).add(question.action)
    return {scope: frozenset(actions) for scope, actions in found.items()}


def actions(question: Question[Any]) -> list[str]:
    """Return the IAM actions that one question needs, those of its parts included."""
    if question.parts:
        return [action for part in question.parts for action in actions(part)]
    return [] if question.scope == "none" else [question.action]


def documentation(rule_link: Callable[[str], str], questions: Questions = QUESTIONS) -> str:
    """Return a Markdown table of the permissions that each rule needs; ``rule_link`` links a rule's code."""
    by_rule: dict[str, dict[str, None]] = {}
    for question in questions:
        for rule in question.rules:
            by_rule.setdefault(rule, {}).update(dict.fromkeys(actions(question)))
    rows = [
        f"| {rule_link(rule)} | {', '.join(f'`{action}`' for action in needed) or 'none'} |"
        for rule, needed in sorted(by_rule.items())
    ]
    return "\n".join(["| rule | permissions |", "| --- | --- |", *rows]) + "\n"
