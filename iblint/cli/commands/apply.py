"""``iblint apply``: create the configurations that pass, and only these, once."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from iblint.apply.batch import apply_all
from iblint.apply.execute import RUN_AGAIN, Result
from iblint.apply.plan import Plan
from iblint.apply.plan_file import Inputs, compare, compare_inputs
from iblint.apply.receipt import KEPT, ReceiptError, receipt, recovered, write_receipt
from iblint.apply.retry import Clock
from iblint.apply.state_folder import state_folder
from iblint.cli.command import PATH, Command, options_of
from iblint.cli.console import ProgressLine, use_color, write_stderr, write_stdout
from iblint.cli.options import APPLY
from iblint.cli.output import pair_formats, write_file
from iblint.cli.plan_text import Painter, plan_text, result_text
from iblint.cli.planning import Planned, is_terminal, make_plans
from iblint.cli.saved_plan import load_plan, planned_command
from iblint.exit_codes import COMMAND_MEANINGS, ExitCode, combine, gravest
from iblint.model.errors import UsageError
from iblint.text.safe import to_json
from iblint.text.wording import counted
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WRITES = ("create", "update")

EXAMPLES = (
    ("Create a configuration, after a plan and a confirmation", "iblint apply infra/web.yaml"),
    (
        "Create without a terminal, in this account and Region only",
        "iblint apply infra/web.yaml --yes --account 123456789012 --region eu-west-1",
    ),
    ("Apply a plan that was written by 'iblint plan --out'", "iblint apply --plan plan.json --yes"),
    (
        "Waive a rule for this run",
        'iblint apply infra/web.yaml --waive IB204 --reason "topic is being moved" --until 2099-12-31',
    ),
)


@click.command(
    cls=Command,
    short_help="Create the configurations that pass, after a plan.",
    examples=EXAMPLES,
    exit_codes=COMMAND_MEANINGS["apply"],
)
@click.argument("specs", type=PATH, nargs=-1, metavar="[SPEC...]")
@options_of(APPLY)
@click.pass_context
def command(ctx: click.Context, /, specs: Sequence[str], **options: Any) -> int:
    """Create the configurations in SPEC... that pass, after a plan and a confirmation, and verify each.

    --plan FILE applies a plan that 'iblint plan --out' wrote, in place of SPEC.
    """
    planned = _planned(specs, options)
    check_inputs = None
    if planned is not None:
        specs, options = planned_command(ctx, options["plan"], planned, options)

        def check_inputs(inputs: Inputs) -> None:
            compare_inputs(planned, inputs, __version__)

    if options["receipts"]:
        # Raise UsageError for a wrong path now, before anything is sent.
        pair_formats([("format", "json"), ("output", options["receipts"])])
    clock = Clock()
    made = make_plans(specs, options, clock, check_inputs)
    painter = Painter(use_color(options["color"], sys.stdout))
    write_stdout(plan_text(made.plans, made.unreachable, made.unused_waivers(), made.all_notices(), painter))
    if made.rejected:
        return ExitCode.FINDINGS
    if planned is not None:
        compare(planned, made.plans)
    if not _confirmed(made.plans, options):
        write_stderr("Nothing was sent.")
        return ExitCode.FINDINGS
    return _apply(made, options, painter)


def _apply(made: Planned, options: Mapping[str, Any], painter: Painter) -> int:
    """Send the confirmed configurations, and report the results, also those before an interruption."""
    folder = state_folder(options["state_dir"])
    done: list[Result] = []
    with ProgressLine(sys.stderr) as line:

        def finished(result: Result) -> None:
            done.append(result)
            line.show(f"{len(done)} of {counted(len(made.plans), 'configuration')}")

        try:
            results = apply_all(made.sites, made.by_site, made.terms, folder, finished)
        except KeyboardInterrupt:
            write_stderr(f"Interrupted. {RUN_AGAIN}")
            _report(done, made, folder, options["receipts"], painter)
            raise
    failed = _report(results, made, folder, options["receipts"], painter)
    code = combine([*(result.exit_code for result in results), *(site.exit_code for site in made.unreachable)])
    return gravest([code, ReceiptError.exit_code]) if failed else code


def _report(results: Sequence[Result], made: Planned, folder: Path, target: str | None, painter: Painter) -> bool:
    """Keep the receipts, then print the results. Return whether a receipt or the output could not be written."""
    receipts = [receipt(result, __version__, made.inputs.packs) for result in results]
    messages, failed = _keep(receipts, folder, target)
    for result in results:
        failed = _recover(result, made, folder, messages) or failed
    try:
        write_stdout("\n" + result_text(results, painter))
    except UsageError as error:
        failed = True
        messages.append(f"error: {error}")
    for message in messages:
        write_stderr(message)
    return failed


def _keep(receipts: Sequence[Mapping[str, Any]], folder: Path, target: str | None) -> tuple[list[str], bool]:
    """Write the receipts to the state folder and to --receipt. Return messages, and whether a write failed."""
    messages, failed = [], False
    for data in receipts:
        if data["status"] in KEPT:
            try:
                messages.append(f"Receipt: {write_receipt(data, folder)}")
            except ReceiptError as error:
                failed = True
                messages.append(f"error: {error} The configuration was applied; its entry is in the journal.")
    if target:
        try:
            write_file(target, to_json({"schemaVersion": "1", "receipts": receipts}))
        except UsageError as error:
            failed = True
            messages.append(f"error: {error}")
    return messages, failed


def _recover(result: Result, made: Planned, folder: Path, messages: list[str]) -> bool:
    """Write the receipt that an earlier run owes, for example because it was killed. Return whether that failed."""
    try:
        data = recovered(result, __version__, made.inputs.packs, folder)
        if data is not None:
            path = write_receipt(data, folder)
            messages.append(f"Receipt: {path} (recovered: the run that applied the configuration did not write it)")
    except ReceiptError as error:
        messages.append(f"error: {error}")
        return True
    return False


def _planned(specs: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the content of the plan of --plan; None without it. Raises UsageError unless SPEC or --plan is given."""
    if options["plan"] is None:
        if options["plan_digest"] is not None:
            raise UsageError("--plan-digest needs --plan.")
        if not specs:
            raise UsageError("Name a specification, or a plan with --plan FILE.")
        return None
    if specs:
        raise UsageError("--plan FILE names its specifications itself; give no SPEC with it.")
    return load_plan(options["plan"], options["plan_digest"])


def _confirmed(plans: Sequence[Plan], options: Mapping[str, Any]) -> bool:
    """Return whether the user confirms the changes. Raises UsageError if no user can be asked."""
    writing = [plan for plan in plans if plan.action in WRITES]
    updates = [plan for plan in writing if plan.action == "update"]
    if not writing:
        return True
    if not options["yes"]:
        if not is_terminal():
            raise UsageError("Confirming needs a terminal. Review the plan, then give --yes. Nothing was sent.")
        places = {(plan.identity.account, plan.identity.region) for plan in writing if plan.identity}
        where = ", ".join(f"account {account} {region}" for account, region in sorted(places))
        what = counted(len(writing), "configuration")
        if not click.confirm(f"Create or update {what} in {where}?", err=True):
            return False
    return options["confirm_update"] or all(_confirmed_update(plan) for plan in updates)


def _confirmed_update(plan: Plan) -> bool:
    """Ask again for an update, which replaces everything and clears fields that the specification does not have."""
    if not is_terminal():
        raise UsageError("An update needs a second confirmation: give --confirm-update. Nothing was sent.")
    cleared = sum(change.kind == "clear" for change in plan.changes)
    text = f"Replacing '{plan.configuration.name}' clears {counted(cleared, 'field')}. Type its name to confirm"
    answer: str = click.prompt(text, default="", show_default=False, err=True)
    return answer == plan.configuration.name
