"""Facts from the account that options name. boto3 is loaded only when it is asked."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.errors import UsageError
from iblint.model.question import Facts
from iblint.model.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.aws.session import Access


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
    from iblint.aws.live_facts import establish
    from iblint.aws.session import Session

    return establish(Session(access_of(options, settings.region)))
