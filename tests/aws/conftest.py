"""The command line, with the fake as its account."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from iblint.aws.live_facts import LiveFacts
from iblint.aws.session import Access, Session
from iblint.cli import main
from tests.fake_aws.fixture import _impatient, bare_fake, fake, running, seeded
from tests.fake_aws.seed import Seeded, client

__all__ = ["_impatient", "bare_fake", "fake", "running", "seeded"]

SPEC = """\
# iblint: build-type=ami
name: web
instanceProfileName: builder
instanceTypes: [m7i.large, m7a.large]
terminateInstanceOnFailure: true
snsTopicArn: {topic}
subnetId: {subnet}
securityGroupIds: [{group}]
instanceMetadataOptions: {{httpTokens: required, httpPutResponseHopLimit: 2}}
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch, tmp_path, tmp_path_factory):
    for name in list(os.environ):
        if name.startswith(("AWS_", "GITHUB_", "IBLINT_")):
            monkeypatch.delenv(name)
    cache = tmp_path_factory.getbasetemp() / "cache"  # one for all tests: to compile the rules takes a second
    cache.mkdir(mode=0o700, exist_ok=True)
    monkeypatch.setenv("IBLINT_CACHE_DIR", str(cache))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.chdir(tmp_path)


def enter(monkeypatch, fake) -> None:
    for name, value in fake.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def account(fake, seeded, monkeypatch) -> Seeded:
    """The fake's account, set up in the environment."""
    enter(monkeypatch, fake)
    return seeded


@pytest.fixture
def topic(fake) -> Callable[[str], str]:
    """Make a topic with a key of its own; returns its ARN."""

    def make(key: str) -> str:
        sns = client(fake, "sns")
        arn = sns.create_topic(Name=f"topic-{len(sns.list_topics()['Topics'])}")["TopicArn"]
        sns.set_topic_attributes(TopicArn=arn, AttributeName="KmsMasterKeyId", AttributeValue=key)
        fake.calls.clear()
        return str(arn)

    return make


@pytest.fixture
def bare_account(bare_fake, monkeypatch):
    """The fake of Image Builder alone, set up in the environment."""
    enter(monkeypatch, bare_fake)
    return bare_fake


@pytest.fixture
def facts(account) -> LiveFacts:
    return LiveFacts(Session(Access(read_timeout=0.5)))


@pytest.fixture
def spec(account, tmp_path) -> Callable[..., Path]:
    """Write a configuration that passes in the account, with some lines replaced."""

    def write(**replaced: str) -> Path:
        text = SPEC.format(topic=account.topic, subnet=account.subnet, group=account.group)
        for key, value in replaced.items():
            kept = [line for line in text.splitlines() if not line.startswith(f"{key}:")]
            text = "\n".join([*kept, f"{key}: {value}"]) + "\n"
        file = tmp_path / "web.yaml"
        file.write_text(text)
        return file

    return write


@pytest.fixture
def iblint(capsys) -> Callable[..., Result]:
    def run(*args: str) -> Result:
        code = main(list(args))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run
