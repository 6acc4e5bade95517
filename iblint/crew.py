"""Processes that share the work of a run: forked, so that they begin with all that is loaded already.

Each runs a generator: what it yields goes to the parent, the parent's answer comes back, and what it returns goes to
the parent at the end. A process that dies, or raises what it should not, is a ``Lost`` in place of its message; the
others go on.
"""

from __future__ import annotations

import mmap
import os
import pickle
import select
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Sequence

from iblint.model.errors import IblintError
from iblint.model.record import NamedTuple
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Work: TypeAlias = "Callable[[int, 'Notes'], Generator[Any, Any, Any]]"
"""What a member of the crew does, given its number and its notes."""

NOTHING = -1
"""In place of an item: none is in hand."""

_HEAD = 8
"""Bytes before each message that say how long it is."""

_NOTES = 4


class Notes:
    """A few numbers that a process writes and its parent can read at any time, also when the process has died."""

    def __init__(self, cells: memoryview) -> None:
        self._cells = cells
        cells[0] = NOTHING

    def begin(self, item: int, *counts: int) -> None:
        """Note which item is in hand now, or NOTHING, and how far everything is."""
        self._cells[0] = item
        for place, count in enumerate(counts, 1):
            self._cells[place] = count

    @property
    def item(self) -> int:
        """The item in hand, or NOTHING."""
        return self._cells[0]

    @property
    def counts(self) -> tuple[int, ...]:
        """How far everything is."""
        return tuple(self._cells[1:_NOTES])


class Lost(NamedTuple):
    """A process that died, or met an error that it could not handle."""

    member: int
    item: int
    """What it had in hand, or NOTHING."""
    reason: str
    """What became of it: "was killed by signal 9"."""


class _Raised(NamedTuple):
    """An IblintError that ended a member's work, with the item that it had in hand."""

    item: int
    error: IblintError


class _Failed(NamedTuple):
    """Any other exception that did so."""

    item: int
    error: str


def can_fork() -> bool:
    """Whether processes can be forked here and now: a second thread might hold a lock that none would ever release."""
    return hasattr(os, "fork") and len(sys._current_frames()) == 1


class Crew:
    """Processes at work: entering it forks them, leaving it ends those that still run."""

    def __init__(self, size: int, work: Work) -> None:
        self._memory = mmap.mmap(-1, size * _NOTES * 8)
        cells = memoryview(self._memory).cast("q")
        self.notes = [Notes(cells[n * _NOTES : (n + 1) * _NOTES]) for n in range(size)]
        self._work = work
        self._members: dict[int, tuple[int, int, int]] = {}
        """Number -> process id, the end to read its messages from, the end to answer to."""

    def __enter__(self) -> Crew:
        # An interrupt waits until all are known: one that is not would be left behind.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for number in range(len(self.notes)):
                self._members[number] = self._fork(number, self._work, before)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except BaseException:
            self.__exit__()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            raise
        return self

    def _fork(self, number: int, work: Work, signals: Iterable[int]) -> tuple[int, int, int]:
        from_child, to_parent = os.pipe()
        from_parent, to_child = os.pipe()
        pid = os.fork()
        if pid:
            os.close(to_parent)
            os.close(from_parent)
            return pid, from_child, to_child
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, signals)
            for other in (from_child, to_child, *(end for _, *ends in self._members.values() for end in ends)):
                os.close(other)  # or a member would not notice that the parent has gone
            _serve(work(number, self.notes[number]), self.notes[number], from_parent, to_parent)
            code = 0
        finally:
            os._exit(code)  # what the parent has buffered and registered is the parent's to write and to run

    def __exit__(self, *_: object) -> None:
        for pid, *_ends in self._members.values():
            os.kill(pid, signal.SIGKILL)
        for number in list(self._members):
            self._dismiss(number)

    def gather(self, waiting: Callable[[], None] | None = None) -> list[Any]:
        """One message from each member, in their order, or a Lost in place of it.

        ``waiting`` is called now and then. Raises an IblintError that a member raised, that of the earliest item first.
        """
        buffers = {ends[1]: (number, bytearray()) for number, ends in self._members.items()}
        poll = select.poll()
        for end in buffers:
            poll.register(end, select.POLLIN | select.POLLHUP)
        messages: dict[int, Any] = {}
        while buffers:
            for end, _ in poll.poll(100 if waiting else None):
                number, buffer = buffers[end]
                part = os.read(end, 1 << 16)
                buffer += part
                whole = len(buffer) >= _HEAD and len(buffer) - _HEAD == int.from_bytes(buffer[:_HEAD], "little")
                if whole:
                    messages[number] = pickle.loads(memoryview(buffer)[_HEAD:])
                elif not part:
                    messages[number] = Lost(number, self.notes[number].item, self._dismiss(number))
                if whole or not part:
                    poll.unregister(end)
                    del buffers[end]
            if waiting:
                waiting()
        for number, message in messages.items():
            if isinstance(message, _Failed):
                self._dismiss(number)
                messages[number] = Lost(number, message.item, f"failed ({message.error})")
        raised = [message for message in messages.values() if isinstance(message, _Raised)]
        if raised:
            raise min(raised, key=lambda message: message.item).error
        return [messages[number] for number in sorted(messages)]

    def answer(self, message: Any) -> None:
        """Send a message to every member that is left."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        for _, _, end in self._members.values():
            try:
                _write(end, data)
            except BrokenPipeError:
                continue  # it has died: the next gathering says so

    def _dismiss(self, number: int) -> str:
        """Wait for a process that ends, and say how it did."""
        pid, *ends = self._members.pop(number)
        for end in ends:
            os.close(end)
        try:
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        except ChildProcessError:  # who called us has SIGCHLD ignored
            return "has gone"
        return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"


def _serve(steps: Generator[Any, Any, Any], notes: Notes, source: int, sink: int) -> None:
    """Run a member's work to its end, message by message."""
    answer = None
    try:
        while True:
            _write(sink, pickle.dumps(steps.send(answer), pickle.HIGHEST_PROTOCOL))
            answer = _read(source)
    except StopIteration as end:
        _write(sink, pickle.dumps(end.value, pickle.HIGHEST_PROTOCOL))
    except (EOFError, BrokenPipeError):
        return  # the parent has gone
    except IblintError as error:
        _write(sink, pickle.dumps(_Raised(notes.item, error)))
    except Exception as error:  # a defect, or no memory: the other members' work is not lost with it
        _write(sink, pickle.dumps(_Failed(notes.item, f"{type(error).__name__}: {shorten(str(error))}")))


def _write(end: int, data: bytes) -> None:
    rest = memoryview(len(data).to_bytes(_HEAD, "little") + data)
    while rest:
        rest = rest[os.write(end, rest) :]


def _read(end: int) -> Any:
    buffer = bytearray()
    while len(buffer) < _HEAD or len(buffer) - _HEAD < int.from_bytes(buffer[:_HEAD], "little"):
        part = os.read(end, 1 << 16)
        if not part:
            raise EOFError
        buffer += part
    return pickle.loads(memoryview(buffer)[_HEAD:])


def cpus() -> int:
    """How many processes can run at once here."""
    affinity: Callable[[int], Sequence[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
