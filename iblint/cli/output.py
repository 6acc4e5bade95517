"""Where each report goes, and writing files atomically."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence

from iblint.model.errors import UsageError
from iblint.model.record import NamedTuple

STDOUT = "-"


class Output(NamedTuple):
    """A format and its target: a file, or ``-`` for standard output."""

    format: str
    target: str


def pair_formats(options: Sequence[tuple[str, str]]) -> tuple[Output, ...]:
    """Pair formats with outputs, from ``("format" or "output", value)`` in the order of the command line.

    The n-th output belongs to the n-th format. With fewer outputs than formats, each output belongs to the format right
    before it, and the format without an output goes to standard output. Raises UsageError for an ambiguous order.
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
    """Raise UsageError for a target that is used twice or cannot be a file."""
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
        _refuse_link_outside(target)


def _refuse_link_outside(target: str) -> None:
    """Raise UsageError if symbolic links lead a file of the working folder out of it.

    The working folder is often a checkout of someone else's repository, whose links could choose the file to overwrite.
    """
    here, real = os.path.realpath(os.curdir), os.path.realpath(target)
    if real.startswith(os.path.join(here, "")):
        return
    if any(os.path.realpath(folder) == here for folder in _above(os.path.abspath(target))):
        raise UsageError(f"Cannot write '{target}': a link leads out of the working folder; name '{real}' itself.")


def _above(path: str) -> Iterator[str]:
    """Yield the folders above a path."""
    while (folder := os.path.dirname(path)) != path:
        yield folder
        path = folder


def write_file(target: str, text: str) -> None:
    """Write a file atomically: write a temporary file beside it, then rename it.

    Raises UsageError if the file cannot be written, or if a link leads out of the working folder.
    """
    _refuse_link_outside(target)
    data = text.encode("utf-8", "backslashreplace")
    try:
        if os.path.exists(target) and not os.path.isfile(target):  # such as /dev/stderr, which cannot be replaced
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
