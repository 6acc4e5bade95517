"""A replacement: everything of a configuration becomes what was judged; its tags follow by calls of their own."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.apply.diff import Change, changes, holds
from iblint.apply.execute import OUTCOME_UNKNOWN, Flow, Result, Sending
from iblint.apply.gate import digest_of
from iblint.apply.journal import Event
from iblint.apply.plan import Plan, read
from iblint.apply.request import UPDATE, token_of
from iblint.apply.retry import Patience
from iblint.aws.errors import AwsFailure
from iblint.model.values import ABSENT, lookup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FAILED, DRIFT = 5, 6
IN_USE_WAIT = 5.0
"""Seconds, at least, before a configuration that is being changed is tried once more."""


class Replacement:
    """An update, from the journal to the verified end. Every step can be repeated."""

    def __init__(self, flow: Flow, plan: Plan) -> None:
        self.flow = flow
        self.plan = plan
        self.profile = str(plan.request["instanceProfileName"])
        self.patience = Patience(flow.clock, flow.seconds)
        self.generation = flow.journal.generation(plan.arn, plan.decision.digest)

    @property
    def token(self) -> str:
        """The token of the generation; what it starts from is in it, so that an update back and forth is no replay."""
        assert self.plan.identity is not None
        assert self.plan.observed is not None
        seen = digest_of(self.plan.observed)
        return token_of(self.plan.identity, UPDATE, self.plan.decision.digest, self.generation, seen)

    def run(self) -> Result:
        """Update it. When AWS replays the answer to an update that was undone since, once more with a new token."""
        result = self._changed() or self._once()
        if result is None:
            self.generation += 1
            result = self._once()
        return result or self._unknown("AWS acknowledged the update, but Get shows other content.")

    def _changed(self) -> Result | None:
        """Why nothing is replaced: the account has no longer what was previewed and confirmed."""
        assert self.plan.observed is not None
        now = read(self.flow.server, self.plan.arn, self.patience)
        if isinstance(now, AwsFailure):
            text = f"{now.message} Nothing was changed. {now.next_step}"
            return Result(self.plan, "failed", FAILED, text, failure=now)
        if now is not None and not changes(self.plan.observed, now):
            return None
        text = "The configuration was changed or deleted since it was planned. Nothing was changed. Run plan again."
        return Result(self.plan, "drift", DRIFT, text, now)

    def _once(self) -> Result | None:
        """Replace, tag, untag, verify; None when all was acknowledged and is not in effect."""
        self._note("intent", {})
        done: list[str] = []
        request_id, certain = None, True
        for what, call in self._steps():
            sending = self._send(call)
            if sending.failure is not None and not sending.ambiguous:
                return self._failed(sending, done)
            certain = certain and sending.failure is None
            request_id = request_id or sending.request_id
            done.append(what)
        found = self.flow.settle(self.plan.arn, self._good)
        if isinstance(found, Mapping) and self._good(found):
            self._note("done", {"requestId": request_id})
            return Result(self.plan, "updated", 0, "", found, request_id, self.token)
        if isinstance(found, Mapping) and certain:
            return None
        shown = found.message if isinstance(found, AwsFailure) else "Get does not show the new content."
        return self._unknown(shown)

    def _steps(self) -> list[tuple[str, Any]]:
        plan, server = self.plan, self.flow.server
        tags = [change for change in plan.changes if change.path[0] == "tags"]
        given = {str(change.path[1]): str(change.new) for change in tags if change.new is not ABSENT}
        gone = [str(change.path[1]) for change in tags if change.new is ABSENT]
        steps: list[tuple[str, Any]] = []
        if len(tags) < len(plan.changes):
            steps.append(("the fields were replaced", lambda: server.update(plan.arn, plan.request, self.token)))
        if given:
            steps.append(("tags were set", lambda: server.tag(plan.arn, given)))
        if gone:
            steps.append(("tags were removed", lambda: server.untag(plan.arn, gone)))
        return steps

    def _send(self, call: Any) -> Sending:
        sending = self.flow.send(call, self.profile, self.patience)
        failure = sending.failure
        if failure is not None and failure.kind == "in-use" and self.patience.pause(IN_USE_WAIT):
            return self.flow.send(call, self.profile, self.patience)
        return sending

    def _unknown(self, what: str) -> Result:
        self._note("unknown", {})
        text = f"{what} It is not known whether the update took effect. Run plan to see what the account has."
        return Result(self.plan, "unknown", OUTCOME_UNKNOWN, text, token=self.token)

    def _failed(self, sending: Sending, done: list[str]) -> Result:
        failure = sending.failure
        assert failure is not None
        self._note("unknown" if done else "refused", {"code": failure.code})
        so_far = f"Before that {' and '.join(done)}." if done else "Nothing was changed."
        text = f"{failure.message} {so_far} {failure.next_step}"
        return Result(
            self.plan, "failed", failure.exit_code, text, None, failure.request_id, self.token, failure=failure
        )

    def _good(self, found: Mapping[str, Any]) -> bool:
        """Everything that was sent is in effect, and nothing that was to go is still there as it was."""
        return holds(self.plan.request, found) and not any(_stays(change, found) for change in self.plan.changes)

    def _note(self, event: Event, details: Mapping[str, Any]) -> None:
        self.flow.note(event, self.plan, UPDATE, self.token, self.generation, details)


def _stays(change: Change, found: Mapping[str, Any]) -> bool:
    return change.kind == "clear" and lookup(found, change.path) == change.old
