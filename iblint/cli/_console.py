"""Standard output and standard error: encodings, colours, width."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TextIO

from iblint.model.errors import UsageError

DEFAULT_WIDTH = 100


def say(message: str) -> None:
    """Print a message on standard error, with control characters made visible."""
    text = "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in message)
    with suppress(OSError):  # nobody listens
        print(text, file=sys.stderr)  # noqa: T201


def write_out(text: str) -> None:
    """Write a text to standard output as it is: UTF-8, but on a terminal in the terminal's encoding.

    A reader that has gone (``iblint check | head``) is no error. Raises UsageError for any other that keeps it from
    being written.
    """
    stream = sys.stdout
    encoding = stream.encoding if stream.isatty() else "utf-8"
    try:
        stream.buffer.write(text.encode(encoding, "backslashreplace"))
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # or the interpreter complains once more at its end
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"Cannot write to standard output: {error.strerror}.") from None


class Ticker:
    """A line of progress on a terminal, for runs that take longer than a second; nothing when piped."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.wanted = stream.isatty()
        self._next = time.monotonic() + 1
        self._shown = False

    def __enter__(self) -> Ticker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def tick(self, files: int, configurations: int) -> None:
        """Show the numbers so far, at most ten times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.1
            self.show(f"{files} files, {configurations} configurations")

    def show(self, text: str) -> None:
        """Show a text in place of the last one; nothing when piped."""
        if self.wanted:
            self._shown = True
            self.stream.write(f"\r\x1b[K{text}")
            self.stream.flush()


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour what goes to a stream: as was asked, else NO_COLOR, FORCE_COLOR, else only on a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """Columns of the terminal that a stream is; COLUMNS when it is set; else a fixed width."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError):
        return DEFAULT_WIDTH
