"""``apply`` against an endpoint that misbehaves, signals at random instants, full disks and races.

``python -m tests.adversary.parts.apply --kills 300`` runs every misbehaviour once, and so many signals.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.adversary.apply_runs import Account, account, fill_disk, interrupt, misbehave, race, small_disk
from tests.adversary.misbehaviours import ALL, Misbehaviour

SIDE_BY_SIDE = 4
"""Accounts that are used at once: most runs wait."""
LEVELS = 8
"""Free pages of a full disk: from none to one less than this."""

Work = Callable[[Account], dict[str, int]]


def run(seconds: float, seed: int) -> dict[str, int]:
    """Disturb ``apply`` for so many seconds, and return how often in which way. Raises AssertionError on a fault."""
    end = time.monotonic() + seconds
    total: Counter[str] = Counter()
    while time.monotonic() < end:
        total.update(do(everything(300, seed), seed, end))
        seed += 1
    return dict(total)


def everything(kills: int, seed: int) -> list[Work]:
    """Return every misbehaviour, so many signals, and a tenth as many races and full disks, in a random order."""
    work = [*misbehaviours(len(ALL), seed), *signals(kills, seed), *races(kills // 10)]
    if can_mount():
        work += full_disks(kills // 10, seed)
    random.Random(seed).shuffle(work)
    return work


def misbehaviours(number: int, seed: int) -> list[Work]:
    """Return a random share of the ways in which the endpoint misbehaves."""
    return [partial(_misbehave, how=how) for how in random.Random(seed).sample(ALL, number)]


def signals(number: int, seed: int) -> list[Work]:
    """Return SIGKILL, SIGINT and SIGTERM at random instants."""
    return [partial(_interrupt, seed=seed * 100_000 + turn) for turn in range(number)]


def races(number: int) -> list[Work]:
    """Return pairs of runs at once, with one state folder and as two hosts by turns."""
    return [partial(_race, one_host=turn % 2 == 0) for turn in range(number)]


def full_disks(number: int, seed: int) -> list[Work]:
    """Return runs with the state folder on a full disk. They need ``can_mount``."""
    return [partial(_fill, free=turn % LEVELS, seed=seed * 100_000 + turn) for turn in range(number)]


def can_mount() -> bool:
    """Return whether this user may mount a file system in memory, which stands for a full disk."""
    with suppress(OSError), tempfile.TemporaryDirectory() as folder, small_disk(Path(folder), 1):
        return True
    return False


def do(work: Iterable[Work], seed: int, end: float | None = None) -> dict[str, int]:
    """Do all work that begins before ``end``, side by side, and return counts. Raises AssertionError on a fault."""
    todo = deque(work)

    def share(folder: Path) -> Counter[str]:
        counts: Counter[str] = Counter()
        with account(folder, seed) as made:
            while todo and (end is None or time.monotonic() < end):
                with suppress(IndexError):
                    counts.update(_attempt(todo.popleft(), made, todo))
        return counts

    with tempfile.TemporaryDirectory() as root, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        folders = [Path(root) / str(number) for number in range(SIDE_BY_SIDE)]
        return dict(sum(pool.map(share, folders), Counter()))


def _attempt(work: Work, made: Account, todo: deque[Work]) -> dict[str, int]:
    """Do one piece of work. After a fault nothing else is begun."""
    try:
        return {"executions": 1, **work(made)}
    except BaseException:
        todo.clear()
        raise


def _misbehave(made: Account, how: Misbehaviour) -> dict[str, int]:
    misbehave(made, how)
    return {"misbehaviours": 1}


def _interrupt(made: Account, seed: int) -> dict[str, int]:
    hit = interrupt(made, random.Random(seed))
    return {"signals": 1, f"hit by {hit}" if hit else "ended before the signal": 1}


def _race(made: Account, one_host: bool) -> dict[str, int]:
    race(made, one_host=one_host)
    return {"races": 1}


def _fill(made: Account, free: int, seed: int) -> dict[str, int]:
    code = fill_disk(made, free, random.Random(seed))
    return {"full disks": 1, f"full disks with exit {code}": 1}


def main() -> None:
    """Run everything once, and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.adversary.parts.apply")
    parser.add_argument("--kills", type=int, default=300, help="signals at random instants")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts = do(everything(options.kills, options.seed), options.seed)
    sys.stdout.write("".join(f"{number:6} {name}\n" for name, number in sorted(counts.items())))


if __name__ == "__main__":
    main()
