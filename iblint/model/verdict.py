"""Verdicts, severities, and what one rule says of one resource."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.resource import Location


class Verdict(StrEnum):
    """What a rule says of a resource. A rule never turns "cannot know" into pass or fail."""

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


class Violation(Record):
    """One thing wrong (or, in an UNKNOWN judgement, one thing that could not be known), at a canonical path."""

    path: Path
    message: str
    """Full sentences, the first one a title, with a final period."""
    help: str | None = None
    """The exact edit to make; None for the rule's own remediation."""
    severity: Severity | None = None
    """None for the rule's own severity."""
    related: tuple[Location, ...] = ()
    locate: Path | None = None
    """Where to point, when that is not ``path``."""
    at_key: bool = False
    """The key is wrong and not its value: point at the key."""


Fault = Violation
"""The name in iblint 0.1.0, for the Python checks of installed packs."""


class Judgement(Record):
    """The result of one rule on one resource. FAIL and UNKNOWN carry faults; every verdict says its reason."""

    verdict: Verdict
    said: str | Callable[[], str] | None = ""
    """The reason, or what puts it into words: most reports do not show why a rule passed. None leaves it to who has
    judged, and can tell the reason later from the resource (``Judge.reason``)."""
    faults: tuple[Violation, ...] = ()

    @property
    def reason(self) -> str:
        """Why, in full sentences."""
        if self.said is None:
            raise ValueError("the reason was left to who has judged")
        return self.said if isinstance(self.said, str) else self.said()


_PASSED = Judgement(Verdict.PASS)


def passed(reason: str | Callable[[], str] = "") -> Judgement:
    """The rule is met."""
    return Judgement(Verdict.PASS, reason) if reason else _PASSED


def failed(*faults: Violation) -> Judgement:
    """The rule is broken, by each of ``faults`` (at least one)."""
    if not faults:
        raise ValueError("a failed judgement names at least one fault")
    return Judgement(Verdict.FAIL, faults[0].message, faults)


def unknown(*faults: Violation) -> Judgement:
    """It cannot be known whether the rule is met; each fault says which value is missing and how to supply it."""
    if not faults:
        raise ValueError("an unknown judgement says what is not known")
    return Judgement(Verdict.UNKNOWN, faults[0].message, faults)


def not_applicable(reason: str | Callable[[], str]) -> Judgement:
    """The rule has nothing to judge here."""
    return Judgement(Verdict.NOT_APPLICABLE, reason)


def contradicted(fault: Violation) -> Judgement:
    """Declarations that the rule needs contradict each other: an ERROR outcome, which makes the run incomplete."""
    return Judgement(Verdict.ERROR, fault.message, (fault,))
