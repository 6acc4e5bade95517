"""Click commands made from the option table, with grouped options, examples and exit codes in their help."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import click

from iblint.cli.options import Option
from iblint.exit_codes import ExitCode
from iblint.text.wording import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Function = TypeVar("_Function", bound=Callable[..., Any])

Examples = Sequence[tuple[str, str]]
"""Pairs of a comment and a command line."""

PATH = click.Path(readable=False)
"""A file or folder, which shells complete. Whether it exists and can be read is checked where it is read."""

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

OTHER = "Other"
WIDEST_OPTION = 30
"""Click writes the help of wider options on a line of its own."""


class Word(click.Choice[str]):
    """One of several words. For any other, the error suggests the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or fail."""
        words = [str(choice) for choice in self.choices]
        if value in words:
            return str(value)
        hint = did_you_mean(value, words) or f" Valid values: {', '.join(words)}."
        return self.fail(f"'{value}' is not a valid value.{hint}", param, ctx)


class GroupedOption(click.Option):
    """An option that knows its heading in the help."""

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


class Command(click.Command):
    """A command whose help has grouped options, examples and exit codes."""

    def __init__(
        self, *args: Any, examples: Examples = (), exit_codes: Mapping[ExitCode, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"context_settings": SETTINGS, **kwargs})
        self.examples = examples
        self.exit_codes = exit_codes or {}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options below the headings of their groups, all in columns of one width."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                groups.setdefault(getattr(parameter, "group", OTHER), []).append(record)
        width = max(min(len(left), WIDEST_OPTION) for records in groups.values() for left, _ in records)
        for group, records in groups.items():
            with formatter.section("Options" if len(groups) == 1 else group):
                formatter.write_dl([(f"{left:<{width}}", right) for left, right in records], col_max=WIDEST_OPTION)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the examples and the exit codes."""
        if self.examples:
            with formatter.section("Examples"):
                for comment, line in self.examples:
                    formatter.write(f"  # {comment}\n  {line}\n")
        if self.exit_codes:
            with formatter.section("Exit codes"):
                formatter.write_dl([(str(int(code)), meaning) for code, meaning in self.exit_codes.items()])


class Group(Command, click.Group):
    """A command with subcommands, which are listed after its options."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the subcommands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


def options_of(table: Sequence[Option]) -> Callable[[_Function], _Function]:
    """Return a decorator that gives a command the options of a table."""

    def decorate(function: _Function) -> _Function:
        for option in reversed(table):
            function = _click_option(option)(function)
        return function

    return decorate


def _click_option(option: Option) -> Callable[[_Function], _Function]:
    more: dict[str, Any] = {"is_flag": True} if option.flag else {"multiple": option.many}
    if option.words is not None:
        more["type"] = Word(option.words())
    elif option.metavar in ("FILE", "DIR"):
        more["type"] = PATH
    if option.convert is not None:
        more["callback"] = _callback(option.convert)
    if option.default is not None:
        more |= {"default": option.default, "show_default": True}
    return click.option(
        *option.flags,
        option.name,
        cls=GroupedOption,
        group=option.group,
        metavar=option.metavar,
        help=option.help,
        **more,
    )


def _callback(convert: Callable[[Any], Any]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return a callback of click that converts the value of an option, and reports a ValueError as a usage error."""

    def callback(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
        try:
            return convert(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return callback
