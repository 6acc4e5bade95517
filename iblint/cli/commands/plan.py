"""``iblint plan``: show what apply would do."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from iblint.apply.plan_file import plan_data
from iblint.apply.retry import Clock
from iblint.cli.command import PATH, Command, options_of
from iblint.cli.console import use_color, write_stderr, write_stdout
from iblint.cli.options import PLAN
from iblint.cli.output import write_file
from iblint.cli.plan_text import Painter, plan_text, safe
from iblint.cli.planning import make_plans
from iblint.cli.saved_plan import command_of
from iblint.exit_codes import COMMAND_MEANINGS, ExitCode, gravest
from iblint.text.safe import to_json
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXAMPLES = (
    ("Show what apply would do", "iblint plan infra/web.yaml"),
    (
        "Plan one configuration of a template for two Regions",
        "iblint plan template.yaml --resource WebInfra --region eu-west-1 --region us-east-1",
    ),
    ("Write the plan to a file, and apply it later", "iblint plan infra/web.yaml --out plan.json"),
)


@click.command(
    cls=Command,
    short_help="Show what apply would do. Changes nothing.",
    examples=EXAMPLES,
    exit_codes=COMMAND_MEANINGS["plan"],
)
@click.argument("specs", type=PATH, nargs=-1, required=True, metavar="SPEC...")
@options_of(PLAN)
def command(specs: Sequence[str], **options: Any) -> int:
    """Judge the configurations in SPEC..., compare them with the AWS account, and show what apply would do.

    Makes read-only calls to AWS.
    """
    kept = command_of(specs, options)
    clock = Clock()
    made = make_plans(specs, options, clock)
    notices = made.all_notices()
    data = plan_data(made.plans, __version__, made.inputs, clock.stamp(), kept, notices)
    code = gravest([*(plan.exit_code for plan in made.plans), *(site.exit_code for site in made.unreachable)])
    if made.rejected:
        code = ExitCode.FINDINGS
    if options["format"] == "json":
        write_stdout(to_json(data))
        for site in made.unreachable:
            write_stderr(f"error: {safe(site.label)}: {safe(site.message)}")
    else:
        painter = Painter(use_color(options["color"], sys.stdout))
        write_stdout(plan_text(made.plans, made.unreachable, made.unused_waivers(), notices, painter))
    if options["out"] and (made.unreachable or made.rejected):
        write_stderr(f"'{options['out']}' was not written, because the plan is not complete.")
    elif options["out"]:
        write_file(options["out"], to_json(data))
        if options["format"] != "json":
            write_stdout(f"Plan digest: {data['digest']}\n")
    return code
