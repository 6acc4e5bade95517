"""What went wrong in a call to AWS: what happened, whether anything was created, what to do next.

``classify`` knows every exception of CreateInfrastructureConfiguration, those that other calls are known to answer
with, and what botocore itself raises when there is no answer. It never raises.
"""

from __future__ import annotations

import re

from botocore import exceptions as botocore

from iblint.aws.error_codes import (
    BY_CODE,
    BY_STATUS,
    CLOCK,
    NO_ANSWER,
    REFUSED,
    UNKNOWN_CODE,
    Created,
    Kind,
    Meaning,
    Retry,
)
from iblint.model.answers import FailureKind, Unavailable
from iblint.model.errors import IblintError
from iblint.model.record import Record
from iblint.text.secrets import redact_aws_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ACTION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9*]+)")
_CLOCK = re.compile(r"Signature (?:expired|not yet current)", re.IGNORECASE)
_PROPAGATION = re.compile(r"instance profile", re.IGNORECASE)


class AwsFailure(Record):
    """A failed call."""

    kind: Kind
    code: str
    """AWS's or botocore's name for it: ``ForbiddenException``, ``ReadTimeoutError``."""
    http: int | None
    message: str
    """What happened, one or two sentences, without secrets."""
    created: Created
    """Whether a Create that failed in this way may have taken effect."""
    next_step: str
    """What to do, a sentence."""
    retry: Retry
    exit_code: int
    """When it is final: nothing more is tried, and nothing else is known."""
    permission: str | None = None
    """The action that was denied, when AWS names it."""
    request_id: str | None = None

    @property
    def text(self) -> str:
        """What happened, whether anything was created, and what to do: for people."""
        return f"{self.message} {_CREATED[self.created]} {self.next_step}"


_CREATED = {
    "no": "Nothing was created.",
    "unknown": "It is not known whether anything was created.",
    "yes": "The configuration was created.",
}


class AwsError(IblintError):
    """A call to AWS failed before anything could be written, and ends a run (exit 5): ``failure`` says all of it."""

    exit_code = REFUSED

    def __init__(self, failure: AwsFailure, doing: str) -> None:
        super().__init__(f"{doing}. {failure.message} {failure.next_step}")
        self.failure = failure


def classify(error: BaseException, *, permission: str | None = None) -> AwsFailure:
    """What a failure of a call means. ``permission`` is the action that the call needs, for answers that name none."""
    if not isinstance(error, botocore.ClientError):
        return _without_answer(error)
    answer: dict[str, Any] = error.response if isinstance(error.response, dict) else {}
    details, metadata = answer.get("Error") or {}, answer.get("ResponseMetadata") or {}
    code, said = str(details.get("Code") or "Unknown"), str(details.get("Message") or "")
    http = metadata.get("HTTPStatusCode")
    status = http if isinstance(http, int) else None
    meaning = _meaning(code, status, said)
    action = _ACTION.search(said)
    denied = (action[1] if action else permission) if meaning.kind == "permission" else None
    return AwsFailure(
        kind=meaning.kind,
        code=code,
        http=status,
        message=_message(meaning, code, status, said),
        created=meaning.created,
        next_step=f"Grant {denied} to the caller, then run again." if denied else meaning.next_step,
        retry=meaning.retry,
        exit_code=meaning.exit_code,
        permission=denied,
        request_id=redact_aws_message(str(metadata["RequestId"])) if metadata.get("RequestId") else None,
    )


def unavailable(error: BaseException, permission: str | None) -> Unavailable:
    """The same for a fact that could not be read: a clause for messages, and the action to grant."""
    failure = classify(error, permission=permission)
    kinds: dict[Kind, tuple[FailureKind, str]] = {
        "permission": ("denied", "the call was denied"),
        "throttled": ("throttled", "AWS throttled the call"),
        "timeout": ("timeout", "AWS did not answer in time"),
    }
    kind, reason = kinds.get(failure.kind, ("error", f"the call failed with {failure.code}"))
    if failure.kind == "identity":
        reason = f"{failure.message.partition(' (')[0]} ({failure.code})"
    return Unavailable(reason, failure.permission if kind == "denied" else None, kind)


def _meaning(code: str, status: int | None, said: str) -> Meaning:
    name = code.rpartition("#")[2]
    if name == "InvalidParameterValueException" and _PROPAGATION.search(said) and "exist" in said:
        return BY_CODE["InstanceProfileMissing"]
    if _CLOCK.search(said):
        return CLOCK
    found = BY_CODE.get(name) or BY_CODE.get(f"{name}Exception")
    if found is not None:
        return found
    if status is None:
        return UNKNOWN_CODE
    return BY_STATUS.get(status) or (BY_STATUS[500] if status >= 500 else UNKNOWN_CODE)


def _message(meaning: Meaning, code: str, status: int | None, said: str) -> str:
    number = f", HTTP {status}" if status is not None else ""
    quoted = redact_aws_message(said).rstrip(".")
    return f"{meaning.what} ({code}{number})" + (f": {quoted}." if quoted else ".")


def _without_answer(error: BaseException) -> AwsFailure:
    """The meaning of what botocore, or anything below it, raises."""
    names = [c.__name__ for c in type(error).__mro__]
    meaning = next((NO_ANSWER[name] for name in names if name in NO_ANSWER), NO_ANSWER["Exception"])
    return AwsFailure(
        kind=meaning.kind,
        code=names[0],
        http=None,
        message=_message(meaning, names[0], None, str(error) if meaning.quote else ""),
        created=meaning.created,
        next_step=meaning.next_step,
        retry=meaning.retry,
        exit_code=meaning.exit_code,
    )
