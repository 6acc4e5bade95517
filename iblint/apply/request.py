"""The request for a configuration, its ARN, and the client token that makes a repeated request idempotent."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping

from iblint.model.answers import Identity
from iblint.model.errors import IblintError
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, Choice, Tagged, Unresolved
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CREATE = "CreateInfrastructureConfiguration"
UPDATE = "UpdateInfrastructureConfiguration"

UPDATED = "infrastructureConfigurationArn"
"""The member by which an update request names the configuration. It has no name, and no tags."""

_NAMESPACE = uuid.UUID("5d0c1a5e-8a4b-5d0e-9c8e-1b1a7c0f6a51")
_NEVER_SENT = {
    "clientToken": "iblint computes the token, so that a second run repeats the same request",
    "dryRun": "nothing would be created; apply makes its own dry run first",
}
_FOR_EDITORS = "$schema"
_HELP = {
    "terraform": "Apply it with 'terraform apply', behind the gate 'terraform show -json PLAN > plan.json' and "
    "'iblint check plan.json'; or give the variables with --var-file or --var."
}
_HYPHENS = str.maketrans(" _", "--")


class NotSendable(IblintError):
    """A configuration is not a complete request. The message names what is missing."""


def request_of(resource: Resource) -> Mapping[str, Any]:
    """Return the request for a configuration: a copy that later changes of the resource do not affect.

    Raises NotSendable if a value is unknown or missing, for ``clientToken`` and ``dryRun``, and for an update of
    something else than a configuration.
    """
    for key, why in _NEVER_SENT.items():
        if key in resource.spec:
            raise NotSendable(f"'{resource.spell((key,))}' must not be in the specification: {why}. Remove it.")
    spec = {key: value for key, value in resource.spec.items() if value is not ABSENT and key != _FOR_EDITORS}
    if resource.origin == "terraform":
        spec.setdefault("terminateInstanceOnFailure", False)  # as the provider sends it
    for key in (UPDATED if resource.operation == "update" else "name", "instanceProfileName"):
        if not spec.get(key):
            raise NotSendable(f"'{resource.spell((key,))}' is missing, and the API requires it. Add it.")
    for path, value in _unknown(spec):
        raise NotSendable(
            f"'{resource.spell(path)}' is not known: {show(value)}. Only a complete configuration can be created. "
            f"{_HELP.get(resource.dialect, 'Write the value, or give the template its parameters with --parameters.')}"
        )
    if resource.operation == "update" and resource.arn is None:
        raise NotSendable(
            f"'{resource.spell((UPDATED,))}' is not the ARN of an infrastructure configuration. Correct it."
        )
    try:
        request: dict[str, Any] = json.loads(json.dumps(spec, allow_nan=False))
    except (TypeError, ValueError):
        raise NotSendable("The specification has a value that a request cannot have, such as a date.") from None
    return request


def arn_of(identity: Identity, name: str) -> str:
    """Return the ARN of the configuration of a name: in lower case, with hyphens for blanks and underscores."""
    prefix = f"arn:{identity.partition}:imagebuilder:{identity.region}:{identity.account}"
    return f"{prefix}:infrastructure-configuration/{name.lower().translate(_HYPHENS)}"


def token_of(identity: Identity, operation: str, digest: str, generation: int, *seen: str) -> str:
    """Return the client token: the same for the same request in one account and Region, so that AWS knows a repetition.

    ``seen`` identifies the state that an update starts from. A new generation makes a new token.
    """
    parts = (identity.account, identity.region, identity.partition, operation, digest, *seen, str(generation))
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))


def _unknown(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield each value that is not known, with its path."""
    if isinstance(value, Unresolved | Choice | Tagged):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unknown(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, (*path, index))
