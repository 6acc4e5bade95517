"""``iblint schema``: print a JSON Schema, for editors and for other tools."""

from __future__ import annotations

import click

from iblint.cli._console import write_out
from iblint.schemas import NAMES, read_schema


@click.command()
@click.argument("name", type=click.Choice(NAMES))
def command(name: str) -> None:
    """Print the JSON Schema of a request, of iblint's configuration, of a rule file or pack, or of the JSON report."""
    write_out(read_schema(name))
