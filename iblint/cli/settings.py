"""From options to the settings of a run, and to the facts of the account that ``--live`` asks."""

from __future__ import annotations

import os
from collections.abc import Mapping

from iblint.config.load import load_settings, with_command_line
from iblint.model.errors import UsageError
from iblint.model.question import Facts
from iblint.model.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIVE_ONLY = ("aws_profile", "role_arn", "external_id")


def settings_of(config: str | None, no_config: bool, given: Mapping[str, Any]) -> Settings:
    """Return the settings of the configuration file, overridden by the options in ``given`` that are not empty.

    Raises UsageError for options that contradict each other, ConfigError for a wrong configuration.
    """
    if config is not None and no_config:
        raise UsageError("--config and --no-config cannot be used together.")
    settings = Settings() if no_config else load_settings(config, os.getcwd())
    return with_command_line(settings, {key: value for key, value in given.items() if value})


def facts_of(options: Mapping[str, Any], settings: Settings) -> Facts | None:
    """Return the facts of the account that ``--live`` asks; None without ``--live``.

    Raises UsageError for options that need others, and AwsError if the caller's identity cannot be established.
    """
    if not options["live"]:
        for name in LIVE_ONLY:
            if options[name]:
                raise UsageError(f"--{name.replace('_', '-')} needs --live.")
        return None
    if options["external_id"] and not options["role_arn"]:
        raise UsageError("--external-id needs --role-arn.")
    from iblint.aws.live_facts import establish  # imports boto3
    from iblint.aws.session import Access, Session

    access = Access(settings.region, options["aws_profile"], options["role_arn"], options["external_id"])
    return establish(Session(access))
