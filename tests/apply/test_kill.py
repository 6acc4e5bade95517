"""kill -9 at every step of the journal and of the call; the next run ends in the same single configuration."""

import os
import signal
import subprocess
import sys

import pytest

from iblint.journal import Journal
from tests.apply.conftest import ARN, ROOT, SPEC
from tests.fake_aws.faults import Fault
from tests.fake_aws.server import ACCOUNT, REGION

SUICIDAL = """\
import os, signal, sys
from iblint.cli import main
from iblint import journal

step, event = sys.argv[1:3]
write = journal.Journal.write

def die(self=None, entry=None):
    os.kill(os.getpid(), signal.SIGKILL)

def dying(self, entry):
    if entry.event != event:
        return write(self, entry)
    if step == "before":
        die()
    if step == "torn":
        os.write(self._fd, b'{"event":"' + event.encode())
        die()
    if step == "unsynced":
        os.fsync = die
    write(self, entry)
    die()

journal.Journal.write = dying
sys.exit(main(sys.argv[3:]))
"""
STEPS = [(step, event) for event in ("intent", "done") for step in ("before", "torn", "unsynced", "after")]


@pytest.fixture
def workplace(bare_fake, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "web.yaml").write_text(SPEC)
    (tmp_path / "suicidal.py").write_text(SUICIDAL)
    environment = {**os.environ, **bare_fake.environment, "IBLINT_STATE_DIR": str(tmp_path / "state")}

    def start(*command: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *command, "apply", "web.yaml", "--yes"],
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return start


def ends_well(workplace, fake, folder):
    """A run after the killed one: one configuration, the same ARN, the journal closed."""
    process = workplace("-m", "iblint")
    out, _ = process.communicate()
    assert process.returncode == 0, out.decode()
    assert ARN in out.decode()
    assert fake.imagebuilder.creates() == [ARN]
    with Journal(folder / "state", ACCOUNT, REGION) as journal:
        last = journal.last(ARN)
        tokens = {entry.token for entry in journal.entries}
    assert last is None or last.event == "done"
    assert len(tokens) <= 1


@pytest.mark.parametrize(("step", "event"), STEPS)
def test_killed_at_a_step_of_the_journal(workplace, bare_fake, tmp_path, step, event):
    process = workplace("suicidal.py", step, event)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert len(bare_fake.imagebuilder.creates()) == (event == "done")
    ends_well(workplace, bare_fake, tmp_path)


@pytest.mark.parametrize("operation", ["CreateInfrastructureConfiguration", "GetInfrastructureConfiguration"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", [0, 1])
def test_killed_between_a_call_and_its_answer(workplace, bare_fake, tmp_path, operation, when, call):
    process: list[subprocess.Popen] = []

    def kill():
        process[0].kill()
        process[0].wait()

    bare_fake.script.add(Fault("none", operation=operation, when=when, skip=call, hook=kill))
    process.append(workplace("-m", "iblint"))
    process[0].communicate()
    assert process[0].returncode == -signal.SIGKILL
    ends_well(workplace, bare_fake, tmp_path)
