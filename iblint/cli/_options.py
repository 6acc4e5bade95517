"""Options that several commands share, and how values of the command line become settings."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from iblint.config import load_settings, with_command_line
from iblint.model.errors import UsageError
from iblint.model.settings import Settings
from iblint.model.wording import did_you_mean

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Word(click.Choice[str]):
    """One of several words, with the nearest one told when it is none of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or fail."""
        words = [str(choice) for choice in self.choices]
        if value in words:
            return str(value)
        hint = did_you_mean(value, words) or f" There are: {', '.join(words)}."
        return self.fail(f"'{value}' is not known.{hint}", param, ctx)


def pack_options(function: _Function) -> _Function:
    """``--config``, ``--no-config``, ``--rules`` and ``--pack``: which configuration and rule packs are loaded."""
    for option in (
        click.option("--pack", "packs", multiple=True, metavar="NAME", help="Enable an installed rule pack."),
        click.option("--rules", multiple=True, metavar="DIR", help="Load a folder of rule files too."),
        click.option("--no-config", is_flag=True, help="Read no configuration file."),
        click.option("--config", metavar="FILE", help="Read this configuration file.  [default: the nearest]"),
    ):
        function = option(function)
    return function


def settings_of(config: str | None, no_config: bool, given: Mapping[str, Any]) -> Settings:
    """The configuration with the command line laid over it; what is empty, None or False was not given."""
    if config is not None and no_config:
        raise UsageError("--config and --no-config cannot be used together.")
    settings = Settings() if no_config else load_settings(config, os.getcwd())
    return with_command_line(settings, {key: value for key, value in given.items() if value})


def split_commas(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> list[str]:
    """``("IB1,IB2", "IB3")`` -> ``["IB1", "IB2", "IB3"]``."""
    names = [name.strip() for value in values for name in value.split(",")]
    if not all(names):
        raise click.BadParameter("it holds an empty name")
    return names


def account(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Check an account ID."""
    if value is not None and not re.fullmatch("[0-9]{12}", value):
        raise click.BadParameter(f"'{value}' is no AWS account ID: it has twelve digits")
    return value


def region(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Check the name of a Region."""
    if value is not None and not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}", value):
        raise click.BadParameter(f"'{value}' is no AWS Region such as eu-west-1")
    return value
