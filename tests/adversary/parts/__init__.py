"""The parts of the long run, one module each.

A part has ``run(seconds, seed) -> dict[str, int]``: it works for about that long, returns what it counted, and raises
an AssertionError with a reproduction if iblint answers wrongly. ``SHARE`` (1 if it is not there) is its share of the
time. Most parts also have ``one(seed)``, a single execution: the tests of a part run some of them.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


class Fault(AssertionError):
    """A wrong answer, with what reproduces it."""

    def __init__(self, message: str, files: Mapping[str, bytes]) -> None:
        super().__init__(message)
        self.files = files
        """File name -> content of the input."""
        self.counts: dict[str, int] = {}
        """What the part counted before."""


def part(name: str) -> ModuleType:
    """Import a part."""
    return import_module(f"{__name__}.{name}")


def repeat(one: Callable[[int], Mapping[str, int]], seconds: float, seed: int) -> dict[str, int]:
    """Call ``one`` with one seed after the other until the time is over, and add up what it counts.

    Each count has the number of ``executions``. Raises Fault with the counts so far.
    """
    counts: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            counts.update(one(seed))
        except Exception as error:
            counts["executions"] += 1
            error.counts = dict(counts)  # type: ignore[attr-defined]
            raise
        seed += 1
    return dict(counts)
