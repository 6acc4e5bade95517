"""Chunks of a run over an executor of ``concurrent.futures``: processes of this machine, or the workers of a cluster.

A worker gets the names of files, reads and judges them (``chunk.check_chunk``), and sends back what it found. Results
carry the numbers of their units, so a report does not depend on who did what, nor in which order.
"""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from uuid import uuid4

from iblint.chunk import Part, Task, Unit, check_chunk, item_name, to_send
from iblint.discovery.files import File, LeftOut, name_of
from iblint.judge import Judge
from iblint.model.context import NoFacts
from iblint.model.document import InputError
from iblint.model.errors import IblintError
from iblint.model.record import Record, replace
from iblint.text.wording import shorten
from iblint.workspace import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from typing import Any

CHUNKS = 64
"""Chunks that an executor gets at most: enough to share the work evenly, few enough to spare it messages."""

_LISTED = 5
_NOTE_BYTES = 8


class Job(Record):
    """A run as its workers get it."""

    key: str
    """Of this run alone: a worker prepares the rules once for each run."""
    data: bytes
    """Pickled: the task, and rules and whether reasons are kept (None to judge nothing)."""

    @classmethod
    def of(cls, task: Task, judge: Judge | None) -> Job:
        """Return the job of a run."""
        rules = None if judge is None else (replace(judge.ruleset, sources={}, groups={}), judge.reasons)
        return cls(uuid4().hex, pickle.dumps((task, rules), pickle.HIGHEST_PROTOCOL))


_worker = threading.local()
"""The run that this thread works for: its key, and what was prepared for it."""


def run_chunk(job: Job, chunk: Sequence[Unit]) -> Part:
    """Do one chunk in a worker."""
    if getattr(_worker, "key", None) != job.key:
        task, rules = pickle.loads(job.data)
        judge = None if rules is None else Judge(task.settings, rules[0], NoFacts(), reasons=rules[1])
        _worker.key, _worker.prepared = job.key, (task, judge)
    task, judge = _worker.prepared
    part = check_chunk(task, judge, chunk, begin=_note)
    return part if judge is None else to_send(part, task, judge, chunk)


def _chunks(units: Sequence[Unit]) -> list[Sequence[Unit]]:
    size = -(-len(units) // CHUNKS)
    return [units[start : start + size] for start in range(0, len(units), size)]


def over_executor(task: Task, judge: Judge | None, units: Sequence[Unit], executor: Executor) -> Iterator[Part]:
    """Yield the results of the units from an executor, chunk by chunk. A chunk that fails becomes an InputError.

    Raises IblintError if a worker does: settings or rules are wrong.
    """
    for chunk, done in _results(Job.of(task, judge), _chunks(units), executor):
        yield done if isinstance(done, Part) else _lost_chunk(chunk, done)


def _results(
    job: Job, chunks: Sequence[Sequence[Unit]], executor: Executor
) -> Iterator[tuple[Sequence[Unit], Part | Exception]]:
    """Yield each chunk with its result, or with the exception that took its place, in order."""
    futures: list[Future[Part]] = []
    try:
        for chunk in chunks:
            futures.append(_submit(executor, job, chunk))
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                yield chunk, future.result()
            except IblintError:
                raise
            except Exception as error:  # whatever it is, the chunk is lost
                yield chunk, error
    finally:
        for future in futures:
            future.cancel()


def _submit(executor: Executor, job: Job, chunk: Sequence[Unit]) -> Future[Part]:
    """Submit a chunk. The future has failed if the executor is broken and refuses it."""
    try:
        return executor.submit(run_chunk, job, chunk)
    except BrokenExecutor as error:
        future: Future[Part] = Future()
        future.set_exception(error)
        return future


def over_processes(task: Task, judge: Judge | None, units: Sequence[Unit], count: int) -> Iterator[Part]:
    """Yield the results of the units from processes of this machine, chunk by chunk.

    If a process dies, the file that it had in hand becomes an InputError; what else was lost with it is done again.
    """
    job = Job.of(task, judge)
    _worker.key, _worker.prepared = job.key, (task, judge)  # for processes that are forked
    left = _chunks(units)
    try:
        with tempfile.TemporaryDirectory(prefix="iblint-") as notes:
            while left:
                broken: list[Sequence[Unit]] = []
                with _Processes(min(count, len(left)), notes) as processes:
                    for chunk, done in _results(job, left, processes):
                        if isinstance(done, BrokenExecutor):
                            broken.append(chunk)
                        else:
                            yield done if isinstance(done, Part) else _lost_chunk(chunk, done)
                if broken:
                    lost = _in_hand(broken, processes.deaths())
                    if not lost and len(broken) == len(left):  # no progress: give the first chunk up
                        lost = {number: "ended" for number, _ in broken[0]}
                    given_up = [
                        (item, lost[n]) for chunk in broken for n, items in chunk if n in lost for item in items
                    ]
                    yield Part(problems=[_lost(item, how) for item, how in given_up])
                    broken = [[unit for unit in chunk if unit[0] not in lost] for chunk in broken]
                left = [chunk for chunk in broken if chunk]
    finally:
        del _worker.key, _worker.prepared


def _in_hand(left: Iterable[Sequence[Unit]], deaths: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return the numbers of the units that processes had in hand when they died, with how they died."""
    waiting = {number for chunk in left for number, _ in chunk}
    return {number: how for number, how in deaths if number in waiting}


class _Processes(Executor):
    """A pool of processes of this machine. Leaving it ends them all, also after an interrupt."""

    def __init__(self, count: int, notes: str) -> None:
        self._count = count
        self._notes = notes
        self._others = multiprocessing.active_children()
        self._started: list[BaseProcess] = []
        context = multiprocessing.get_context("fork" if can_fork() else "spawn")
        self._pool = ProcessPoolExecutor(count, context, _start_worker, (notes,))

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:  # type: ignore[override]
        """Submit a call, as ``Executor.submit``."""
        future = self._pool.submit(function, *args)
        if len(self._started) < self._count:
            known = (*self._others, *self._started)
            self._started += [process for process in multiprocessing.active_children() if process not in known]
        return future

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for process in multiprocessing.active_children():
                if process not in self._others:
                    process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def deaths(self) -> list[tuple[int, str]]:
        """Return the unit that each process had in hand when it died, and how it died, once all have ended.

        The pool terminates the other processes when one dies. If none died otherwise, all are returned.
        """
        died = [p for p in self._started if p.exitcode not in (0, -signal.SIGTERM)]
        return [(_noted(self._notes, p.pid), _death(p.exitcode)) for p in died or self._started]


def can_fork() -> bool:
    """Return whether processes can be forked: not beside other threads, whose locks would stay locked in them."""
    return sys.platform == "linux" and len(sys._current_frames()) == 1


_own_note: list[mmap.mmap] = []
"""In a worker process: the file in which it notes the unit that it has in hand."""


def _start_worker(notes: str) -> None:
    """Prepare a worker process: an interrupt is its parent's to handle, and it ends if its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # as in a check of one process
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with open(os.path.join(notes, str(os.getpid())), "wb+") as file:
        file.write(b"\xff" * _NOTE_BYTES)
        file.flush()
        _own_note[:] = [mmap.mmap(file.fileno(), _NOTE_BYTES)]


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _note(number: int) -> None:
    """Note the unit in hand where the parent can read it when this process has died."""
    for note in _own_note:
        note[:] = number.to_bytes(_NOTE_BYTES, "little")


def _noted(notes: str, process: int | None) -> int:
    """Return the number of the unit that a process noted last; a number that no unit has if there is none."""
    try:
        with open(os.path.join(notes, str(process)), "rb") as file:
            return int.from_bytes(file.read(), "little")
    except OSError:
        return -1


def _death(code: int | None) -> str:
    if code is None or code >= 0:
        return "ended" if code is None else f"ended with code {code}"
    return f"was killed by signal {-code}"


def _lost(item: Item, how: str) -> InputError:
    """Return the error for a file that a process had in hand when it died."""
    message = f"The process that had this file in hand {how}; not judged."
    return InputError(_item_name(item), 1, 1, f"{message} Run it again, or in a single process (--jobs 1).")


def _lost_chunk(chunk: Sequence[Unit], error: Exception) -> Part:
    """Return the error for the files of a chunk that failed, at the first of them."""
    first, *others = [_item_name(item) for _, items in chunk for item in items]
    message = (
        f"The worker that had this file in hand failed ({type(error).__name__}: {shorten(str(error))}); not judged."
    )
    if others:
        listed = ", ".join(others[:_LISTED]) + (f" and {len(others) - _LISTED} more" if len(others) > _LISTED else "")
        message += f" Neither were the other files of its chunk: {listed}."
    return Part(problems=[InputError(first, 1, 1, f"{message} Run it again, or in a single process (--jobs 1).")])


def _item_name(item: Item) -> str:
    return name_of(item.path) if isinstance(item, File | LeftOut) else item_name(item)
