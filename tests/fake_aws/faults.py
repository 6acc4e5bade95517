"""Scripted faults: what goes wrong with which call, before or after it took effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.fake_aws.wire import Call

Kind = Literal["none", "error", "latency", "reset", "truncated", "cut-json", "html", "body", "slow-body"]


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    ``error``: the service answers ``code``. ``latency``: the answer comes ``seconds`` later. ``reset``: the connection
    is cut. ``truncated``: the connection ends amid the body. ``cut-json``: the body is well delivered and half of it is
    missing. ``html``: a proxy's error page, 502. ``body``: ``body`` in place of the answer, 200. ``slow-body``: the
    body follows the headers ``seconds`` later. ``none``: only the hook is called.
    """

    kind: Kind
    operation: str = "CreateInfrastructureConfiguration"
    """Empty for any."""
    service: str = "imagebuilder"
    when: Literal["before", "after"] = "before"
    """Before the call is processed, or after it took effect (a *drop after commit* is a reset after)."""
    code: str = "ServiceException"
    status: int | None = None
    """None for the status that the model gives the code."""
    message: str = "This is a scripted fault."
    body: str = ""
    seconds: float = 0.0
    times: int = 1
    skip: int = 0
    """How many matching calls pass before the first one that is hit."""
    hook: Callable[[], None] | None = None
    """Called when the fault strikes; for tests in the same process."""


class Script:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        """Append faults; each call meets at most one, the first that matches."""
        with self._lock:
            self._faults += faults

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    @property
    def pending(self) -> int:
        """How many faults have not struck yet."""
        return sum(fault.times for fault in self._faults)

    def take(self, call: Call) -> Fault | None:
        """The fault that a call meets."""
        with self._lock:
            for fault in self._faults:
                if fault.service != call.service or fault.operation not in ("", call.operation) or not fault.times:
                    continue
                if fault.skip:
                    fault.skip -= 1
                    return None
                fault.times -= 1
                return fault
        return None
