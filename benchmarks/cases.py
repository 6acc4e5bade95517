"""The cases: the runs of iblint that are timed, their baselines and their targets."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.corpus import pack, specs, templates, trees
from benchmarks.environments import CHECKOUT, Environment, make
from benchmarks.measure import Command, Launcher, Round, Spread, Unmeasurable, by_cpu, last_error, peak, seconds, times
from benchmarks.results import Goal, Result

SEED = "iblint"

YARDSTICKS = Path(__file__).with_name("yardsticks")

FOUND = frozenset({1})
"""The exit codes of a run over a tree: half of its files have faults."""

PASS = "python -c pass"
PARSE = "bare parse with positions"
READ = "read the candidates, parse the relevant"

FIRST_TO_SECOND = times(0, 1)

NAMES = (
    *("unmarked", "spec", "spec-json", "template", "template-json", "pack", "pack-uncached", "sarif"),
    *("tree", "tree-jobs", "monorepo", "monorepo-jobs", "growth", "evaluator"),
    *("old-unmarked", "old-spec", "old-template", "old-tree", "old-monorepo"),
)

RELEASE = "9e2bd2594a0364a5fca75d9be274df7f1230d641"
"""The commit of iblint 0.1.0, the baseline of the cases old-*."""


class Work:
    """The files, generated on first use, and the runs of iblint on them."""

    def __init__(self, subject: Environment, folder: Path, *, quick: bool) -> None:
        """``subject`` is the environment with the iblint under test."""
        self.subject = subject
        self.folder = folder
        self.scale = 10 if quick else 1
        """Divisor of the size of trees."""

    @cached_property
    def single(self) -> Path:
        """Return a folder with one file of each kind and the user's pack."""
        folder = self.folder / "single"
        folder.mkdir()
        made = {
            "unmarked.yaml": specs.unmarked_yaml,
            "spec.yaml": specs.yaml_spec,
            "spec.json": specs.json_spec,
            "template.yaml": templates.yaml_template,
            "template.json": templates.json_template,
        }
        for name, maker in made.items():
            (folder / name).write_text(maker(Random(f"{SEED} {name}"), "web-images"), encoding="utf-8")
        pack.write_pack(folder / "acme")
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        return folder

    def relevant(self, count: int) -> Path:
        """Return a tree of ``count`` relevant files; a tenth of that with ``--quick``."""
        folder = self.folder / f"relevant-{count}"
        if not folder.exists():
            trees.write_relevant(folder, SEED, count // self.scale)
        return folder

    def kind(self, count: int, end: str, maker: trees.Maker) -> Path:
        """Return a folder of ``count`` files of one kind; a tenth of that with ``--quick``."""
        folder = self.folder / f"kind-{end}"
        if not folder.exists():
            trees.write_kind(folder, SEED, count // self.scale, end, maker)
        return folder

    @cached_property
    def monorepo(self) -> Path:
        """Return a git work tree of 100,000 files; a tenth of that with ``--quick``."""
        folder = self.folder / "monorepo"
        trees.write_monorepo(folder, SEED, 100_000 // self.scale)
        return folder

    def empty(self) -> Command:
        """Return the run of an interpreter that does nothing."""
        return Command((self.subject.python, "-c", "pass"), self.folder)

    def yardstick(self, name: str, tree: Path) -> Command:
        """Return the run of a yardstick on a tree."""
        return Command((self.subject.python, str(YARDSTICKS / f"{name}.py"), "."), tree)

    @cached_property
    def release(self) -> Environment:
        """Return an environment with iblint 0.1.0, from the git history. Raises Unmeasurable."""
        sources = self.folder / "release-sources"
        for step in (["clone", "--quiet", CHECKOUT, sources], ["-C", sources, "checkout", "--quiet", RELEASE]):
            ran = subprocess.run(["git", *map(str, step)], capture_output=True, text=True)
            if ran.returncode:
                raise Unmeasurable(f"iblint 0.1.0 is not available: {last_error(ran.stderr)}")
        return make(self.folder / "release", sources)

    def check(
        self, *arguments: str, expect: str = "1 configuration ", old: bool = False, **environment: str
    ) -> Command:
        """Return a run of iblint, or of iblint 0.1.0 with ``old``, on single files."""
        iblint = self.release if old else self.subject
        argv = (iblint.program("iblint"), "check", *arguments)
        return Command(argv, self.single, environment=environment, expect=expect)

    def check_tree(self, tree: Path, jobs: int = 1, *, old: bool = False) -> Command:
        """Return a run of iblint on a tree, in one or several processes. Raises Unmeasurable."""
        if jobs > 1 and not self.knows_jobs:
            raise Unmeasurable("not available: this iblint has no --jobs")
        iblint = self.release if old else self.subject
        several = ("--jobs", str(jobs)) if self.knows_jobs else ()
        argv = (iblint.program("iblint"), "check", "--format", "concise", *several)
        return Command(argv, tree, exits=FOUND, expect=" configurations ")

    @cached_property
    def knows_jobs(self) -> bool:
        """Whether the iblint under test has ``--jobs``."""
        helped = subprocess.run([self.subject.program("iblint"), "check", "--help"], capture_output=True, text=True)
        return "--jobs" in helped.stdout


@dataclass(frozen=True)
class Case:
    """A comparison: the commands, with that of iblint first, and the ratio that is computed from each round."""

    name: str
    work: str
    against: str
    goal: Goal
    commands: Callable[[], list[Command]]
    ratio: Callable[[Round], float] = FIRST_TO_SECOND
    slow: bool = False
    """Takes seconds, so it has fewer rounds."""
    memory: Goal | None = None
    """The target of its peak memory in MB."""
    note: Callable[[Sequence[Round]], str] = lambda _: ""
    """Further figures of the rounds."""

    def measure(self, launcher: Launcher, rounds: int) -> Iterator[Result]:
        """Measure, and yield the result, and one for memory if it has a target."""
        try:
            taken = launcher.rounds(self.commands(), rounds)
        except Unmeasurable as reason:
            yield Result(self.work, self.against, self.goal, note=str(reason))
            return
        spread = Spread.of([self.ratio(each) for each in taken])
        most = peak(taken)
        cpu = median(self.ratio(by_cpu(each)) for each in taken)
        note = self.note(taken)
        yield Result(self.work, self.against, self.goal, spread, cpu, "x", seconds(taken), most, rounds, note)
        if self.memory is not None:
            largest = Spread(most, most, most)
            yield Result(f"peak memory, {self.work}", "-", self.memory, largest, unit="MB", rounds=rounds)


@dataclass(frozen=True)
class EvaluatorCase:
    """The evaluator and jsonschema in one process (evaluator.py), with the schemas of the request and of the pack."""

    subject: Environment
    name: str = "evaluator"
    slow: bool = False

    def measure(self, launcher: Launcher, rounds: int) -> Iterator[Result]:
        """Compare the errors, then time both."""
        random = Random(SEED)
        documents = [specs.request(random, f"image-{number}") for number in range(900)]
        for document in documents[::2]:
            specs.spoil(random, document)
        schemas = [request_schema(), *pack.schemas()]
        goal = Goal(1 / 8, 1 / 14)
        work, against = f"the evaluator, a document and {len(schemas)} schemas", "jsonschema, equal errors"
        ran = subprocess.run(
            [self.subject.python, "-I", str(Path(__file__).with_name("evaluator.py"))],
            input=json.dumps({"documents": documents, "schemas": schemas, "rounds": rounds}),
            env=launcher.environment,
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            yield Result(work, against, goal, note=last_error(ran.stderr))
            return
        found = json.loads(ran.stdout)
        spread = Spread.of([one / other for one, other in zip(found["ours"], found["theirs"], strict=True)])
        note = f"{found['errors']:,} equal errors; jsonschema {median(found['theirs']):.0f} µs"
        yield Result(work, against, goal, spread, seconds=median(found["ours"]) / 1e6, rounds=rounds, note=note)


def request_schema() -> Any:
    """Return the schema of a request without its identifiers."""
    schema = json.loads((CHECKOUT / "iblint" / "schemas" / "request.schema.json").read_text(encoding="utf-8"))
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id")}


def cases(work: Work) -> list[Case | EvaluatorCase]:
    """Return all cases, in the order of the table."""
    return [*_single(work), *_trees(work), EvaluatorCase(work.subject), *_old(work)]


def _single(work: Work) -> Iterator[Case]:
    """Yield the cases with one file, relative to an interpreter that does nothing."""

    def case(name: str, what: str, goal: Goal, command: Command, memory: Goal | None = None) -> Case:
        return Case(name, what, PASS, goal, lambda: [command, work.empty()], memory=memory)

    memory = Goal(25, 12)
    yield case("unmarked", "a file without a marker", Goal(1.5, 1.15), work.check("unmarked.yaml", expect="0 conf"))
    yield case("spec", "a clean spec of 40 lines", Goal(4.0, 2.0), work.check("spec.yaml"), memory)
    yield case("spec-json", "a clean spec in JSON", Goal(), work.check("spec.json"))
    template = work.check("template.yaml", expect="5 configurations ")
    yield case("template", "a CloudFormation template of 500 lines", Goal(5.0, 2.5), template, memory)
    template = work.check("template.json", expect="5 configurations ")
    yield case("template-json", "a CloudFormation template in JSON", Goal(), template)
    yield case("pack", "a spec with 30 rules of the user's", Goal(5.0, 2.5), work.check("spec.yaml", "--rules", "acme"))
    uncached = work.check("spec.yaml", "--rules", "acme", IBLINT_CACHE_DIR="off")
    yield case("pack-uncached", "a spec with 30 rules of the user's, not compiled before", Goal(), uncached)
    sarif = work.check("spec.yaml", "--format", "sarif", expect='"version": "2.1.0"')
    yield case("sarif", "a spec, `--format sarif`", Goal(11.0), sarif)


def _trees(work: Work) -> Iterator[Case]:
    """Yield the cases with many files, relative to a yardstick on the same files."""
    count, large = f"{5000 // work.scale:,}", f"{100_000 // work.scale:,}"

    def tree() -> Path:
        return work.relevant(5000)

    yield Case(
        "tree", f"{count} relevant files, every default rule, one process", PARSE, Goal(1.5, 1.0),
        lambda: [work.check_tree(tree()), work.yardstick("parse", tree())], slow=True,
    )  # fmt: skip
    yield Case(
        "tree-jobs", f"{count} relevant files, two processes", "one process", Goal(0.75, 0.56),
        lambda: [work.check_tree(tree(), jobs=2), work.check_tree(tree())], slow=True,
    )  # fmt: skip
    yield Case(
        "monorepo", f"{large} files, 1 % relevant, one process", READ, Goal(1.2, 0.8),
        lambda: [work.check_tree(work.monorepo), work.yardstick("read", work.monorepo)],
        slow=True, memory=Goal(64, 24),
    )  # fmt: skip
    yield Case(
        "monorepo-jobs", f"{large} files, 1 % relevant, two processes", READ, Goal(0.8, 0.5),
        lambda: [work.check_tree(work.monorepo, jobs=2), work.yardstick("read", work.monorepo)], slow=True,
    )  # fmt: skip
    yield _growth(work)


def _growth(work: Work) -> Case:
    """Return the case that compares the time of ten times as many files with ten times the time."""
    sizes = [size // work.scale for size in (10_000, 5000, 2000, 1000)]

    def commands() -> list[Command]:
        start = work.check("unmarked.yaml", expect="0 conf")
        return [*(work.check_tree(work.relevant(size * work.scale)) for size in sizes), start]

    def ratio(samples: Round) -> float:
        *trees, start = (sample.seconds for sample in samples)
        return (trees[0] - start) / (10 * (trees[-1] - start))

    def note(rounds: Sequence[Round]) -> str:
        each = (f"{seconds(rounds, index) / size * 1000:.2f}" for index, size in enumerate(sizes))
        return f"ms a file with {', '.join(f'{size:,}' for size in sizes)} files: {', '.join(each)}"

    shown = f"{sizes[0]:,} files", f"10 times {sizes[-1]:,} files"
    return Case("growth", *shown, Goal(1.15), commands, ratio, slow=True, note=note)


def _old(work: Work) -> Iterator[Case]:
    """Yield the cases whose baseline is iblint 0.1.0."""
    against = "iblint 0.1.0"

    def single(name: str, what: str, goal: float, file: str, expect: str = "1 configuration ") -> Case:
        def commands() -> list[Command]:
            return [work.check(file, expect=expect), work.check(file, expect=expect, old=True)]

        return Case(f"old-{name}", what, against, Goal(goal), commands)

    def many(name: str, what: str, goal: float, tree: Callable[[], Path]) -> Case:
        def commands() -> list[Command]:
            return [work.check_tree(tree()), work.check_tree(tree(), old=True)]

        return Case(f"old-{name}", what, against, Goal(goal), commands, slow=True)

    yield single("unmarked", "a file without a marker", 1.03, "unmarked.yaml", "0 conf")
    yield single("spec", "a clean spec of 40 lines", 1.08, "spec.yaml")
    yield single("template", "a CloudFormation template of 500 lines", 1.08, "template.yaml", "5 configurations ")
    yield many("tree", f"{5000 // work.scale:,} relevant files, one process", 1.15, lambda: work.relevant(5000))
    yield many("monorepo", f"{100_000 // work.scale:,} files, 1 % relevant, one process", 1.10, lambda: work.monorepo)
