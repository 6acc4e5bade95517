"""Where the time of a run goes: what ``--timings`` prints.

A run that is not timed calls nothing of this: what is timed is put around the parts when the run is wired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

from iblint.discovery.walk import File, shown
from iblint.model.document import Document, InputError, Source
from iblint.model.record import field
from iblint.model.resource import Resource
from iblint.model.settings import Settings
from iblint.workspace import Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ParamSpec, TypeVar

    from iblint.dialects import Extraction

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
        """The function, with its time counted for a phase."""
        return self._timed(self.phases, phase, function)

    def timed_rule(self, code: str, judge: Callable[_P, _T]) -> Callable[_P, _T]:
        """What judges by a rule, with its time counted for the rule."""
        return self._timed(self.rules, code, judge)

    def timed_judge(self, judge: Callable[[Resource], _T]) -> Callable[[Resource], _T]:
        """What judges configurations, with its time counted for the phase and for the file of each."""
        evaluate = self.timed("evaluate", judge)
        return lambda resource: self._timed(self.files, resource.file, evaluate)(resource)

    def inputs(self, settings: Settings) -> Inputs:
        """Inputs that count what they cost."""
        return _TimedInputs(settings, timings=self)

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
        """What to print: all in all, each phase, the slowest rules and files."""
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


class _TimedInputs(Inputs, frozen=False):
    """Inputs that say what they cost. Reading is all that is neither loading nor extracting."""

    timings: Timings = field(default_factory=Timings)

    def add(self, item: File | Source | InputError) -> None:
        """Read one file or source."""
        phases = self.timings.phases
        inner = phases["load"] + phases["extract"]
        begin = perf_counter()
        super().add(item)
        spent = perf_counter() - begin
        phases["read"] += spent - (phases["load"] + phases["extract"] - inner)
        file = shown(item) if isinstance(item, File) else item.file
        self.timings.files[file] = self.timings.files.get(file, 0.0) + spent

    def _load(self, source: Source) -> tuple[Document, ...] | InputError:
        return self.timings.timed("load", super()._load)(source)

    def _extract(self, source: Source, document: Document, dialect: str | None) -> Extraction:
        return self.timings.timed("extract", super()._extract)(source, document, dialect)
