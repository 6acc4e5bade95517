"""``iblint check``: judge configurations and report findings."""

from __future__ import annotations

from collections.abc import Sequence

import click

from iblint.cli.command import PATH, Command, options_of
from iblint.cli.options import CHECK
from iblint.cli.run_check import check
from iblint.exit_codes import COMMAND_MEANINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ORDER = "iblint.report_options"

EXAMPLES = (
    ("Check the working folder", "iblint check"),
    ("Check a folder and a file", "iblint check infra/ cloudformation/pipeline.yaml"),
    ("Check standard input", "iblint check --stdin-filename infra/web.yaml - < infra/web.yaml"),
    ("Print text, and write a SARIF log", "iblint check --format text --format sarif --output iblint.sarif"),
    ("Run the core rules only, and fail if a verdict is unknown", "iblint check --select core --strict"),
    ("Check against an AWS account", "iblint check --live --aws-profile dev --region eu-west-1 infra/"),
)


class _Check(Command):
    """Keeps the order of --format and --output, which click does not."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[_ORDER] = [param.name for param in order if param.name in ("format", "output")]
        return super().parse_args(ctx, args)


@click.command(
    cls=_Check,
    short_help="Check configurations and report findings.",
    examples=EXAMPLES,
    exit_codes=COMMAND_MEANINGS["check"],
)
@click.argument("paths", type=PATH, nargs=-1, metavar="[PATHS]...")
@options_of(CHECK)
@click.pass_context
def command(ctx: click.Context, /, paths: Sequence[str], **options: Any) -> int:
    """Check the infrastructure configurations in PATHS: files, folders, or '-' for standard input.

    Without PATHS, check the working folder.
    """
    return check(paths, options, _in_order(ctx.meta[_ORDER], options["format"], options["output"]))


def _in_order(order: Sequence[str], formats: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Return the values of --format and --output in the order of the command line."""
    values = {"format": iter(formats), "output": iter(outputs)}
    return [(name, next(values[name])) for name in order]
