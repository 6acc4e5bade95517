"""A run of the command line in a process of its own. Its own module, to be preloaded by the server that forks it."""

from __future__ import annotations

import os
import resource
import signal
import sys
import types
from pathlib import Path

from iblint.apply import create, execute, retry
from iblint.cli import main

SPEC = """\
# iblint: build-type=ami
name: golden-web
instanceProfileName: builder
instanceTypes: [m6i.large, m5.large]
terminateInstanceOnFailure: true
instanceMetadataOptions:
  httpTokens: required
  httpPutResponseHopLimit: 2
"""
MEMORY = 2 << 30
"""Bytes of address space."""


def run(folder: Path, name: str, environment: dict[str, str], args: tuple[str, ...]) -> None:
    """Run ``iblint`` in a folder, with its output in ``NAME.txt``. ``NAME.ready`` is made just before.

    At its end, the exit code is in ``NAME.code``: the server that forks loses one from time to time.
    """
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    output = os.open(f"{name}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.stdout = os.fdopen(1, "w", buffering=1)
    sys.stderr = os.fdopen(2, "w", buffering=1)
    sys.stdin = Path(os.devnull).open()  # noqa: SIM115 - the process ends with it
    hurry()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for a command in the background
    Path(f"{name}.ready").touch()
    code = main(["apply", *args])
    sys.stdout.flush()
    Path(f"{name}.code").write_text(str(int(code)))
    os._exit(code)


def hurry() -> None:
    """Shorten the pauses, not the number of attempts."""
    retry.FIRST_PAUSE = retry.LONGEST_PAUSE = 0.02
    execute.VISIBILITY_TIMEOUT = create.VISIBILITY_TIMEOUT = 2.5
    execute.PROFILE_PAUSE = 0.02
    import botocore.endpoint

    botocore.endpoint.time = types.SimpleNamespace(sleep=lambda seconds: None)
