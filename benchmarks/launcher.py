"""Starts processes for the benchmarks, times them and reads their peak memory: a script of its own, kept tiny.

Linux counts what the starting process holds as memory of the process that it starts, so nothing smaller than the
starter can be read. Run by ``python -I -S`` with these imports alone it stays below every process that it measures. It
reads marshalled requests (arguments, environment, working folder) from standard input until there are no more, and
answers each with (seconds, seconds of CPU, ``ru_maxrss``, exit code).
"""

import marshal
import os
import sys
from time import perf_counter

NULL = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
]


def run(argv: list[str], environment: dict[str, str], folder: str) -> tuple[float, float, int, int]:
    os.chdir(folder)
    begin = perf_counter()
    pid = os.posix_spawn(argv[0], argv, environment, file_actions=NULL)
    _, status, usage = os.wait4(pid, 0)
    seconds = perf_counter() - begin
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    while True:
        try:
            request = marshal.load(sys.stdin.buffer)
        except EOFError:
            break
        marshal.dump(run(*request), sys.stdout.buffer)
        sys.stdout.buffer.flush()
