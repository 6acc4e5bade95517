"""The fake as pytest fixtures: in this process, or in its own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fake_aws.seed import Seeded, seed
from tests.fake_aws.server import FakeAws

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FakeAws, Seeded]]:
    """The whole fake with a seeded account, for all tests of a module; skipped if moto is not installed."""
    pytest.importorskip("moto")
    with FakeAws() as fake:
        yield fake, seed(fake)


@pytest.fixture
def fake(running: tuple[FakeAws, Seeded]) -> FakeAws:
    """The whole fake, reset for each test. Tests must not change the seeded account."""
    running[0].reset()
    return running[0]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip botocore's pauses between the attempts of a read."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture
def seeded(running: tuple[FakeAws, Seeded]) -> Seeded:
    """The content of the seeded account."""
    return running[1]


@pytest.fixture
def bare_fake() -> Iterator[FakeAws]:
    """Image Builder alone, in this process and without moto. Tests declare profiles and topics."""
    with FakeAws(moto=False) as running:
        running.other_services.profiles.add("builder")
        yield running


class Process:
    """The fake in its own process."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.fake_aws", "--json", *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        assert self._process.stdout is not None
        self.environment: dict[str, str] = json.loads(self._process.stdout.readline())

    def ask(self, what: str, value: Any = None) -> Any:
        """Call the fake's control interface: ``calls``, ``effects``, ``faults``, ``deny``."""
        data = None if value is None else json.dumps(value).encode()
        url = f"{self.environment['AWS_ENDPOINT_URL']}/_fake/{what}"
        with urllib.request.urlopen(urllib.request.Request(url, data)) as answer:
            return json.load(answer)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate()


@pytest.fixture
def fake_process() -> Iterator[Process]:
    """The fake without moto, in its own process."""
    process = Process("--without-moto")
    try:
        yield process
    finally:
        process.stop()
