"""The results of benchmarks."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measure import Spread


@dataclass(frozen=True)
class Goal:
    """Upper limits for a figure."""

    target: float | None = None
    stretch: float | None = None

    def judge(self, value: float) -> str:
        """Return whether the target is met, in words."""
        if self.stretch is not None and value <= self.stretch:
            return "met, stretch too"
        if self.target is not None:
            return "met" if value <= self.target else "**missed**"
        return "" if self.stretch is None else "stretch missed"


@dataclass(frozen=True)
class Result:
    """A figure and its goal. Without a figure, ``note`` has the reason."""

    work: str
    against: str
    goal: Goal
    spread: Spread | None = None
    cpu: float | None = None
    """The median ratio of CPU times."""
    unit: str = "x"
    seconds: float | None = None
    """Median wall time of one run of iblint."""
    peak: float | None = None
    """Peak memory of iblint in MB."""
    rounds: int = 0
    note: str = ""
