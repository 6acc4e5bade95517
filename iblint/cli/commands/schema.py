"""``iblint schema``: print a JSON Schema, for editors and for other tools."""

from __future__ import annotations

import click

from iblint.cli.click_options import Word
from iblint.cli.console import write_out
from iblint.schemas import NAMES, read_schema


@click.command(short_help="Print a JSON Schema, for editors and tools.")
@click.argument("name", type=Word(NAMES), metavar="NAME", required=False)
@click.pass_context
def command(ctx: click.Context, name: str | None) -> None:
    """Print a JSON Schema.

    NAME is request (what Image Builder accepts), config (iblint's configuration file), rule or pack (rule files), or
    report (the JSON report).
    """
    if name is None:
        ctx.fail(f"Give a NAME: {', '.join(NAMES)}.")
    write_out(read_schema(name))
