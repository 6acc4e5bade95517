"""The plan: for each configuration in each account and Region, what the gate says and what would be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.apply.diff import Change, changes
from iblint.apply.gate import Decision, Reason, Waiver, decide, digest_of
from iblint.apply.request import NotSendable, arn_of, request_of
from iblint.apply.retry import Clock, Patience
from iblint.aws.client import ImageBuilder
from iblint.aws.errors import AwsFailure
from iblint.model.answers import Identity
from iblint.model.question import Facts, NoFacts
from iblint.model.record import Record, field, replace
from iblint.model.report import Configuration, Report
from iblint.model.resource import Resource
from iblint.model.verdict import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Action: TypeAlias = "Literal['create', 'none', 'update', 'drift', 'conflict', 'refused', 'misplaced', 'unreadable']"
"""``misplaced``: the account or Region is not the one that the configuration is declared for."""

EXIT_CODES: Mapping[Action, int] = {
    "create": 0,
    "none": 0,
    "update": 0,
    "drift": 6,
    "conflict": 6,
    "refused": 1,
    "misplaced": 5,
    "unreadable": 5,
}
"""What a plan with the action comes to."""


class Judged(Record):
    """What the judge says: the report, and the very configurations that it is about."""

    report: Report
    resources: tuple[Resource, ...]
    """Those to be created, a part of the report's configurations."""
    expected: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """File -> the account and the Region that its configurations are declared to be for."""


Judge = Callable[[Facts, "str | None", "str | None"], Judged]
"""Judges all that was read, by facts from an account, for an account and a Region."""


class Site(Record):
    """One account and Region that is reached with one set of credentials."""

    label: str
    """As it was asked for: "profile prod, eu-west-1"."""
    identity: Identity
    facts: Facts
    server: ImageBuilder


class Plan(Record):
    """What would be done about one configuration at one site."""

    identity: Identity | None
    """None before the account is asked."""
    configuration: Configuration
    decision: Decision
    action: Action
    request: Mapping[str, Any] = field(default_factory=dict)
    arn: str = ""
    observed: Mapping[str, Any] | None = None
    """What the account has."""
    changes: tuple[Change, ...] = ()
    failure: AwsFailure | None = None
    message: str = ""
    """Why it is misplaced or not readable."""
    findings: tuple[Any, ...] = ()
    """Those of the configuration, for the receipt."""

    @property
    def exit_code(self) -> int:
        """What ``plan`` ends with for this configuration alone."""
        return EXIT_CODES[self.action]


class Terms(Record):
    """What holds for all plans of a run."""

    waivers: tuple[Waiver, ...] = ()
    update: bool = False
    seconds: float = 60.0
    """The total deadline of the retries for one configuration."""
    clock: Clock = field(default_factory=Clock)


def preview(judge: Judge, terms: Terms, region: str | None) -> list[Plan]:
    """Judge everything without asking any account. Only what is refused for sure is refused."""
    judged = judge(NoFacts(), None, region)
    return [_decide(judged, resource, terms, live=False) for resource in judged.resources]


def make(judge: Judge, site: Site, terms: Terms) -> list[Plan]:
    """Judge everything with the facts of a site, and compare what passed with what the account has."""
    judged = judge(site.facts, site.identity.account, site.identity.region)
    plans = [_decide(judged, resource, terms, live=True) for resource in judged.resources]
    placed = [_place(replace(plan, identity=site.identity), judged, site.identity) for plan in plans]
    return [_compare(plan, site, terms) if plan.action == "create" else plan for plan in placed]


def _place(plan: Plan, judged: Judged, identity: Identity) -> Plan:
    """Refuse a configuration that is meant for another account or Region."""
    account, region = judged.expected.get(plan.configuration.file, (None, None))
    wrong = []
    if account not in (None, identity.account):
        wrong.append(f"The caller is in account {identity.account}, the configuration is for account {account}.")
    if region not in (None, identity.region):
        wrong.append(f"The calls go to {identity.region}, the configuration is for {region}.")
    return replace(plan, action="misplaced", message=" ".join(wrong)) if wrong else plan


def _decide(judged: Judged, resource: Resource, terms: Terms, *, live: bool) -> Plan:
    """What the gate says of a configuration."""
    configuration = next(c for c in judged.report.configurations if c.id == resource.id)
    findings = tuple(f for f in judged.report.findings if f.configuration == resource.id)
    request: Mapping[str, Any] = {}
    extra: tuple[Reason, ...] = ()
    try:
        request = request_of(resource)
    except NotSendable as error:
        extra = (Reason(None, "incomplete request", Verdict.ERROR, f"{resource.file}: {error}"),)
    today = terms.clock.now().date()
    decision = decide(judged.report, configuration, request, terms.waivers, today=today, undecided_blocks=live)
    if extra:
        decision = replace(decision, allowed=False, reasons=(*extra, *decision.reasons))
    action: Action = "create" if decision.allowed else "refused"
    return Plan(None, configuration, decision, action, request, findings=findings)


def _compare(plan: Plan, site: Site, terms: Terms) -> Plan:
    """What is to be done about a configuration that passed."""
    arn = arn_of(site.identity, str(plan.request["name"]))
    found = read(site.server, arn, Patience(terms.clock, terms.seconds))
    plan = replace(plan, arn=arn)
    if found is None:
        return plan
    if not isinstance(found, Mapping):
        return replace(plan, action="unreadable", failure=found, message=f"{found.message} {found.next_step}")
    if found.get("name") != plan.request["name"]:
        return replace(plan, action="conflict", observed=found)
    differing = changes(plan.request, found)
    action: Action = "none" if not differing else "update" if terms.update else "drift"
    return replace(plan, action=action, observed=found, changes=differing)


def read(server: ImageBuilder, arn: str, patience: Patience) -> Mapping[str, Any] | AwsFailure | None:
    """Get a configuration, again and again while the failure may pass."""
    while True:
        found = server.get(arn)
        if found is None or isinstance(found, Mapping) or found.retry == "never" or not patience.pause():
            return found


def unchanged(plan: Plan) -> bool:
    """Whether the request is still the one that the gate decided on."""
    return digest_of(plan.request) == plan.decision.digest
