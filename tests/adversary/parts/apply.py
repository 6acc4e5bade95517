"""``apply`` against an endpoint that misbehaves, signals at random instants, full disks and races.

``python -m tests.adversary.parts.apply --kills 300`` runs every misbehaviour once, and so many signals.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Queue

from tests.adversary.apply_runs import Account, account, fill_disk, interrupt, misbehave, race
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
    turn = 0
    while time.monotonic() < end:
        total += Counter(run_apply(40, seed + turn, misbehaviours=len(ALL), end=end))
        turn += 1
    return dict(total)


def run_apply(kills: int, seed: int, misbehaviours: int = len(ALL), end: float | None = None) -> dict[str, int]:
    """Run a random share of the misbehaviours, so many signals, and some races and full disks; return counts.

    What is not begun before ``end`` is left out.
    """
    chance = random.Random(seed)
    chosen = chance.sample(ALL, misbehaviours)
    work: list[Work] = [partial(_misbehave, how=how) for how in chosen]
    work += [partial(_interrupt, seed=chance.random()) for _ in range(kills)]
    work += [partial(_race, one_host=number % 2 == 0) for number in range(max(2, kills // 10))]
    if can_mount():
        work += [partial(_fill, free=number % LEVELS, seed=chance.random()) for number in range(max(2, kills // 10))]
    chance.shuffle(work)
    return dict(_side_by_side(work, seed, end))


def can_mount() -> bool:
    """Return whether this user may mount a file system in memory, which stands for a full disk."""
    from tests.adversary.apply_runs import small_disk

    with suppress(OSError), tempfile.TemporaryDirectory() as folder, small_disk(Path(folder), 1):
        return True
    return False


def _side_by_side(work: Iterable[Work], seed: int, end: float | None) -> Counter[str]:
    todo: Queue[Work] = Queue()
    for each in work:
        todo.put(each)

    def share(folder: Path) -> Counter[str]:
        counts: Counter[str] = Counter()
        with account(folder, seed) as made:
            while (end is None or time.monotonic() < end) and not todo.empty():
                counts.update(todo.get()(made))
        return counts

    with tempfile.TemporaryDirectory() as root, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        folders = [Path(root) / str(number) for number in range(SIDE_BY_SIDE)]
        return sum(pool.map(share, folders), Counter())


def _misbehave(made: Account, how: Misbehaviour) -> dict[str, int]:
    misbehave(made, how)
    return {"misbehaviours": 1}


def _interrupt(made: Account, seed: float) -> dict[str, int]:
    hit = interrupt(made, random.Random(seed), longest=0.9)
    return {"signals": 1, "signals that hit": int(hit)}


def _race(made: Account, one_host: bool) -> dict[str, int]:
    race(made, one_host=one_host)
    return {"races": 1}


def _fill(made: Account, free: int, seed: float) -> dict[str, int]:
    code = fill_disk(made, free, random.Random(seed))
    return {"full disks": 1, f"full disks with exit {code}": 1}


def main() -> None:
    """Run everything once, and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.adversary.parts.apply", description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="signals at random instants")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts = run_apply(options.kills, options.seed)
    sys.stdout.write("".join(f"{number:6} {name}\n" for name, number in sorted(counts.items())))


if __name__ == "__main__":
    main()
