"""A seeded share of the long run of ``apply``: an endpoint that misbehaves, signals, races, full disks.

``python -m tests.adversary.parts.apply`` runs all of it.
"""

import pytest

from tests.adversary.misbehaviours import ALL
from tests.adversary.parts import apply

pytestmark = pytest.mark.slow

SEED = 13


def test_every_misbehaviour_has_a_name_of_its_own():
    assert len({how.name for how in ALL}) == len(ALL)
    assert len({how.name.partition(": ")[2].partition(",")[0] for how in ALL}) >= 60  # whatever the stage


def test_an_endpoint_that_misbehaves_causes_no_second_create_and_no_wrong_message():
    assert apply.do(apply.misbehaviours(24, SEED), SEED) == {"executions": 24, "misbehaviours": 24}


def test_after_a_signal_at_any_instant_the_next_run_completes_the_work():
    counts = apply.do(apply.signals(18, SEED), SEED)
    assert counts["signals"] == 18
    assert {"hit by SIGKILL", "hit by SIGINT", "hit by SIGTERM"} <= counts.keys()


def test_two_runs_at_once_create_one_configuration():
    assert apply.do(apply.races(4), SEED) == {"executions": 4, "races": 4}


def test_after_a_full_disk_the_next_run_writes_the_receipt():
    if not apply.can_mount():
        pytest.skip("this user may not mount a file system in memory")
    assert apply.do(apply.full_disks(apply.LEVELS, SEED), SEED)["full disks"] == apply.LEVELS
