"""Two hundred random scripts of faults: never two creates in effect, never a success without a verified Get."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.apply.conftest import SPEC, World
from tests.fake_aws.faults import Fault
from tests.fake_aws.server import ACCOUNT, REGION, FakeAws

SCRIPTS = 200
SIDE_BY_SIDE = 4
"""Worlds that run in parallel, each with its own fake: most of the time is spent waiting for the read timeout."""
READ_TIMEOUT = 0.05
"""Seconds. A timeout that comes early on a busy machine is one more fault."""
CREATE, GET = "CreateInfrastructureConfiguration", "GetInfrastructureConfiguration"
DOUBTFUL = ("ServiceException", "ServiceUnavailableException")
"""Faults after which it is unknown whether the call took effect. Every other error means that it did not."""
CODES = (
    *DOUBTFUL,
    *("CallRateLimitExceededException", "TooManyRequestsException"),
    *("ForbiddenException", "ClientException", "InvalidRequestException"),
)
KINDS = ("error", "error", "error", "reset", "reset", "truncated", "cut-json", "html", "slow-body", "latency")


def script(chance: random.Random) -> list[Fault]:
    return [fault(chance) for _ in range(chance.randint(1, 4))]


def fault(chance: random.Random) -> Fault:
    kind, when = chance.choice(KINDS), chance.choice(("before", "after"))
    return Fault(
        kind,
        operation=chance.choice((CREATE, CREATE, GET)),
        when=when,
        code=chance.choice(DOUBTFUL if when == "after" else CODES),
        seconds=2 * READ_TIMEOUT if kind in ("slow-body", "latency") else 0.0,
        times=chance.choice((1, 1, 2, 8)),
        skip=chance.choice((0, 0, 1, 2)),
    )


@pytest.fixture
def worlds(tmp_path, monkeypatch) -> Iterator[list[World]]:
    with ExitStack() as running:
        made = []
        for number in range(SIDE_BY_SIDE):
            fake = running.enter_context(FakeAws(moto=False))
            fake.other_services.profiles.add("builder")
            made.append(World(fake, tmp_path / str(number), monkeypatch, READ_TIMEOUT))
        yield made


def test_after_any_faults_there_is_one_configuration(worlds):
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        assert sum(pool.map(play, worlds, range(SIDE_BY_SIDE))) == SCRIPTS


def play(world: World, first: int) -> int:
    """Run a part of the scripts in one world, and return their number."""
    seeds = range(first, SCRIPTS, SIDE_BY_SIDE)
    for seed in seeds:
        chance = random.Random(seed)
        text = SPEC.replace("golden-web", f"web-{seed}")
        arn = f"arn:aws:imagebuilder:{REGION}:{ACCOUNT}:infrastructure-configuration/web-{seed}"
        world.time.chance = chance.random
        world.fake.imagebuilder.hidden_gets = chance.choice((0, 0, 2))
        world.fake.script.add(*script(chance))
        for _ in range(chance.randint(1, 3)):
            before = len(world.fake.calls)
            result = world.apply(text)
            effects = world.creates.count(arn)
            assert effects <= 1, seed
            if result.exit_code == 0:
                assert effects == 1, seed
                assert result.observed["arn"] == arn
                gets = [call for call in world.fake.calls[before:] if call.operation == GET]
                assert any(call.status == 200 for call in gets), seed
            else:
                assert result.message, seed
                assert not ("Nothing was created" in result.message and effects), seed
        world.fake.script.clear()
        result = world.apply(text)
        assert (result.exit_code, world.creates.count(arn)) == (0, 1), seed
        assert world.events()[-1] == "done", seed
    return len(seeds)
