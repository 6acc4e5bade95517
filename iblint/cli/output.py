"""Which report goes where, and writing it so that nobody ever reads half of one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence

from iblint.model.errors import UsageError
from iblint.model.record import NamedTuple

STDOUT = "-"


class Output(NamedTuple):
    """A format and where it goes: a file, or ``-`` for standard output."""

    format: str
    target: str


def pair(options: Sequence[tuple[str, str]]) -> tuple[Output, ...]:
    """Pair formats with outputs, from ``("format" or "output", value)`` in the order of the command line.

    The n-th output belongs to the n-th format; with fewer outputs than formats each belongs to the format right before
    it, and the format left over goes to standard output. Raises UsageError when that leaves a doubt.
    """
    formats = [value for kind, value in options if kind == "format"] or ["text"]
    outputs = [value for kind, value in options if kind == "output"]
    if len(outputs) > len(formats):
        raise UsageError("There are more --output than --format options: give each output its --format.")
    if len(outputs) == len(formats) or not outputs:
        targets = outputs or [STDOUT] * len(formats)
    else:
        targets = []
        for before, (kind, value) in zip([("", ""), *options], options, strict=False):
            if kind == "format":
                targets.append(STDOUT)
            elif before[0] == "format":
                targets[-1] = value
            else:
                raise UsageError(f"Which format goes to '{value}'? Put --output right after its --format.")
    made = tuple(Output(*both) for both in zip(formats, targets, strict=True))
    _check(made)
    return made


def _check(outputs: Sequence[Output]) -> None:
    seen: set[str] = set()
    for format_, target in outputs:
        key = target if target == STDOUT else os.path.realpath(target)
        if key in seen:
            if target == STDOUT:
                raise UsageError(f"Only one format can go to standard output: give '{format_}' an --output.")
            raise UsageError(f"Two formats cannot go to one file: '{target}'.")
        seen.add(key)
        if target == STDOUT:
            continue
        if not target or os.path.isdir(target):
            raise UsageError(f"Cannot write to '{target}': name a file.")
        folder = os.path.dirname(target)
        if folder and not os.path.isdir(folder):
            raise UsageError(f"Cannot write '{target}': the folder '{folder}' does not exist; create it first.")
        _stay(target)


def _stay(target: str) -> None:
    """Raises UsageError when symbolic links lead a file of the working folder out of it.

    The working folder is often a checkout of somebody else's, whose links would choose the file that is overwritten.
    """
    here, real = os.path.realpath(os.curdir), os.path.realpath(target)
    if real.startswith(os.path.join(here, "")):
        return
    if any(os.path.realpath(folder) == here for folder in _above(os.path.abspath(target))):
        raise UsageError(f"Cannot write '{target}': a link leads out of the working folder; name '{real}' itself.")


def _above(path: str) -> Iterator[str]:
    while (folder := os.path.dirname(path)) != path:
        yield folder
        path = folder


def write_file(target: str, text: str) -> None:
    """Write a file as a whole or not at all: into a new file beside it, which then takes its place.

    Raises UsageError when that is not possible, or when a link leads there from the working folder: the link may be a
    stranger's, as everything in a checkout.
    """
    _stay(target)
    data = text.encode("utf-8", "backslashreplace")
    try:
        if os.path.exists(target) and not os.path.isfile(target):  # such as /dev/stderr: nothing to take the place of
            with open(target, "wb") as file:
                file.write(data)
        else:
            _replace(os.path.realpath(target), data)
    except OSError as error:
        raise UsageError(f"Cannot write '{target}': {error.strerror}.") from None


def _replace(target: str, data: bytes) -> None:
    from contextlib import suppress

    folder, name = os.path.split(target)
    fresh = os.path.join(folder, f".{name[:100]}.{os.getpid()}.tmp")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        with suppress(FileNotFoundError):
            os.chmod(fresh, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(fresh, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(fresh)
        raise
