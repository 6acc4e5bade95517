"""Virtual environments: a new one with the iblint of this checkout, and one for each peer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Unmeasurable, last_error

CHECKOUT = Path(__file__).resolve().parent.parent

_VERSIONS = """
import json
from importlib.metadata import distributions
print(json.dumps({d.name.lower().replace("_", "-"): d.version for d in distributions()}))
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def python(self) -> str:
        """The path of its interpreter."""
        return str(self.folder / "bin" / "python")

    def program(self, name: str) -> str:
        """Return the path of an installed program."""
        return str(self.folder / "bin" / name)

    def versions(self) -> dict[str, str]:
        """Return the versions of the installed packages."""
        found: dict[str, str] = json.loads(_run([self.python, "-c", _VERSIONS]))
        return found


def make(folder: Path, *packages: str | Path) -> Environment:
    """Create an environment with packages and compile all byte code. Raises Unmeasurable.

    pip is upgraded first, because it writes the scripts. Scripts of pip 23, which older releases of Python install,
    import ``re``; scripts of newer releases, which pre-commit uses, import only ``sys``.
    """
    _run([sys.executable, "-m", "venv", "--clear", os.fspath(folder)])
    environment = Environment(folder)
    pip = [environment.python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    _run([*pip, "--upgrade", "pip"])
    _run([*pip, *map(str, packages)])
    _run([environment.python, "-m", "compileall", "-q", os.fspath(folder / "lib")], may_fail=True)
    return environment


def cached(folder: Path, *packages: str) -> Environment:
    """Return the environment of an earlier run, or a new one. Raises Unmeasurable."""
    complete = folder / "complete"
    if not complete.exists():
        make(folder, *packages)
        complete.write_text("\n".join(packages), encoding="utf-8")
    return Environment(folder)


def _run(command: Sequence[str], *, may_fail: bool = False) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    ran = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True)
    if ran.returncode and not may_fail:
        raise Unmeasurable(f"cannot be installed: {last_error(ran.stderr)}")
    return ran.stdout
