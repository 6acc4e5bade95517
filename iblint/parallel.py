"""A run whose files are shared out: among processes that are forked, or the workers of an executor.

Shares are striped, so that a folder of large files falls to all, and results are put back into the order of the files:
a report does not tell how it was made.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence

from iblint.crew import NOTHING, Crew, Lost, Notes
from iblint.discovery.walk import File, shown
from iblint.model.document import InputError
from iblint.model.record import NamedTuple, Record, field, replace
from iblint.model.references import imported_names
from iblint.model.report import Configuration, Finding
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Resource
from iblint.model.rule import Rule
from iblint.model.settings import Settings
from iblint.model.values import ABSENT
from iblint.text.wording import shorten
from iblint.workspace import Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from concurrent.futures import Executor, Future
    from typing import Any, Protocol

    from iblint.dialects import Given
else:
    Protocol = object

Item = File | InputError
Block = tuple[int, tuple[Resource, ...]]
"""The resources of a file, with its place among the files."""

Result = tuple[int, Configuration, list[Finding]]
"""What was found in one configuration, with the place of its file."""

Progress = Callable[[int, int, int], None]
"""Is told the numbers of files, configurations and findings so far."""

_BEFORE = -1
"""The place of what the parent has read before it shared out the rest."""

_NAME = "name"
_EXPORT = "Export"
"""The kind of what a template exports."""

_LISTED = 5

_TASKS = 64
_FILES = 50
"""An executor gets a task for each so many files, and not more than so many tasks."""


class Part(Record, frozen=False):
    """What the files of one share came to."""

    files: int = 0
    blocks: list[Block] = field(default_factory=list)
    exporters: list[tuple[int, File]] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def read_share(
    settings: Settings,
    parameters: Mapping[str, Given],
    items: Sequence[tuple[int, Item]],
    note: Callable[[int, int, int], None] | None = None,
) -> Part:
    """Read the files of a share. Nothing else is looked at than what is passed, so any process anywhere may do it."""
    read, part = Inputs(settings, parameters), Part()
    for place, item in items:
        if note is not None:
            note(place, read.files, read.configurations)
        resources, exporters = len(read.resources), len(read.exporters)
        read.add(item)
        if len(read.resources) > resources:
            part.blocks.append((place, tuple(read.resources[resources:])))
        if len(read.exporters) > exporters and isinstance(item, File):
            part.exporters.append((place, item))
    part.files, part.problems, part.texts, part.notices = read.files, read.problems, read.texts, read.notices
    return part


def read_by_executor(read: Inputs, items: Sequence[Item], executor: Executor) -> None:
    """Let an executor's workers read the files. They need iblint and the files, under the same names, and no more."""
    folder = read.settings.folder or os.getcwd()
    settings = replace(read.settings, folder=folder)
    there = [item._replace(path=os.path.join(folder, item.path)) if isinstance(item, File) else item for item in items]
    count = min(_TASKS, -(-len(items) // _FILES))
    futures: list[Future[Part]] = []
    try:
        for number in range(count):
            share = list(enumerate(there))[number::count]
            futures.append(_submit(executor, read_share, settings, read.parameters, share))
        parts = [_result(read, items[number::count], future) for number, future in enumerate(futures)]
    finally:
        for future in futures:
            future.cancel()
    _merge(read, parts)
    read.resources += [r for _, block in sorted((b for p in parts for b in p.blocks), key=_place) for r in block]
    read.exporters += [file for _, file in sorted(found for part in parts for found in part.exporters)]
    read.add_exporters()


def _submit(executor: Executor, *task: Any) -> Future[Part]:
    """Hand a task to an executor. One that is broken refuses it: then its future has failed."""
    from concurrent.futures import BrokenExecutor, Future

    try:
        return executor.submit(*task)
    except BrokenExecutor as error:
        future: Future[Part] = Future()
        future.set_exception(error)
        return future


def _result(read: Inputs, share: Sequence[Item], future: Future[Part]) -> Part:
    try:
        return future.result()
    except Exception as error:  # whatever it is, the share was not read
        read.problems.append(_lost(share, None, f"failed ({type(error).__name__}: {shorten(str(error))})"))
        return Part()


class Brief(NamedTuple):
    """What a process says of its share before it judges it."""

    number: int
    """Of the process."""
    imported: frozenset[str]
    """Names of the exports that its resources import."""
    exporters: list[tuple[int, File]]
    seen: bytes
    """Its resources as the others need to see them, pickled: the parent only passes them on."""


class Verdicts(NamedTuple):
    """What a process found in its share."""

    part: Part
    results: list[Result]
    rules: tuple[Rule, ...]


class Judge(Protocol):
    """What judges the configurations of a run."""

    def judge(self, resource: Resource) -> tuple[Configuration, list[Finding]]:
        """What is to be said of one configuration."""

    def selected(self) -> tuple[Rule, ...]:
        """The rules that were selected for any file."""


def judge_by_processes(
    read: Inputs,
    items: Sequence[Item],
    size: int,
    make: Callable[[Sequence[Resource]], Judge],
    *,
    whole: bool,
    progress: Progress | None,
) -> tuple[list[Result], list[Rule]]:
    """Let ``size`` processes read the files and judge what they hold; returns the results, and the rules selected.

    What ``read`` holds already is judged too. ``make`` makes what judges, for all resources of the run; of the files of
    other processes it gets ``whole`` resources, or as much of them as rules that are built in look at.
    """
    before = tuple(read.resources)

    def work(number: int, notes: Notes) -> Generator[Any, Any, Verdicts]:
        share = [(place, items[place]) for place in range(number, len(items), size)]
        part = read_share(read.settings, read.parameters, share, notes.begin)
        notes.begin(NOTHING)
        imports = [imported_names(block) for _, block in part.blocks]
        seen = [
            (place, block if whole or imported else _as_seen(block))
            for (place, block), imported in zip(part.blocks, imports, strict=True)
        ]
        pickled = pickle.dumps(seen, pickle.HIGHEST_PROTOCOL)
        briefs, exporters = yield Brief(number, frozenset().union(*imports), part.exporters, pickled)
        others = [seen for other, seen in briefs if other != number]
        judge = make((*before, *_together(others, part.blocks), *exporters))
        results = _judge(judge, part.blocks, notes)
        part.blocks, part.exporters = [], []
        return Verdicts(part, results, judge.selected())

    def tick() -> None:
        if progress is not None:
            counts = zip(*(notes.counts for notes in crew.notes), strict=True)
            files, configurations, findings = map(sum, counts)
            progress(read.files + files, read.configurations + configurations, findings)

    with Crew(size, work) as crew:
        waiting = None if progress is None else tick
        briefs, lost = _heard(crew.gather(waiting))
        read.exporters += [file for _, file in sorted(found for brief in briefs for found in brief.exporters)]
        read.add_exporters(imported_names(before).union(*(brief.imported for brief in briefs)))
        exporters = tuple(read.resources[len(before) :])
        crew.answer(([(brief.number, brief.seen) for brief in briefs], exporters))
        others = [brief.seen for brief in briefs] if before else []
        judge = make((*before, *_together(others, []), *exporters))
        results = _judge(judge, [(_BEFORE, before)])
        verdicts, lost_later = _heard(crew.gather(waiting))
    for gone in (*lost, *lost_later):
        read.problems.append(
            _lost(items[gone.member :: size], items[gone.item] if gone.item >= 0 else None, gone.reason)
        )
    _merge(read, [verdict.part for verdict in verdicts])
    results += [result for verdict in verdicts for result in verdict.results]
    rules = {rule.code: rule for selected in (judge.selected(), *(v.rules for v in verdicts)) for rule in selected}
    return sorted(results, key=lambda result: result[0]), [rules[code] for code in sorted(rules)]


def _place(block: Block) -> int:
    return block[0]


def _heard(messages: Iterable[Any]) -> tuple[list[Any], list[Lost]]:
    heard = list(messages)
    return [m for m in heard if not isinstance(m, Lost)], [m for m in heard if isinstance(m, Lost)]


def _judge(judge: Judge, blocks: Iterable[Block], notes: Notes | None = None) -> list[Result]:
    results: list[Result] = []
    findings = 0
    for place, block in blocks:
        for resource in block:
            if resource.kind == INFRASTRUCTURE_CONFIGURATION:
                if notes is not None:
                    notes.begin(place, *notes.counts[:2], findings)
                configuration, found = judge.judge(resource)
                results.append((place, configuration, found))
                findings += len(found)
    return results


def _as_seen(block: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """What other files may have to do with the resources of a file that imports nothing.

    What it exports leads to all of it. Without exports only the names of its configurations matter elsewhere: a link
    leads to resources of the same file, or through an import (model/links.py).
    """
    if any(resource.kind == _EXPORT for resource in block):
        return block
    return tuple(_named(resource) for resource in block if resource.kind == INFRASTRUCTURE_CONFIGURATION)


def _named(resource: Resource) -> Resource:
    """A resource with its name as its only property."""
    name, place = resource.spec.get(_NAME, ABSENT), resource.places.get((_NAME,))
    return Resource(
        id=resource.id,
        kind=resource.kind,
        dialect=resource.dialect,
        origin=resource.origin,
        file=resource.file,
        address=resource.address,
        span=resource.span,
        spec={} if name is ABSENT else {_NAME: name},
        places={} if place is None else {(_NAME,): place},
    )


def _together(others: Iterable[bytes], own: Iterable[Block]) -> list[Resource]:
    """The resources of all shares in the order of their files: own ones, and those of others as they are seen."""
    blocks = {place: block for seen in others for place, block in pickle.loads(seen)}
    blocks.update(own)
    return [resource for place in sorted(blocks) for resource in blocks[place]]


def _merge(read: Inputs, parts: Iterable[Part]) -> None:
    """Add what the parts hold, but for their resources."""
    for part in parts:
        read.files += part.files
        read.problems += part.problems
        read.notices += part.notices
        read.texts.update(part.texts)


def _lost(share: Sequence[Item], item: Item | None, reason: str) -> InputError:
    """The problem that a share was lost, at the file that was in hand, else at the first one."""
    names = [shown(item) for item in share if isinstance(item, File)]
    name = shown(item) if isinstance(item, File) else names[0]
    others = [other for other in names if other != name]
    message = f"The process that had this file in hand {reason}; not judged."
    if others:
        listed = ", ".join(others[:_LISTED]) + (f" and {len(others) - _LISTED} more" if len(others) > _LISTED else "")
        message += f" Neither were the other files of its share: {listed}."
    return InputError(name, 1, 1, f"{message} Run it again, or in a single process (--jobs 1).")
