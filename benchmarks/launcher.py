"""Start processes for the benchmarks, and measure their time and peak memory.

Linux counts the memory of the starting process for the process that it starts, so smaller values cannot be measured.
This script has few imports and runs with ``python -I -S``, so that it needs less memory than every process that it
measures. It reads marshalled requests (arguments, environment, working folder) from standard input, and answers each
with (seconds, CPU seconds, ``ru_maxrss``, exit code).
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
