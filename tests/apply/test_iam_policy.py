"""The least-privilege policies: enough for the calls that are made, and narrowed to the specification."""

import fnmatch
import json
import re

import pytest

from iblint.facts.questions import QUESTIONS
from tests.apply.conftest import ARN, ROOT, SPEC
from tests.fake_aws.seed import BUCKET
from tests.fake_aws.server import ACCOUNT, REGION

DOCS = ROOT / "docs" / "apply.md"
WHERE = ("--account", ACCOUNT, "--region", REGION, "--build-role", "build-role")
IAM_ACTION = {"s3:HeadBucket": "s3:ListBucket"}
"""Calls whose IAM action has another name."""


def policy(iblint, fake, purpose, *more):
    done = iblint(fake, "iam-policy", purpose, "web.yaml", *WHERE, *more)
    assert done.code == 0, done.err
    return json.loads(done.out)


def allowed(document):
    return {action for statement in document["Statement"] for action in statement["Action"]}


def test_every_call_of_an_apply_is_allowed_and_nothing_else(fake, seeded, iblint, tmp_path):
    text = f"snsTopicArn: {seeded.topic}\nsubnetId: {seeded.subnet}\nsecurityGroupIds: [{seeded.group}]\n"
    text += f"tags: {{team: images}}\nlogging: {{s3Logs: {{s3BucketName: {BUCKET}}}}}\n"
    (tmp_path / "web.yaml").write_text(SPEC + text)
    assert iblint(fake, "apply", "web.yaml", "--yes").code == 0
    made = {IAM_ACTION.get(call.action, call.action) for call in fake.calls} - {"sts:GetCallerIdentity"}
    assert made <= allowed(policy(iblint, fake, "apply")) | allowed(policy(iblint, fake, "preflight"))


def test_the_preflight_policy_allows_what_the_questions_need(fake, iblint, tmp_path):
    text = "snsTopicArn: arn:aws:sns:eu-west-1:210987654321:builds\nlogging: {s3Logs: {s3BucketName: logs}}\n"
    (tmp_path / "web.yaml").write_text(SPEC + text)
    assert allowed(policy(iblint, fake, "preflight")) == {q.action for q in QUESTIONS} - {"sts:GetCallerIdentity"}


def test_writes_are_allowed_for_the_one_configuration(bare_fake, iblint):
    statements = {s["Sid"]: s for s in policy(iblint, bare_fake, "apply")["Statement"]}
    assert statements["WriteConfigurations"]["Resource"] == [ARN]
    assert statements["PassRoleToBuildInstances"]["Resource"] == [f"arn:aws:iam::{ACCOUNT}:role/build-role"]
    condition = statements["PassRoleToBuildInstances"]["Condition"]
    assert condition == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    assert "PublishToTopic" not in statements
    assert not any(
        fnmatch.fnmatch("imagebuilder:DeleteInfrastructureConfiguration", a)
        for a in statements["WriteConfigurations"]["Action"]
    )


def test_updates_are_allowed_on_request(bare_fake, iblint):
    update = "imagebuilder:UpdateInfrastructureConfiguration"
    assert update not in allowed(policy(iblint, bare_fake, "apply"))
    assert {update, "imagebuilder:UntagResource"} <= allowed(policy(iblint, bare_fake, "apply", "--update"))


def test_other_partitions_have_their_own_arns(bare_fake, iblint):
    done = iblint(bare_fake, "iam-policy", "apply", "web.yaml", "--account", ACCOUNT, "--region", "cn-north-1")
    assert "arn:aws-cn:imagebuilder:cn-north-1:" in done.out
    assert "arn:aws:" not in done.out


def test_account_and_region_must_be_known_and_no_call_is_made(bare_fake, iblint):
    assert iblint(bare_fake, "iam-policy", "apply", "web.yaml").code == 2
    assert bare_fake.calls == []


@pytest.mark.parametrize(
    "line",
    [
        *('name: "*"', "name: web-*", 'name: "web?"', "instanceProfileName: '*'"),
        *("snsTopicArn: 'arn:aws:sns:*:*:*'", "logging: {s3Logs: {s3BucketName: 'logs?'}}"),
    ],
)
def test_a_specification_cannot_widen_the_policy(bare_fake, iblint, tmp_path, line):
    key = line.partition(":")[0]
    kept = [text for text in SPEC.splitlines() if not text.startswith(f"{key}:")]
    (tmp_path / "web.yaml").write_text("\n".join([*kept, line]) + "\n")
    printed = [iblint(bare_fake, "iam-policy", purpose, "web.yaml", *WHERE) for purpose in ("apply", "preflight")]
    assert any(run.code == 2 and "cannot be part of a policy" in run.err for run in printed)
    assert not any(wild in run.out for run in printed for wild in ("web-*", "?", "sns:*", "-profile/*"))


def test_the_documentation_explains_each_statement(bare_fake, iblint, tmp_path):
    text = "snsTopicArn: arn:aws:sns:eu-west-1:210987654321:builds\nlogging: {s3Logs: {s3BucketName: logs}}\n"
    (tmp_path / "web.yaml").write_text(SPEC + text)
    printed = (policy(iblint, bare_fake, purpose) for purpose in ("apply", "preflight"))
    named = {statement["Sid"] for document in printed for statement in document["Statement"]}
    told = {
        word for line in DOCS.read_text().splitlines() if line.startswith("| ") for word in re.findall(r"\w+", line)
    }
    assert len(named) > 10
    assert named <= told
