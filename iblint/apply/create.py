"""Create a configuration: a dry run, the request with one token, and the verification of what is in effect."""

from __future__ import annotations

import re
from collections.abc import Mapping

from iblint.apply.diff import changes, filled_in, in_effect
from iblint.apply.execute import RUN_AGAIN, VISIBILITY_TIMEOUT, PlanExecutor, Result, Sent, Status
from iblint.apply.gate import digest_of
from iblint.apply.journal import Event
from iblint.apply.plan import Plan
from iblint.apply.request import CREATE, token_of
from iblint.apply.retry import RetryBudget
from iblint.aws.deadline import bounded
from iblint.exit_codes import ExitCode
from iblint.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ARN = re.compile(r"arn:[a-z-]+:imagebuilder:[a-z0-9-]+:[0-9]{12}:infrastructure-configuration/[a-z0-9_-]+")


class Create:
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
        if found is None and arn != self.plan.arn:
            found = self.executor.wait_for(self.plan.arn, self._in_effect)
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
        """Return the ARN of AWS's response if it is one of the same account and Region, else the planned ARN."""
        planned = self.plan.arn
        if arn is None or _ARN.fullmatch(arn) is None or arn.rpartition("/")[0] != planned.rpartition("/")[0]:
            return planned
        return arn

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
