"""kill -9 at every step of the journal and of the call. After the next run there is exactly one configuration."""

import multiprocessing
import os
import signal

import pytest

from iblint.apply.journal import Journal
from tests.apply import crashing_run
from tests.apply.conftest import ARN, SPEC
from tests.fake_aws.faults import Fault
from tests.fake_aws.server import ACCOUNT, REGION

STEPS = [(step, event) for event in ("intent", "done") for step in ("before", "torn", "unsynced", "after")]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", "iblint.cli.planning", "iblint.cli.commands.apply", "tests.apply.crashing_run"])
"""Processes that are forked from one with all modules loaded."""


@pytest.fixture
def start(bare_fake, iblint, tmp_path):
    """Start a run in its own process."""
    environment = {**os.environ, **bare_fake.environment, "IBLINT_STATE_DIR": str(tmp_path / "state")}
    (tmp_path / "web.yaml").write_text(SPEC)

    def start(*how: str):
        process = FORKS.Process(target=crashing_run.run, args=(tmp_path, environment, *how))
        process.start()
        return process

    return start


def ends_well(iblint, fake, folder):
    """Run again after the killed run: one configuration, the same ARN, the journal closed."""
    done = iblint(fake, "apply", "web.yaml", "--yes")
    assert done.code == 0, done
    assert ARN in done.out
    assert fake.imagebuilder.creates() == [ARN]
    with Journal(folder / "state", ACCOUNT, REGION) as journal:
        last = journal.last(ARN)
        tokens = {entry.token for entry in journal.entries}
    assert last is None or last.event == "done"
    assert len(tokens) <= 1


@pytest.mark.parametrize(("step", "event"), STEPS)
def test_killed_at_a_step_of_the_journal(start, iblint, bare_fake, tmp_path, step, event):
    process = start(step, event)
    process.join()
    assert process.exitcode == -signal.SIGKILL, (tmp_path / "out.txt").read_text()
    assert len(bare_fake.imagebuilder.creates()) == (event == "done")
    ends_well(iblint, bare_fake, tmp_path)


@pytest.mark.parametrize("operation", ["CreateInfrastructureConfiguration", "GetInfrastructureConfiguration"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", [0, 1])
def test_killed_between_a_call_and_its_response(start, iblint, bare_fake, tmp_path, operation, when, call):
    process: list[multiprocessing.Process] = []

    def kill():
        process[0].kill()

    bare_fake.script.add(Fault("none", operation=operation, when=when, skip=call, hook=kill))
    process.append(start())
    process[0].join()
    assert process[0].exitcode == -signal.SIGKILL, (tmp_path / "out.txt").read_text()
    ends_well(iblint, bare_fake, tmp_path)
