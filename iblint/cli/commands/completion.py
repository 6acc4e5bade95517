"""``iblint completion``: have a shell complete commands and options."""

from __future__ import annotations

import click

from iblint.cli.click_options import Word
from iblint.cli.console import write_out

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=Word(SHELLS), metavar="SHELL")
def command(shell: str) -> None:
    """Print the script that completes iblint's commands and options in SHELL: bash (4.4 or newer), zsh or fish.

    \b
    bash, in ~/.bashrc:                   eval "$(iblint completion bash)"
    zsh, in ~/.zshrc after compinit:      eval "$(iblint completion zsh)"
    fish, in ~/.config/fish/config.fish:  iblint completion fish | source
    """
    from click.shell_completion import get_completion_class

    from iblint.cli.app import app

    completer = get_completion_class(shell)
    assert completer is not None  # click knows all of SHELLS
    script = completer(app, {}, "iblint", "_IBLINT_COMPLETE")
    write_out(script.source_template % script.source_vars() + "\n")  # source() would run bash to ask for its version
