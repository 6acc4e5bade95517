"""Questions about an AWS account, and the interface that answers them.

``facts.questions`` is the table of all questions. Checks ask them through ``Context.facts``: offline (``NoFacts``), in
an example of a rule (``facts.example_account``), or in a live account (``aws.live_facts``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.model.answers import OFFLINE, Identity, Unavailable
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Generic, Literal, TypeAlias, TypeVar

    Answer = TypeVar("Answer", covariant=True)
else:
    Answer, Generic = "Answer", {"Answer": object}  # at run time a question does not know the type of its answer

Scope: TypeAlias = (
    "Literal['none', 'any', 'pipeline', 'configuration', 'instance-profile', 'role', 'topic', 'topic-key', 'bucket']"
)
"""The resources that the permission of a question can be narrowed to: ``any`` for an action without resources, ``none``
for a call that needs no permission."""


class Question(Record, Generic[Answer]):
    """A question about an account, and how it is answered.

    One API call answers it, or the answers to other questions (``parts``).
    """

    name: str
    """``key-pair``; also its section under ``facts:`` in the examples of rules."""
    parse: Callable[..., Answer | Unavailable]
    """Makes the answer: ``parse(response, *arguments)``, or ``parse(ask, *arguments)`` if the question has parts.

    Raises LookupError, TypeError, ValueError or AttributeError if the response has not the documented shape.
    """
    operation: str = ""
    """The API call: ``ec2:DescribeKeyPairs``."""
    request: Callable[..., Mapping[str, Any] | Unavailable] = dict
    """The parameters of the call, from the question's arguments; Unavailable if the call must not be made."""
    items: str = ""
    """For a paginated call: the member of the response that lists the items. ``parse`` gets the items of all pages."""
    region: Callable[..., str | None] = lambda *_: None
    """The Region to call, from the question's arguments; None for the Region of the session."""
    permission: str = ""
    """The IAM action that the call needs, if it is not named like the call."""
    scope: Scope = "any"
    parts: tuple[Question[Any], ...] = ()
    missing: str = ""
    """What is Missing if it does not exist, a format string: ``the key pair '{0}'``. Empty if it always exists."""
    missing_codes: tuple[str, ...] = ()
    """Error codes of this call that mean "does not exist", in addition to the common ones."""
    example: Callable[..., Answer] | None = None
    """Makes the answer from a value in an example of a rule: ``example(value, *arguments)``."""
    rules: tuple[str, ...] = ()
    """Codes of the rules that ask, for the documentation."""

    @property
    def action(self) -> str:
        """The IAM action that the question needs first."""
        return self.permission or self.operation or self.parts[0].action


class Facts:
    """What a check may ask about the account. Nothing here raises: what cannot be read is ``Unavailable``."""

    live: bool = True
    """Whether there is an account to ask. Live rules run only then."""

    def ask(self, question: Question[Answer], *arguments: Any) -> Answer | Unavailable:
        """Return the answer to a question of ``facts.questions``. Each question is asked once in a run."""
        raise NotImplementedError

    def identity(self) -> Identity | Unavailable:
        """Return who the caller is, and the Region that the calls go to."""
        raise NotImplementedError

    @property
    def account(self) -> str | None:
        """The caller's account; None offline, and if the identity cannot be read."""
        identity = self.identity()
        return identity.account if isinstance(identity, Identity) else None

    @property
    def region(self) -> str | None:
        """The Region that the calls go to; None likewise."""
        identity = self.identity()
        return identity.region if isinstance(identity, Identity) else None


class NoFacts(Record, Facts):
    """Offline: nothing is known about any account."""

    account: str | None = None
    region: str | None = None

    live = False

    def ask(self, question: Question[Answer], *arguments: Any) -> Unavailable:  # noqa: ARG002
        """Return OFFLINE."""
        return OFFLINE

    def identity(self) -> Unavailable:
        """Return OFFLINE."""
        return OFFLINE
