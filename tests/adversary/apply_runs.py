"""Runs of ``iblint apply`` that are disturbed, and what must be true after each of them and after the next run."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from iblint.apply.diff import in_effect
from iblint.apply.journal import Journal
from tests.adversary import apply_process
from tests.adversary.apply_process import SPEC
from tests.adversary.misbehaviours import ARN, Misbehaviour
from tests.adversary.proxy import Proxy, until
from tests.fake_aws.server import ACCOUNT, REGION, FakeAws

ROOT = Path(__file__).resolve().parents[2]
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzKqT8vW2Qh"
REQUEST = {
    "name": "golden-web",
    "instanceProfileName": "builder",
    "instanceTypes": ["m6i.large", "m5.large"],
    "terminateInstanceOnFailure": True,
    "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
}
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
WORDS: dict[int, tuple[str, ...]] = {
    0: (": created", ": unchanged"),
    4: ("error: ", "failed"),
    5: ("could not be reached", "not readable", "failed", "error: ", "wrong account"),
    6: ("created with other content", "conflict", "drift"),
    7: (": unknown",),
}
"""One of these is said with an exit code."""
PATIENCE = 120.0
"""Seconds after which a run counts as endless."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.adversary.apply_preload", "tests.adversary.misbehaviours"])
"""Each process imports the main module again: what it imports is there already."""


class Run:
    """A run that was started."""

    def __init__(self, folder: Path, name: str, environment: dict[str, str], args: tuple[str, ...]) -> None:
        self._output, self._ready = folder / f"{name}.txt", folder / f"{name}.ready"
        self._code = folder / f"{name}.code"
        process: BaseProcess = _FORKS.Process(target=apply_process.run, args=(folder, name, environment, args))
        process.start()
        self._process = process

    def signal_after(self, seconds: float, number: signal.Signals) -> None:
        """Send a signal so many seconds after the command began."""
        assert until(self._ready.exists, PATIENCE)
        time.sleep(seconds)
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, number)

    def end(self) -> tuple[int, str]:
        """Wait for its end; return the exit code (minus a signal) and the output."""
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            raise AssertionError(f"The run did not end: {self.output}")
        code = self._code.read_text() if self._code.exists() else ""
        return int(code or self._process.exitcode or 0), self.output

    @property
    def output(self) -> str:
        """What it has written so far."""
        return self._output.read_text(errors="replace") if self._output.exists() else ""


class Account:
    """An account of the fake behind a proxy, and a folder with a specification."""

    def __init__(self, proxy: Proxy, folder: Path, seed: int) -> None:
        self.proxy, self.fake, self.folder, self.seed = proxy, proxy.fake, folder, seed
        self.state = folder / "state"
        chance = random.Random(seed)
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        self.token = "".join(chance.choices(letters, k=300))
        self._number = 0
        self.duration = 0.9
        """Seconds that the last run which nobody disturbed took: signals are sent within them."""

    def renew(self) -> None:
        """Begin anew: an empty account and an empty folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "home").mkdir(parents=True)
        (self.folder / "web.yaml").write_text(SPEC)
        self.fake.reset()
        self.fake.other_services.profiles.add("builder")
        self.proxy.behave()

    def start(self, *args: str, state: Path | None = None) -> Run:
        """Start a run."""
        self._number += 1
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.folder / "home"),
            "IBLINT_CACHE_DIR": str(self.folder.parent / "cache"),
            "IBLINT_STATE_DIR": str(state or self.state),
            "AWS_ENDPOINT_URL": self.proxy.endpoint,
            "AWS_ACCESS_KEY_ID": "AKIAFAKEFAKEFAKEFAKE",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": self.token,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        given = (*args, "--no-config", "--account", ACCOUNT, "web.yaml", "--yes")
        return Run(self.folder, f"run-{self._number}", environment, given)

    @property
    def creates(self) -> int:
        """The number of creates that took effect."""
        return len(self.fake.imagebuilder.creates())

    def receipts(self, state: Path | None = None) -> list[dict[str, Any]]:
        """The receipts in the state folder. Each must be whole."""
        paths = sorted((state or self.state).rglob("receipts/*.json"))
        return [json.loads(path.read_text()) for path in paths]

    def check(self, what: str, code: int, output: str, codes: frozenset[int] | set[int]) -> None:
        """Raise AssertionError unless a run ended as it may."""
        said = f"{what} (seed {self.seed}): exit {code}, {self.creates} created\n{output}"
        assert self.creates <= 1, f"two creates: {said}"
        assert code in codes, f"not {sorted(codes)}: {said}"
        assert any(word in output for word in WORDS.get(code, ("",))), f"not said: {said}"
        assert not re.search(r"Traceback|[Ii]nternal error|MemoryError", output), said
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]|^::", output, re.MULTILINE), said
        assert not ("Nothing was created" in output and self.creates), f"but it was: {said}"
        assert code != 7 or "Run the same command again. This is safe" in output, said
        assert code in (7, 130) or code < 0 or "Run the same command again. This is safe" not in output, said
        if code == 0:
            found = self.fake.imagebuilder.configurations.get(ARN)
            assert found is not None, f"not there: {said}"
            assert in_effect(REQUEST, found), f"not in effect: {said}"
            assert ", verified" in output, said
        self.check_secrets(what, output)

    def check_secrets(self, what: str, output: str) -> None:
        """Raise AssertionError if the output, or a file of the state folder, has a secret."""
        texts = [output, *(path.read_text(errors="replace") for path in self.state.rglob("*.json*") if path.is_file())]
        for secret in {SECRET, self.token, *self.proxy.secrets} - {""}:
            assert not any(secret[:24] in text or secret in text for text in texts), f"{what}: a secret is shown"

    def check_next(self, what: str, *, kept: bool = True, state: Path | None = None) -> None:
        """Run again, undisturbed: there is exactly one configuration, its entry is closed and its receipt kept."""
        self.proxy.behave()
        began = time.monotonic()
        code, output = self.start(state=state).end()
        self.duration = time.monotonic() - began
        self.check(f"{what}, next run", code, output, {0})
        assert self.creates == 1, f"{what}: {self.creates} created"
        if kept:
            found = [receipt["status"] for receipt in self.receipts(state)]
            assert set(found) & {"created", "differs"}, f"{what} (seed {self.seed}): receipts {found}\n{output}"
        with Journal(state or self.state, ACCOUNT, REGION) as journal:
            last = journal.last(ARN)
        assert last is None or last.event not in ("intent", "unknown"), f"{what}: the entry is open\n{output}"


@contextmanager
def account(folder: Path, seed: int) -> Iterator[Account]:
    """A fake and a proxy that run."""
    with FakeAws(moto=False) as fake, Proxy(fake) as proxy:
        yield Account(proxy, folder, seed)


def misbehave(made: Account, how: Misbehaviour) -> None:
    """Apply while the endpoint misbehaves, then again."""
    for deadline in ("3", "30") if how.slow else ("60",):
        made.renew()
        made.proxy.misbehave(how.stage, how.act, how.times)
        code, output = made.start("--deadline", deadline).end()
        if made.proxy.misbehaved:  # on a busy machine a short deadline may be over before the stage
            break
    assert made.proxy.misbehaved, f"{how.name}: never met\n{output}"
    made.check(how.name, code, output, how.codes)
    made.check_next(how.name, kept=how.kept)


def interrupt(made: Account, chance: random.Random) -> str | None:
    """Send a signal at a random instant, then run again. Return the name of the signal; None if the run had ended."""
    made.renew()
    number, after = chance.choice(SIGNALS), chance.uniform(0, made.duration)
    run = made.start()
    run.signal_after(after, number)
    code, output = run.end()
    what = f"{number.name} after {after:.3f} s"
    ended = {-number, 130} if number is signal.SIGINT else {-number}
    if number is signal.SIGINT:  # Python reports an interrupt within a finalizer, and ignores it
        output = re.sub(r"(?s)Exception ignored in: .*?\nKeyboardInterrupt:? *\n", "", output)
    made.check(what, code, output, {0, *ended})
    made.check_next(what)
    return number.name if code else None


def race(made: Account, *, one_host: bool) -> None:
    """Two runs at once, with one state folder or as two hosts; then both again."""
    made.renew()
    states = [made.state, made.state if one_host else made.folder / "other"]
    runs = [made.start(state=state) for state in states]
    ended = [run.end() for run in runs]
    what = f"race {'with one state folder' if one_host else 'of two hosts'}"
    for code, output in ended:
        made.check(what, code, output, {0, 4} if one_host else {0})
    assert 0 in [code for code, _ in ended], f"{what}: {ended}"
    assert made.creates == 1, f"{what}: {ended}"
    made.check_next(what, kept=one_host)  # of two hosts, the one that created the configuration has the receipt
    assert any(made.receipts(state) for state in states), what


@contextmanager
def small_disk(folder: Path, pages: int) -> Iterator[None]:
    """A file system in memory with so many pages of 4 KiB, mounted on a folder. Raises OSError where that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={pages * 4096},mode=700"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "iblint-test", folder], capture_output=True)
    if done.returncode:
        raise OSError(done.returncode, done.stderr.decode(errors="replace").strip())
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def fill_disk(made: Account, free: int, chance: random.Random) -> int:
    """Apply with the state folder on a full disk, with ``free`` pages left; make room, and run again."""
    made.renew()
    with small_disk(made.state, 64):
        filler = made.state / "filler"
        with filler.open("wb", buffering=0) as file:
            file.write(bytes(4096 * (64 - free)))
        code, output = made.start().end()
        what = f"a disk with {free} free pages"
        made.check(what, code, output, {0, 4, 7})
        if chance.random() < 0.5:  # a second run on the same full disk
            code, output = made.start().end()
            made.check(f"{what}, twice", code, output, {0, 4, 7})
        filler.unlink()
        made.check_next(what)
    return code
