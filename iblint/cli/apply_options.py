"""What ``plan`` and ``apply`` share: options, reading, judging, asking the accounts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import click

from iblint.apply.batch import plan_all
from iblint.apply.gate import Waiver
from iblint.apply.plan import Plan, PlanOptions, Site, preview
from iblint.apply.retry import Clock
from iblint.apply.targets import Unreachable, accesses, connect
from iblint.cli.apply_judge import Bench, bench
from iblint.cli.click_options import Word, account, pack_options, region, role_arn, split_commas
from iblint.cli.console import read_in
from iblint.cli.settings import settings_of
from iblint.model.document import Source
from iblint.model.errors import UsageError
from iblint.model.record import Record
from iblint.model.rule import PackInfo
from iblint.packs import RuleSet
from iblint.pipeline import load_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Function = TypeVar("_Function", bound=Callable[..., Any])

STDIN = "-"
DEADLINE = 60.0


PLANNED = (
    *(
        "resource",
        "select",
        "ignore",
        "build_type",
        "account",
        "region",
        "dialect",
        "parameters",
        "config",
        "no_config",
    ),
    *("rules", "packs", "aws_profile", "role_arn", "waive", "reason", "until", "update"),
)
"""Options that a plan file keeps: what the same plan is made from again."""


def _each(check: Callable[..., Any]) -> Callable[..., Any]:
    """The callback of an option that may be repeated."""

    def callback(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> list[str]:
        return [check(ctx, param, value) for value in values]

    return callback


def day(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """Check a date."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"'{value}' is no date such as 2026-12-31") from None


def plan_options(function: _Function) -> _Function:
    """The options that make a plan."""
    for option in reversed(
        (
            click.option("--resource", multiple=True, metavar="NAME", help="Configuration to take out of a template."),
            click.option("--account", callback=account, metavar="ID", help="Account that the caller must be in."),
            click.option("--region", multiple=True, callback=_each(region), metavar="NAME", help="Region; repeatable."),
            click.option("--aws-profile", multiple=True, metavar="NAME", help="AWS profile to use; repeatable."),
            click.option(
                "--role-arn",
                multiple=True,
                callback=_each(role_arn),
                metavar="ARN",
                help="Assume this role; repeatable.",
            ),
            click.option("--external-id", metavar="ID", help="External ID that the roles ask for."),
            click.option("--update", is_flag=True, help="Replace configurations that exist with other content."),
            click.option("--waive", multiple=True, metavar="RULE", help="Let this rule go, with --reason and --until."),
            click.option("--reason", multiple=True, metavar="TEXT", help="Why the rule before it is waived."),
            click.option(
                "--until", multiple=True, callback=_each(day), metavar="DATE", help="Last day of the waiver before it."
            ),
            click.option("--build-type", type=Word(["container", "ami", "both", "unknown"]), help="What is built."),
            click.option(
                "--select", multiple=True, callback=split_commas, metavar="RULES", help="Rules besides the core rules."
            ),
            click.option("--ignore", multiple=True, callback=split_commas, metavar="RULES", help="Rules to leave out."),
            click.option("--dialect", metavar="NAME", help="Read every file as this dialect, such as 'request'."),
            click.option("--parameters", multiple=True, metavar="FILE", help="Values of template parameters."),
            pack_options,
            click.option("--deadline", type=click.FloatRange(1, 3600), default=DEADLINE, metavar="SECONDS"),
            click.option("--color", type=Word(["auto", "always", "never"]), default="auto", help="Colour the text."),
        )
    ):
        function = option(function)
    return function


class Planned(Record):
    """The plans of a run, and what else it knows."""

    plans: list[Plan]
    """All of them; before any account was asked when ``sites`` is empty."""
    by_site: list[list[Plan]]
    sites: list[Site]
    unreachable: list[Unreachable]
    packs: tuple[PackInfo, ...]
    terms: PlanOptions
    rejected: bool
    """The specifications were refused before any account was asked."""


def make_plans(specs: Sequence[str], options: Mapping[str, Any], clock: Clock) -> Planned:
    """Read, judge, ask the accounts, compare. Raises IblintError for whatever keeps it from coming to a plan."""
    given = {key.replace("_", "-"): options[key] for key in ("select", "ignore", "build_type", "account", "dialect")}
    given |= {key: options[key] for key in ("parameters", "rules", "packs")}
    settings = settings_of(options["config"], options["no_config"], given)
    rules = load_rules(settings)
    regions = list(options["region"]) or ([settings.region] if settings.region else [])
    terms = PlanOptions(waivers_of(options, rules, clock), bool(options["update"]), float(options["deadline"]), clock)
    where = accesses(options["aws_profile"], options["role_arn"], options["external_id"], regions)
    stdin = Source("<stdin>", read_in(), explicit=True) if STDIN in specs else None
    files = [spec for spec in specs if spec != STDIN]
    table = bench(files, settings, rules, stdin, options["resource"], options["region"])
    for region_name in regions or [None]:
        before = preview(table.judge, terms, region_name)
        if any(plan.action == "refused" for plan in before) or not before:
            return Planned(before, [], [], [], rules.packs, terms, rejected=True)
    return _ask(table, where, rules, terms)


def _ask(table: Bench, where: Sequence[Any], rules: RuleSet, terms: PlanOptions) -> Planned:
    reached = [connect(access) for access in where]
    sites = [site for site in reached if isinstance(site, Site)]
    by_site = plan_all(table.judge, sites, terms)
    plans = [plan for plans in by_site for plan in plans]
    unreachable = [site for site in reached if isinstance(site, Unreachable)]
    return Planned(plans, by_site, sites, unreachable, rules.packs, terms, rejected=False)


def waivers_of(options: Mapping[str, Any], rules: RuleSet, clock: Clock) -> tuple[Waiver, ...]:
    """The waivers of the command line. Raises UsageError for one that is incomplete, expired or names no rule."""
    counts = {len(options[name]) for name in ("waive", "reason", "until")}
    if len(counts) > 1:
        raise UsageError("Each --waive RULE needs a --reason TEXT and an --until DATE of its own.")
    found: dict[str, Waiver] = {}
    for label, reason, until in zip(options["waive"], options["reason"], options["until"], strict=True):
        rule = rules.find(label)
        waiver = Waiver(rule.code, reason.strip(), date.fromisoformat(until))
        if not waiver.reason:
            raise UsageError(f"The waiver of {rule.code} needs a reason.")
        if waiver.until < clock.now().date():
            raise UsageError(f"The waiver of {rule.code} has expired on {until}.")
        if rule.code in found:
            raise UsageError(f"{rule.code} is waived twice.")
        found[rule.code] = waiver
    return tuple(found.values())


def command_of(specs: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """What a plan file keeps of the command line. Raises UsageError for standard input, which cannot be read again."""
    if STDIN in specs:
        raise UsageError("--out needs files: standard input cannot be read again when the plan is applied.")
    return {"specs": list(specs), "options": {name: options[name] for name in PLANNED}}


def is_terminal() -> bool:
    """Whether there is somebody to ask."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
