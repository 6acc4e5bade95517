"""The API calls that iblint may make. A handler on every client stops any other call before it is sent."""

from __future__ import annotations

from collections.abc import Iterable

from iblint.facts.permissions import operations
from iblint.model.errors import IblintError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

READS: frozenset[str] = operations()
"""The calls that answer the questions of ``facts.questions``."""

ASSUME: frozenset[str] = frozenset({"sts:AssumeRole"})
"""Called to assume the role of ``--role-arn``."""

WRITES: frozenset[str] = frozenset(
    {
        "imagebuilder:CreateInfrastructureConfiguration",
        "imagebuilder:UpdateInfrastructureConfiguration",
        "imagebuilder:TagResource",
        "imagebuilder:UntagResource",
    }
)
"""The calls that only ``apply`` may make."""


class NotAllowed(IblintError):
    """A call that is not on the allow-list: a defect of iblint. Nothing was sent."""


def guard(client: Any, allowed: Iterable[str]) -> None:
    """Make a client raise NotAllowed for every call except the allowed ones (``service:Operation``)."""
    names = frozenset(allowed)

    def refuse(model: Any, **_: Any) -> None:
        name = f"{model.service_model.service_name}:{model.name}"
        if name not in names:
            raise NotAllowed(f"The API call {name} is not on the allow-list. Nothing was sent. Please report this.")

    client.meta.events.register_first("before-parameter-build", refuse)
    client.meta.events.register_first("before-call", refuse)
