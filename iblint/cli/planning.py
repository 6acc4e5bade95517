"""Plans from the options of ``iblint plan`` and ``iblint apply``: read, judge, ask the accounts, compare."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from iblint.apply.batch import plan_all
from iblint.apply.gate import unused, waiver_notices
from iblint.apply.plan import Notices, Plan, PlanOptions, Site, preview
from iblint.apply.plan_file import Inputs
from iblint.apply.retry import Clock
from iblint.apply.sites import Unreachable, accesses, connect
from iblint.aws.deadline import Deadline
from iblint.cli.console import read_stdin
from iblint.cli.saved_plan import inputs_of, refuse_plans
from iblint.cli.settings import settings_of
from iblint.cli.specs import Specs, read_specs
from iblint.config.waivers import read_waivers
from iblint.model.document import Source
from iblint.model.errors import ConfigError, UsageError
from iblint.model.record import Record, replace
from iblint.model.waiver import Waiver
from iblint.packs import RuleSet
from iblint.pipeline import load_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.aws.session import Access

STDIN = "-"


class Planned(Record):
    """The plans of a run, and what they were made from."""

    plans: list[Plan]
    """All plans. Without ``sites`` they were made without asking any account."""
    by_site: list[list[Plan]]
    sites: list[Site]
    unreachable: list[Unreachable]
    inputs: Inputs
    terms: PlanOptions
    notices: Notices
    rejected: bool
    """Whether the specifications were refused before any account was asked."""

    def unused_waivers(self) -> tuple[Waiver, ...]:
        """Return the waivers that are not needed; none if no account was asked, which may still leave a rule open."""
        return () if self.rejected else unused(self.terms.waivers, [plan.decision for plan in self.plans])

    def all_notices(self) -> Notices:
        """Return the notices of the judgement, and those about waivers that have no effect."""
        configurations = [plan.configuration for plan in self.plans]
        today = self.terms.clock.now().date()
        found = waiver_notices(self.terms.waivers, self.unused_waivers(), configurations, today=today)
        return replace(self.notices, messages=(*self.notices.messages, *found))


def make_plans(
    specs: Sequence[str],
    options: Mapping[str, Any],
    clock: Clock,
    check_inputs: Callable[[Inputs], None] | None = None,
) -> Planned:
    """Read, judge, ask the accounts, compare. Raises IblintError if there can be no plan.

    ``check_inputs`` is called before any account is asked. It raises IblintError to end the run.
    """
    given = {key.replace("_", "-"): options[key] for key in ("select", "ignore", "build_type", "account", "dialect")}
    given |= {key: options[key] for key in ("parameters", "var", "rules", "packs")}
    given["var-files"] = options["var_files"]
    settings = settings_of(options["config"], options["no_config"], given)
    rules = load_rules(settings)
    regions = list(options["region"]) or ([settings.region] if settings.region else [])
    terms = PlanOptions(waivers_of(options, rules, clock), bool(options["update"]), float(options["deadline"]), clock)
    where = accesses(options["aws_profile"], options["role_arn"], options["external_id"], regions)
    stdin = Source("<stdin>", read_stdin(), explicit=True) if STDIN in specs else None
    files = [spec for spec in specs if spec != STDIN]
    loaded = read_specs(files, settings, rules, stdin, options["resource"], options["region"])
    refuse_plans(loaded)
    previews = [preview(loaded.judge, terms, region_name) for region_name in regions or [None]]
    inputs = inputs_of(loaded, terms.waivers, rules.packs)
    if check_inputs is not None:
        check_inputs(inputs)
    notices = next((plan.notices for before in previews for plan in before), Notices())
    for before in previews:
        if any(plan.action == "refused" for plan in before) or not before:
            return Planned(before, [], [], [], inputs, terms, notices, rejected=True)
    return _ask(loaded, where, inputs, terms, notices)


def _ask(loaded: Specs, where: Sequence[Access], inputs: Inputs, terms: PlanOptions, notices: Notices) -> Planned:
    """Judge with the facts of each account and Region, and compare with what it has."""
    deadline = Deadline(terms.seconds, terms.clock.monotonic)
    terms = replace(terms, deadline=deadline)
    reached = [connect(access, deadline) for access in where]
    sites = [site for site in reached if isinstance(site, Site)]
    by_site = plan_all(loaded.judge, sites, terms)
    plans = [plan for plans in by_site for plan in plans]
    unreachable = [site for site in reached if isinstance(site, Unreachable)]
    return Planned(plans, by_site, sites, unreachable, inputs, terms, notices, rejected=False)


def waivers_of(options: Mapping[str, Any], rules: RuleSet, clock: Clock) -> tuple[Waiver, ...]:
    """Return the waivers of the command line, then those of the file of ``--waivers``.

    Raises UsageError for an incomplete or unknown one, and for an expired one of the command line; ConfigError for a
    file that is wrong.
    """
    counts = {len(options[name]) for name in ("waive", "reason", "until")}
    if len(counts) > 1:
        raise UsageError("Each --waive RULE needs its own --reason TEXT and --until DATE.")
    found: dict[str, Waiver] = {}
    for label, reason, until in zip(options["waive"], options["reason"], options["until"], strict=True):
        rule = rules.find(label)
        waiver = Waiver(rule.code, reason.strip(), date.fromisoformat(until))
        if not waiver.reason:
            raise UsageError(f"The waiver of {rule.code} needs a reason.")
        if waiver.has_expired(clock.now().date()):
            raise UsageError(f"The waiver of {rule.code} has expired on {until}.")
        if rule.code in found:
            raise UsageError(f"{rule.code} is waived twice.")
        found[rule.code] = waiver
    return (*found.values(), *_waivers_in(options["waivers"], rules))


def _waivers_in(file: str | None, rules: RuleSet) -> Iterator[Waiver]:
    """Yield the waivers of a file, with the codes of their rules. Raises ConfigError, with file and line."""
    if file is None:
        return
    for waiver in read_waivers(file, os.getcwd()):
        try:
            yield replace(waiver, rule=rules.find(waiver.rule).code)
        except UsageError as error:
            assert waiver.place is not None
            raise ConfigError(f"{waiver.place[0]}:{waiver.place[1]}: {error}") from None


def is_terminal() -> bool:
    """Return whether a user can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
