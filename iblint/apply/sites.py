"""The sites of a run: each combination of credentials and Region, and the ones that cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from iblint.apply.plan import Site
from iblint.aws.deadline import Deadline
from iblint.aws.errors import AwsError
from iblint.aws.image_builder import ImageBuilder
from iblint.aws.live_facts import LiveFacts
from iblint.aws.session import Access, Session
from iblint.exit_codes import ExitCode
from iblint.model.answers import Unavailable
from iblint.model.errors import UsageError
from iblint.model.record import Record


class Unreachable(Record):
    """A site that could not be reached. Configurations are applied at the other sites only."""

    label: str
    message: str
    exit_code: int


def accesses(
    profiles: Sequence[str], roles: Sequence[str], external_id: str | None, regions: Sequence[str]
) -> list[Access]:
    """Return every combination of a profile or role with a Region. All roles are assumed from one profile.

    Raises UsageError for roles with several profiles, and for an external ID without a role.
    """
    if roles and len(profiles) > 1:
        raise UsageError("--role-arn can be combined with one --aws-profile only.")
    if external_id and not roles:
        raise UsageError("--external-id needs --role-arn.")
    credentials: list[tuple[str | None, str | None]] = [(profile, None) for profile in profiles] or [(None, None)]
    if roles:
        credentials = [(profiles[0] if profiles else None, role) for role in roles]
    where: list[str | None] = [*dict.fromkeys(regions)]
    return [Access(region, *pair, external_id) for pair, region in product(credentials, where or [None])]


def connect(access: Access, deadline: Deadline | None = None) -> Site | Unreachable:
    """Open a session and read the caller's identity. All reads of the session must end before the deadline."""
    label = label_of(access)
    try:
        session = Session(access, deadline)
        facts = LiveFacts(session)
        identity = facts.identity()
        if isinstance(identity, Unavailable):
            message = f"The caller's identity cannot be read: {identity.reason}. Check the credentials, then run again."
            return Unreachable(label, message, ExitCode.AWS_REFUSED)
        return Site(label, identity, facts, ImageBuilder(session))
    except AwsError as error:
        return Unreachable(label, str(error), error.exit_code)


def label_of(access: Access) -> str:
    """Return the name of a site in messages: ``profile prod, eu-west-1``."""
    parts = [
        f"profile {access.profile}" if access.profile else "",
        f"role {access.role_arn.rpartition('/')[2]} of {access.role_arn.split(':')[4]}" if access.role_arn else "",
        access.region or "the default Region",
    ]
    return ", ".join(part for part in parts if part)
