"""``iblint apply``: create what passed, and nothing else, once."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from iblint.apply.batch import apply_all
from iblint.apply.execute import RUN_AGAIN, Result
from iblint.apply.gate import unused
from iblint.apply.journal import state_folder
from iblint.apply.plan import Plan
from iblint.apply.plan_file import DAMAGED, compare, read_plan
from iblint.apply.receipt import ReceiptError, receipt, write_receipt
from iblint.apply.retry import Clock
from iblint.cli.apply_options import PLANNED, Planned, is_terminal, make_plans, plan_options
from iblint.cli.click_options import PATH
from iblint.cli.console import Ticker, say, wants_color, write_out
from iblint.cli.output import pair, write_file
from iblint.cli.plan_text import Painter, plan_text, result_text
from iblint.exit_codes import combine, gravest
from iblint.model.errors import UsageError
from iblint.text.wording import counted
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WRITES = ("create", "update")


@click.command(short_help="Create configurations that pass, after a plan.")
@click.argument("specs", type=PATH, nargs=-1, required=True, metavar="SPEC...|PLANFILE")
@plan_options
@click.option("-y", "--yes", is_flag=True, help="Confirm the plan. Needed where there is no terminal.")
@click.option("--confirm-update", is_flag=True, help="Confirm replacing what exists too, besides --yes.")
@click.option("--receipt", "receipts", metavar="FILE", help="Write the receipts to this file too.")
@click.option("--state-dir", metavar="DIR", help="Folder of the journal and the receipts.  [env: IBLINT_STATE_DIR]")
@click.pass_context
def command(ctx: click.Context, /, specs: Sequence[str], **options: Any) -> int:
    """Create the configurations in SPEC... that pass, after a plan and a confirmation, and verify each.

    Exit codes: 0 created or nothing to change, 1 refused by the gate, 2 usage, 4 the journal cannot be used, 5 AWS
    refused, 6 drift or conflict, 7 the outcome is not known (run again), 8 some succeeded and some did not.
    """
    planned = _plan_file(specs)
    if planned is not None:
        specs, options = _as_planned(ctx, planned, options)
    if options["receipts"]:
        pair([("format", "json"), ("output", options["receipts"])])  # says what is wrong with it, before it is too late
    clock = Clock()
    made = make_plans(specs, options, clock)
    painter = Painter(wants_color(options["color"], sys.stdout))
    waivers = unused(made.terms.waivers, [plan.decision for plan in made.plans])
    write_out(plan_text(made.plans, made.unreachable, waivers, painter))
    if made.rejected:
        return 1
    if planned is not None:
        compare(planned, made.plans, __version__, made.packs)
    if not _confirmed(made.plans, options):
        say("Nothing was sent.")
        return 1
    return _carry_out(made, options, painter)


def _carry_out(made: Planned, options: Mapping[str, Any], painter: Painter) -> int:
    """Send what was confirmed, and say and keep what became of it, also of what was done before an interruption."""
    folder = state_folder(options["state_dir"])
    done: list[Result] = []
    with Ticker(sys.stderr) as ticker:

        def told(result: Result) -> None:
            done.append(result)
            ticker.show(f"{len(done)} of {counted(len(made.plans), 'configuration')}")

        try:
            results = apply_all(made.sites, made.by_site, made.terms, folder, told)
        except KeyboardInterrupt:
            say(f"Interrupted. {RUN_AGAIN}")
            _tell(done, made, folder, options["receipts"], painter)
            raise
    lost = _tell(results, made, folder, options["receipts"], painter)
    code = combine([*(result.exit_code for result in results), *(site.exit_code for site in made.unreachable)])
    return gravest([code, ReceiptError.exit_code]) if lost else code


def _tell(results: Sequence[Result], made: Planned, folder: Path, target: str | None, painter: Painter) -> bool:
    """Keep the receipts, then print the results, which may fail; whether a receipt could not be kept."""
    kept = [receipt(result, __version__, made.packs) for result in results]
    said, lost = _keep(kept, folder, target)
    try:
        write_out("\n" + result_text(results, painter))
    except UsageError as error:
        lost = True
        said.append(f"error: {error}")
    for line in said:
        say(line)
    return lost


def _keep(kept: Sequence[Mapping[str, Any]], folder: Path, target: str | None) -> tuple[list[str], bool]:
    """Write the receipts to where they belong: what to say of it, and whether one is lost."""
    said, lost = [], False
    for data in kept:
        if data["status"] in ("created", "updated"):
            try:
                said.append(f"Receipt: {write_receipt(data, folder)}")
            except ReceiptError as error:
                lost = True
                said.append(f"error: {error} The configuration is in effect; its entry is in the journal.")
    if target:
        from iblint.text.safe import to_json

        try:
            write_file(target, to_json({"schemaVersion": "1", "receipts": kept}))
        except UsageError as error:
            lost = True
            said.append(f"error: {error}")
    return said, lost


def _plan_file(specs: Sequence[str]) -> dict[str, Any] | None:
    """The plan file that stands in the place of specifications; None when there is none."""
    for spec in specs:
        if not Path(spec).is_file():
            continue
        try:
            planned = read_plan(spec, Path(spec).read_bytes())
        except OSError:
            continue  # said where specifications are read
        if planned is not None and len(specs) > 1:
            raise UsageError(f"{spec} is a plan, which is applied alone: name nothing else.")
        if planned is not None:
            return planned
    return None


def _as_planned(
    ctx: click.Context, planned: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    """The command line that the plan was made with, checked as if it had been typed: a file says nothing besides.

    Raises UsageError for options that would make another plan, and for a plan that holds what no command line can.
    """
    for name in PLANNED:
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"--{name.replace('_', '-')} is part of a plan: give it to 'iblint plan', not here.")
    kept = planned["command"]
    words: list[str] = []
    for parameter in ctx.command.params:
        if parameter.name in PLANNED:
            words += _typed(parameter, kept["options"].get(parameter.name))
    if kept["options"].keys() - PLANNED:
        raise UsageError(DAMAGED)
    try:
        typed = ctx.command.make_context("apply", [*words, "--", *kept["specs"]]).params
    except click.UsageError as error:
        raise UsageError(f"The plan cannot be made again: {error.format_message()}.") from None
    return list(typed["specs"]), {**options, **{name: typed[name] for name in PLANNED}}


def _typed(parameter: click.Parameter, value: Any) -> list[str]:
    """An option of a plan as it is typed. Raises UsageError for a value that cannot be."""
    flag = next(name for name in parameter.opts if name.startswith("--"))
    if value is None or value is False:
        return []
    if value is True and getattr(parameter, "is_flag", False):
        return [flag]
    values = value if isinstance(value, list) and parameter.multiple else [value]
    if getattr(parameter, "is_flag", False) or not all(isinstance(item, str) for item in values):
        raise UsageError(DAMAGED)
    return [f"{flag}={item}" for item in values]


def _confirmed(plans: Sequence[Plan], options: Mapping[str, Any]) -> bool:
    """Whether what is to be written is confirmed. Raises UsageError when nobody can be asked."""
    writing = [plan for plan in plans if plan.action in WRITES]
    updates = [plan for plan in writing if plan.action == "update"]
    if not writing:
        return True
    if not options["yes"]:
        if not is_terminal():
            raise UsageError("There is no terminal to confirm on. Look at the plan, then give --yes. Nothing was sent.")
        places = {(plan.identity.account, plan.identity.region) for plan in writing if plan.identity}
        where = ", ".join(f"account {account} {region}" for account, region in sorted(places))
        what = counted(len(writing), "configuration")
        if not click.confirm(f"Create or update {what} in {where}?", err=True):
            return False
    return options["confirm_update"] or all(_confirmed_update(plan) for plan in updates)


def _confirmed_update(plan: Plan) -> bool:
    """The second question: an update replaces everything, and clears what the specification does not have."""
    if not is_terminal():
        raise UsageError("An update needs a second confirmation: give --confirm-update too. Nothing was sent.")
    cleared = sum(change.kind == "clear" for change in plan.changes)
    text = f"Replacing '{plan.configuration.name}' clears {counted(cleared, 'field')}. Type its name to confirm"
    answer: str = click.prompt(text, default="", show_default=False, err=True)
    return answer == plan.configuration.name
