"""Asking once: each read's answer is kept, and whatever a read raises becomes an answer too."""

from __future__ import annotations

from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from iblint.aws.allowlist import NotAllowed
from iblint.aws.errors import AwsError, unavailable
from iblint.aws.session import Session
from iblint.facts.questions import PERMISSIONS
from iblint.model.answers import Missing, Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Answer = TypeVar("_Answer")


_MISSING = frozenset(
    {
        *("NotFound", "NotFoundException", "ResourceNotFoundException", "NoSuchEntity", "NoSuchBucket", "404"),
        *("InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed"),
        *("InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidGroupId.NotFound"),
        *("InvalidKeyPair.NotFound", "InvalidInstanceType", "InvalidHostID.NotFound", "InvalidHostID.Malformed"),
    }
)
"""What the services answer when there is no such thing, or can be none of such an id."""

UNREADABLE = Unavailable("AWS's answer cannot be understood", None, "error")


class Asking:
    """The clients of a session and the answers so far."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._answers: dict[tuple[Any, ...], Any] = {}
        self._clients: dict[tuple[str, str | None], Any] = {}

    def know(self, question: str, answer: Any) -> None:
        """Keep the answer to a question without arguments that was asked elsewhere."""
        self._answers[(question,)] = answer

    def _client(self, service: str, region: str | None = None) -> Any:
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.reader(service, region)
        return self._clients[key]

    def _pages(
        self, question: str, what: str, service: str, operation: str, member: str, **parameters: Any
    ) -> list[Any] | Missing | Unavailable:
        """All items of a paged answer about ``what``."""

        def read() -> list[Any]:
            pages = self._client(service).get_paginator(operation).paginate(**parameters)
            return [item for page in pages for item in page[member]]  # half an answer has none

        return self._ask(question, (what,), what, read)

    def _sure(self, question: str, key: tuple[Any, ...], read: Callable[[], _Answer]) -> _Answer | Unavailable:
        """The answer to a question about something that cannot be missing."""
        answer = self._ask(question, key, "", read)
        return UNREADABLE if isinstance(answer, Missing) else answer

    def _ask(
        self, question: str, key: tuple[Any, ...], what: str, read: Callable[[], _Answer | Missing]
    ) -> _Answer | Missing | Unavailable:
        """The kept answer, or that of ``read``. Whatever it raises becomes Missing or Unavailable."""
        kept = (question, *key)
        if kept not in self._answers:
            self._answers[kept] = _try(question, what, read)
        answer: _Answer | Missing | Unavailable = self._answers[kept]
        return answer


def _try(question: str, what: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except NotAllowed:
        raise
    except AwsError as error:
        return Unavailable(f"there is no connection ({error.failure.code})", None, "error")
    except ClientError as error:
        code = str((error.response.get("Error") or {}).get("Code"))
        return Missing(what) if code in _MISSING and what else unavailable(error, PERMISSIONS[question])
    except BotoCoreError as error:
        return unavailable(error, PERMISSIONS[question])
    except (LookupError, TypeError, ValueError, AttributeError):  # what has not the documented shape is no knowledge
        return UNREADABLE
    except Exception as error:  # urllib3's come through while the body is read
        return unavailable(error, PERMISSIONS.get(question))
