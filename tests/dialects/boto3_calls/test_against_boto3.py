"""Each program is run with real boto3 against the fake: what it sends is what iblint judged, or is unresolved."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from iblint.model.settings import Settings
from tests.dialects.calls import agrees, judged_in

PROGRAMS = Path(__file__).parent / "programs"
NAMES = sorted(path.name for path in PROGRAMS.glob("*.py"))
ENVIRONMENT = {
    "IB_NAME": "from-the-environment",
    "IB_PROFILE": "builder",
    "IB_DESCRIPTION": "text",
    "IB_KEY": "key",
    "IB_ACCOUNT": "210987654321",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
"""Settles what iblint leaves unresolved."""

UNKNOWN = {
    "own_functions_of_known_names.py": {"terminateInstanceOnFailure", "description"},
    "computed_keys.py": {"terminateInstanceOnFailure"},
    "list_copies_that_share.py": {"instanceMetadataOptions"},
    "lists_that_grow.py": {"instanceTypes", "securityGroupIds"},
    "try_and_else.py": {"httpTokens"},
    "alias.py": {"terminateInstanceOnFailure"},
    "assigned_twice.py": {"httpTokens", "name"},
    "changed_by_a_function.py": {"terminateInstanceOnFailure"},
    "changed_from_a_function.py": {"terminateInstanceOnFailure"},
    "closures.py": {"httpTokens"},
    "copy_before_a_change.py": {"terminateInstanceOnFailure"},
    "environment.py": {"name", "instanceProfileName", "description", "keyPair", "snsTopicArn"},
    "execution_of_text.py": {"httpTokens"},
    "global_statement.py": {"httpTokens"},
    "item_assignments.py": {"instanceMetadataOptions", "keyPair"},
    "keywords.py": set(),
    "keyword_mapping.py": set(),
    "constants.py": set(),
    "deleted.py": set(),
    "merges.py": set(),
    "merge_operators.py": set(),
    "nested_by_a_name.py": {"instanceMetadataOptions"},
    "not_ascii.py": set(),
    "update.py": set(),
    "files.py": set(),
    "files_by_path.py": set(),
    "conditional.py": set(),
    "branches.py": set(),
}
"""Members that are unresolved, for the programs of which that is certain either way."""


@pytest.mark.integration
@pytest.mark.parametrize("name", NAMES)
def test_what_boto3_sends_is_what_was_judged(name, bare_fake, monkeypatch):
    monkeypatch.chdir(PROGRAMS)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    for variable, value in {**bare_fake.environment, **ENVIRONMENT}.items():
        monkeypatch.setenv(variable, value)
    bare_fake.other_services.topics.add("arn:aws:sns:eu-west-1:210987654321:builds")
    (resource,) = judged_in([name], Settings())
    if resource.operation == "update":
        runpy.run_path("keywords.py")
        bare_fake.calls.clear()
    runpy.run_path(name, run_name="__main__")
    (call,) = bare_fake.writes()
    unknown = agrees(resource.spec, call.params)
    if name in UNKNOWN:
        assert {path[-1] for path in unknown} >= UNKNOWN[name]
        assert not unknown or UNKNOWN[name]


def test_there_are_enough_programs():
    assert len(NAMES) >= 20
    assert UNKNOWN.keys() <= set(NAMES)
