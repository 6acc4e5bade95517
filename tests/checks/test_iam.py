"""IB209, IB404 and IB405: what examples cannot show of secrets and policies."""

from typing import Any

import pytest

from iblint.model.context import Target
from iblint.model.path import to_pointer
from iblint.model.values import Unresolved
from iblint.model.verdict import Verdict
from tests.checks.judging import judge, request

SECRETS = [
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ghp_" + "a1" * 18,
    "xoxb-1234567890-abc",
    "https://builder:hunter2@git.example.com",
]
NAMED = [
    ("password", "hunter22"),
    ("DbPassword", "correct-horse"),
    ("api_key", "aB3dE5fG7hJ9" * 3),
    ("pwd", "hunter22x"),
]
HARMLESS = [
    "AKIA",
    "XAKIAIOSFODNN7EXAMPLEX",
    "-----BEGIN CERTIFICATE-----",
    "https://git.example.com:8443/a@b",
    "arn:aws:sns:eu-west-1:210987654321:builds",
    "mail builder@example.com",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("written", [lambda text: text, lambda text: Unresolved(text, "not resolved")])
def test_a_secret_is_found_anywhere_and_never_repeated(secret: str, written: Any) -> None:
    spec = {"name": "web", "tags": {"Note": written(f"use {secret} here")}, "subnetId": f"{secret}"}
    found = judge("IB209", request(spec))
    assert [to_pointer(violation.path) for violation in found.violations] == ["/tags/Note", "/subnetId"]
    said = " ".join([found.reason, *(f"{violation.message} {violation.help}" for violation in found.violations)])
    assert not any(part in said for part in (secret, secret[-8:], "hunter2"))


@pytest.mark.parametrize(("name", "value"), NAMED)
def test_a_value_under_a_name_of_secrets_is_a_secret(name: str, value: str) -> None:
    found = judge("IB209", request({"name": "web", "tags": {name: value}}))
    assert [to_pointer(violation.path) for violation in found.violations] == [f"/tags/{name}"]
    assert judge("IB209", request({"name": "web", "tags": {"Note": value}})).verdict is Verdict.PASS
    assert judge("IB209", request({"tags": {name: Unresolved("!Ref X", "a parameter")}})).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_are_no_secrets(text: str) -> None:
    assert judge("IB209", request({"description": text, "tags": {"Note": text}})).verdict is Verdict.PASS


def test_a_required_tag_is_asked_of_each_map() -> None:
    options = {"keys": ["Team"], "on": "both"}
    found = judge("IB404", request({"tags": {"team": "web"}, "resourceTags": {"Team": "web"}}), options=options)
    assert [to_pointer(violation.path) for violation in found.violations] == ["/tags/Team"]


def test_a_missing_tag_outweighs_an_open_value() -> None:
    options = {"keys": ["Team", "Stage"], "patterns": {"Stage": ["dev"]}}
    spec = {"tags": {"Stage": Unresolved("!Ref Stage", "the parameter has no default")}}
    found = judge("IB404", request(spec), options=options)
    assert found.verdict is Verdict.FAIL
    assert [to_pointer(violation.path) for violation in found.violations] == ["/tags/Team"]


@pytest.mark.parametrize(
    ("spec", "options", "expected"),
    [
        ({"name": "web"}, {"names": ["WEB"]}, ["/name"]),
        ({"instanceProfileName": "builder"}, {"instance-profiles": ["image-*"]}, ["/instanceProfileName"]),
        ({}, {"instance-types": ["m7i.*"]}, ["/instanceTypes"]),
        ({"instanceTypes": []}, {"instance-types": ["m7i.*"]}, ["/instanceTypes"]),
        ({}, {"security-groups": ["sg-1"]}, ["/securityGroupIds"]),
        ({"securityGroupIds": ["sg-1", "sg-2"]}, {"security-groups": ["sg-1"]}, ["/securityGroupIds/1"]),
        ({"snsTopicArn": "arn:b"}, {"topics": ["arn:a"]}, ["/snsTopicArn"]),
        ({"logging": {"s3Logs": {"s3KeyPrefix": "x"}}}, {"key-prefixes": ["a/*"]}, ["/logging/s3Logs/s3KeyPrefix"]),
    ],
)
def test_each_restricted_member(spec: dict[str, Any], options: dict[str, list[str]], expected: list[str]) -> None:
    found = judge("IB405", request(spec), options=options)
    assert [to_pointer(violation.path) for violation in found.violations] == expected


def test_members_that_are_left_out_are_no_breach() -> None:
    options = {name: ["a"] for name in ("names", "instance-profiles", "topics", "key-prefixes")}
    assert judge("IB405", request({}), options=options).verdict is Verdict.PASS


def test_account_and_region_come_from_the_target() -> None:
    options = {"accounts": ["2*"], "regions": ["eu-*"]}
    fits, account, both = (
        judge("IB405", request({}), options=options, target=Target(account=account, region=region))
        for account, region in (("2", "eu-west-1"), ("4", "eu-west-1"), ("4", "us-east-1"))
    )
    assert fits.verdict is Verdict.PASS
    assert [len(found.violations) for found in (account, both)] == [1, 1]
    assert ("Region" in account.reason, "Region" in both.reason) == (False, True)
    assert judge("IB405", request({}), options=options).verdict is Verdict.UNKNOWN
    assert judge("IB405", request({}), options=options, caller="4").verdict is Verdict.FAIL
