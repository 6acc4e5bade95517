"""The plan: the gate's decision and the action for each configuration in each account and Region."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.apply.diff import Change, changes
from iblint.apply.gate import Decision, Reason, decide, digest_of
from iblint.apply.request import UPDATED, NotSendable, arn_of, request_of
from iblint.apply.retry import Clock, RetryBudget
from iblint.aws.deadline import Deadline, bounded
from iblint.aws.errors import AwsFailure
from iblint.aws.image_builder import ImageBuilder
from iblint.exit_codes import ExitCode
from iblint.model.answers import Identity
from iblint.model.document import Notice
from iblint.model.question import Facts, NoFacts
from iblint.model.record import Record, field, replace
from iblint.model.report import Configuration, Report
from iblint.model.resource import Resource
from iblint.model.verdict import Verdict
from iblint.model.waiver import Waiver
from iblint.text.secrets import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Action: TypeAlias = (
    "Literal['create', 'none', 'update', 'drift', 'missing', 'conflict', 'refused', 'misplaced', 'unreadable']"
)
"""``missing``: an update request names a configuration that does not exist. ``misplaced``: the account or Region is not
the one that the configuration is declared for."""

EXIT_CODES: Mapping[Action, ExitCode] = {
    "create": ExitCode.CLEAN,
    "none": ExitCode.CLEAN,
    "update": ExitCode.CLEAN,
    "drift": ExitCode.CONFLICT,
    "missing": ExitCode.CONFLICT,
    "conflict": ExitCode.CONFLICT,
    "refused": ExitCode.FINDINGS,
    "misplaced": ExitCode.AWS_REFUSED,
    "unreadable": ExitCode.AWS_REFUSED,
}
"""The exit code of ``plan`` for one configuration with the action."""


class Judged(Record):
    """The report of a judgement, and the configurations that were judged."""

    report: Report
    resources: tuple[Resource, ...]
    """The configurations to create: some or all of the report's."""
    expected: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """File -> the account and Region that are declared for its configurations."""


Judge = Callable[[Facts, "str | None", "str | None"], Judged]
"""Judges all configurations, with facts from an account, for an account and a Region."""


class Site(Record):
    """An account and Region, and the credentials that reach it."""

    label: str
    """For messages: "profile prod, eu-west-1"."""
    identity: Identity
    facts: Facts
    imagebuilder: ImageBuilder


class Notices(Record):
    """The notices of the run, and how many files its search left out."""

    messages: tuple[Notice, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many files and folders, by reason."""

    def as_data(self) -> dict[str, Any]:
        """Return the members of plan files and receipts, with secrets redacted."""
        messages = [{"file": redact(n.file), "line": n.line, "message": redact(n.message)} for n in self.messages]
        return {"notices": messages, "leftOut": dict(self.left_out)}


class Plan(Record):
    """The decision and the action for one configuration at one site."""

    identity: Identity | None
    """None before the account is read."""
    configuration: Configuration
    decision: Decision
    action: Action
    request: Mapping[str, Any] = field(default_factory=dict)
    arn: str = ""
    observed: Mapping[str, Any] | None = None
    """The configuration in the account."""
    changes: tuple[Change, ...] = ()
    failure: AwsFailure | None = None
    message: str = ""
    """Why the action is ``missing``, ``misplaced`` or ``unreadable``."""
    findings: tuple[Any, ...] = ()
    """The findings of the configuration, for the receipt."""
    notices: Notices = field(default_factory=Notices)
    """The notices of the judgement, for the receipt."""

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of ``plan`` if this is the only configuration."""
        return EXIT_CODES[self.action]


class PlanOptions(Record):
    """The options of all plans of a run."""

    waivers: tuple[Waiver, ...] = ()
    update: bool = False
    seconds: float = 60.0
    """The time for all calls that apply one configuration."""
    clock: Clock = field(default_factory=Clock)
    deadline: Deadline | None = None
    """When all reads for the plans of the run must end."""

    def reading(self) -> RetryBudget:
        """Return the budget of a read for a plan."""
        return RetryBudget(self.clock, self.seconds if self.deadline is None else self.deadline.remaining)


def preview(judge: Judge, options: PlanOptions, region: str | None) -> list[Plan]:
    """Judge everything without reading the account. A configuration is refused only if no fact can change that."""
    judged = judge(NoFacts(), None, region)
    return [_make_plan(judged, resource, options, live=False) for resource in judged.resources]


def plan_site(judge: Judge, site: Site, options: PlanOptions) -> list[Plan]:
    """Judge everything with the facts of a site, and compare what the gate allows with the account."""
    judged = judge(site.facts, site.identity.account, site.identity.region)
    plans = [(_make_plan(judged, each, options, live=True), _expected(judged, each)) for each in judged.resources]
    checked = [_check_identity(replace(plan, identity=site.identity), *expected) for plan, expected in plans]
    return [_compare(plan, site, options) if plan.action == "create" else plan for plan in checked]


def _expected(judged: Judged, resource: Resource) -> tuple[str | None, str | None]:
    """Return the account and Region that a configuration is for: those of its ARN, or those declared for its file."""
    if resource.arn is not None:
        _, _, _, region, account, _ = resource.arn.split(":")
        return account, region
    return judged.expected.get(resource.file, (None, None))


def _check_identity(plan: Plan, account: str | None, region: str | None) -> Plan:
    """Refuse a configuration that is for another account or Region than the identity of the plan."""
    identity, differences = plan.identity, []
    assert identity is not None
    if account not in (None, identity.account):
        differences.append(f"The configuration is for account {account}, but the caller is in {identity.account}.")
    if region not in (None, identity.region):
        differences.append(f"The configuration is for {region}, but the calls go to {identity.region}.")
    return replace(plan, action="misplaced", message=" ".join(differences)) if differences else plan


def _make_plan(judged: Judged, resource: Resource, options: PlanOptions, *, live: bool) -> Plan:
    """Return a plan with the gate's decision about a configuration."""
    configuration = next(c for c in judged.report.configurations if c.id == resource.id)
    findings = tuple(f for f in judged.report.findings if f.configuration == resource.id)
    request: Mapping[str, Any] = {}
    extra: tuple[Reason, ...] = ()
    try:
        request = request_of(resource)
    except NotSendable as error:
        extra = (Reason(None, "incomplete request", Verdict.ERROR, f"{resource.file}: {error}"),)
    today = options.clock.now().date()
    decision = decide(judged.report, configuration, request, options.waivers, today=today, undecided_blocks=live)
    if extra:
        decision = replace(decision, allowed=False, reasons=(*extra, *decision.reasons))
    action: Action = "create" if decision.allowed else "refused"
    notices = Notices(judged.report.notices, judged.report.left_out)
    return Plan(None, configuration, decision, action, request, findings=findings, notices=notices)


def _compare(plan: Plan, site: Site, options: PlanOptions) -> Plan:
    """Compare an allowed configuration with the account, and set the action."""
    updated = plan.request.get(UPDATED)
    arn = arn_of(site.identity, str(plan.request["name"])) if updated is None else str(updated)
    found = get_with_retries(site.imagebuilder, arn, options.reading())
    plan = replace(plan, arn=arn)
    if found is None:
        message = "The configuration does not exist, and an update cannot create it. Write a create request."
        return plan if updated is None else replace(plan, action="missing", message=message)
    if not isinstance(found, Mapping):
        return replace(plan, action="unreadable", failure=found, message=f"{found.message} {found.next_step}")
    if updated is None and found.get("name") != plan.request["name"]:
        return replace(plan, action="conflict", observed=found)
    differing = changes(plan.request, found)
    action: Action = "none" if not differing else "update" if options.update else "drift"
    return replace(plan, action=action, observed=found, changes=differing)


def get_with_retries(
    imagebuilder: ImageBuilder, arn: str, budget: RetryBudget
) -> Mapping[str, Any] | AwsFailure | None:
    """Get a configuration. Retry after a failure that may pass. All attempts end before the deadline of the budget."""
    while True:
        found = bounded(budget.remaining, lambda: imagebuilder.get(arn))
        if found is None or isinstance(found, Mapping) or found.retry == "never" or not budget.pause():
            return found


def is_unchanged(plan: Plan) -> bool:
    """Return whether the request is still the one that the gate decided on."""
    return digest_of(plan.request) == plan.decision.digest
