"""Account and Region of a call, as programs and commands write them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ARN = re.compile(r"arn:aws[a-z-]*:imagebuilder:[a-z0-9-]+:\d{12}:infrastructure-configuration/[a-z0-9-_]+", re.ASCII)


def region_name(data: Any) -> str | None:
    """Return the name of a Region, or None if a value is none."""
    return data if isinstance(data, str) and _REGION.fullmatch(data) else None


def configuration_arn(data: Any) -> str | None:
    """Return the ARN of an infrastructure configuration, or None if a value is none."""
    return data if isinstance(data, str) and _ARN.fullmatch(data) else None
