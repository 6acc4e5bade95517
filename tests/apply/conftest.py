"""Runs of apply against the fake, with a clock that does not wait: by the executor and by the command line."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from iblint.apply.execute import PlanExecutor, Result
from iblint.apply.journal import Journal
from iblint.apply.plan import Judged, Plan, PlanOptions, Site, plan_site
from iblint.apply.retry import Clock
from iblint.apply.sites import Unreachable, connect
from iblint.aws.session import Access
from iblint.model.document import Source
from iblint.model.question import NoFacts
from iblint.model.record import replace
from iblint.model.settings import Settings
from iblint.model.waiver import Waiver
from iblint.packs import load_packs
from tests.cli.conftest import Result as Run
from tests.fake_aws.fixture import _impatient, bare_fake, fake, running, seeded
from tests.fake_aws.server import ACCOUNT, REGION, FakeAws

__all__ = ["_impatient", "bare_fake", "fake", "running", "seeded"]

ROOT = Path(__file__).resolve().parents[2]
ARN = f"arn:aws:imagebuilder:{REGION}:{ACCOUNT}:infrastructure-configuration/golden-web"
SPEC = """\
# iblint: build-type=ami
name: golden-web
instanceProfileName: builder
instanceTypes: [m6i.large, m5.large]
terminateInstanceOnFailure: true
instanceMetadataOptions:
  httpTokens: required
  httpPutResponseHopLimit: 2
"""


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch, tmp_path_factory):
    for name in list(os.environ):
        if name.startswith(("AWS_", "GITHUB_", "IBLINT_", "XDG_")) or name in ("NO_COLOR", "FORCE_COLOR", "CI"):
            monkeypatch.delenv(name)
    cache = tmp_path_factory.getbasetemp() / "cache"
    cache.mkdir(mode=0o700, exist_ok=True)
    monkeypatch.setenv("IBLINT_CACHE_DIR", str(cache))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))


@cache
def _packs():
    """Return the built-in rules, read once for all tests."""
    return load_packs(Settings())


class Time:
    """A clock that only moves while somebody sleeps."""

    def __init__(self, chance=lambda: 0.5):
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.chance = chance

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        start = datetime(2026, 11, 23, 12, tzinfo=UTC)
        return Clock(
            lambda: start + timedelta(seconds=self.seconds), lambda: self.seconds, self.sleep, lambda: self.chance()
        )


class World:
    """One account and Region of a fake, with a journal, for many runs of one specification."""

    def __init__(self, fake: FakeAws, folder: Path, monkeypatch: pytest.MonkeyPatch, read_timeout: float = 0.25):
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        self.fake, self.folder = fake, folder
        self.time = Time()
        self.seconds = 60.0
        self.update = False
        self.has_profile = False
        self.waivers: tuple[Waiver, ...] = ()
        self._judged: dict[str, Judged] = {}
        site = connect(Access(region=REGION, read_timeout=read_timeout))
        assert not isinstance(site, Unreachable), site
        self.site: Site = replace(site, facts=NoFacts(ACCOUNT))

    def judged(self, text: str) -> Judged:
        """A specification as it is judged here; kept, because nothing in this world changes the verdicts."""
        if text not in self._judged:
            from iblint.cli.specs import read_specs

            loaded = read_specs([], Settings(), _packs(), Source("web.yaml", text.encode(), True), (), ())
            self._judged[text] = loaded.judge(self.site.facts, ACCOUNT, REGION)
        return self._judged[text]

    def plan(self, text: str = SPEC) -> Plan:
        terms = PlanOptions(self.waivers, self.update, self.seconds, self.time.clock)
        (plan,) = plan_site(lambda *_: self.judged(text), self.site, terms)
        return plan

    def carry_out(self, plan: Plan) -> Result:
        with Journal(self.folder, ACCOUNT, self.site.identity.region) as journal:
            executor = PlanExecutor(
                self.site.imagebuilder, journal, self.time.clock, self.seconds, lambda name: self.has_profile
            )
            return executor.apply(plan) if plan.decision.allowed else executor.without_sending(plan)

    def apply(self, text: str = SPEC) -> Result:
        return self.carry_out(self.plan(text))

    def events(self) -> list[str]:
        with Journal(self.folder, ACCOUNT, self.site.identity.region) as journal:
            return [entry.event for entry in journal.entries]

    @property
    def creates(self) -> list[str]:
        return self.fake.imagebuilder.creates()


@pytest.fixture
def world(bare_fake, tmp_path, monkeypatch) -> World:
    return World(bare_fake, tmp_path / "state", monkeypatch)


@pytest.fixture
def iblint(tmp_path, monkeypatch, capsys) -> Iterator:
    """Run the command line in this process, in a folder with the specification; the fake is given by the test."""
    from iblint.cli import main

    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "web.yaml").write_text(SPEC)

    def run(fake: FakeAws, *args: str) -> Run:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("IBLINT_STATE_DIR", str(tmp_path / "state"))
        code = main(list(args))
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return run
