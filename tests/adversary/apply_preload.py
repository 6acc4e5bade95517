"""Imported by the server that forks the runs: it makes all that a run makes once, so that a run takes a tenth."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from iblint.aws.session import Access, Session
from iblint.cli import main
from tests.adversary.apply_process import SPEC, hurry

NOBODY = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""An environment in which no call has an answer."""


def prepare() -> None:
    """Plan once, without an account, and read the models of the services."""
    before, streams = dict(os.environ), (sys.stdout, sys.stderr)
    os.environ.update(NOBODY)
    hurry()
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nothing:
        spec = Path(folder) / "web.yaml"
        spec.write_text(SPEC)
        sys.stdout = sys.stderr = nothing
        try:
            main(["plan", str(spec), "--no-config", "--region", "eu-west-1"])
        finally:
            sys.stdout, sys.stderr = streams
    session = Session(Access(region="eu-west-1"))
    for service in ("sts", "imagebuilder", "iam", "ec2"):
        session.reader(service)
    os.environ.clear()
    os.environ.update(before)


prepare()
