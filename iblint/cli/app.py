"""The command ``iblint``: its subcommands are the modules of ``cli/commands``, imported when they are called."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import click

import iblint.cli.commands
from iblint.cli.command import Group
from iblint.cli.console import write_stderr
from iblint.exit_codes import MEANINGS, ExitCode
from iblint.text.wording import did_you_mean
from iblint.version import __version__

EXAMPLES = (
    ("Check the working folder", "iblint check"),
    ("Explain a rule", "iblint explain imdsv2-required"),
    ("Show what apply would create", "iblint plan infra/web.yaml --region eu-west-1"),
)


class LazyGroup(Group):
    """A group whose command ``x-y`` is ``iblint.cli.commands.x_y.command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the command modules."""
        names = (m.name for m in iter_modules(iblint.cli.commands.__path__))
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command. Returns None if there is no command of this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"iblint.cli.commands.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command as click does. For an unknown name, the error suggests the nearest."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            names = self.list_commands(ctx)
            hint = did_you_mean(args[0], names) or f" Commands: {', '.join(names)}."
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    no_args_is_help=False,
    subcommand_metavar="[COMMAND] [ARGS]...",  # which click 8.2 wrote differently
    examples=EXAMPLES,
    exit_codes=MEANINGS,
)
@click.version_option(__version__, "--version", message="iblint %(version)s")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Check EC2 Image Builder infrastructure configurations against policy."""
    if ctx.invoked_subcommand is None:
        write_stderr(ctx.get_help())
        ctx.exit(ExitCode.USAGE)
