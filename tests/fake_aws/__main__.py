"""``python -m tests.fake_aws``: run the fake by hand until it is interrupted."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import threading

from tests.fake_aws.neighbours import Moto
from tests.fake_aws.seed import PROFILE, TOPIC, seed
from tests.fake_aws.server import ACCOUNT, FakeAws


def main() -> None:
    """Start the fake, print how to use it, wait for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_aws", description="A fake of AWS on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port; a free one by default")
    parser.add_argument("--without-moto", action="store_true", help="Image Builder's part alone")
    parser.add_argument("--json", action="store_true", help="print the environment as JSON")
    options = parser.parse_args()
    with FakeAws(moto=False if options.without_moto else None, port=options.port) as fake:
        if isinstance(fake.neighbours, Moto):
            seed(fake)
        else:
            fake.neighbours.profiles.add(PROFILE)
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


if __name__ == "__main__":
    main()
