"""A time limit for calls as a whole: name resolution, credentials, retries, and an answer that comes byte by byte.

botocore's time limits are for a connection and for the next bytes. They stop neither an endpoint that sends a byte a
second, nor reads that hang one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread

from iblint.aws.errors import AwsFailure, classify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Answer = TypeVar("_Answer")


class DeadlineError(Exception):
    """A call had no answer before the deadline. It may have taken effect."""


class NotStartedError(DeadlineError):
    """The deadline was over before the call, which was not made."""


class Deadline:
    """A point in time, before which several calls must end."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self._end - self._monotonic())

    def run(self, call: Callable[[], _Answer], share: float = 1.0) -> _Answer:
        """Make a call, in a share of the remaining time. Raises DeadlineError, and what the call raises."""
        return within(self.remaining * share, call)


def within(seconds: float, call: Callable[[], _Answer]) -> _Answer:
    """Make a call and return its answer. Raises DeadlineError after ``seconds``, and what the call raises.

    The call is made in a thread, which is left behind at the deadline: nothing else stops a call at every point. It
    ends with the process at the latest.
    """
    if seconds <= 0:
        raise NotStartedError
    answers: list[_Answer] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(call())
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=work, name="iblint-call", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise DeadlineError
    return answers[0]


def bounded(seconds: float, call: Callable[[], _Answer]) -> _Answer | AwsFailure:
    """Make a call that returns its failures, and return its answer: an AwsFailure too if it is not there in time."""
    try:
        return within(seconds, call)
    except DeadlineError as error:
        return classify(error)
