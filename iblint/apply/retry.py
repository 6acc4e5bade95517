"""Time and chance as values, so that tests run through minutes of retries at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from iblint.model.record import Record

BASE = 0.5
"""Seconds: the longest first pause."""
LONGEST = 10.0
"""Seconds: no pause is longer."""
MOST = 40
"""Pauses, however short they are."""


class Clock(Record):
    """What a run takes its time and its jitter from."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    """Between 0 and 1."""

    def stamp(self) -> str:
        """The time in UTC, ISO 8601 to the second."""
        return self.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Patience:
    """Pauses with full jitter, each up to twice as long as the one before, within one deadline."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds
        self._pauses = 0

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self._end - self._clock.monotonic())

    def pause(self, least: float = 0.0) -> bool:
        """Wait, ``least`` seconds or more. False, without waiting, when the deadline would pass or enough was tried."""
        longest = min(LONGEST, BASE * 2 ** min(self._pauses, 10))
        wait = least + self._clock.random() * longest
        if self._pauses >= MOST or wait >= self.left:
            return False
        self._pauses += 1
        self._clock.sleep(wait)
        return True
