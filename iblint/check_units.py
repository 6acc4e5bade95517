"""Read and judge some of the units of a run: the part of the work that any process can do.

A unit that neither imports from others nor exports to them, and has no pipeline or image, is judged alone. The others
are returned, to be judged together. If another process has read them, it judges them alone too and sends what may link
them to others. Few of them are linked, and those are read and judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from iblint.dialects.shared.extraction import Given, RunSteps
from iblint.discovery.files import File, NoFiles
from iblint.engine.build_type import has_open_uses
from iblint.findings.collect import Room
from iblint.judge import Judge, Judged, collect, world_of
from iblint.logic.budget import CONFIGURATION_VALUES, RUN_VALUES
from iblint.model.context import World
from iblint.model.document import InputError, Notice, NotJudged, Source
from iblint.model.errors import IblintError
from iblint.model.path import Path
from iblint.model.record import Record, compile_inits, field, replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Place, Resource
from iblint.model.settings import Settings
from iblint.units import Item, UnitReader, UnitResources, internal_error, item_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from iblint.timings import Timings

Unit: TypeAlias = "tuple[int, Sequence[Item]]"
"""The number of a unit in the run, and what is to be read for it."""

MANY_UNITS = 32
"""Units of a chunk for which records with an ``__init__`` of their own save more time than compiling those takes."""

Numbered: TypeAlias = "tuple[int, Judged]"
"""A configuration that was judged, with the number of its unit."""


class Task(Record):
    """What a chunk needs to know of the run."""

    settings: Settings
    """With the working folder of the run."""
    parameters: Mapping[str, Given] = field(default_factory=dict)
    files: NoFiles = field(default_factory=NoFiles)
    """How companions are read."""
    steps: RunSteps = field(default_factory=RunSteps)
    """The steps of resolving that this process has left."""


class Links(Record):
    """What may link a unit to others, of which another process has the resources."""

    number: int
    imports: frozenset[str]
    exports: frozenset[str]
    has_uses: bool
    """Whether it has pipelines or images."""
    has_open_uses: bool
    """Whether one of them may use a configuration of any unit."""


class Part(Record, frozen=False):
    """The results of a chunk, and of several chunks together."""

    files: int = 0
    configurations: int = 0
    findings: int = 0
    judged: list[Numbered] = field(default_factory=list)
    linked: list[UnitResources] = field(default_factory=list)
    """Units that are still to be judged, because their resources may refer to those of other units."""
    links: list[Links] = field(default_factory=list)
    """Units that another process judged alone, but that may be linked to others."""
    exporters: list[tuple[int, File | Source]] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    not_judged: list[NotJudged] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    """How much the search left out, by reason (``discovery.files.LEFT_OUT``)."""
    selected: frozenset[str] = frozenset()
    """The codes of the rules that were selected for any file."""

    def add(self, other: Part) -> None:
        """Add the results of another chunk."""
        self.files += other.files
        self.configurations += other.configurations
        self.findings += other.findings
        self.judged += other.judged
        self.linked += other.linked
        self.links += other.links
        self.exporters += other.exporters
        self.problems += other.problems
        self.texts.update(other.texts)
        self.notices += other.notices
        self.not_judged += other.not_judged
        for reason, number in other.left_out.items():
            self.left_out[reason] = self.left_out.get(reason, 0) + number
        self.selected |= other.selected

    def judge(self, unit: UnitResources, judge: Judge, world: World, timings: Timings | None, room: Room) -> None:
        """Judge the configurations of a unit, and keep the findings that there is room for.

        A defect of iblint becomes an InputError, and the unit is left out. Raises ConfigError for settings that leave
        no rule for the file.
        """
        file = unit.resources[0].file
        judge_one = judge.judge if timings is None else timings.timed_judge(file, judge.judge)
        configurations = [resource for resource in unit.resources if resource.kind == INFRASTRUCTURE_CONFIGURATION]
        judged: list[Judged] = []
        try:
            for resource in configurations:
                each = judge_one(resource, world).within(room)
                judged.append(replace(each, is_cut=True) if judge.budget.violations < 0 else each)
                if judge.budget.values < 0:
                    self._add_once(_too_many_values(resource))
        except IblintError:
            raise
        except Exception as crash:
            self._add_once(internal_error(file, "judging", crash))
            return
        self.judged += [(unit.number, each) for each in judged]
        self.findings += sum([len(each.findings) for each in judged])

    def _add_once(self, problem: InputError) -> None:
        if problem not in self.problems:  # a linked unit is judged a second time
            self.problems.append(problem)


def _too_many_values(resource: Resource) -> InputError:
    """Return the error of a configuration whose choices are not judged, because the run has taken all it may."""
    message = (
        f"The configurations of the run have more than {RUN_VALUES} values in the combinations of their conditions and "
        f"parameters, and {CONFIGURATION_VALUES} for each; choices of this one count as unknown. Check fewer files in "
        "one run, allow fewer values of parameters, or give the parameters with --parameters."
    )
    return InputError(resource.file, resource.span.line, resource.span.column, message)


def check_chunk(
    task: Task,
    judge: Judge | None,
    chunk: Sequence[Unit],
    *,
    timings: Timings | None = None,
    begin: Callable[[int], None] | None = None,
) -> Part:
    """Read the units of a chunk, and judge those that can be judged alone: none if there is no ``judge``.

    ``begin`` is called with the number of each unit before it is read.
    """
    if len(chunk) >= MANY_UNITS:
        compile_inits()
    reader, part = UnitReader(task.settings, task.parameters, task.files, timings, task.steps), Part()
    alone: list[UnitResources] = []
    for number, items in chunk:
        if begin is not None:
            begin(number)
        add = (
            reader.add if timings is None else timings.timed_file(item_name(items[0], task.settings.folder), reader.add)
        )
        unit = add(number, items)
        if unit is not None:
            (part.linked if judge is None or unit.is_linked else alone).append(unit)
    # Reading and judging in turns would be slower by a tenth: neither would find its code and data in the caches.
    if judge is not None:
        room = Room()
        for unit in alone:
            if begin is not None:
                begin(unit.number)
            part.judge(unit, judge, world_of(unit.resources, task.settings), timings, room)
        part.selected = judge.selected()
    part.files, part.configurations = reader.files_read, reader.configurations
    part.problems += reader.problems
    part.exporters, part.texts, part.notices = reader.exporters, reader.texts, reader.notices
    part.not_judged, part.left_out = reader.not_judged, reader.left_out
    return part


def to_send(part: Part, task: Task, judge: Judge, chunk: Sequence[Unit]) -> Part:
    """Return a part as it is sent to another process: with no more of its resources than that has to know."""
    items, room = dict(chunk), Room()
    for unit in part.linked:
        world = world_of(unit.resources, task.settings)
        part.judge(unit, judge, world, None, room)
        part.links.append(Links(unit.number, unit.imports, unit.exports, unit.has_uses, has_open_uses(world)))
    part.linked = []
    part.judged = [(number, _collected(each, task, judge, items[number])) for number, each in part.judged]
    return part


def _collected(judged: Judged, task: Task, judge: Judge, items: Sequence[Item]) -> Judged:
    places = PlacesReadAgain(task, items, judged.resource.id)
    return replace(judged, resource=collect(judged.resource, judge.ruleset, places))


class PlacesReadAgain(Mapping[Path, Place]):
    """The places of a resource that another process has read: looked up by reading its unit again.

    Few are ever looked up, and finding them all takes as long as parsing.
    """

    def __init__(self, task: Task, items: Sequence[Item], id: str) -> None:
        self._task = task
        self._items = items
        self._id = id
        self._places: Mapping[Path, Place] | None = None

    def _read(self) -> Mapping[Path, Place]:
        if self._places is None:
            reader = UnitReader(self._task.settings, self._task.parameters, self._task.files)
            unit = reader.add(0, self._items)
            found = [resource for resource in unit.resources if resource.id == self._id] if unit else []
            self._places = found[0].places if found else {}
        return self._places

    def __getitem__(self, path: Path) -> Place:
        return self._read()[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())
