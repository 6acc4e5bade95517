"""``python -m tests.fake_aws``: run the fake until it is interrupted, or while a command runs."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading

from tests.fake_aws.other_services import Moto
from tests.fake_aws.seed import PROFILE, TOPIC, seed
from tests.fake_aws.server import ACCOUNT, FakeAws


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command with an environment. The commands of this Python are on its PATH."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    full = {**os.environ, **environment, "PATH": path}
    try:
        return subprocess.run([shutil.which(command[0], path=path) or command[0], *command[1:]], env=full).returncode
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127


def main() -> int:
    """Start the fake. Run the given command, or print how to use the fake and wait for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_aws", description="A fake of AWS on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port; a free one by default")
    parser.add_argument("--without-moto", action="store_true", help="Image Builder's part alone")
    parser.add_argument("--json", action="store_true", help="print the environment as JSON")
    parser.add_argument("command", nargs="*", help="run this with the fake's environment, then end (after '--')")
    options = parser.parse_args()
    with FakeAws(moto=False if options.without_moto else None, port=options.port) as fake:
        if isinstance(fake.other_services, Moto):
            seed(fake)
        else:
            fake.other_services.profiles.add(PROFILE)
        if options.command:
            return _run(options.command, fake.environment)
        lines = [f"export {name}={value}" for name, value in fake.environment.items()]
        if options.json:
            lines = [json.dumps(fake.environment)]
        else:
            lines += [f"# account {ACCOUNT}, instance profile {PROFILE}, topic {TOPIC}; Ctrl-C ends it"]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        with contextlib.suppress(KeyboardInterrupt):
            stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
