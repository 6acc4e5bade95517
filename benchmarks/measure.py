"""Whole processes, timed in rounds. Each command runs once per round, in the reverse order of the previous round."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Self

LAUNCHER = Path(__file__).with_name("launcher.py")

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes per unit of ``ru_maxrss``."""


class Unmeasurable(Exception):
    """A measurement is not possible. The text is the reason, for the table."""


def last_error(output: str) -> str:
    """Return the last line that is an error of a failed command's output, else the last line."""
    lines = [line for line in output.splitlines() if line.strip()] or ["nothing"]
    wrong = [line for line in lines if line.lower().lstrip().startswith("error")]
    return (wrong or lines)[-1].strip()[:160]


@dataclass(frozen=True)
class Command:
    """A process: its arguments, its folder, and its expected result."""

    argv: tuple[str, ...]
    folder: Path
    exits: frozenset[int] = frozenset({0})
    environment: Mapping[str, str] = field(default_factory=dict)
    """Additional environment variables."""
    expect: str = ""
    """A part of its output, to check that the work was done."""


@dataclass(frozen=True)
class Sample:
    """One run of a command."""

    seconds: float
    cpu: float
    """CPU seconds of all its processes."""
    peak: int
    """Peak memory in bytes, of the largest process."""


@dataclass(frozen=True)
class Spread:
    """Quartiles of the rounds."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Return the quartiles of one or more values."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, middle, high = quantiles(values, n=4, method="inclusive")
        return cls(low, middle, high)


Round = Sequence[Sample]
"""The samples of one round, in the order of the commands."""


def times(index: int, other: int) -> Callable[[Round], float]:
    """Return a function for the time of the command ``index`` relative to that of the command ``other``."""
    return lambda samples: samples[index].seconds / samples[other].seconds


def by_cpu(samples: Round) -> Round:
    """Return the samples with CPU time in place of wall time."""
    return [replace(sample, seconds=sample.cpu) for sample in samples]


class Launcher:
    """The process that starts all others (launcher.py explains why)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)

    def __enter__(self) -> Self:
        command = [sys.executable, "-I", "-S", str(LAUNCHER)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.communicate()

    def look(self, command: Command) -> None:
        """Run a command once without timing, to warm caches and check its result. Raises Unmeasurable."""
        try:
            ran = subprocess.run(
                command.argv,
                cwd=command.folder,
                env={**self.environment, **command.environment},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
            )
        except OSError as error:
            raise Unmeasurable(f"cannot be started: {error.strerror}") from None
        output = (ran.stdout + ran.stderr).strip()
        if ran.returncode not in command.exits:
            raise Unmeasurable(f"ended with exit code {ran.returncode}: {last_error(ran.stderr or ran.stdout)}")
        if command.expect not in output:
            raise Unmeasurable(f"did not say '{command.expect}', so did not do the work")

    def run(self, command: Command) -> Sample:
        """Run and time a command."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        environment = {**self.environment, **command.environment}
        marshal.dump((list(command.argv), environment, os.fspath(command.folder)), self.process.stdin)
        self.process.stdin.flush()
        seconds, cpu, peak, code = marshal.load(self.process.stdout)
        if code not in command.exits:
            raise Unmeasurable(f"ended with exit code {code} while it was timed")
        return Sample(seconds, cpu, peak * PEAK_UNIT)

    def rounds(self, commands: Sequence[Command], count: int) -> list[Round]:
        """Run all commands once without timing, then timed in the order A B, B A, A B, ..."""
        for command in commands:
            self.look(command)
        rounds: list[Round] = []
        for number in range(count):
            order = range(len(commands)) if number % 2 == 0 else reversed(range(len(commands)))
            samples = {index: self.run(commands[index]) for index in order}
            rounds.append([samples[index] for index in range(len(commands))])
        return rounds


def peak(rounds: Sequence[Round], index: int = 0) -> float:
    """Return the peak memory of a command in MB, the highest of all rounds."""
    return max(samples[index].peak for samples in rounds) / 1e6


def seconds(rounds: Sequence[Round], index: int = 0) -> float:
    """Return the median time of a command."""
    return median(samples[index].seconds for samples in rounds)
