"""The clock and the pauses of retries. The clock can be replaced, so that tests do not wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from iblint.model.record import Record

FIRST_PAUSE = 0.5
"""Seconds: the longest that the first pause can be."""
LONGEST_PAUSE = 10.0
"""Seconds: the longest that any pause can be."""
MAX_PAUSES = 40


class Clock(Record):
    """The source of time and jitter."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    """Between 0 and 1."""

    def stamp(self) -> str:
        """Return the time in UTC, as ISO 8601 to the second."""
        return self.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class RetryBudget:
    """Pauses with full jitter: each may be twice as long as the one before. All must end before one deadline."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds
        self._pauses = 0

    @property
    def remaining(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self._end - self._clock.monotonic())

    def pause(self, least: float = 0.0) -> bool:
        """Wait ``least`` seconds or more and return True; return False at once if the budget is exhausted."""
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._pauses, 10))
        wait = least + self._clock.random() * longest
        if self._pauses >= MAX_PAUSES or wait >= self.remaining:
            return False
        self._pauses += 1
        self._clock.sleep(wait)
        return True
