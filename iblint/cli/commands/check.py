"""``iblint check``: judge configurations and report what was found."""

from __future__ import annotations

from collections.abc import Sequence

import click

from iblint.cli.click_options import PATH, options_of
from iblint.cli.options import CHECK
from iblint.cli.run_check import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ORDER = "iblint.order"


class _Check(click.Command):
    """Remembers in which order --format and --output were given, which click alone would not tell."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[_ORDER] = [param.name for param in order if param.name in ("format", "output")]
        return super().parse_args(ctx, args)


@click.command(cls=_Check, short_help="Judge configurations and report what is wrong.")
@click.argument("paths", type=PATH, nargs=-1, metavar="[PATHS]...")
@options_of(CHECK)
@click.pass_context
def command(ctx: click.Context, /, paths: Sequence[str], **options: Any) -> int:
    """Check the infrastructure configurations in PATHS: files, folders, or '-' for standard input.

    Without PATHS the working folder is searched.
    """
    return check(paths, options, _in_order(ctx.meta[_ORDER], options["format"], options["output"]))


def _in_order(order: Sequence[str], formats: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str]]:
    values = {"format": iter(formats), "output": iter(outputs)}
    return [(kind, next(values[kind])) for kind in order]
