"""``python -m benchmarks``: measure, and print the tables or put them into a page."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import page, peers
from benchmarks.cases import NAMES, Work, cases
from benchmarks.environments import CHECKOUT, Environment, make
from benchmarks.measure import Launcher, Unmeasurable
from benchmarks.peers import PeerResult
from benchmarks.results import Result


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    names = (*NAMES, *peers.PEERS)
    if unknown := set(options.only or ()) - set(names):
        parser.error(f"unknown case {sorted(unknown)[0]}; the cases are: {', '.join(names)}")
    with tempfile.TemporaryDirectory(prefix="iblint-benchmarks-") as temporary:
        folder = Path(temporary)
        subject = _subject(folder, options.environment)
        home = folder / "home"
        home.mkdir()
        with Launcher(_environment(home)) as launcher:
            tables = list(_tables(Work(subject, folder, quick=options.quick), launcher, options))
        facts = page.facts(subject.versions(), fresh=options.environment is None, quick=options.quick)
    text = "\n\n".join((facts, *tables))
    if options.output is None:
        print(text)
    else:
        page.write(options.output, text)
    return 0


def print_progress(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, and trees of a tenth of the size")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these cases; an unknown name lists all")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of the small cases (31; a sixth for trees)")
    parser.add_argument(
        "--environment", type=Path, metavar="FOLDER", help="measure the iblint in this environment instead of a new one"
    )
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, default=True, help="measure other linters too (the default)"
    )
    parser.add_argument(
        "--environments", type=Path, metavar="FOLDER", default=_cache() / "iblint-benchmarks",
        help="folder for the environments of the other linters  [default: %(default)s]",
    )  # fmt: skip
    parser.add_argument("--output", type=Path, metavar="FILE", help="page to write the tables into")
    return parser


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _subject(folder: Path, given: Path | None) -> Environment:
    """Return the environment with the iblint under test."""
    if given is not None:
        return Environment(given.absolute())
    print_progress("Installing iblint into a new environment")
    try:
        return make(folder / "subject", CHECKOUT)
    except Unmeasurable as reason:
        raise SystemExit(f"iblint {reason}") from None


def _tables(work: Work, launcher: Launcher, options: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield one table after the other."""
    rounds = options.rounds or (5 if options.quick else 31)
    only = set(options.only or (*NAMES, *(peers.PEERS if options.peers else ())))
    results: list[Result] = []
    for case in cases(work):
        if case.name in only:
            print_progress(f"Measuring {case.name}")
            for result in case.measure(launcher, max(rounds // 6, 2) if case.slow else rounds):
                results.append(result)
                print_progress(page.brief(result))
    if results:
        yield page.targets(results)
    compared: list[PeerResult] = []
    for name in peers.PEERS:
        if name in only:
            print_progress(f"Measuring {name}")
            compared += peers.measure(work, launcher, options.environments, name, rounds)
    if compared:
        yield page.peers(compared)


def _environment(home: Path) -> dict[str, str]:
    """Return the environment variables of every process. None of the caller's variables can influence it."""
    return {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8"}


if __name__ == "__main__":
    sys.exit(main())
