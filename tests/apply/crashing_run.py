"""A run of ``iblint apply`` that kills its process at a step of the journal. Its own module, to be preloaded."""

import os
import signal
import sys
from pathlib import Path

from iblint.apply import journal
from iblint.cli import main


def run(folder: Path, environment: dict[str, str], step: str = "", event: str = "") -> None:
    """Apply the specification in a folder, with the output in out.txt."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.stdout = sys.stderr = Path("out.txt").open("w")  # noqa: SIM115 - the process ends with it
    write = journal.Journal.write

    def dying(self: journal.Journal, entry: journal.Entry) -> None:
        if entry.event != event:
            write(self, entry)
            return
        if step == "before":
            die()
        if step == "torn":
            os.write(self._fd, b'{"event":"' + event.encode())
            die()
        if step == "unsynced":
            os.fsync = die
        write(self, entry)
        die()

    journal.Journal.write = dying  # type: ignore[method-assign]
    sys.exit(main(["apply", "web.yaml", "--yes"]))


def die(_: int = 0) -> None:
    """End this process without any cleanup."""
    os.kill(os.getpid(), signal.SIGKILL)
