"""Each script is run with the real AWS CLI against the fake: what it sends is what was judged, or is unresolved."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from iblint.model.settings import Settings
from tests.dialects.calls import agrees, judged_in

PROGRAMS = Path(__file__).parent / "programs"
NAMES = sorted(path.name for path in PROGRAMS.glob("*.sh"))
ENVIRONMENT = {
    "IB_NAME": "from-the-environment",
    "IB_PROFILE": "builder",
    "IB_USER": "someone",
    "IB_GROUP": "0123456789abcdef1",
    "IB_LIMIT": "2",
    "IB_TOKENS": "optional",
    "IB_MORE": "--no-terminate-instance-on-failure",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
"""Settles what iblint leaves unresolved."""

UNKNOWN = {
    "assigned_by_commands.sh": {"name", "instanceProfileName", "httpTokens", "httpPutResponseHopLimit"},
    "assigned_in_branches.sh": {"instanceProfileName", "httpTokens", "httpPutResponseHopLimit"},
    "assigned_twice.sh": {"instanceProfileName", "httpTokens"},
    "conditions_and_pipes.sh": set(),
    "continued_strings.sh": set(),
    "environment.sh": {"name", "instanceProfileName", "terminateInstanceOnFailure"},
    "functions.sh": {"name"},
    "functions_that_set.sh": {"httpTokens"},
    "global_options.sh": set(),
    "here_document.sh": {"description", "httpPutResponseHopLimit"},
    "here_document_as_an_argument.sh": {"httpTokens"},
    "here_document_changed.sh": {"terminateInstanceOnFailure"},
    "here_document_quoted.sh": set(),
    "here_document_to_tee.sh": set(),
    "here_document_twice.sh": {"terminateInstanceOnFailure"},
    "input_inline.sh": set(),
    "input_json.sh": set(),
    "json_arguments.sh": set(),
    "loops.sh": {"name"},
    "not_ascii.sh": set(),
    "options.sh": set(),
    "options_of_the_shell.sh": {"description", "httpTokens", "httpPutResponseHopLimit", "keyPair"},
    "quotes.sh": set(),
    "shorthand.sh": set(),
    "substitutions.sh": set(),
    "update.sh": set(),
    "variables.sh": {"description", 1},
    "wrapped.sh": set(),
}
"""Members that are unresolved, for the scripts of which that is certain either way."""


@pytest.mark.integration
@pytest.mark.skipif(importlib.util.find_spec("awscli") is None, reason="the AWS CLI (awscli) is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_what_the_cli_sends_is_what_was_judged(name, bare_fake, monkeypatch):
    monkeypatch.chdir(PROGRAMS)
    (resource,) = judged_in([name], Settings())
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = {**os.environ, **bare_fake.environment, **ENVIRONMENT, "PATH": path}
    if resource.operation == "update":
        subprocess.run(["bash", "options.sh"], env=environment, check=True, capture_output=True)
        bare_fake.calls.clear()
    done = subprocess.run(["bash", name], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (call,) = bare_fake.writes()
    unknown = agrees(resource.spec, call.params)
    assert resource.region in (None, call.region)
    if name in UNKNOWN:
        assert {path[-1] for path in unknown} >= UNKNOWN[name]
        assert not unknown or UNKNOWN[name]


def test_there_are_enough_scripts():
    assert len(NAMES) >= 20
    assert UNKNOWN.keys() <= set(NAMES)
