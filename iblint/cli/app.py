"""The command ``iblint``: its subcommands are the modules of ``cli/commands``, imported when they are called."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import click

import iblint.cli.commands
from iblint.cli import USAGE
from iblint.cli.console import say
from iblint.text.wording import did_you_mean
from iblint.version import __version__

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyGroup(click.Group):
    """A group whose command ``x-y`` is ``iblint.cli.commands.x_y.command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the command modules."""
        names = (m.name for m in iter_modules(iblint.cli.commands.__path__))
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or None when there is no such one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"iblint.cli.commands.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command when there is none of the name."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            names = self.list_commands(ctx)
            hint = did_you_mean(args[0], names) or f" There are: {', '.join(names)}."
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings=SETTINGS, invoke_without_command=True, no_args_is_help=False)
@click.version_option(__version__, "--version", message="iblint %(version)s")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Check EC2 Image Builder infrastructure configurations against policy.

    Exit codes: 0 clean, 1 findings at or above the threshold, 2 usage or configuration error, 3 nothing to check
    (under --require-configurations), 4 incomplete: something could not be read or judged.
    """
    if ctx.invoked_subcommand is None:
        say(ctx.get_help())
        ctx.exit(USAGE)
