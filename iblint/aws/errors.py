"""Classify failures of calls to AWS: what happened, whether anything was created, and what to do next.

``classify`` knows every exception that CreateInfrastructureConfiguration documents, the known exceptions of the other
calls, and those that botocore raises if there is no response. It never raises.
"""

from __future__ import annotations

import re

from botocore import exceptions as botocore

from iblint.aws.error_codes import (
    BY_CODE,
    BY_STATUS,
    CLOCK,
    NO_RESPONSE,
    UNKNOWN_CODE,
    Created,
    Kind,
    Meaning,
    Retry,
)
from iblint.exit_codes import ExitCode
from iblint.model.answers import FAILURE_REASONS, FailureKind, Unavailable
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
    """The name that AWS or botocore gives it: ``ForbiddenException``, ``ReadTimeoutError``."""
    http: int | None
    message: str
    """What happened, one or two sentences, without secrets."""
    created: Created
    """Whether a create that failed in this way may have taken effect."""
    next_step: str
    """What to do: a sentence."""
    retry: Retry
    exit_code: ExitCode
    """The exit code if the failure is final: nothing more is tried, and nothing else is known."""
    permission: str | None = None
    """The IAM action that was denied, if AWS names it."""
    request_id: str | None = None

    @property
    def text(self) -> str:
        """What happened, whether anything was created, and what to do, as sentences for people."""
        return f"{self.message} {_CREATED[self.created]} {self.next_step}"


_CREATED = {
    "no": "Nothing was created.",
    "unknown": "It is not known whether anything was created.",
    "yes": "The configuration was created.",
}


class AwsError(IblintError):
    """A call failed before anything could be written, and the run ends (exit 5). ``failure`` has the details."""

    exit_code = ExitCode.AWS_REFUSED

    def __init__(self, failure: AwsFailure, doing: str) -> None:
        super().__init__(f"{doing}. {failure.message} {failure.next_step}")
        self.failure = failure


def classify(error: BaseException, *, permission: str | None = None) -> AwsFailure:
    """Classify the exception of a call. ``permission`` is the IAM action that the call needs, if AWS names none."""
    if not isinstance(error, botocore.ClientError):
        return _without_response(error)
    response: dict[str, Any] = error.response if isinstance(error.response, dict) else {}
    details, metadata = response.get("Error") or {}, response.get("ResponseMetadata") or {}
    code, text = str(details.get("Code") or "Unknown"), str(details.get("Message") or "")
    http = metadata.get("HTTPStatusCode")
    status = http if isinstance(http, int) else None
    meaning = _meaning(code, status, text)
    action = _ACTION.search(text)
    denied = (action[1] if action else permission) if meaning.kind == "permission" else None
    return AwsFailure(
        kind=meaning.kind,
        code=code,
        http=status,
        message=_message(meaning, code, status, text),
        created=meaning.created,
        next_step=f"Grant {denied} to the caller, then run again." if denied else meaning.next_step,
        retry=meaning.retry,
        exit_code=meaning.exit_code,
        permission=denied,
        request_id=redact_aws_message(str(metadata["RequestId"])) if metadata.get("RequestId") else None,
    )


def unavailable(error: BaseException, permission: str | None) -> Unavailable:
    """Classify the exception of a read that answers a question: a clause for messages, and the action to grant."""
    failure = classify(error, permission=permission)
    kinds: dict[Kind, FailureKind] = {"permission": "denied", "throttled": "throttled", "timeout": "timeout"}
    kind = kinds.get(failure.kind, "error")
    reason = FAILURE_REASONS[kind] + (f" with {failure.code}" if kind == "error" else "")
    if failure.kind == "identity":
        reason = f"{failure.message.partition(' (')[0]} ({failure.code})"
    return Unavailable(reason, failure.permission if kind == "denied" else None, kind)


def _meaning(code: str, status: int | None, text: str) -> Meaning:
    name = code.rpartition("#")[2]
    if name == "InvalidParameterValueException" and _PROPAGATION.search(text) and "exist" in text:
        return BY_CODE["InstanceProfileMissing"]
    if _CLOCK.search(text):
        return CLOCK
    found = BY_CODE.get(name) or BY_CODE.get(f"{name}Exception")
    if found is not None:
        return found
    if status is None:
        return UNKNOWN_CODE
    return BY_STATUS.get(status) or (BY_STATUS[500] if status >= 500 else UNKNOWN_CODE)


def _message(meaning: Meaning, code: str, status: int | None, text: str) -> str:
    number = f", HTTP {status}" if status is not None else ""
    quoted = redact_aws_message(text).rstrip(".")
    return f"{meaning.what} ({code}{number})" + (f": {quoted}." if quoted else ".")


def _without_response(error: BaseException) -> AwsFailure:
    """Classify an exception of botocore, or of a library below it."""
    names = [c.__name__ for c in type(error).__mro__]
    meaning = next((NO_RESPONSE[name] for name in names if name in NO_RESPONSE), NO_RESPONSE["Exception"])
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
