"""What a benchmark yields: a line of a table."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measure import Spread


@dataclass(frozen=True)
class Goal:
    """What is wanted of a figure: no more than this."""

    target: float | None = None
    stretch: float | None = None

    def judge(self, value: float) -> str:
        """In a word or two."""
        if self.stretch is not None and value <= self.stretch:
            return "met, stretch too"
        if self.target is not None:
            return "met" if value <= self.target else "**missed**"
        return "" if self.stretch is None else "stretch missed"


@dataclass(frozen=True)
class Result:
    """A figure and its goal; without a figure, why there is none."""

    work: str
    against: str
    goal: Goal
    spread: Spread | None = None
    cpu: float | None = None
    """The median ratio by CPU time."""
    unit: str = "x"
    seconds: float | None = None
    """Median wall time of one run of iblint."""
    peak: float | None = None
    """Its peak memory in MB."""
    rounds: int = 0
    note: str = ""
