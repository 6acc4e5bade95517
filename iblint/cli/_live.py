"""Options that name an account to ask, and the facts from it. boto3 is loaded only when they are used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from iblint.model.errors import UsageError
from iblint.model.facts import Facts
from iblint.model.settings import Settings

if TYPE_CHECKING:
    from iblint.aws.session import Access

_Function = TypeVar("_Function", bound=Callable[..., Any])

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,577}")


def role_arn(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Check the ARN of a role."""
    if value is not None and not _ROLE.fullmatch(value):
        raise click.BadParameter(f"'{value}' is no role such as arn:aws:iam::ACCOUNT:role/NAME")
    return value


def access_options(function: _Function) -> _Function:
    """``--aws-profile``, ``--role-arn`` and ``--external-id``: whose credentials are used."""
    for option in (
        click.option("--external-id", metavar="ID", help="External ID that the role asks for."),
        click.option("--role-arn", callback=role_arn, metavar="ARN", help="Assume this role."),
        click.option("--aws-profile", metavar="NAME", help="Profile of the AWS configuration to use."),
    ):
        function = option(function)
    return function


def access_of(options: Mapping[str, Any], region: str | None) -> Access:
    """Whose credentials are used and where the calls go, as the command line has it.

    Raises UsageError for an external ID without a role.
    """
    from iblint.aws.session import Access

    if options["external_id"] and not options["role_arn"]:
        raise UsageError("--external-id belongs to --role-arn: give the role too.")
    return Access(region, options["aws_profile"], options["role_arn"], options["external_id"])


def facts_of(options: Mapping[str, Any], settings: Settings) -> Facts | None:
    """Facts from the account that ``--live`` asks; None without it.

    Raises UsageError for options that only serve ``--live``, and AwsError when it cannot be established who the caller
    is.
    """
    if not options["live"]:
        for name in ("aws_profile", "role_arn", "external_id"):
            if options[name]:
                raise UsageError(f"--{name.replace('_', '-')} serves --live only: give --live too.")
        return None
    from iblint.aws.facts import establish
    from iblint.aws.session import Session

    return establish(Session(access_of(options, settings.region)))
