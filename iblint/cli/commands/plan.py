"""``iblint plan``: what apply would do, without doing it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from iblint.cli.apply_options import command_of, make_plans, plan_options
from iblint.cli.click_options import PATH, Word
from iblint.cli.console import say, wants_color, write_out
from iblint.cli.output import write_file
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@click.command(short_help="Show what apply would do, and write nothing.")
@click.argument("specs", type=PATH, nargs=-1, required=True, metavar="SPEC...")
@plan_options
@click.option("--out", metavar="FILE", help="Write the plan to a file, for 'iblint apply FILE'.")
@click.option("-f", "--format", type=Word(["text", "json"]), default="text", show_default=True)
def command(specs: Sequence[str], **options: Any) -> int:
    """Judge the configurations in SPEC..., ask the account, and show what apply would do. Nothing is written to AWS.

    Exit codes: 0 to create or nothing to do, 1 refused, 5 the account cannot be asked, 6 drift or conflict.
    """
    from iblint.apply.gate import unused
    from iblint.apply.plan_file import plan_data
    from iblint.apply.retry import Clock
    from iblint.cli.plan_text import Painter, plan_text, safe
    from iblint.exit_codes import ExitCode, gravest
    from iblint.text.safe import to_json

    kept = command_of(specs, options) if options["out"] else {}
    clock = Clock()
    made = make_plans(specs, options, clock)
    data = plan_data(made.plans, __version__, made.packs, clock.stamp(), kept)
    code = gravest([*(plan.exit_code for plan in made.plans), *(site.exit_code for site in made.unreachable)])
    if made.rejected:
        code = ExitCode.FINDINGS
    if options["format"] == "json":
        write_out(to_json(data))
        for site in made.unreachable:
            say(f"error: {safe(site.label)}: {safe(site.message)}")
    else:
        waivers = unused(made.terms.waivers, [plan.decision for plan in made.plans])
        painter = Painter(wants_color(options["color"], sys.stdout))
        write_out(plan_text(made.plans, made.unreachable, waivers, painter))
    if options["out"] and (made.unreachable or made.rejected):
        say(f"'{options['out']}' was not written: there is no whole plan.")
    elif options["out"]:
        write_file(options["out"], to_json(data))
    return code
