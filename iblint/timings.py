"""Where the time of a run goes: what ``--timings`` prints.

``timed`` and the like are put around the functions of a run when it is wired; a run that is not timed calls none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ParamSpec, TypeVar

    _P = ParamSpec("_P")
    _T = TypeVar("_T")


PHASES = ("rules", "discover", "read", "load", "extract", "evaluate", "report")
_SHOWN = 5


class Timings:
    """The time spent so far: in each phase, by each rule, on each file."""

    def __init__(self) -> None:
        self.phases = dict.fromkeys(PHASES, 0.0)
        self.rules: dict[str, float] = {}
        self.files: dict[str, float] = {}
        self._begin = perf_counter()

    def timed(self, phase: str, function: Callable[_P, _T]) -> Callable[_P, _T]:
        """Return the function, with its time counted for a phase."""
        return self._timed(self.phases, phase, function)

    def timed_rule(self, code: str, judge: Callable[_P, _T]) -> Callable[_P, _T]:
        """Return what judges by a rule, with its time counted for the rule."""
        return self._timed(self.rules, code, judge)

    def timed_file(self, file: str, function: Callable[_P, _T]) -> Callable[_P, _T]:
        """Return the function, with its time counted for a file."""
        return self._timed(self.files, file, function)

    def timed_judge(self, file: str, function: Callable[_P, _T]) -> Callable[_P, _T]:
        """Return what judges a configuration, with its time counted for its file and for the phase."""
        return self.timed_file(file, self.timed("evaluate", function))

    @staticmethod
    def _timed(table: dict[str, float], key: str, function: Callable[_P, _T]) -> Callable[_P, _T]:
        def timed(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            begin = perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                table[key] = table.get(key, 0.0) + perf_counter() - begin

        return timed

    def lines(self) -> list[str]:
        """Return the lines to print: the total, each phase, the slowest rules and files."""
        total = perf_counter() - self._begin
        rest = total - sum(self.phases.values())
        lines = [f"timings: {total:.3f} s", *(f"  {name:<9}{spent:8.3f} s" for name, spent in self.phases.items())]
        lines.append(f"  {'other':<9}{rest:8.3f} s")
        for title, table in (("slowest rules", self.rules), ("slowest files", self.files)):
            if table:
                lines += [f"  {title}:", *(f"    {spent:8.3f} s  {key}" for key, spent in _slowest(table))]
        return lines


def _slowest(table: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(table.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
