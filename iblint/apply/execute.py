"""Apply one plan: journal the intent, send the request with retries, verify it by a Get, close the journal entry.

A crash at any point is safe: the next run finds what took effect, or sends the request with the same token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.apply.journal import OPEN, Entry, Event, Journal, JournalError
from iblint.apply.plan import Action, Plan, get_with_retries, is_unchanged
from iblint.apply.retry import Clock, RetryBudget
from iblint.aws.deadline import bounded
from iblint.aws.errors import AwsFailure
from iblint.aws.image_builder import Acknowledged, ImageBuilder
from iblint.exit_codes import ExitCode
from iblint.model.errors import IblintError
from iblint.model.path import Path
from iblint.model.record import Record, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Status: TypeAlias = (
    "Literal['created', 'updated', 'unchanged', 'differs', 'refused', 'drift', 'conflict', 'failed', 'unknown', "
    "'skipped']"
)
"""``differs``: AWS acknowledged the create, but the configuration has other content."""

_STATUS_WITHOUT_SENDING: Mapping[Action, Status] = {
    "drift": "drift",
    "missing": "conflict",
    "conflict": "conflict",
    "refused": "refused",
    "misplaced": "refused",
}

VISIBILITY_TIMEOUT = 20.0
"""Seconds to wait until Get returns an acknowledged configuration, before it counts as absent."""
PROFILE_RETRIES = 5
PROFILE_PAUSE = 3.0
"""Seconds to wait, at least, before a request with a new instance profile is retried."""
RUN_AGAIN = "Run the same command again. This is safe: it does not create a second configuration."


class Result(Record):
    """The result of one plan."""

    plan: Plan
    status: Status
    exit_code: int
    message: str
    """What happened and what to do next; empty if the status says everything."""
    observed: Mapping[str, Any] | None = None
    """The configuration that Get returned at the end. Every success has one."""
    request_id: str | None = None
    token: str | None = None
    started: str = ""
    ended: str = ""
    failure: AwsFailure | None = None
    filled: tuple[Path, ...] = field(default=())
    """Fields that the service filled in."""
    history: tuple[Entry, ...] = field(default=())
    """If an earlier run applied this request: the journal's entries about it, the last of which closed it."""


class Sent(Record):
    """The outcome of a call with its retries."""

    response: Acknowledged | AwsFailure
    """The response to the last attempt."""
    ambiguous: bool = False
    """Whether an earlier attempt may have taken effect."""

    @property
    def failure(self) -> AwsFailure | None:
        """The failure of the last attempt; None if it succeeded."""
        return self.response if isinstance(self.response, AwsFailure) else None

    @property
    def request_id(self) -> str | None:
        """AWS's ID of the last attempt."""
        return self.response.request_id


class PlanExecutor:
    """Applies plans in one account and Region, one after the other."""

    def __init__(
        self,
        imagebuilder: ImageBuilder,
        journal: Journal,
        clock: Clock,
        seconds: float,
        has_profile: Callable[[str], bool],
    ) -> None:
        self.imagebuilder = imagebuilder
        self.journal = journal
        self.clock = clock
        self.seconds = seconds
        self.has_profile = has_profile
        """Whether an instance profile exists: then it may only be too new for Image Builder to see."""

    def apply(self, plan: Plan) -> Result:
        """Apply a plan. Raises JournalError; every response and failure of AWS becomes a Result."""
        started = self.clock.stamp()
        if not plan.decision.allowed or not is_unchanged(plan):
            raise IblintError("Internal error: the gate has not allowed this request. Nothing was sent.")
        try:
            result = self._apply(plan)
        except JournalError as error:
            if not self.open_entry(plan):
                raise  # before anything was sent
            text = f"{error} The request may have taken effect. {RUN_AGAIN}"
            result = Result(plan, "unknown", ExitCode.OUTCOME_UNKNOWN, text)
        return replace(result, started=started, ended=self.clock.stamp())

    def _apply(self, plan: Plan) -> Result:
        match plan.action:
            case "create":
                from iblint.apply.create import Create  # which imports this module

                return Create(self, plan).run()
            case "update":
                from iblint.apply.update import Update  # which imports this module

                return Update(self, plan).run()
            case _:
                return self.without_sending(plan)

    def without_sending(self, plan: Plan) -> Result:
        """Return the result of a plan that needs no request."""
        if plan.action == "none":
            self.close_entry(plan)
            history = self.journal.history(plan.arn, plan.decision.digest)
            return Result(plan, "unchanged", ExitCode.CLEAN, "", plan.observed, history=history)
        status = _STATUS_WITHOUT_SENDING.get(plan.action, "failed")
        return Result(plan, status, plan.exit_code, plan.message, plan.observed, failure=plan.failure)

    def open_entry(self, plan: Plan) -> Entry | None:
        """Return the journal entry of this request if its outcome is open, else None."""
        last = self.journal.last(plan.arn)
        return last if last is not None and last.event in OPEN and last.digest == plan.decision.digest else None

    def close_entry(self, plan: Plan) -> None:
        """Close the entry of an earlier run, whose request has taken effect."""
        last = self.open_entry(plan)
        if last is not None:
            self.record("done", plan, last.operation, last.token, last.generation, {"recovered": True})

    def record(
        self, event: Event, plan: Plan, operation: str, token: str, generation: int, details: Mapping[str, Any]
    ) -> None:
        """Write a journal entry."""
        if event == "intent":
            waived = [reason.as_data() for reason in plan.decision.waived]
            details = {**details, "caller": plan.identity and plan.identity.arn, "waived": waived}
        digest, time = plan.decision.digest, self.clock.stamp()
        self.journal.write(Entry(event, operation, plan.arn, token, digest, generation, time, details))

    def send(self, call: Callable[[], Acknowledged | AwsFailure], profile: str, budget: RetryBudget) -> Sent:
        """Make a call. Retry with pauses while the failure may pass. All ends before the deadline of the budget."""
        ambiguous, profile_retries = False, 0
        while True:
            response = bounded(budget.remaining, call)
            if not isinstance(response, AwsFailure):
                return Sent(response, ambiguous)
            ambiguous = ambiguous or response.created == "unknown"
            pause = 0.0
            if response.retry == "propagation":
                profile_retries, pause = profile_retries + 1, PROFILE_PAUSE
                if profile_retries > PROFILE_RETRIES or not self.has_profile(profile):
                    return Sent(response, ambiguous)
            if response.retry == "never" or not budget.pause(pause):
                return Sent(response, ambiguous)

    def wait_for(
        self, arn: str, is_expected: Callable[[Mapping[str, Any]], bool]
    ) -> Mapping[str, Any] | AwsFailure | None:
        """Get a configuration until it is as expected or VISIBILITY_TIMEOUT is over. Return what Get returned last.

        If the last Get was cut off by that timeout, return the configuration that the one before it returned, if any.
        """
        budget = RetryBudget(self.clock, VISIBILITY_TIMEOUT)
        before: Mapping[str, Any] | None = None
        while True:
            found = get_with_retries(self.imagebuilder, arn, budget)
            if isinstance(found, AwsFailure):
                return before if before is not None and found.kind == "timeout" else found
            if (found is not None and is_expected(found)) or not budget.pause():
                return found
            before = found
