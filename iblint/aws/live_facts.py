"""Facts from a live account, read with the calls of the allow-list."""

from __future__ import annotations

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from iblint.aws.allowlist import NotAllowed
from iblint.aws.errors import AwsError, classify, unavailable
from iblint.aws.session import Session
from iblint.facts.questions import IDENTITY
from iblint.model.answers import Identity, Missing, Unavailable
from iblint.model.errors import IblintError
from iblint.model.question import Answer, Facts, Question
from iblint.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_MISSING = frozenset(
    {"NotFound", "NotFoundException", "ResourceNotFoundException", "NoSuchEntity", "NoSuchBucket", "404"}
)
"""Error codes of several services that mean "does not exist"; those of one call stand in the table of questions."""

_SHARE = 0.5
"""The share of the remaining time that one read may take, so that one that hangs leaves time for the others."""

UNREADABLE = Unavailable("AWS's answer cannot be understood", None, "error")


class LiveFacts(Facts):
    """The facts of one account and Region. Answers are kept for the run."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._answers: dict[tuple[Any, ...], Any] = {}
        self._clients: dict[tuple[str, str | None], Any] = {}

    def ask(self, question: Question[Answer], *arguments: Any) -> Answer | Unavailable:
        """Return the answer to a question. The first answer is kept, failures included."""
        key = (question.name, *arguments)
        if key not in self._answers:
            self._answers[key] = self._try(question, arguments)
        answer: Answer | Unavailable = self._answers[key]
        return answer

    def identity(self) -> Identity | Unavailable:
        """Return who the caller is, and the Region of the session."""
        identity = self.ask(IDENTITY)
        return self._in_region(identity) if isinstance(identity, Identity) else identity

    def establish_identity(self) -> Identity:
        """Return the same; raise AwsError if it cannot be read."""
        try:
            identity: Identity = self._read(IDENTITY, ())
        except IblintError:
            raise
        except Exception as error:
            failure = classify(error, permission=IDENTITY.action)
            raise AwsError(failure, "The caller's identity cannot be read") from None
        self._answers[(IDENTITY.name,)] = identity
        return self._in_region(identity)

    def _in_region(self, identity: Identity) -> Identity:
        return replace(identity, region=self._session.region)

    def _try(self, question: Question[Any], arguments: tuple[Any, ...]) -> Any:
        """Return the answer; whatever the call raises becomes Missing or Unavailable."""
        permission = question.action
        try:
            return self._read(question, arguments)
        except NotAllowed:
            raise
        except AwsError as error:
            return Unavailable(f"there is no connection ({error.failure.code})", None, "error")
        except ClientError as error:
            code = str((error.response.get("Error") or {}).get("Code"))
            if question.missing and (code in _MISSING or code in question.missing_codes):
                return Missing(question.missing.format(*arguments))
            return unavailable(error, permission)
        except BotoCoreError as error:
            return unavailable(error, permission)
        except (LookupError, TypeError, ValueError, AttributeError):  # the response has not the documented shape
            return UNREADABLE
        except Exception as error:  # urllib3's own errors, raised while the body is read, and the deadline
            return unavailable(error, permission)

    def _read(self, question: Question[Any], arguments: tuple[Any, ...]) -> Any:
        if question.parts:
            return question.parse(self.ask, *arguments)
        parameters = question.request(*arguments)
        if isinstance(parameters, Unavailable):
            return parameters
        service, _, operation = question.operation.partition(":")
        client = self._client(service, question.region(*arguments))
        share = 1.0 if question is IDENTITY else _SHARE
        response = self._session.run(lambda: _call(client, xform_name(operation), parameters, question.items), share)
        return question.parse(response, *arguments)

    def _client(self, service: str, region: str | None) -> Any:
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.reader(service, region)
        return self._clients[key]


def _call(client: Any, method: str, parameters: Mapping[str, Any], items: str) -> Any:
    """Return the response of a call, or the items of all its pages. Raises if a page cannot be read."""
    if not items:
        return getattr(client, method)(**parameters)
    return [item for page in client.get_paginator(method).paginate(**parameters) for item in page[items]]


def establish(session: Session) -> LiveFacts:
    """Return the facts of an account whose caller is known. Raises AwsError if the identity cannot be read."""
    facts = LiveFacts(session)
    facts.establish_identity()
    return facts
