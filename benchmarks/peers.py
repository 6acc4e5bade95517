"""Other linters, each on the most similar input that it supports, or on its own kind of file.

They do different work, so the ratios compare waiting times, not quality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.cases import YARDSTICKS, Work
from benchmarks.corpus import specs, templates
from benchmarks.environments import CHECKOUT, Environment, cached
from benchmarks.measure import Command, Launcher, Spread, Unmeasurable, peak, seconds, times

SCHEMA = str(CHECKOUT / "iblint" / "schemas" / "request.schema.json")

SEMGREP_RULES = """\
rules:
  - {id: tokens, languages: [yaml], severity: ERROR, message: Tokens are optional., pattern: "httpTokens: optional"}
  - {id: kept, languages: [yaml], severity: ERROR, message: Kept., pattern: "terminateInstanceOnFailure: false"}
"""

WORKFLOW = """\
name: test
on: [push]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with: {persist-credentials: false}
      - run: python -m pip install -e '.[test]'
      - run: python -m pytest
"""


ANY = frozenset(range(32))
"""Exit codes of linters that encode findings in them."""


@dataclass(frozen=True)
class Run:
    """A run of a peer, and the run of iblint for comparison."""

    peer: str
    work: str
    theirs: tuple[str, ...]
    """The arguments of the peer. The first is the program."""
    ours: Command
    folder: Path
    ahead: float | None = None
    """The target: how many times faster iblint is."""
    expect: str = ""
    exits: frozenset[int] = frozenset({0})
    slow: bool = False
    """Many files, so few rounds."""


@dataclass(frozen=True)
class PeerResult:
    """A line of the table of peers. Without figures, ``note`` has the reason."""

    peer: str
    version: str
    work: str
    ahead: float | None = None
    floor: Spread | None = None
    """Relative to ``python -c pass``."""
    ratio: Spread | None = None
    """Relative to iblint."""
    seconds: float | None = None
    peak: float | None = None
    note: str = ""


def measure(work: Work, launcher: Launcher, folder: Path, name: str, rounds: int) -> Iterator[PeerResult]:
    """Time the runs of a peer, in a new environment or that of an earlier run."""
    try:
        environment = cached(folder / name, name)
    except Unmeasurable as reason:
        yield PeerResult(name, "-", "-", note=str(reason))
        return
    version = environment.versions()[name]
    for run in PEERS[name](work):
        try:
            yield _time(work, launcher, environment, run, version, rounds)
        except Unmeasurable as reason:
            yield PeerResult(name, version, run.work, run.ahead, note=str(reason))


def _time(work: Work, launcher: Launcher, environment: Environment, run: Run, version: str, rounds: int) -> PeerResult:
    program, *arguments = run.theirs
    path = f"{environment.folder / 'bin'}:{launcher.environment['PATH']}"
    quiet = {"PATH": path, "SEMGREP_SEND_METRICS": "off"}
    theirs = Command((environment.program(program), *arguments), run.folder, run.exits, quiet, run.expect)
    taken = launcher.rounds([theirs, run.ours, work.empty()], max(rounds // 10, 2) if run.slow else max(rounds // 3, 3))
    floor, ratio = (Spread.of([times(0, other)(each) for each in taken]) for other in (2, 1))
    return PeerResult(run.peer, version, run.work, run.ahead, floor, ratio, seconds(taken), peak(taken))


def _yamllint(work: Work) -> list[Run]:
    run = Run("yamllint", "a spec", ("yamllint", "-d", "relaxed", "spec.yaml"), _spec(work), work.single, 1)
    return [run, _many(work, run, "specs", 3500, ".", expect="build-00001-spec.yaml")]


def _check_jsonschema(work: Work) -> list[Run]:
    arguments = ("check-jsonschema", "--schemafile", SCHEMA, "spec.yaml")
    run = Run("check-jsonschema", "a spec", arguments, _spec(work), work.single)
    return [run, _many(work, run, "specs", 3500, expect="validation errors")]


def _cfn_lint(work: Work) -> list[Run]:
    run = Run("cfn-lint", "a template", ("cfn-lint", "template.yaml"), _template(work), work.single, 20)
    return [run, _many(work, run, "templates", 50, expect="was unexpected")]


def _checkov(work: Work) -> list[Run]:
    arguments = ("checkov", "--skip-download", "--compact", "--framework", "cloudformation", "-f", "template.yaml")
    run = Run("checkov", "a template", arguments, _template(work), work.single, 45, "Passed checks", ANY)
    return [run, _many(work, run, "templates", 50)]


def _semgrep(work: Work) -> list[Run]:
    rules = work.single / "semgrep.yml"
    rules.write_text(SEMGREP_RULES, encoding="utf-8")
    scan = ("semgrep", "scan", "--metrics", "off", "--disable-version-check", "--config", str(rules))
    ran = "Ran 2 rules on"
    spec = Run("semgrep", "a spec, two rules", (*scan, "spec.yaml"), _spec(work), work.single, None, ran)
    template = (*scan, "template.yaml")
    return [
        spec,
        Run("semgrep", "a template, two rules", template, _template(work), work.single, 30, ran),
        _many(work, spec, "specs", 3500, "."),
    ]


def _zizmor(work: Work) -> list[Run]:
    (work.single / "workflow.yml").write_text(WORKFLOW, encoding="utf-8")
    arguments = ("zizmor", "--offline", "workflow.yml")
    return [Run("zizmor", "a workflow, its own kind", arguments, _spec(work), work.single, 1, exits=ANY)]


def _ruff(work: Work) -> list[Run]:
    arguments = ("ruff", "check", "--isolated", "--no-cache", str(YARDSTICKS / "read.py"))
    return [Run("ruff", "a Python file, its own kind", arguments, _spec(work), work.single, expect="passed")]


def _cfn_guard_rs(work: Work) -> list[Run]:
    arguments, ours = ("python", str(YARDSTICKS / "guard.py"), "template.json"), _template(work, "json")
    run = Run("cfn-guard-rs", "a JSON template, two rules", arguments, ours, work.single, 1, "PASS")
    return [run, _many(work, run, "JSON templates", 100)]


PEERS: dict[str, Callable[[Work], list[Run]]] = {
    "yamllint": _yamllint,
    "check-jsonschema": _check_jsonschema,
    "cfn-lint": _cfn_lint,
    "checkov": _checkov,
    "semgrep": _semgrep,
    "zizmor": _zizmor,
    "ruff": _ruff,
    "cfn-guard-rs": _cfn_guard_rs,
}
"""The runs of each peer, by its name on PyPI, on one file and on many."""


def _spec(work: Work) -> Command:
    return work.check("spec.yaml")


def _template(work: Work, suffix: str = "yaml") -> Command:
    return work.check(f"template.{suffix}", expect="5 configurations ")


KINDS = {
    "specs": ("spec.yaml", specs.yaml_spec),
    "templates": ("template.yaml", templates.yaml_template),
    "JSON templates": ("template.json", templates.json_template),
}


def _many(work: Work, run: Run, kind: str, count: int, *paths: str, expect: str | None = None) -> Run:
    """Return a run on many files, half of them with faults. Without ``paths``, all files are arguments.

    ``expect`` is the expected part of the output, if it differs from that for one file.
    """
    folder = work.kind(count, *KINDS[kind])
    paths = paths or tuple(sorted(path.name for path in folder.iterdir()))
    return replace(
        run, work=f"{count // work.scale:,} {kind}", theirs=(*run.theirs[:-1], *paths), ours=work.check_tree(folder),
        folder=folder, ahead=None, expect=run.expect if expect is None else expect, exits=ANY, slow=True,
    )  # fmt: skip
