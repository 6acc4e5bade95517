"""The run: discover -> read -> extract -> judge -> report.

``check_sources`` judges what its caller has read; ``check_paths`` finds files and does the same with them. The command
line, the hook, the Action, ``apply``, the tests of rules and the Python interface all call one of the two.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from iblint.check_units import Part, Task, Unit, check_chunk
from iblint.config.load import from_mapping, with_profile
from iblint.dialects.shared import registry
from iblint.discovery.files import Counts, DiskFiles, File, LeftOut, NoFiles, read_file
from iblint.discovery.walk import discover, find
from iblint.engine.build_type import has_open_uses
from iblint.engine.evaluator import BUILTIN
from iblint.exit_codes import ExitCode
from iblint.findings.collect import Room, sort_key, too_many
from iblint.judge import Judged, world_of
from iblint.model.context import Facts, NoFacts, World
from iblint.model.document import InputError, Notice, NotJudged, Source
from iblint.model.errors import ConfigError
from iblint.model.path import to_pointer
from iblint.model.record import replace
from iblint.model.report import Configuration, Finding, Report
from iblint.model.resource import Resource
from iblint.model.settings import Settings
from iblint.model.verdict import Severity, Verdict
from iblint.packs import RuleSet, load_packs, select
from iblint.packs.check_names import by_code, check_names
from iblint.session import Session
from iblint.units import FilesOfUnit, Item, UnitReader, UnitResources, exported_names, item_name, without_dialect
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Executor
    from typing import TypeAlias

    from iblint.packs.authoring.prose import Example

Read: TypeAlias = "Source | InputError | Notice | Counts"
"""What a caller of ``check_sources`` has read, and what it knows of all else."""

AUTO_CONFIGURATIONS = 200
AUTO_FILES = 30_000
AUTO_LEFT = 400
"""With ``jobs=None`` files are shared among processes if so many configurations were found, or so many files are to be
searched, and so many are left: that is where it begins to pay (docs/scale.md)."""

_CHUNK = 64
"""Units that one process does between two looks at the progress."""


def check_sources(
    sources: Sequence[Read],
    settings: Settings,
    rules: RuleSet | None = None,
    session: Session | None = None,
    *,
    files: NoFiles | None = None,
) -> Report:
    """Judge every infrastructure configuration in sources that the caller has read. No file is read.

    ``rules`` are loaded as the settings say if they are not given. ``files`` reads the companions of units, such as the
    files of parameters that the settings name; by default there are none.

    Raises ConfigError and RulePackError for wrong settings or rules. What is wrong with a single source becomes an
    InputError of the report.
    """
    return _Run(settings, rules, session or Session(), files or NoFiles()).check(sources)


def check_paths(
    paths: Sequence[str],
    settings: Settings,
    rules: RuleSet | None = None,
    session: Session | None = None,
    *,
    stdin: Source | None = None,
    jobs: int | None = 1,
    executor: Executor | None = None,
) -> Report:
    """Judge every infrastructure configuration under ``paths``, and on standard input if it is given.

    ``jobs`` is the number of processes; None for as many as pay. An ``executor`` does the work in place of them. The
    report does not depend on either. For a session with facts of an account, with timings, or that keeps resources,
    one process does it all.

    Raises UsageError for a path that does not exist, ConfigError and RulePackError for wrong settings or rules. What is
    wrong with a single file becomes an InputError of the report.
    """
    session = session or Session()
    run = _Run(settings, rules, session, DiskFiles())
    found: Iterable[Item] = find(paths, run.settings, registry.scope())
    if session.timings is not None:
        found = session.timings.timed("discover", _listed)(found)
    items = found if stdin is None else chain((stdin,), found)
    if session.facts.live or session.keep_resources or session.timings is not None:
        return run.check(items)
    return run.check(items, jobs, executor)


def read_paths(paths: Sequence[str], settings: Settings) -> list[Read]:
    """Find and read the files under ``paths``, to be judged by ``check_sources``, and search what was left out.

    Raises UsageError for a path that does not exist.
    """
    folder = settings.folder or os.getcwd()
    found = discover(paths, settings, registry.scope())
    read: list[Read] = []
    for item in found:
        read += (
            without_dialect().search_left_out(item, settings, folder).notices if isinstance(item, LeftOut) else [item]
        )
    return read


def load_rules(settings: Settings) -> RuleSet:
    """Return the rules of all packs that the settings name, selected or not.

    Raises RulePackError, with file and line, if anything in a pack is wrong.
    """
    return load_packs(settings)


def complete(settings: Settings, rules: RuleSet) -> Settings:
    """Return the settings with their profile filled in, and rules called by their codes. Doing it twice does no harm.

    Raises ConfigError, with file and line, for names that do not exist, and if no rule is left.
    """
    settings = replace(with_profile(settings, rules.profiles), profile=None)
    check_names(settings, rules.rules, registry.DIALECTS)
    if not select(rules.rules, settings.select, settings.ignore):
        raise ConfigError("No rule is left: everything that is selected is ignored too. Select at least one rule.")
    return by_code(settings, rules.rules)


class _Run:
    """One run: settings, rules, and the results so far."""

    def __init__(self, settings: Settings, rules: RuleSet | None, session: Session, files: NoFiles) -> None:
        self.rules = rules or load_rules(settings)
        settings = complete(settings, self.rules)
        settings, notices = self._enforced(settings)
        self.settings = settings if settings.folder else replace(settings, folder=os.getcwd())
        self.session = session
        parameters = registry.read_parameters(settings.parameters, files.named)
        self.task = Task(self.settings, parameters.values, files)
        self.part = Part(texts=parameters.texts, notices=notices)
        self._room = (Room(), Room())
        self._items: Mapping[int, Sequence[Item]] = {}
        """The items of each unit, if other processes do some."""
        self.judge = session.judge(self.settings, self.rules)
        self.judge.budget.begin()
        # A check of another pack may look at any resource of the run: they are all read before it is called.
        foreign = any(rule.check is not None and rule.pack != BUILTIN for rule in self.rules.rules)
        self._judge_alone = None if foreign else self.judge

    def _enforced(self, settings: Settings) -> tuple[Settings, list[Notice]]:
        """Return the settings with the core rules that are enforced, and what a configuration file takes from them."""
        if not (settings.file or settings.enforce or settings.no_declared_evidence):
            return settings, []
        from iblint.packs.enforce import enforced, weakened

        return enforced(settings, self.rules.rules), list(weakened(settings, self.rules.rules))

    def _not_covered(self, not_judged: Sequence[NotJudged], resources: Sequence[Resource]) -> Sequence[NotJudged]:
        """Return what no cloud assembly of the run covers."""
        from iblint.dialects.shared.covered import not_covered

        return not_covered(not_judged, resources, self.task.files, self.settings.folder or "")

    def check(self, items: Iterable[Item], jobs: int | None = 1, executor: Executor | None = None) -> Report:
        """Read and judge the items: in this process, or over an executor.

        Meanwhile the garbage collector is off: a run keeps nearly all that it makes, so it would find little.
        """
        was_on = gc.isenabled()
        gc.disable()
        try:
            self._check(items, jobs, executor)
            return self._conclude()
        finally:
            if was_on:
                gc.enable()

    def _check(self, items: Iterable[Item], jobs: int | None, executor: Executor | None) -> None:
        units: Iterable[Unit] = enumerate(_units(items, self.settings, self.task.files))
        if jobs != 1 or executor is not None:
            listed = list(units)
            start = 0
            while executor is None and start < len(listed) and not self._is_shared(len(listed) - start, jobs):
                self._check_here(listed[start : start + _CHUNK])
                start += _CHUNK
            self._items = dict(listed)
            self._share(listed[start:], jobs, executor)
        else:
            waiting = iter(units)
            while chunk := list(islice(waiting, _CHUNK)):
                self._check_here(chunk)

    def _check_here(self, chunk: Sequence[Unit]) -> None:
        self._add(check_chunk(self.task, self._judge_alone, chunk, timings=self.session.timings))

    def _add(self, part: Part) -> None:
        """Add the results of a chunk. Units that may be linked have room of their own: they may be judged again."""
        may_be_linked = {links.number for links in part.links}
        part.judged = [(n, each.within(self._room[n in may_be_linked])) for n, each in part.judged]
        self.part.add(part)
        self._show_progress(self.part.findings)

    def _show_progress(self, findings: int) -> None:
        if self.session.progress is not None:
            self.session.progress(self.part.files, self.part.configurations, findings)

    def _is_shared(self, left: int, jobs: int | None) -> bool:
        """Return whether the units that are left go to other processes; with ``jobs=None``, whether that pays."""
        if jobs is not None:
            return left > 1
        many = left >= AUTO_FILES or self.part.configurations >= AUTO_CONFIGURATIONS
        return left >= AUTO_LEFT and many and _cpus() > 1

    def _share(self, units: Sequence[Unit], jobs: int | None, executor: Executor | None) -> None:
        if not units:
            return
        from iblint.parallel import over_executor, over_processes  # which imports multiprocessing

        if executor is not None:
            parts = over_executor(self.task, self._judge_alone, units, executor)
        else:
            parts = over_processes(self.task, self._judge_alone, units, jobs or _cpus())
        for part in parts:
            self._add(part)

    def _conclude(self) -> Report:
        """Judge the units that refer to each other, and all configurations by the aggregate rules; make the report."""
        part, judge, timings = self.part, self.judge, self.session.timings
        names = frozenset[str]().union(*[u.imports for u in part.linked], *[links.imports for links in part.links])
        evidence = self._exported(names)
        part.linked += self._read_again(names, exported_names(evidence))
        linked = sorted(part.linked, key=lambda unit: unit.number)
        resources = [resource for unit in linked for resource in unit.resources]
        world = world_of([*resources, *evidence], self.settings)
        room = Room()
        for unit in linked:
            part.judge(unit, judge, world, timings, room)
            self._show_progress(part.findings)
        judged = [each for _, each in sorted(part.judged, key=lambda numbered: numbered[0])]
        targets = {each.resource.file: each.target for each in judged}
        world = World(tuple([each.resource for each in judged]), targets)
        conclude = judge.conclude if timings is None else timings.timed("evaluate", judge.conclude)
        results = [conclude(each, world) for each in judged]
        selected = part.selected | judge.selected()
        findings = self._kept(judged, results)
        self._show_progress(len(findings))
        resources = [each.resource for each in judged]
        not_judged = self._not_covered(part.not_judged, resources) if part.not_judged else []
        report = Report(
            version=__version__,
            packs=self.rules.packs,
            rules=tuple(rule for rule in self.rules.rules if rule.code in selected),
            files=part.files,
            configurations=tuple(sorted((c for c, _ in results), key=lambda c: (c.file, c.line, c.id))),
            findings=tuple(sorted(findings, key=sort_key)),
            problems=tuple(sorted(part.problems, key=lambda p: (p.file, p.line, p.column, p.message))),
            exit_code=ExitCode.CLEAN,
            notices=tuple(sorted(part.notices, key=lambda n: (n.file, n.line, n.message))),
            not_judged=tuple(sorted(dict.fromkeys(not_judged), key=lambda n: (n.file, n.line, n.column, n.kind))),
            left_out=dict(sorted(part.left_out.items())),
            resources=tuple(resources) if self.session.keep_resources else (),
        )
        pointed_at = {problem.file for problem in report.problems}
        pointed_at |= {place.file for f in findings for place in f.locations}
        texts = {file: text for file, text in part.texts.items() if file in pointed_at}
        return replace(report, exit_code=exit_code(report, self.settings), texts=texts)

    def _kept(self, judged: Sequence[Judged], results: Sequence[tuple[Configuration, list[Finding]]]) -> list[Finding]:
        """Return the findings that there is room for. If they are not all, an InputError says so."""
        room, findings, first_cut = Room(), list[Finding](), None
        for each, (configuration, found) in zip(judged, results, strict=True):
            kept = room.take(found)
            findings += kept
            if (each.is_cut or kept is not found) and first_cut is None:
                first_cut = configuration
        if first_cut is not None:
            self.part.problems.append(too_many(first_cut))
        return findings

    def _exported(self, names: frozenset[str]) -> list[Resource]:
        """Return the resources of units without configurations that export one of the names."""
        if not names or not self.part.exporters:
            return []
        reader = self._reader()
        reader.exporters = sorted(self.part.exporters, key=lambda exporter: exporter[0])
        resources = reader.read_exports(names)
        self.part.texts.update(reader.texts)
        return resources

    def _read_again(self, imported: frozenset[str], exported: frozenset[str]) -> list[UnitResources]:
        """Return the units that other processes judged alone although they are linked, and drop those judgements.

        ``exported`` are the names that units without configurations export.
        """
        part = self.part
        exported = exported.union(*[u.exports for u in part.linked], *[links.exports for links in part.links])
        open_uses = any(links.has_open_uses for links in part.links) or any(
            has_open_uses(world_of(unit.resources, self.settings)) for unit in part.linked if part.links
        )
        numbers = [
            links.number
            for links in part.links
            if (open_uses and links.has_uses)
            or not (links.imports.isdisjoint(exported) and links.exports.isdisjoint(imported))
        ]
        reader = self._reader()
        read = [reader.add(number, self._items[number]) for number in numbers]
        again = [unit for unit in read if unit is not None]
        dropped = {unit.number for unit in again}
        part.findings -= sum([len(judged.findings) for number, judged in part.judged if number in dropped])
        part.judged = [(number, judged) for number, judged in part.judged if number not in dropped]
        return again

    def _reader(self) -> UnitReader:
        return UnitReader(self.settings, self.task.parameters, self.task.files, self.session.timings)


def _listed(items: Iterable[Item]) -> list[Item]:
    return list(items)


def _units(items: Iterable[Item], settings: Settings, files: NoFiles) -> Iterator[Sequence[Item]]:
    """Return the items of each unit: one file each, if no dialect has units of several files."""
    unit_of = registry.grouping()
    return iter(zip(items)) if unit_of is None else _grouped(items, unit_of, settings, files)


def _grouped(
    items: Iterable[Item], unit_of: Callable[[str], str], settings: Settings, files: NoFiles
) -> Iterator[Sequence[Item]]:
    """Yield the items of each unit. Those of several files come last, when all of their files are known."""
    suffixes = registry.grouped_suffixes()
    groups: dict[str, list[Item]] = {}
    for item in items:
        if not isinstance(item, File | Source) or not _path_of(item).lower().endswith(suffixes):  # most files
            yield (item,)
            continue
        name = item_name(item, settings.folder)
        key = unit_of(name)
        if key == name:
            yield (item,)
        else:
            groups.setdefault(key, []).append(item)

    def read(item: Item) -> bytes | None:
        if isinstance(item, Source):
            return item.data
        data = read_file(item, settings.folder) if isinstance(item, File) else None
        return data if isinstance(data, bytes) else None

    if not groups:
        return
    unit = FilesOfUnit(files, settings, settings.folder or os.getcwd(), next(iter(groups), ""))

    def beside(place: str) -> Sequence[Item]:
        return [File(os.path.join(place, name), False) for name in unit.listed(place)]

    yield from registry.connected(groups, lambda item: item_name(item, settings.folder), read, beside)


def _path_of(item: File | Source) -> str:
    return item.path if isinstance(item, File) else item.file


def _cpus() -> int:
    """Return the number of processes that can run at once on this machine."""
    affinity: Callable[[int], Sequence[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


_GRAVEST = (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_APPLICABLE)


def judge_example(rules: RuleSet, code: str, example: Example) -> tuple[Verdict, str, list[tuple[str, str]]]:
    """Judge an example of a rule by that rule alone: verdict, reason, and (JSON Pointer, message) of each violation.

    The text is read as the example's dialect, recognised or not, and the example's facts stand in for an account. Of
    several configurations the gravest verdict counts, with the violations of all. A text that cannot be read is an
    ERROR.
    """
    if example.dialect not in registry.DIALECTS:
        known = ", ".join(registry.DIALECTS)
        return Verdict.ERROR, f"There is no dialect '{example.dialect}'; there are: {known}.", []
    settings = from_mapping({**example.settings, "options": {code: example.settings.get("options", {})}})
    settings = replace(settings, select=(code,), dialect=example.dialect, strict=True)
    suffix = "tf" if example.syntax == "hcl" else example.syntax
    source = Source(f"example.{suffix}", example.text.encode("utf-8"))
    report = check_sources([source], settings, rules, Session(_facts_of(example)))
    outcomes = [outcome for configuration in report.configurations for outcome in configuration.outcomes]
    if report.problems or not outcomes:
        problem = report.problems[0].message if report.problems else "There is no configuration in the example."
        return Verdict.ERROR, problem, []
    gravest = min(outcomes, key=lambda outcome: _GRAVEST.index(outcome.verdict))
    return gravest.verdict, gravest.reason, [(to_pointer(f.path), f.message) for f in report.findings]


def _facts_of(example: Example) -> Facts:
    if example.facts is None:
        return NoFacts()
    from iblint.facts.example_account import FakeFacts

    return FakeFacts(example.facts)


def exit_code(report: Report, settings: Settings) -> int:
    """Return the exit code of ``check``.

    Incomplete outranks findings: what could not be judged is never reported as clean.
    """
    undecided = settings.strict and report.count(Verdict.UNKNOWN)
    if report.problems or report.count(Verdict.ERROR) or undecided or (settings.strict and report.not_judged):
        return int(ExitCode.INCOMPLETE)
    if settings.enforce and any(_fails_core(report, finding) for finding in report.findings):
        return int(ExitCode.FINDINGS)
    if settings.fail_on != "never":
        threshold = Severity(settings.fail_on).rank
        if any(f.severity.rank >= threshold and f.suppression is None for f in report.findings):
            return int(ExitCode.FINDINGS)
    if settings.require_configurations and not report.configurations:
        return int(ExitCode.NOTHING_TO_CHECK)
    return int(ExitCode.CLEAN)


def _fails_core(report: Report, finding: Finding) -> bool:
    """Return whether a finding says that a core rule fails at error."""
    core = {rule.code for rule in report.rules if rule.core}
    return finding.verdict is Verdict.FAIL and finding.severity is Severity.ERROR and finding.rule in core
