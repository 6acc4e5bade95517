"""Apply one plan: journal the intent, send the request with retries, verify it by a Get, close the journal entry.

A crash at any point is safe: the next run finds what took effect, or sends the request with the same token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from iblint.apply.diff import changes, filled_in, in_effect
from iblint.apply.gate import digest_of
from iblint.apply.journal import OPEN, Entry, Event, Journal, JournalError
from iblint.apply.plan import Action, Plan, get_with_retries, is_unchanged
from iblint.apply.request import CREATE, token_of
from iblint.apply.retry import Clock, RetryBudget
from iblint.aws.client import Acknowledged, ImageBuilder
from iblint.aws.deadline import bounded
from iblint.aws.errors import AwsFailure
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
_ARN = re.compile(r"arn:[a-z-]+:imagebuilder:[a-z0-9-]+:[0-9]{12}:infrastructure-configuration/[a-z0-9_-]+")


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
                return _Create(self, plan).run()
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
        """Get a configuration until it is as expected or VISIBILITY_TIMEOUT is over. Return what Get returned last."""
        budget = RetryBudget(self.clock, VISIBILITY_TIMEOUT)
        while True:
            found = get_with_retries(self.imagebuilder, arn, budget)
            if found is not None and not isinstance(found, Mapping):
                return found
            if (found is not None and is_expected(found)) or not budget.pause():
                return found


class _Create:
    """Creates a configuration: dry run, create, verification."""

    def __init__(self, executor: PlanExecutor, plan: Plan) -> None:
        self.executor = executor
        self.plan = plan
        self.profile = str(plan.request["instanceProfileName"])
        self.budget = RetryBudget(executor.clock, executor.seconds)
        self.generation = executor.journal.generation(plan.arn, plan.decision.digest)
        self.sent_before = executor.open_entry(plan) is not None
        """Whether an earlier run sent this request and its outcome is open."""
        self.dry_run_token: str | None = None
        """The token of a dry run that was answered as a create."""

    def run(self) -> Result:
        """Create the configuration. If AWS replays its response for a deleted one, create again with a new token."""
        refused = self._dry_run()
        if refused is not None:
            return refused
        result = self._create()
        if result is None:
            self.generation += 1
            result = self._create()
        return result or self._unknown(None, "AWS acknowledged the create, but the configuration is not there.")

    def _token(self) -> str:
        if self.dry_run_token is not None:
            return self.dry_run_token
        assert self.plan.identity is not None
        return token_of(self.plan.identity, CREATE, self.plan.decision.digest, self.generation)

    def _dry_run(self) -> Result | None:
        """Let AWS check the request. Return None if it would succeed."""
        plan, executor = self.plan, self.executor
        assert plan.identity is not None
        token = token_of(plan.identity, "DryRun", plan.decision.digest, self.generation, executor.clock.stamp())
        sent = executor.send(lambda: executor.imagebuilder.dry_run(plan.request, token), self.profile, self.budget)
        failure = sent.failure
        if failure is None:
            return self._created_by_dry_run(sent, token)
        if failure.kind == "dry-run":
            return None
        if failure.kind == "conflict":
            return self._name_exists(Sent(failure))
        text = f"{failure.message} This was the dry run: nothing was created. {failure.next_step}"
        code = failure.exit_code
        if code == ExitCode.OUTCOME_UNKNOWN:  # a dry run creates nothing
            code = ExitCode.AWS_REFUSED
        return Result(plan, "failed", code, text, request_id=failure.request_id, failure=failure)

    def _created_by_dry_run(self, sent: Sent, token: str) -> Result:
        """Return the result of a dry run that AWS, or a proxy, answered as a create: find what is in effect."""
        self.dry_run_token = token
        self._record("intent", {"dryRun": True})
        found = self.executor.wait_for(self.plan.arn, self._in_effect)
        what = "AWS answered the dry run as a create."
        if isinstance(found, Mapping):
            result = self._compare(found, sent)
            return replace(result, message=f"{what} {result.message}".strip())
        why = f" It cannot be read: {found.message}" if found is not None else " It is not there, or not visible yet."
        return self._unknown(sent, what + why)

    def _create(self) -> Result | None:
        """Send the request with the token of the generation. Return None if AWS acknowledges it without any effect."""
        token = self._token()
        self._record("intent", {})
        executor = self.executor
        sent = executor.send(lambda: executor.imagebuilder.create(self.plan.request, token), self.profile, self.budget)
        failure = sent.failure
        if failure is None:
            return self._acknowledged(sent)
        if failure.kind == "conflict":
            return self._name_exists(sent)
        if sent.ambiguous:
            found = executor.wait_for(self.plan.arn, self._in_effect)
            if isinstance(found, Mapping):
                return self._compare(found, sent)
            return self._unknown(sent, failure.message)
        found = bounded(VISIBILITY_TIMEOUT, lambda: executor.imagebuilder.get(self.plan.arn))  # verify the refusal too
        if isinstance(found, Mapping) and self._in_effect(found):
            return self._compare(found, sent)
        self._record("refused", {"code": failure.code})
        return Result(
            self.plan, "failed", failure.exit_code, failure.text, None, failure.request_id, token, failure=failure
        )

    def _acknowledged(self, sent: Sent) -> Result | None:
        """Verify a create that AWS acknowledged. Return None if the configuration is not there."""
        arn = self._same_place(getattr(sent.response, "arn", None))
        found = self.executor.wait_for(arn, self._in_effect)
        if isinstance(found, Mapping):
            return self._compare(found, sent)
        if found is None:
            return None
        return self._unknown(sent, f"AWS acknowledged the create, but it cannot be verified: {found.message}")

    def _name_exists(self, sent: Sent) -> Result:
        """Compare the existing configuration: an earlier request, whose response was lost, may have created it."""
        failure = sent.failure
        assert failure is not None
        named = _ARN.search(failure.message)
        arn = self._same_place(named.group() if named else None)
        found = self.executor.wait_for(arn, self._in_effect)
        if isinstance(found, Mapping):
            return self._compare(found, sent)
        why = found.message if found is not None else "It is not there."
        return self._unknown(sent, f"{failure.message} The existing configuration cannot be compared: {why}")

    def _same_place(self, arn: str | None) -> str:
        """Return the ARN of AWS's response if it is in the same account and Region, else the planned ARN."""
        planned = self.plan.arn
        return arn if arn is not None and arn.rpartition("/")[0] == planned.rpartition("/")[0] else planned

    def _compare(self, found: Mapping[str, Any], sent: Sent) -> Result:
        """Return the result for a configuration of this name: it has the requested content, or another."""
        token, request_id, failure = self._token(), sent.request_id, sent.failure
        if not self._in_effect(found):
            return self._other_content(found, sent)
        filled = filled_in(self.plan.request, found)
        refused = failure is not None and failure.kind != "conflict" and not sent.ambiguous
        created = failure is None or sent.ambiguous or self.sent_before or refused
        status: Status = "created" if created else "unchanged"
        self._record("done", {"requestId": request_id, "created": created})
        message = ""
        if refused and failure is not None:
            message = f"{failure.message} But the configuration now exists, with the content that was sent."
        return Result(self.plan, status, ExitCode.CLEAN, message, found, request_id, token, filled=filled)

    def _other_content(self, found: Mapping[str, Any], sent: Sent) -> Result:
        """Return the result for a configuration with other content, and say what is known about who created it."""
        failure = sent.failure
        status: Status = "conflict"
        event: Event = "refused"
        who, help = "The name exists", "Choose another name, or run plan to see the differences."
        if failure is None:
            status, event = "differs", "differs"
            who = "AWS acknowledged the create, so this run created the configuration. But it exists"
            help = "Somebody may have changed it since. Run plan to see the differences."
        elif sent.ambiguous or self.sent_before:
            event = "unknown"
            which = "An attempt of this run" if sent.ambiguous else "An earlier run"
            who = f"{which} got no response and may have created the configuration. The name exists"
        self._record(event, {"requestId": sent.request_id, "otherContent": True})
        differing = ", ".join(sorted({str(change.path[0]) for change in changes(self.plan.request, found)}))
        message = f"{who} with other content ({differing or 'name'}). {help}"
        return Result(
            self.plan, status, ExitCode.CONFLICT, message, found, sent.request_id, self._token(), failure=failure
        )

    def _in_effect(self, found: Mapping[str, Any]) -> bool:
        return in_effect(self.plan.request, found)

    def _unknown(self, sent: Sent | None, what: str) -> Result:
        failure = sent.failure if sent else None
        self._record("unknown", {"code": failure.code if failure else None})
        text = f"{what} It is not known whether the configuration was created. {RUN_AGAIN}"
        return Result(self.plan, "unknown", ExitCode.OUTCOME_UNKNOWN, text, token=self._token(), failure=failure)

    def _record(self, event: Event, details: Mapping[str, Any]) -> None:
        assert digest_of(self.plan.request) == self.plan.decision.digest
        self.executor.record(event, self.plan, CREATE, self._token(), self.generation, details)
