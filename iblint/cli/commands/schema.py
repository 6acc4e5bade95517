"""``iblint schema``: print a JSON Schema."""

from __future__ import annotations

import click

from iblint.cli.command import Command, Word
from iblint.cli.console import write_stdout
from iblint.schemas import NAMES, read_schema

EXAMPLES = (
    ("Write the schema of the configuration file, for an editor", "iblint schema config > iblint.schema.json"),
    ("Write the schema of a specification", "iblint schema request > request.schema.json"),
)


@click.command(cls=Command, short_help="Print a JSON Schema for editors and other tools.", examples=EXAMPLES)
@click.argument("name", type=Word(NAMES), metavar="NAME", required=False)
@click.pass_context
def command(ctx: click.Context, name: str | None) -> None:
    """Print a JSON Schema.

    NAME is request (what Image Builder accepts), config (iblint's configuration file), rule or pack (rule files),
    report (the JSON report), or waivers (the file of --waivers).
    """
    if name is None:
        ctx.fail(f"Missing NAME: {', '.join(NAMES)}.")
    write_stdout(read_schema(name))
