"""The journal: what was about to be sent, and what came of it. A crash at any point leaves it readable.

One file for each account and Region in the state folder, one JSON object a line, appended and forced to the disk
before anything is sent. A lock on it keeps a second run out.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from iblint.model.errors import IblintError
from iblint.model.record import Record, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Event: TypeAlias = "Literal['intent', 'done', 'refused', 'unknown']"
"""``intent``: about to be sent. ``done``: verified to be in effect. ``refused``: AWS said no, nothing is in effect.
``unknown``: the run ended without knowing. Only ``done`` and ``refused`` close an intent."""

OPEN: tuple[Event, ...] = ("intent", "unknown")


_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""No symbolic link is followed to a file that is none of ours, and no pipe is waited for."""


class JournalError(IblintError):
    """The journal cannot be read, written or locked; nothing was sent since (exit 4)."""

    exit_code = 4


class Entry(Record):
    """A line of the journal."""

    event: Event
    operation: str
    arn: str
    token: str
    digest: str
    """Of the request (see ``gate``)."""
    generation: int
    time: str
    """UTC, ISO 8601."""
    details: Mapping[str, Any]


_KINDS = {**dict.fromkeys(("event", "operation", "arn", "token", "digest", "time"), str), "generation": int}


def state_folder(given: str | None) -> Path:
    """The folder that was asked for, else IBLINT_STATE_DIR, else the user's folder for state."""
    named = given or os.environ.get("IBLINT_STATE_DIR")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "iblint"


class Journal:
    """The open and locked journal of one account and Region. A context manager."""

    def __init__(self, folder: Path, account: str, region: str) -> None:
        self.path = folder / account / f"{region}.jsonl"
        self.entries: list[Entry] = []
        self._fd = -1
        self._broken = False
        """A line may be cut off at the end: another one after it could never be read."""

    def __enter__(self) -> Journal:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._fd = os.open(self.path, _FLAGS, 0o600)
            _sync_folder(self.path.parent)
            _sync_folder(self.path.parent.parent)
        except OSError as error:
            raise JournalError(f"Cannot open the journal {self.path}: {error.strerror}. See --state-dir.") from None
        try:
            if not stat.S_ISREG(os.fstat(self._fd).st_mode):
                raise JournalError(f"Cannot open the journal {self.path}: it is no file. See --state-dir.")
            self._lock()
            self.entries = list(self._read())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._fd >= 0:
            os.close(self._fd)  # which gives up the lock too
            self._fd = -1

    def write(self, entry: Entry) -> None:
        """Append an entry; it is on the disk when this returns. Raises JournalError."""
        line = json.dumps(
            {name: getattr(entry, name) for name in names(Entry)}, ensure_ascii=True, separators=(",", ":")
        )
        if self._broken:
            raise JournalError(f"The journal {self.path} could not be written before.")
        try:
            data = line.encode() + b"\n"
            if os.write(self._fd, data) != len(data):
                raise OSError(0, "the disk is full")
            os.fsync(self._fd)
        except OSError as error:
            self._broken = True
            raise JournalError(f"Cannot write the journal {self.path}: {error.strerror}.") from None
        self.entries.append(entry)

    def last(self, arn: str) -> Entry | None:
        """The latest entry on a configuration."""
        return next((entry for entry in reversed(self.entries) if entry.arn == arn), None)

    def generation(self, arn: str, digest: str) -> int:
        """The generation of the token to send next for a request.

        The one that is under way; one more once it has taken effect: what is to be created again was deleted since.
        """
        used = [entry for entry in self.entries if entry.arn == arn and entry.digest == digest]
        if not used:
            return 0
        newest = max(entry.generation for entry in used)
        ended = any(entry.generation == newest and entry.event == "done" for entry in used)
        return newest + 1 if ended else newest

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:
            raise JournalError("The journal cannot be locked on this system: apply runs on Linux and macOS.") from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise JournalError(
                f"Another run is at work in this account and Region (it holds {self.path}). Wait until it has ended."
            ) from None

    def _read(self) -> Iterator[Entry]:
        """All entries. What follows the last line break was cut off by a crash before it counted, and is taken away."""
        data = b""
        while chunk := os.read(self._fd, 1 << 20):
            data += chunk
        end = data.rfind(b"\n") + 1
        if end != len(data):
            os.ftruncate(self._fd, end)
        for number, line in enumerate(data[:end].splitlines(), 1):
            try:
                entry = Entry(**json.loads(line))
                whole = all(isinstance(getattr(entry, name), kind) for name, kind in _KINDS.items())
            except (ValueError, TypeError, RecursionError):
                whole = False
            if not whole:
                raise JournalError(
                    f"{self.path}:{number}: this is no line of a journal. Look at the file, then move it away."
                )
            yield entry


def _sync_folder(folder: Path) -> None:
    """Force the folder's own entry of a new file to the disk."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
