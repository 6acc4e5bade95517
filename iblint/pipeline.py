"""The flow, wired once: discover -> load -> extract -> evaluate -> triage -> Report.

What the command line, the hook, the Action and the Python interface all call.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from iblint.config.load import from_mapping, with_profile
from iblint.dialects import DIALECTS
from iblint.discovery.walk import File, find
from iblint.engine.evaluator import BUILTIN
from iblint.exit_codes import ExitCode
from iblint.findings.collect import sort_key
from iblint.judge import Judge, Result, world_of
from iblint.model.context import Facts, NoFacts
from iblint.model.document import InputError, Source
from iblint.model.errors import ConfigError
from iblint.model.path import to_pointer
from iblint.model.record import replace
from iblint.model.report import Report
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Resource
from iblint.model.rule import Rule
from iblint.model.settings import Settings
from iblint.model.verdict import Severity, Verdict
from iblint.packs import RuleSet, load_packs, select
from iblint.packs.names import by_code, check_names
from iblint.version import __version__
from iblint.workspace import Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Executor

    from iblint.packs.authoring.reference import Example
    from iblint.timings import Timings

Progress = Callable[[int, int, int], None]

AUTO_CONFIGURATIONS = 200
AUTO_FILES = 10_000
AUTO_LEFT = 400
"""Files are shared out among processes when so many resources were found, or so many files are to be searched, and so
many are left: where that begins to pay (docs/performance.md)."""


def run(
    paths: Sequence[str],
    settings: Settings,
    *,
    stdin: Source | None = None,
    rules: RuleSet | None = None,
    facts: Facts | None = None,
    progress: Progress | None = None,
    jobs: int | None = 1,
    reasons: bool = True,
    executor: Executor | None = None,
    timings: Timings | None = None,
) -> Report:
    """Judge every infrastructure configuration under ``paths`` (and on standard input, when given).

    ``progress`` is called now and then with the numbers of files, configurations and findings so far. ``jobs`` says
    how many processes share the files, where processes can be forked: None for as many as pay. An ``executor`` reads
    them in place of this process. However it is done, the report is the same. With ``timings`` one process does it all.
    Without ``reasons`` only the verdicts of outcomes are kept, which spares memory, and processes much to pass on.

    Raises UsageError for a path that does not exist, ConfigError and RulePackError for wrong settings or rules. What is
    wrong with a single input becomes an InputError of the report.
    """
    ruleset = rules or load_rules(settings)
    settings = complete(settings, ruleset)
    read = _begin(settings, stdin, timings)
    facts = facts or NoFacts()
    if executor is not None:
        from iblint.parallel import read_by_executor

        read_by_executor(read, _search(paths, settings), executor)
        return judge_all(read, settings, ruleset, facts, progress, reasons=reasons)
    if timings is not None:
        _read(read, timings.timed("discover", _search)(paths, settings), progress)
    elif jobs == 1 or facts.live:
        _read(read, find(paths, settings), progress)  # as they are found: their names need not all be kept
    else:
        items = _search(paths, settings)
        for place, item in enumerate(items):
            size = _processes(jobs, len(items) - place, read)
            if size > 1:
                return _judge_shared(read, items[place:], size, settings, ruleset, progress, reasons=reasons)
            _read(read, (item,), progress)
    read.add_exporters()
    return judge_all(read, settings, ruleset, facts, progress, timings, reasons=reasons)


def _search(paths: Sequence[str], settings: Settings) -> list[File | InputError]:
    return list(find(paths, settings))


def _read(read: Inputs, items: Iterable[File | InputError], progress: Progress | None) -> None:
    for item in items:
        read.add(item)
        if progress is not None:
            progress(read.files, read.configurations, 0)


def _begin(settings: Settings, stdin: Source | None, timings: Timings | None) -> Inputs:
    """What there is before any file is read: parameters, and standard input."""
    read = Inputs(settings) if timings is None else timings.inputs(settings)
    if settings.parameters:
        from iblint.dialects import read_parameters

        given = read_parameters(settings.parameters)
        read.parameters, read.texts = given.values, given.texts
    if stdin is not None:
        read.add(stdin)
    return read


def _processes(jobs: int | None, left: int, read: Inputs) -> int:
    """Among how many processes the files that are left are shared out; 1 to go on alone."""
    if left < 2:
        return 1
    if jobs is None and (left < AUTO_LEFT or (left < AUTO_FILES and len(read.resources) < AUTO_CONFIGURATIONS)):
        return 1
    from iblint import crew

    if not crew.can_fork() or (jobs is None and sys.platform == "darwin"):  # its libraries may not survive a fork
        return 1
    return min(left, crew.cpus() if jobs is None else jobs)


def _judge_shared(
    read: Inputs,
    items: Sequence[File | InputError],
    size: int,
    settings: Settings,
    ruleset: RuleSet,
    progress: Progress | None,
    *,
    reasons: bool,
) -> Report:
    """Judge by processes that share the files, which know all resources of the run as one process would."""
    from iblint.parallel import judge_by_processes

    def make(resources: Sequence[Resource]) -> Judge:
        return Judge(settings, ruleset, world_of(resources, settings), NoFacts(), reasons=reasons)

    foreign = any(rule.check is not None and rule.pack != BUILTIN for rule in ruleset.rules)
    results, rules = judge_by_processes(read, items, size, make, whole=foreign, progress=progress)
    return _report(read, settings, ruleset, rules, [result[1:] for result in results])


def load_rules(settings: Settings) -> RuleSet:
    """The rules of all packs that the settings name, each of which the engine can judge by, selected or not.

    Raises RulePackError, with file and line, when anything in a pack is wrong.
    """
    return load_packs(settings)


def complete(settings: Settings, ruleset: RuleSet) -> Settings:
    """Settings with their profile filled in, once every name in them has been checked against the rules.

    Raises ConfigError, with file and line, for names that nothing answers to, and when no rule is left.
    """
    settings = with_profile(settings, ruleset.profiles)
    check_names(settings, ruleset.rules, DIALECTS)
    if not select(ruleset.rules, settings.select, settings.ignore):
        raise ConfigError("No rule is left: everything that is selected is ignored too. Select at least one rule.")
    return by_code(settings, ruleset.rules)


def judge_all(
    read: Inputs,
    settings: Settings,
    ruleset: RuleSet,
    facts: Facts,
    progress: Progress | None = None,
    timings: Timings | None = None,
    *,
    reasons: bool = True,
) -> Report:
    """Judge all configurations that were read, by the rules selected for the file of each."""
    wrap = None if timings is None else timings.timed_rule
    bench = Judge(settings, ruleset, world_of(read.resources, settings), facts, wrap, reasons=reasons)
    judge = bench.judge if timings is None else timings.timed_judge(bench.judge)
    judged: list[Result] = []
    found = 0
    for resource in read.resources:
        if resource.kind == INFRASTRUCTURE_CONFIGURATION:
            judged.append(judge(resource))
            if progress is not None:
                found += len(judged[-1][1])
                progress(read.files, read.configurations, found)
    return _report(read, settings, ruleset, bench.selected(), judged)


def _report(
    read: Inputs, settings: Settings, ruleset: RuleSet, rules: Sequence[Rule], judged: Sequence[Result]
) -> Report:
    """All that a run came to, in an order that does not depend on how it went."""
    findings = [finding for _, found in judged for finding in found]
    report = Report(
        version=__version__,
        packs=ruleset.packs,
        rules=tuple(rules),
        files=read.files,
        configurations=tuple(
            sorted((configuration for configuration, _ in judged), key=lambda c: (c.file, c.line, c.id))
        ),
        findings=tuple(sorted(findings, key=sort_key)),
        problems=tuple(sorted(read.problems, key=lambda p: (p.file, p.line, p.column, p.message))),
        exit_code=ExitCode.CLEAN,
        notices=tuple(sorted(read.notices)),
    )
    pointed_at = {p.file for p in read.problems}
    pointed_at |= {place.file for f in findings for place in f.locations}
    texts = {file: text for file, text in read.texts.items() if file in pointed_at}
    return replace(report, exit_code=exit_code(report, settings), texts=texts)


_GRAVEST = (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_APPLICABLE)


def judge_example(ruleset: RuleSet, code: str, example: Example) -> tuple[Verdict, str, list[tuple[str, str]]]:
    """Judge an example of a rule by that rule alone: verdict, reason, and (JSON Pointer, message) of each fault.

    The text is read as the example's dialect, recognised or not, and the example's facts stand in for an account. Of
    several configurations the gravest verdict counts, with the faults of all. A text that cannot be read is an ERROR.
    """
    if example.dialect not in DIALECTS:
        return Verdict.ERROR, f"There is no dialect '{example.dialect}'; there are: {', '.join(DIALECTS)}.", []
    settings = from_mapping({**example.settings, "options": {code: example.settings.get("options", {})}})
    read = Inputs(replace(settings, select=(code,), dialect=example.dialect))
    read.add(Source(f"example.{example.syntax}", example.text.encode("utf-8")))
    bench = Judge(read.settings, ruleset, world_of(read.resources, read.settings), _facts_of(example))
    judged = [j for r in read.resources if r.kind == INFRASTRUCTURE_CONFIGURATION for _, j in bench.judgements(r)]
    if read.problems or not judged:
        problem = read.problems[0].message if read.problems else "There is no configuration in the example."
        return Verdict.ERROR, problem, []
    verdict = next(v for v in _GRAVEST if any(j.verdict is v for j in judged))
    reason = next(j.reason for j in judged if j.verdict is verdict)
    return verdict, reason, [(to_pointer(f.path), f.message) for j in judged for f in j.violations]


def _facts_of(example: Example) -> Facts:
    if example.facts is None:
        return NoFacts()
    from iblint.facts.fake import FakeFacts

    return FakeFacts(example.facts)


def exit_code(report: Report, settings: Settings) -> int:
    """The exit code of ``check``: 4 incomplete, 1 findings at or above the threshold, 3 nothing to check, 0 clean.

    Incomplete outranks findings: what could not be judged is never reported as clean.
    """
    undecided = settings.strict and report.count(Verdict.UNKNOWN)
    if report.problems or report.count(Verdict.ERROR) or undecided:
        return ExitCode.INCOMPLETE
    if settings.fail_on != "never":
        threshold = Severity(settings.fail_on).rank
        if any(f.severity.rank >= threshold and f.suppression is None for f in report.findings):
            return ExitCode.FINDINGS
    nothing = settings.require_configurations and not report.configurations
    return ExitCode.NOTHING_TO_CHECK if nothing else ExitCode.CLEAN
