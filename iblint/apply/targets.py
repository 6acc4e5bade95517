"""Where to apply: each combination of credentials and Region becomes a site, or says why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from iblint.apply.plan import Site
from iblint.aws.client import ImageBuilder
from iblint.aws.errors import AwsError
from iblint.aws.live_facts import LiveFacts
from iblint.aws.session import Access, Session
from iblint.model.answers import Unavailable
from iblint.model.errors import UsageError
from iblint.model.record import Record

REFUSED = 5


class Unreachable(Record):
    """A site that could not be opened: its configurations are not applied, those of the others are."""

    label: str
    message: str
    exit_code: int


def accesses(
    profiles: Sequence[str], roles: Sequence[str], external_id: str | None, regions: Sequence[str]
) -> list[Access]:
    """Every combination of a profile or role with a Region; several roles are assumed from the one profile.

    Raises UsageError for several profiles together with roles, and for an external ID without a role.
    """
    if roles and len(profiles) > 1:
        raise UsageError("Give several --aws-profile, or --role-arn with one profile at most, not both.")
    if external_id and not roles:
        raise UsageError("--external-id belongs to --role-arn: give the role too.")
    who: list[tuple[str | None, str | None]] = [(profile, None) for profile in profiles] or [(None, None)]
    if roles:
        who = [(profiles[0] if profiles else None, role) for role in roles]
    where: list[str | None] = [*dict.fromkeys(regions)]
    return [Access(region, *pair, external_id) for pair, region in product(who, where or [None])]


def connect(access: Access) -> Site | Unreachable:
    """Open a site and establish who the caller is there."""
    label = label_of(access)
    try:
        session = Session(access)
        facts = LiveFacts(session)
        identity = facts.identity()
        if isinstance(identity, Unavailable):
            message = f"Cannot establish who the caller is: {identity.reason}. Look at the credentials, then run again."
            return Unreachable(label, message, REFUSED)
        return Site(label, identity, facts, ImageBuilder(session))
    except AwsError as error:
        return Unreachable(label, str(error), error.exit_code)


def label_of(access: Access) -> str:
    """A site in words: ``profile prod, eu-west-1``."""
    parts = [
        f"profile {access.profile}" if access.profile else "",
        f"role {access.role_arn.rpartition('/')[2]} of {access.role_arn.split(':')[4]}" if access.role_arn else "",
        access.region or "the default Region",
    ]
    return ", ".join(part for part in parts if part)
