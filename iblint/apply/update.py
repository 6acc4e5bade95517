"""Update a configuration: replace all its fields with the judged ones, then set and remove tags by separate calls."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.apply.diff import changes, in_effect
from iblint.apply.execute import PlanExecutor, Result, Sent
from iblint.apply.gate import digest_of
from iblint.apply.journal import Event
from iblint.apply.plan import Plan, get_with_retries
from iblint.apply.request import UPDATE, token_of
from iblint.apply.retry import RetryBudget
from iblint.aws.errors import AwsFailure
from iblint.exit_codes import ExitCode
from iblint.model.values import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IN_USE_PAUSE = 5.0
"""Seconds to wait, at least, before the one retry for a configuration that is being changed."""


class Update:
    """Updates a configuration: journal, calls, verification. Every step can be repeated."""

    def __init__(self, executor: PlanExecutor, plan: Plan) -> None:
        self.executor = executor
        self.plan = plan
        self.profile = str(plan.request["instanceProfileName"])
        self.budget = RetryBudget(executor.clock, executor.seconds)
        self.generation = executor.journal.generation(plan.arn, plan.decision.digest)

    @property
    def token(self) -> str:
        """The token of the generation. It depends on the old state, so that an update back and forth is no replay."""
        assert self.plan.identity is not None
        assert self.plan.observed is not None
        old = digest_of(self.plan.observed)
        return token_of(self.plan.identity, UPDATE, self.plan.decision.digest, self.generation, old)

    def run(self) -> Result:
        """Update the configuration. If AWS replays its response to an update that was undone, use a new token."""
        result = self._changed_since_plan() or self._update()
        if result is None:
            self.generation += 1
            result = self._update()
        return result or self._unknown("AWS acknowledged the update, but the configuration has other content.")

    def _changed_since_plan(self) -> Result | None:
        """Return a result if the account no longer has the configuration that the plan showed, else None."""
        assert self.plan.observed is not None
        now = get_with_retries(self.executor.imagebuilder, self.plan.arn, self.budget)
        if isinstance(now, AwsFailure):
            text = f"{now.message} Nothing was changed. {now.next_step}"
            return Result(self.plan, "failed", ExitCode.AWS_REFUSED, text, failure=now)
        if now is not None and not changes(self.plan.observed, now):
            return None
        text = "The configuration was changed or deleted after the plan. Nothing was changed. Run plan again."
        return Result(self.plan, "drift", ExitCode.CONFLICT, text, now)

    def _update(self) -> Result | None:
        """Replace, tag, untag and verify. Return None if AWS acknowledged everything without effect."""
        self._record("intent", {})
        done: list[str] = []
        request_id, all_acknowledged = None, True
        for what, call in self._steps():
            sent = self._send(call)
            if sent.failure is not None and not sent.ambiguous:
                return self._failed(sent, done)
            all_acknowledged = all_acknowledged and sent.failure is None
            request_id = request_id or sent.request_id
            done.append(what)
        found = self.executor.wait_for(self.plan.arn, self._in_effect)
        if isinstance(found, Mapping) and self._in_effect(found):
            self._record("done", {"requestId": request_id})
            return Result(self.plan, "updated", ExitCode.CLEAN, "", found, request_id, self.token)
        if isinstance(found, Mapping) and all_acknowledged:
            return None
        why = found.message if isinstance(found, AwsFailure) else "The configuration does not have the new content."
        return self._unknown(why)

    def _steps(self) -> list[tuple[str, Any]]:
        """Return the calls that are needed, each with what it has done when it succeeds."""
        plan, imagebuilder = self.plan, self.executor.imagebuilder
        tags = [change for change in plan.changes if change.path[0] == "tags"]
        set_tags = {str(change.path[1]): str(change.new) for change in tags if change.new is not ABSENT}
        removed = [str(change.path[1]) for change in tags if change.new is ABSENT]
        steps: list[tuple[str, Any]] = []
        if len(tags) < len(plan.changes):
            steps.append(("the fields were replaced", lambda: imagebuilder.update(plan.arn, plan.request, self.token)))
        if set_tags:
            steps.append(("tags were set", lambda: imagebuilder.tag(plan.arn, set_tags)))
        if removed:
            steps.append(("tags were removed", lambda: imagebuilder.untag(plan.arn, removed)))
        return steps

    def _send(self, call: Any) -> Sent:
        sent = self.executor.send(call, self.profile, self.budget)
        failure = sent.failure
        if failure is not None and failure.kind == "in-use" and self.budget.pause(IN_USE_PAUSE):
            return self.executor.send(call, self.profile, self.budget)
        return sent

    def _unknown(self, what: str) -> Result:
        self._record("unknown", {})
        text = f"{what} It is not known whether the update took effect. Run plan to compare the account."
        return Result(self.plan, "unknown", ExitCode.OUTCOME_UNKNOWN, text, token=self.token)

    def _failed(self, sent: Sent, done: list[str]) -> Result:
        failure = sent.failure
        assert failure is not None
        self._record("unknown" if done else "refused", {"code": failure.code})
        so_far = f"Before that, {' and '.join(done)}." if done else "Nothing was changed."
        text = f"{failure.message} {so_far} {failure.next_step}"
        return Result(
            self.plan, "failed", failure.exit_code, text, None, failure.request_id, self.token, failure=failure
        )

    def _in_effect(self, found: Mapping[str, Any]) -> bool:
        return in_effect(self.plan.request, found)

    def _record(self, event: Event, details: Mapping[str, Any]) -> None:
        self.executor.record(event, self.plan, UPDATE, self.token, self.generation, details)
