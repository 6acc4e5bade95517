"""A call in a program or a script is planned and applied if every value of it is known."""

from __future__ import annotations

import pytest

PROGRAM = """\
import boto3

NAME = "golden-web"
client = boto3.client("imagebuilder", region_name="eu-west-1")


def build(profile):
    request = {"name": NAME, "instanceProfileName": "builder"}
    request["terminateInstanceOnFailure"] = True
    # iblint: build-type=ami sns-topic-key=none
    client.create_infrastructure_configuration(
        **request, instanceMetadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 2}
    )


def other(profile):
    # iblint: build-type=ami
    client.create_infrastructure_configuration(
        name="other", instanceProfileName=profile, instanceMetadataOptions={"httpTokens": "required"}
    )
"""
SCRIPT = """\
#!/bin/bash
# iblint: build-type=ami
NAME=golden-web
aws imagebuilder create-infrastructure-configuration --name "$NAME" --instance-profile-name builder \\
  --region eu-west-1 --terminate-instance-on-failure \\
  --instance-metadata-options httpTokens=required,httpPutResponseHopLimit=2
"""
FILES = {
    "app.py": (PROGRAM, "build.create_infrastructure_configuration"),
    "run.sh": (SCRIPT, "create-infrastructure-configuration"),
}
SENT = {
    "name": "golden-web",
    "instanceProfileName": "builder",
    "terminateInstanceOnFailure": True,
    "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
}


@pytest.mark.parametrize("file", FILES)
def test_a_call_with_known_values_is_applied(iblint, bare_fake, tmp_path, file):
    text, address = FILES[file]
    (tmp_path / file).write_text(text)
    planned = iblint(bare_fake, "plan", file, "--resource", address)
    assert planned.code == 0, planned.out + planned.err
    assert bare_fake.writes() == []
    applied = iblint(bare_fake, "apply", file, "--resource", "golden-web", "--yes")
    assert applied.code == 0, applied.out + applied.err
    call = bare_fake.writes()[-1]  # the first one is a dry run
    assert {key: value for key, value in call.params.items() if key not in ("clientToken", "dryRun")} == SENT
    assert len(bare_fake.imagebuilder.configurations) == 1


@pytest.mark.parametrize("file", FILES)
def test_a_call_must_be_named(iblint, bare_fake, tmp_path, file):
    text, address = FILES[file]
    (tmp_path / file).write_text(text)
    refused = iblint(bare_fake, "plan", file)
    assert refused.code == 2
    assert f"--resource {address}" in refused.err


def test_a_call_with_unknown_values_is_refused(iblint, bare_fake, tmp_path):
    (tmp_path / "app.py").write_text(PROGRAM)
    refused = iblint(bare_fake, "plan", "app.py", "--resource", "other")
    assert refused.code == 1
    assert "'instanceProfileName' is not known" in refused.out + refused.err


def test_a_call_for_another_region_is_refused(iblint, bare_fake, tmp_path):
    (tmp_path / "run.sh").write_text(SCRIPT.replace("eu-west-1", "eu-north-1"))
    refused = iblint(bare_fake, "plan", "run.sh", "--resource", "golden-web")
    assert refused.code == 1
    assert "Region 'eu-north-1'" in refused.out
    assert bare_fake.writes() == []
