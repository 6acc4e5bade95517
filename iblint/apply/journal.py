"""The journal: every request that apply is about to send, and its outcome. It stays readable after a crash.

The state folder has one file for each account and Region, with one JSON object a line. An entry is appended and synced
to disk before the request is sent. A lock on the file excludes a second run.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from iblint.apply.state_folder import open_file, open_folder
from iblint.exit_codes import ExitCode
from iblint.model.errors import IblintError
from iblint.model.record import Record, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Event: TypeAlias = "Literal['intent', 'done', 'differs', 'refused', 'unknown']"
"""``intent``: about to be sent. ``done``: verified to be in effect. ``differs``: acknowledged by AWS, but with other
content. ``refused``: refused by AWS, not in effect. ``unknown``: the run ended and the outcome is unknown. The
outcome is open after ``intent`` and ``unknown``."""

OPEN: tuple[Event, ...] = ("intent", "unknown")
"""The events after which the outcome of a request is open."""

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
"""Do not wait for a pipe."""


class JournalError(IblintError):
    """The journal cannot be read, written or locked; nothing was sent since (exit 4)."""

    exit_code = ExitCode.INCOMPLETE


class Entry(Record):
    """A line of the journal."""

    event: Event
    operation: str
    arn: str
    token: str
    digest: str
    """The digest of the request (see ``gate``)."""
    generation: int
    time: str
    """UTC, ISO 8601."""
    details: Mapping[str, Any]


_TYPES = {
    **dict.fromkeys(("event", "operation", "arn", "token", "digest", "time"), str),
    "generation": int,
    "details": dict,
}


class Journal:
    """The open and locked journal of one account and Region. A context manager."""

    def __init__(self, folder: Path, account: str, region: str) -> None:
        self.path = folder / account / f"{region}.jsonl"
        self._folder, self._account, self._name = folder, account, f"{region}.jsonl"
        self.entries: list[Entry] = []
        self._fd = -1
        self._broken = False
        """Whether a write failed. The last line may be incomplete, so a line after it could not be read."""

    def __enter__(self) -> Journal:
        try:
            folder = open_folder(self._folder, self._account)
            try:
                self._fd = open_file(folder, self._name, _FLAGS)
                os.fsync(folder)  # so that a new file in it survives a crash
            finally:
                os.close(folder)
        except OSError as error:
            raise JournalError(f"Cannot open the journal {self.path}: {error.strerror}. See --state-dir.") from None
        try:
            if not stat.S_ISREG(os.fstat(self._fd).st_mode):
                raise JournalError(f"Cannot open the journal {self.path}: it is not a regular file. See --state-dir.")
            self._lock()
            self.entries = list(self._read())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._fd >= 0:
            os.close(self._fd)  # releases the lock
            self._fd = -1

    def write(self, entry: Entry) -> None:
        """Append an entry and sync it to disk. Raises JournalError."""
        line = json.dumps(
            {name: getattr(entry, name) for name in names(Entry)}, ensure_ascii=True, separators=(",", ":")
        )
        if self._broken:
            raise JournalError(f"An earlier write to the journal {self.path} failed.")
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
        """Return the latest entry about a configuration."""
        return next((entry for entry in reversed(self.entries) if entry.arn == arn), None)

    def history(self, arn: str, digest: str) -> tuple[Entry, ...]:
        """Return the entries about the request that the account has, if a run with this journal applied it, else ()."""
        last = self.last(arn)
        if last is None or last.event != "done" or last.digest != digest or last.details.get("created") is False:
            return ()
        return tuple(entry for entry in self.entries if entry.arn == arn and entry.token == last.token)

    def generation(self, arn: str, digest: str) -> int:
        """Return the generation of the token to send next for a request.

        It is the current generation, or the next one if the current one took effect: then the configuration was deleted
        and is created again.
        """
        used = [entry for entry in self.entries if entry.arn == arn and entry.digest == digest]
        if not used:
            return 0
        newest = max(entry.generation for entry in used)
        ended = any(entry.generation == newest and entry.event in ("done", "differs") for entry in used)
        return newest + 1 if ended else newest

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:
            raise JournalError("The journal cannot be locked on this system: apply needs Linux or macOS.") from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise JournalError(
                f"Another run is using this account and Region (it has locked {self.path}). Wait until it ends."
            ) from None

    def _read(self) -> Iterator[Entry]:
        """Yield all entries. Remove an incomplete last line: a crash cut it off before its request was sent."""
        data = b""
        while chunk := os.read(self._fd, 1 << 20):
            data += chunk
        end = data.rfind(b"\n") + 1
        if end != len(data):
            os.ftruncate(self._fd, end)
        for number, line in enumerate(data[:end].splitlines(), 1):
            try:
                entry = Entry(**json.loads(line))
                valid = all(isinstance(getattr(entry, name), kind) for name, kind in _TYPES.items())
            except (ValueError, TypeError, RecursionError):
                valid = False
            if not valid:
                raise JournalError(f"{self.path}:{number}: not a journal entry. Check the file, then move it away.")
            yield entry
