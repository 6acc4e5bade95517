"""``iblint completion``: print the completion script of a shell."""

from __future__ import annotations

import click

from iblint.cli import COMPLETION
from iblint.cli.command import Command, Word
from iblint.cli.console import write_stdout

SHELLS = ("bash", "zsh", "fish")

EXAMPLES = (
    ("bash, in ~/.bashrc", 'eval "$(iblint completion bash)"'),
    ("zsh, in ~/.zshrc after compinit", 'eval "$(iblint completion zsh)"'),
    ("fish, in ~/.config/fish/config.fish", "iblint completion fish | source"),
)


@click.command(cls=Command, short_help="Print a shell completion script.", examples=EXAMPLES)
@click.argument("shell", type=Word(SHELLS), metavar="SHELL")
def command(shell: str) -> None:
    """Print the completion script for SHELL: bash (4.4 or newer), zsh or fish."""
    from click.shell_completion import get_completion_class

    from iblint.cli.app import app  # a cycle: app imports the commands

    completer = get_completion_class(shell)
    assert completer is not None  # click knows all of SHELLS
    script = completer(app, {}, "iblint", COMPLETION)
    write_stdout(script.source_template % script.source_vars() + "\n")  # script.source() would run bash for its version
