"""Verdicts, severities, violations, and the judgement of one rule on one resource."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.resource import Location


class Verdict(StrEnum):
    """The result of a rule on a resource. A rule that lacks a value gives UNKNOWN, never PASS or FAIL."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"
    """The rule could not be applied: it crashed, or the declarations it needs contradict each other."""


class Severity(StrEnum):
    """How much a finding matters. Ordered by ``rank``."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for error, 2 for warning, 1 for note."""
        return _RANKS[self.value]


_RANKS = {"error": 3, "warning": 2, "note": 1}


class Violation(Record, compiled=True):
    """One violation of a rule or, in an UNKNOWN judgement, one value that could not be determined.

    Compiled, because a faulty configuration has several.
    """

    path: Path
    """Canonical path of the value."""
    message: str
    """Full sentences with a final period. The first one states the fault: one-line formats show no other."""
    help: str | None = None
    """The edit to make; None for the rule's own remediation."""
    severity: Severity | None = None
    """None for the rule's own severity."""
    related: tuple[Location, ...] = ()
    locate: Path | None = None
    """Where to point, if not at ``path``."""
    at_key: bool = False
    """Point at the key instead of at its value."""


Fault = Violation
"""The name of ``Violation`` in iblint 0.1.0, for the Python checks of installed packs."""


class Judgement(Record, compiled=True):
    """The result of one rule on one resource. FAIL, UNKNOWN and ERROR judgements hold at least one violation.

    Compiled, because the checks make several for each configuration.
    """

    verdict: Verdict
    explanation: str | Callable[[], str] | None = ""
    """The reason, or a function that returns it, since few reports show why a rule passed. None if the rule derives
    the reason from the resource later (``engine.evaluator.PreparedRule.reason``)."""
    violations: tuple[Violation, ...] = ()

    @property
    def reason(self) -> str:
        """Why, in full sentences. Raises ValueError if the rule derives the reason later."""
        if self.explanation is None:
            raise ValueError("the judgement holds no reason: see PreparedRule.reason")
        return self.explanation if isinstance(self.explanation, str) else self.explanation()

    @property
    def faults(self) -> tuple[Violation, ...]:
        """The name of ``violations`` in iblint 0.1.0, for the Python checks of installed packs."""
        return self.violations


_PASSED = Judgement(Verdict.PASS)


def passed(reason: str | Callable[[], str] = "") -> Judgement:
    """Return PASS."""
    return Judgement(Verdict.PASS, reason) if reason else _PASSED


def failed(*violations: Violation) -> Judgement:
    """Return FAIL with at least one violation."""
    if not violations:
        raise ValueError("a failed judgement needs at least one violation")
    return Judgement(Verdict.FAIL, violations[0].message, violations)


def unknown(*violations: Violation) -> Judgement:
    """Return UNKNOWN with at least one violation: each says which value is missing and how to supply it."""
    if not violations:
        raise ValueError("an unknown judgement needs at least one violation")
    return Judgement(Verdict.UNKNOWN, violations[0].message, violations)


def not_applicable(reason: str | Callable[[], str]) -> Judgement:
    """Return NOT_APPLICABLE: the rule has nothing to judge."""
    return Judgement(Verdict.NOT_APPLICABLE, reason)


def contradicted(violation: Violation) -> Judgement:
    """Return ERROR, because declarations that the rule needs contradict each other. It makes the run incomplete."""
    return Judgement(Verdict.ERROR, violation.message, (violation,))
