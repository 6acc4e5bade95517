"""Standard output and standard error: encodings, colours, width."""

from __future__ import annotations

import os
import sys
import time

from iblint.model.errors import UsageError
from iblint.text.safe import printable
from iblint.text.secrets import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

DEFAULT_WIDTH = 100
MAX_STDIN = 256 << 20


def write_stderr(message: str) -> None:
    """Print a message on standard error, with secrets redacted and control characters escaped."""
    from contextlib import suppress

    if sys.stderr is not None:
        with suppress(OSError):  # nobody reads
            print(printable(redact(message)), file=sys.stderr)  # noqa: T201


def write_stdout(text: str) -> None:
    """Write a text to standard output, in UTF-8, or in the encoding of the terminal.

    Ignores a closed pipe (``iblint check | head``). Raises UsageError for any other error.
    """
    stream = sys.stdout
    if stream is None:
        raise UsageError("Cannot write to standard output: it is closed. Open it, or write to a file with --output.")
    encoding = stream.encoding if stream.isatty() else "utf-8"
    try:
        stream.buffer.write(text.encode(encoding, "backslashreplace"))
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # else Python reports the error again at exit
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"Cannot write to standard output: {error.strerror}.") from None


def read_stdin() -> bytes:
    """Return all of standard input. Raises UsageError if it is closed, unreadable or longer than MAX_STDIN bytes."""
    if sys.stdin is None:
        raise UsageError("Cannot read standard input: it is closed. Open it, or name a file in place of '-'.")
    try:
        data = sys.stdin.buffer.read(MAX_STDIN + 1)
    except OSError as error:
        raise UsageError(f"Cannot read standard input: {error.strerror}.") from None
    if len(data) > MAX_STDIN:
        raise UsageError(f"Standard input holds more than {MAX_STDIN >> 20} MiB.")
    return data


class ProgressLine:
    """A line of progress on a terminal, for runs that take longer than a second. If piped, it prints nothing."""

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream if stream is not None and stream.isatty() else None
        self.enabled = self.stream is not None
        self._next = time.monotonic() + 1
        self._shown = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self.stream is not None and self._shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def update(self, files: int, configurations: int, findings: int) -> None:
        """Show the numbers so far, at most ten times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.1
            self.show(f"{files} files, {configurations} configurations, {findings} findings so far")

    def show(self, text: str) -> None:
        """Replace the line."""
        if self.stream is not None:
            self._shown = True
            self.stream.write(f"\r\x1b[K{text}")
            self.stream.flush()


def use_color(choice: str, stream: TextIO | None) -> bool:
    """Return whether to colour a stream: by the option, else by NO_COLOR and FORCE_COLOR, else only a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width(stream: TextIO | None) -> int:
    """Return COLUMNS if it is set, else the columns of the terminal, else DEFAULT_WIDTH."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    if stream is None:
        return DEFAULT_WIDTH
    try:
        return os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError):
        return DEFAULT_WIDTH
