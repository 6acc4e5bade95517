"""The gate: whether a configuration that was judged may be created. Pure: no file, no clock, no account.

What blocks: any input that could not be read; any mission rule that does not pass, whatever its severity elsewhere;
any finding at error and any rule that broke. What a rule without a mission cannot decide is shown, and does not block.
A waiver takes one rule out of the decision for one run; it is recorded with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from iblint.model.record import Record, replace
from iblint.model.report import Configuration, Outcome, Report
from iblint.model.verdict import Severity, Verdict
from iblint.text.secrets import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Waiver(Record):
    """A rule that somebody lets a run go without."""

    rule: str
    """Code."""
    reason: str
    until: date
    """The last day on which it holds."""


class Reason(Record):
    """Why the gate stays shut, or what it let pass undecided or waived."""

    rule: str | None
    """Code; None for an input that could not be read."""
    name: str
    verdict: Verdict
    message: str
    waiver: Waiver | None = None

    def as_data(self) -> dict[str, Any]:
        """The reason for JSON."""
        data: dict[str, Any] = {
            "rule": self.rule,
            "name": self.name,
            "verdict": self.verdict.value,
            "message": redact(self.message),
        }
        if self.waiver is not None:
            data["waiver"] = {"reason": redact(self.waiver.reason), "until": self.waiver.until.isoformat()}
        return data


class Decision(Record):
    """What the gate says of one configuration."""

    allowed: bool
    reasons: tuple[Reason, ...]
    """What blocks; empty when it is allowed."""
    waived: tuple[Reason, ...]
    """What would have blocked."""
    undecided: tuple[Reason, ...]
    """What could not be decided and does not block."""
    digest: str
    """Of the very request that was judged; nothing else may be sent."""


def digest_of(request: Mapping[str, Any]) -> str:
    """``sha256:`` and the hex digest of a request as it is sent: keys sorted, lists in their order."""
    text = json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def decide(
    report: Report,
    configuration: Configuration,
    request: Mapping[str, Any],
    waivers: Sequence[Waiver] = (),
    *,
    today: date,
    undecided_blocks: bool = True,
) -> Decision:
    """Whether ``configuration`` of the report may be created as ``request``.

    ``undecided_blocks=False`` is for the judgement before the account is asked, which may still decide a mission rule.
    """
    missions = {rule.code for rule in report.rules if rule.core}
    at_error = {
        finding.rule
        for finding in report.findings
        if finding.configuration == configuration.id
        and finding.verdict is Verdict.FAIL
        and finding.severity is Severity.ERROR
    }
    holding = {waiver.rule: waiver for waiver in waivers if waiver.until >= today}
    blocking = [Reason(None, "unread input", Verdict.ERROR, f"{p.file}:{p.line}: {p.message}") for p in report.problems]
    waived, undecided = [], []
    for outcome in configuration.outcomes:
        reason = Reason(outcome.rule, outcome.name, outcome.verdict, _message(report, configuration, outcome))
        if not _blocks(outcome, missions, at_error):
            if outcome.verdict is Verdict.UNKNOWN:
                undecided.append(reason)
        elif outcome.verdict is Verdict.UNKNOWN and not undecided_blocks:
            undecided.append(reason)
        elif outcome.rule in holding and outcome.verdict is not Verdict.ERROR:
            waived.append(replace(reason, waiver=holding[outcome.rule]))
        else:
            blocking.append(reason)
    return Decision(not blocking, tuple(blocking), tuple(waived), tuple(undecided), digest_of(request))


def unused(waivers: Sequence[Waiver], decisions: Collection[Decision]) -> tuple[Waiver, ...]:
    """The waivers that nothing needed."""
    used = {reason.rule for decision in decisions for reason in decision.waived}
    return tuple(waiver for waiver in waivers if waiver.rule not in used)


def _blocks(outcome: Outcome, missions: Collection[str], at_error: Collection[str]) -> bool:
    if outcome.verdict is Verdict.ERROR:
        return True
    if outcome.rule in missions:
        return outcome.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    return outcome.rule in at_error


def _message(report: Report, configuration: Configuration, outcome: Outcome) -> str:
    """What the rule says, with the help that the finding carries."""
    for finding in report.findings:
        if finding.configuration == configuration.id and finding.rule == outcome.rule:
            return f"{finding.message} {finding.help}".strip()
    return outcome.reason
