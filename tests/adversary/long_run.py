"""Run the parts of the harness for a long time: ``python -m tests.adversary.long_run [--part NAME] [--minutes N]``.

Prints what each part counted. A wrong answer is saved with what reproduces it, and the part goes on with other seeds.
The exit code is 1 if there was one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.adversary import parts

MANY_FAULTS = 50
"""After so many faults a part ends: most are the same one."""
NEXT_SEED = 1_000_003


def main() -> int:
    """Parse the command line, run the parts, print their counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--part", action="append", choices=parts.NAMES, help="repeatable; all parts by default")
    parser.add_argument("--minutes", type=float, default=60, help="for all parts together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=Path, help="folder for reproductions; a new temporary one by default")
    chosen = parser.parse_args()
    os.environ["IBLINT_CACHE_DIR"] = "off"
    folder = chosen.faults or Path(tempfile.mkdtemp(prefix="iblint-faults-"))
    modules = {name: parts.part(name) for name in chosen.part or parts.NAMES}
    shares = {name: getattr(module, "SHARE", 1) for name, module in modules.items()}
    total = 0
    for name in modules:
        seconds = 60 * chosen.minutes * shares[name] / sum(shares.values())
        counts = run_part(name, seconds, chosen.seed, folder / name)
        total += counts["faults"]
        print(f"{name}: " + ", ".join(f"{what} {number}" for what, number in counts.items()), flush=True)
    print(f"faults: {total}" + (f", saved in {folder}" if total else ""))
    return 1 if total else 0


def run_part(name: str, seconds: float, seed: int, folder: Path) -> Counter[str]:
    """Run a part for so many seconds, and again with other seeds after each fault."""
    counts: Counter[str] = Counter(executions=0, faults=0)
    start = time.monotonic()
    while (left := start + seconds - time.monotonic()) > 0 and counts["faults"] < MANY_FAULTS:
        try:
            counts.update(parts.part(name).run(left, seed))
            break
        except Exception as error:
            counts.update(getattr(error, "counts", {}))
            counts["faults"] += 1
            save(error, folder / str(counts["faults"]))
            seed += NEXT_SEED
    counts["seconds"] = round(time.monotonic() - start)
    return counts


def save(error: Exception, folder: Path) -> None:
    """Write what went wrong, and the files of the input."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fault.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    for name, content in getattr(error, "files", {}).items():
        (folder / name).write_bytes(content)
    print(f"fault: {folder / 'fault.txt'}: {str(error)[:300]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
