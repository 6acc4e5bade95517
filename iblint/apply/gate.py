"""The gate: decides whether a judged configuration may be created. It reads no file, no clock and no account.

These block: an input that could not be read, a core rule that does not pass (whatever its severity in ``check``), a
finding at error, and a rule that crashed. An unknown verdict of another rule is shown and does not block. A waiver of
the command line, or of the file that it names, removes one rule from the decision, and is recorded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from iblint.config.waivers import matches, waiver_for
from iblint.model.document import Notice
from iblint.model.record import Record, replace
from iblint.model.report import Configuration, Outcome, Report
from iblint.model.verdict import Severity, Verdict
from iblint.model.waiver import Waiver
from iblint.text.secrets import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any


class Reason(Record):
    """A verdict that blocks, was waived, or is unknown and does not block."""

    rule: str | None
    """Code; None for an input that could not be read."""
    name: str
    verdict: Verdict
    message: str
    waiver: Waiver | None = None

    def as_data(self) -> dict[str, Any]:
        """Return the reason as JSON data, with secrets redacted."""
        data: dict[str, Any] = {
            "rule": self.rule,
            "name": self.name,
            "verdict": self.verdict.value,
            "message": redact(self.message),
        }
        if self.waiver is not None:
            data["waiver"] = waiver_data(self.waiver)
        return data


def waiver_data(waiver: Waiver) -> dict[str, Any]:
    """Return what a waiver says, as JSON data with secrets redacted. What is not written is left out, but the end."""
    given = {"reason": waiver.reason, "owner": waiver.owner, "ticket": waiver.ticket}
    given |= {"configuration": waiver.configuration, "file": waiver.file}
    until = None if waiver.until is None else waiver.until.isoformat()
    return {**{key: redact(text) for key, text in given.items() if text is not None}, "until": until}


class Decision(Record):
    """The gate's decision about one configuration."""

    allowed: bool
    reasons: tuple[Reason, ...]
    """What blocks; empty if the configuration is allowed."""
    waived: tuple[Reason, ...]
    """What would block without a waiver."""
    undecided: tuple[Reason, ...]
    """Unknown verdicts that do not block."""
    digest: str
    """The digest of the request that was judged. No other request may be sent."""


def digest_of(request: Mapping[str, Any]) -> str:
    """Return ``sha256:`` and the hex digest of a request. The order of keys does not matter, that of lists does."""
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
    """Decide whether ``configuration`` of the report may be created as ``request``.

    ``undecided_blocks=False`` serves the judgement before the account is read: live facts may still decide a core rule.
    """
    core = {rule.code for rule in report.rules if rule.core}
    at_error = {
        finding.rule
        for finding in report.findings
        if finding.configuration == configuration.id
        and finding.verdict is Verdict.FAIL
        and finding.severity is Severity.ERROR
    }
    blocking = [Reason(None, "unread input", Verdict.ERROR, f"{p.file}:{p.line}: {p.message}") for p in report.problems]
    waived, undecided = [], []
    for outcome in configuration.outcomes:
        reason = Reason(outcome.rule, outcome.name, outcome.verdict, _message(report, configuration, outcome))
        if not _blocks(outcome, core, at_error):
            if outcome.verdict is Verdict.UNKNOWN:
                undecided.append(reason)
        elif outcome.verdict is Verdict.UNKNOWN and not undecided_blocks:
            undecided.append(reason)
        elif outcome.verdict is Verdict.ERROR:
            blocking.append(reason)
        elif waiver := waiver_for(waivers, outcome.rule, configuration, today):
            waived.append(replace(reason, waiver=waiver))
        else:
            blocking.append(reason)
    return Decision(not blocking, tuple(blocking), tuple(waived), tuple(undecided), digest_of(request))


def unused(waivers: Sequence[Waiver], decisions: Collection[Decision]) -> tuple[Waiver, ...]:
    """Return the waivers that no decision needed; none if nothing was decided."""
    used = [reason.waiver for decision in decisions for reason in decision.waived]
    return tuple(waiver for waiver in waivers if waiver not in used) if decisions else ()


def waiver_notices(
    waivers: Sequence[Waiver], not_needed: Collection[Waiver], configurations: Collection[Configuration], *, today: date
) -> Iterator[Notice]:
    """Yield a notice for each waiver of a file that has no effect, with the reason."""
    for waiver in waivers:
        if waiver.place is None:
            continue
        if waiver.has_expired(today):
            yield Notice(*waiver.place, f"The waiver of {waiver.rule} has expired on {waiver.until}. It has no effect.")
        elif configurations and not any(matches(waiver, configuration) for configuration in configurations):
            yield Notice(*waiver.place, f"The waiver of {waiver.rule} matches no configuration of this run.")
        elif waiver in not_needed:
            yield Notice(*waiver.place, f"The waiver of {waiver.rule} is not needed.")


def _blocks(outcome: Outcome, core: Collection[str], at_error: Collection[str]) -> bool:
    if outcome.verdict is Verdict.ERROR:
        return True
    if outcome.rule in core:
        return outcome.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    return outcome.rule in at_error


def _message(report: Report, configuration: Configuration, outcome: Outcome) -> str:
    """Return the message and help of the rule's finding, else the reason of its verdict."""
    for finding in report.findings:
        if finding.configuration == configuration.id and finding.rule == outcome.rule:
            return f"{finding.message} {finding.help}".strip()
    return outcome.reason
