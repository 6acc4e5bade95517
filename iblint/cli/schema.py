"""``iblint schema``: print a JSON Schema, for editors and for other tools."""

from __future__ import annotations

import click

from iblint.cli._console import write_out
from iblint.cli._options import Word
from iblint.schemas import NAMES, read_schema


@click.command()
@click.argument("name", type=Word(NAMES), metavar="NAME")
def command(name: str) -> None:
    """Print a JSON Schema.

    NAME is request (what Image Builder accepts), config (iblint's configuration file), rule or pack (rule files), or
    report (the JSON report).
    """
    write_out(read_schema(name))
