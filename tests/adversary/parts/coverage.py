"""Coverage-guided fuzzing with atheris, from the kept corpus: loaders, dialects, configuration files, rule files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

from tests.adversary.parts import Fault
from tests.support.tools import ROOT

SHARE = 3
CORPUS = Path(ROOT, "tests/adversary/corpus")
KINDS = {"inputs": 0.6, "configurations": 0.2, "rules": 0.2}
"""Folder of the corpus -> share of the time."""
OPTIONS = ("-timeout=60", "-rss_limit_mb=2048", "-max_len=20000", "-print_final_stats=1")


def is_installed() -> bool:
    """Whether atheris can be imported: it has packages for CPython on Linux and macOS."""
    return find_spec("atheris") is not None


def run(seconds: float, seed: int) -> dict[str, int]:
    """Fuzz each kind for its share of the time. Raises Fault for a crash, a timeout or too much memory."""
    if not is_installed():
        return {"executions": 0, "skipped, atheris is not installed": 1}
    counts: Counter[str] = Counter()
    for kind, share in KINDS.items():
        counts += fuzz(kind, max(1, round(seconds * share)), seed)
    return dict(counts)


def fuzz(kind: str, seconds: int, seed: int) -> Counter[str]:
    """Run the fuzzer in a child process; what it finds new goes to a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        found, faults = Path(folder, "found"), Path(folder, "faults")
        found.mkdir()
        faults.mkdir()
        command = [sys.executable, "-m", "tests.adversary.coverage_guided", kind, *OPTIONS]
        command += [f"-max_total_time={seconds}", f"-seed={seed}", f"-artifact_prefix={faults}{os.sep}"]
        command += [str(found), str(CORPUS / kind)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "IBLINT_CACHE_DIR": "off"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        files = {path.name: path.read_bytes() for path in faults.iterdir()}
        if done.returncode or files:
            raise Fault(f"{kind}: {done.stderr[-3000:]}", files)
        executed = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        covered = re.findall(r"cov: (\d+)", done.stderr)
        counts = Counter({"executions": int(executed[1]) if executed else 0, f"new {kind}": len(list(found.iterdir()))})
        counts[f"branches of {kind}"] = int(covered[-1]) if covered else 0
        return counts
