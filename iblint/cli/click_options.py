"""Options of click's commands: made from the table, or shared by several commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from iblint.cli import option_values as _values
from iblint.cli.options import PACKS, Option
from iblint.text.wording import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Function = TypeVar("_Function", bound=Callable[..., Any])


PATH = click.Path(readable=False)
"""A file or folder, which shells complete. Whether it is there and can be read is not for click to say."""


class Word(click.Choice[str]):
    """One of several words, with the nearest one told when it is none of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or fail."""
        words = [str(choice) for choice in self.choices]
        if value in words:
            return str(value)
        hint = did_you_mean(value, words) or f" There are: {', '.join(words)}."
        return self.fail(f"'{value}' is not known.{hint}", param, ctx)


def _checked(convert: Callable[[Any], Any]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback of click that makes the value of an option, or says what is wrong with what was given."""

    def callback(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
        try:
            return convert(value)
        except ValueError as wrong:
            raise click.BadParameter(str(wrong)) from None

    return callback


account = _checked(_values.account)
region = _checked(_values.region)
role_arn = _checked(_values.role_arn)
split_commas = _checked(_values.split_commas)


def options_of(table: Sequence[Option]) -> Callable[[_Function], _Function]:
    """A decorator that gives a command the options of a table."""

    def decorate(function: _Function) -> _Function:
        for option in reversed(table):
            more: dict[str, Any] = {"is_flag": True} if option.flag else {"multiple": option.many}
            if option.words is not None:
                more["type"] = Word(option.words())
            elif option.metavar in ("FILE", "DIR"):
                more["type"] = PATH
            if option.convert is not None:
                more["callback"] = _checked(option.convert)
            if option.default is not None:
                more["default"] = option.default
            made = click.option(*option.flags, option.name, metavar=option.metavar, help=option.help, **more)
            function = made(function)
        return function

    return decorate


pack_options = options_of(PACKS)
