"""One configuration, once: journal the intent, send it until the end is known, verify it by Get, close the journal.

A crash between any two lines is harmless: the same run again finds what took effect, or sends the same token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from iblint.apply.diff import changes, holds
from iblint.apply.gate import digest_of
from iblint.apply.journal import OPEN, Entry, Event, Journal, JournalError
from iblint.apply.plan import Action, Plan, read, unchanged
from iblint.apply.request import CREATE, token_of
from iblint.apply.retry import Clock, Patience
from iblint.aws.client import Acknowledged, ImageBuilder
from iblint.aws.errors import AwsFailure
from iblint.model.errors import IblintError
from iblint.model.path import Path
from iblint.model.record import Record, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Status: TypeAlias = (
    "Literal['created', 'updated', 'unchanged', 'refused', 'drift', 'conflict', 'failed', 'unknown', 'skipped']"
)

_RESTING: Mapping[Action, Status] = {
    "drift": "drift",
    "conflict": "conflict",
    "refused": "refused",
    "misplaced": "refused",
}

VISIBLE = 20.0
"""Seconds that Get is asked for what was acknowledged, before it is taken to be gone."""
PROFILE_TRIES = 5
PROFILE_WAIT = 3.0
"""Seconds, at least, before a new instance profile is tried again."""
OUTCOME_UNKNOWN = 7
CONFLICT = 6


class Result(Record):
    """What became of one plan."""

    plan: Plan
    status: Status
    exit_code: int
    message: str
    """What happened and what to do next; empty when there is nothing to add to the status."""
    observed: Mapping[str, Any] | None = None
    """The configuration as Get shows it in the end; there is no success without it."""
    request_id: str | None = None
    token: str | None = None
    started: str = ""
    ended: str = ""
    failure: AwsFailure | None = None
    filled: tuple[Path, ...] = field(default=())
    """Fields that the service filled in."""


class Sending(Record, frozen=False):
    """The end of a call that was repeated."""

    answer: Acknowledged | AwsFailure
    ambiguous: bool = False
    """Some attempt may have taken effect without our knowing."""

    @property
    def failure(self) -> AwsFailure | None:
        """What went wrong in the end."""
        return self.answer if isinstance(self.answer, AwsFailure) else None

    @property
    def request_id(self) -> str | None:
        """AWS's id of the last call."""
        return self.answer.request_id


class Flow:
    """Carries out plans in one account and Region, one after the other."""

    def __init__(
        self, server: ImageBuilder, journal: Journal, clock: Clock, seconds: float, has_profile: Callable[[str], bool]
    ) -> None:
        self.server = server
        self.journal = journal
        self.clock = clock
        self.seconds = seconds
        self.has_profile = has_profile
        """Whether a live read has seen an instance profile, which may then be merely too new for Image Builder."""

    def apply(self, plan: Plan) -> Result:
        """Carry out a plan. Raises JournalError; whatever AWS does becomes a Result."""
        started = self.clock.stamp()
        if not plan.decision.allowed or not unchanged(plan):
            raise IblintError("Internal error: only what the gate has let pass can be sent. Nothing was sent.")
        try:
            result = self._carry_out(plan)
        except JournalError as error:
            if not self.open(plan):
                raise  # before anything was sent
            text = f"{error} What was sent may have taken effect. {SAFE}"
            result = Result(plan, "unknown", OUTCOME_UNKNOWN, text)
        return replace(result, started=started, ended=self.clock.stamp())

    def _carry_out(self, plan: Plan) -> Result:
        match plan.action:
            case "create":
                return _Creation(self, plan).run()
            case "update":
                from iblint.apply.update import Replacement

                return Replacement(self, plan).run()
            case _:
                return self.rest(plan)

    def rest(self, plan: Plan) -> Result:
        """The result of a plan that sends nothing."""
        if plan.action == "none":
            self.close(plan)
            return Result(plan, "unchanged", 0, "", plan.observed)
        status = _RESTING.get(plan.action, "failed")
        return Result(plan, status, plan.exit_code, plan.message, plan.observed, failure=plan.failure)

    def open(self, plan: Plan) -> Entry | None:
        """The entry that says that this request was sent, and not what became of it."""
        last = self.journal.last(plan.arn)
        return last if last is not None and last.event in OPEN and last.digest == plan.decision.digest else None

    def close(self, plan: Plan) -> None:
        """Close the intent of an earlier run whose request turns out to have taken effect."""
        last = self.open(plan)
        if last is not None:
            self.note("done", plan, last.operation, last.token, last.generation, {"recovered": True})

    def note(
        self, event: Event, plan: Plan, operation: str, token: str, generation: int, details: Mapping[str, Any]
    ) -> None:
        """Write a line of the journal."""
        if event == "intent":
            waived = [reason.as_data() for reason in plan.decision.waived]
            details = {**details, "caller": plan.identity and plan.identity.arn, "waived": waived}
        digest, time = plan.decision.digest, self.clock.stamp()
        self.journal.write(Entry(event, operation, plan.arn, token, digest, generation, time, details))

    def send(self, call: Callable[[], Acknowledged | AwsFailure], profile: str, patience: Patience) -> Sending:
        """Make a call until it is answered for good, with pauses, within the deadline."""
        ambiguous, tries = False, 0
        while True:
            answer = call()
            if not isinstance(answer, AwsFailure):
                return Sending(answer, ambiguous)
            ambiguous = ambiguous or answer.created == "unknown"
            least = 0.0
            if answer.retry == "propagation":
                tries, least = tries + 1, PROFILE_WAIT
                if tries > PROFILE_TRIES or not self.has_profile(profile):
                    return Sending(answer, ambiguous)
            if answer.retry == "never" or not patience.pause(least):
                return Sending(answer, ambiguous)

    def settle(self, arn: str, good: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any] | AwsFailure | None:
        """Get until what is shown is good, or time is up; then whatever was shown last."""
        patience = Patience(self.clock, VISIBLE)
        while True:
            found = read(self.server, arn, patience)
            if found is not None and not isinstance(found, Mapping):
                return found
            if (found is not None and good(found)) or not patience.pause():
                return found


_ARN = re.compile(r"arn:[a-z-]+:imagebuilder:[a-z0-9-]+:[0-9]{12}:infrastructure-configuration/[a-z0-9_-]+")


class _Creation:
    """A create, from the dry run to the verified end."""

    def __init__(self, flow: Flow, plan: Plan) -> None:
        self.flow = flow
        self.plan = plan
        self.profile = str(plan.request["instanceProfileName"])
        self.patience = Patience(flow.clock, flow.seconds)
        self.generation = flow.journal.generation(plan.arn, plan.decision.digest)
        self.begun = flow.open(plan) is not None
        """An earlier run sent this request and never learned what became of it."""

    def run(self) -> Result:
        """Create it. When AWS replays the answer to a configuration that is gone, once more with a new token."""
        refused = self._dry_run()
        if refused is not None:
            return refused
        result = self._once()
        if result is None:
            self.generation += 1
            result = self._once()
        return result or self._unknown(None, "AWS acknowledged the create, but Get does not show the configuration.")

    def _token(self) -> str:
        assert self.plan.identity is not None
        return token_of(self.plan.identity, CREATE, self.plan.decision.digest, self.generation)

    def _dry_run(self) -> Result | None:
        """Let AWS check the request; None when it would have succeeded."""
        plan, flow = self.plan, self.flow
        assert plan.identity is not None
        token = token_of(plan.identity, "DryRun", plan.decision.digest, self.generation, flow.clock.stamp())
        sending = flow.send(lambda: flow.server.dry_run(plan.request, token), self.profile, self.patience)
        failure = sending.failure
        if failure is None:
            message = f"AWS answered the dry run as if it were a create. Look at {plan.arn}, then run again."
            return Result(plan, "unknown", OUTCOME_UNKNOWN, message)
        if failure.kind == "dry-run":
            return None
        if failure.kind == "conflict":
            return self._taken(Sending(failure))
        text = f"{failure.message} This was the dry run: nothing was created. {failure.next_step}"
        code = 5 if failure.exit_code == OUTCOME_UNKNOWN else failure.exit_code
        return Result(plan, "failed", code, text, request_id=failure.request_id, failure=failure)

    def _once(self) -> Result | None:
        """Send it with the token of the generation; None when AWS says that it was created and it is not there."""
        token = self._token()
        self._note("intent", {})
        sending = self.flow.send(lambda: self.flow.server.create(self.plan.request, token), self.profile, self.patience)
        failure = sending.failure
        if failure is None:
            return self._acknowledged(sending)
        if failure.kind == "conflict":
            return self._taken(sending)
        if sending.ambiguous:
            found = self.flow.settle(self.plan.arn, self._good)
            if isinstance(found, Mapping):
                return self._found(found, sending)
            return self._unknown(sending, failure.message)
        there = self.flow.server.get(self.plan.arn)  # a refusal is believed, but not blindly
        if isinstance(there, Mapping) and self._good(there):
            return self._found(there, sending)
        self._note("refused", {"code": failure.code})
        return Result(
            self.plan, "failed", failure.exit_code, failure.text, None, failure.request_id, token, failure=failure
        )

    def _acknowledged(self, sending: Sending) -> Result | None:
        arn = self._named(getattr(sending.answer, "arn", None))
        found = self.flow.settle(arn, self._good)
        if isinstance(found, Mapping):
            return self._found(found, sending)
        if found is None:
            return None
        return self._unknown(sending, f"AWS acknowledged the create, but it cannot be verified: {found.message}")

    def _taken(self, sending: Sending) -> Result:
        """The name exists: it may be this very configuration, made by a request whose answer was lost."""
        named = _ARN.search(sending.failure.message) if sending.failure else None
        arn = self._named(named.group() if named else None)
        found = self.flow.settle(arn, self._good)
        if isinstance(found, Mapping):
            return self._found(found, sending)
        failure = sending.failure
        assert failure is not None
        why = found.message if found is not None else "Get does not show it."
        return self._unknown(sending, f"{failure.message} It cannot be compared: {why}")

    def _named(self, arn: str | None) -> str:
        """The ARN that AWS's answer names, which may be spelled otherwise; in another account or Region it is none."""
        own = self.plan.arn
        return arn if arn is not None and arn.rpartition("/")[0] == own.rpartition("/")[0] else own

    def _found(self, found: Mapping[str, Any], sending: Sending) -> Result:
        """Get shows a configuration of the name: the one that was asked for, or another."""
        token, request_id, failure = self._token(), sending.request_id, sending.failure
        if not self._good(found):
            self._note("refused", {"conflict": True})
            message = "The name exists with other content. Choose another name, or run plan to see what differs."
            return Result(self.plan, "conflict", CONFLICT, message, found, request_id, token, failure=failure)
        filled = tuple(change.path for change in changes(self.plan.request, found))
        self._note("done", {"requestId": request_id})
        ours = failure is None or sending.ambiguous or self.begun
        return Result(self.plan, "created" if ours else "unchanged", 0, "", found, request_id, token, filled=filled)

    def _good(self, found: Mapping[str, Any]) -> bool:
        return holds(self.plan.request, found)

    def _unknown(self, sending: Sending | None, what: str) -> Result:
        failure = sending.failure if sending else None
        self._note("unknown", {"code": failure.code if failure else None})
        text = f"{what} It is not known whether the configuration was created. {SAFE}"
        return Result(self.plan, "unknown", OUTCOME_UNKNOWN, text, token=self._token(), failure=failure)

    def _note(self, event: Event, details: Mapping[str, Any]) -> None:
        assert digest_of(self.plan.request) == self.plan.decision.digest
        self.flow.note(event, self.plan, CREATE, self._token(), self.generation, details)


SAFE = "Run the same command again: it ends in the same single configuration."
