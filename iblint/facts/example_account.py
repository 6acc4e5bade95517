"""The account of a rule's example, in place of a real one.

Each question of ``questions`` has a section of its name::

    facts:
      identity: {account: "210987654321", region: eu-west-1}     # these are the defaults
      subnet:
        subnet-0a1b2c3d4e5f60718: {vpc: vpc-0a1b2c3d4e5f60718, zone: eu-west-1a}
        subnet-0ffffffffffffffff: denied                         # denied, throttled, timeout or error: not readable
      key-pair: denied                                           # the same for every key pair

What a section does not list does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from iblint.facts.questions import IDENTITY
from iblint.model.answers import FAILURE_REASONS, FailureKind, Identity, Missing, Unavailable
from iblint.model.question import Answer, Facts, Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FAILURES: tuple[FailureKind, ...] = ("denied", "throttled", "timeout", "error")
"""The words of an example for what cannot be read."""


class FakeFacts(Facts):
    """Facts from the ``facts:`` of an example. A section of a wrong shape raises when a check asks for it."""

    def __init__(self, sections: Mapping[str, Any]) -> None:
        self._sections = sections

    def ask(self, question: Question[Answer], *arguments: Any) -> Answer | Unavailable:
        """Return the answer of the question's section."""
        section: Any = self._sections.get(question.name)
        whole = not arguments or section is None or isinstance(section, str)
        answer: Answer | Unavailable = _answer(question, section if whole else section.get(arguments[0]), arguments)
        return answer

    def identity(self) -> Identity | Unavailable:
        """Return the identity of the example, or the default one."""
        return self.ask(IDENTITY)


def _answer(question: Question[Any], value: Any, arguments: Sequence[Any]) -> Any:
    """Return the answer that a value stands for; ``value`` is None if the example does not have it."""
    kind = next((kind for kind in FAILURES if kind == value), None)
    if kind is not None:
        return Unavailable(FAILURE_REASONS[kind], question.action if kind == "denied" else None, kind)
    if value is None and question.missing:
        return Missing(question.missing.format(*arguments))
    if question.example is None:
        raise TypeError(f"an example of a rule cannot answer the question '{question.name}'")
    empty: Any = () if arguments else {}
    return question.example(empty if value is None else value, *arguments)
