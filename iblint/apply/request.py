"""What is sent for a configuration: the request that was judged, its ARN, and the token that makes it happen once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping

from iblint.model.answers import Identity
from iblint.model.errors import IblintError
from iblint.model.path import Path
from iblint.model.resource import Resource, dotted
from iblint.model.values import ABSENT, Choice, Tagged, Unresolved
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CREATE = "CreateInfrastructureConfiguration"
UPDATE = "UpdateInfrastructureConfiguration"

_NAMESPACE = uuid.UUID("5d0c1a5e-8a4b-5d0e-9c8e-1b1a7c0f6a51")
_NEVER_SENT = {
    "clientToken": "iblint makes the token itself, so that a second run is no second request",
    "dryRun": "it would keep the configuration from being created; apply makes a dry run of its own",
}
_SAME = str.maketrans(" _", "--")


class NotSendable(IblintError):
    """A configuration that was judged but is no complete request: the message says what is missing."""


def request_of(resource: Resource) -> Mapping[str, Any]:
    """The request of a configuration, as plain data of its own that nothing else can change.

    Raises NotSendable when a value is not known, and for ``clientToken`` and ``dryRun``.
    """
    for key, why in _NEVER_SENT.items():
        if key in resource.spec:
            raise NotSendable(f"'{resource.spell((key,))}' must not be in the specification: {why}. Remove it.")
    spec = {key: value for key, value in resource.spec.items() if value is not ABSENT}
    for key in ("name", "instanceProfileName"):
        if not spec.get(key):
            raise NotSendable(f"'{resource.spell((key,))}' is missing, and no request can be without it. Add it.")
    for path, value in _unknown(spec):
        raise NotSendable(
            f"'{resource.spell(path)}' is not known: {show(value)}. Only complete configurations can be created; "
            "write the value, or give the template its parameters with --parameters."
        )
    try:
        request: dict[str, Any] = json.loads(json.dumps(spec, allow_nan=False))
    except (TypeError, ValueError):
        raise NotSendable("The specification holds a value that no request can hold, such as a date.") from None
    return request


def arn_of(identity: Identity, name: str) -> str:
    """The ARN that a configuration of this name has: lower case, with hyphens for blanks and underscores."""
    place = f"{identity.partition}:imagebuilder:{identity.region}:{identity.account}"
    return f"arn:{place}:infrastructure-configuration/{name.lower().translate(_SAME)}"


def token_of(identity: Identity, operation: str, digest: str, generation: int, *seen: str) -> str:
    """The client token: the same for the same request in the same place, so that a repetition is a replay.

    ``seen`` is what an update starts from. A new generation makes a new token.
    """
    parts = (identity.account, identity.region, identity.partition, operation, digest, *seen, str(generation))
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))


def _unknown(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Unresolved | Choice | Tagged):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unknown(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, (*path, index))


def named(path: Path) -> str:
    """A path as it reads in a plan."""
    return dotted(path)
