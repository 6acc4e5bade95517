"""Scripted faults: a failure of a call, before or after it took effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.fake_aws.wire import Call

Kind = Literal[
    "none", "error", "latency", "reset", "truncated", "cut-json", "html", "body", "slow-body", "drip", "drip-head"
]


@dataclass(slots=True)
class Fault:
    """A fault of a call.

    ``error``: the service answers ``code``. ``latency``: the answer comes ``seconds`` later. ``reset``: the connection
    is cut. ``truncated``: the connection ends amid the body. ``cut-json``: the body is well delivered and half of it is
    missing. ``html``: a proxy's error page, 502. ``body``: ``body`` in place of the answer, 200. ``slow-body``: the
    body follows the headers ``seconds`` later. ``drip``: the body comes byte by byte, and does not end. ``drip-head``:
    so do the headers. ``none``: only the hook is called.
    """

    kind: Kind
    operation: str = "CreateInfrastructureConfiguration"
    """Empty: any service."""
    service: str = "imagebuilder"
    when: Literal["before", "after"] = "before"
    """Before the call is processed, or after it took effect (a *drop after commit* is a reset after)."""
    code: str = "ServiceException"
    status: int | None = None
    """None: the status that the service model gives the code."""
    message: str = "This is a scripted fault."
    body: str = ""
    seconds: float = 0.0
    times: int = 1
    skip: int = 0
    """Number of matching calls to let pass first."""
    hook: Callable[[], None] | None = None
    """Called when the fault happens, for tests in the same process."""


class Script:
    """The faults to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        """Append faults. Each call gets the first that matches, if any."""
        with self._lock:
            self._faults += faults

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    @property
    def pending(self) -> int:
        """The number of faults that have not happened yet."""
        return sum(fault.times for fault in self._faults)

    def take(self, call: Call) -> Fault | None:
        """Return the fault for a call, if any."""
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
