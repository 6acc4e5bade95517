"""The settings of a run: the configuration with the command line laid over it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from iblint.config.load import load_settings, with_command_line
from iblint.model.errors import UsageError
from iblint.model.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def settings_of(config: str | None, no_config: bool, given: Mapping[str, Any]) -> Settings:
    """The settings; what is empty, None or False in ``given`` was not given.

    Raises UsageError for options that contradict each other, ConfigError for a wrong configuration.
    """
    if config is not None and no_config:
        raise UsageError("--config and --no-config cannot be used together.")
    settings = Settings() if no_config else load_settings(config, os.getcwd())
    return with_command_line(settings, {key: value for key, value in given.items() if value})
