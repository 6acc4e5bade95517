"""IB204, IB205 and IB206: the topic, its key, and whose they are."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from iblint.config.load import load_settings
from iblint.dialects.shared.directives import check_directive
from iblint.model.context import Target
from iblint.model.errors import ConfigError
from iblint.model.values import Unresolved
from iblint.model.verdict import Verdict
from tests.checks.judging import judge, request, shown

OWN, OTHER = "210987654321", "468013579246"
KEY_ID = "8f2b7a54-3c1d-4e6f-9a80-b1c2d3e4f506"
OPEN = Unresolved("!Ref Topic", "another stack decides")


def topic(account: str = OWN, region: str = "eu-west-1", partition: str = "aws") -> str:
    return f"arn:{partition}:sns:{region}:{account}:builds"


def key_arn(account: str, name: str = f"key/{KEY_ID}") -> str:
    return f"arn:aws:kms:eu-west-1:{account}:{name}"


def judged(arn: Any, key: str | None, account: str | None = None, **more: Any) -> Verdict:
    directives = [("sns-topic-key", key)] if key else []
    return judge("IB204", request({"snsTopicArn": arn}, *directives), target=Target(account=account), **more).verdict


BARE = [KEY_ID, f"mrk-{'a1' * 16}", "alias/aws/sns", "alias/notifications"]


@pytest.mark.parametrize("key", BARE)
@pytest.mark.parametrize(
    ("arn", "account", "expected"),
    [
        (topic(OWN), OWN, Verdict.PASS),
        (topic(OWN), None, Verdict.PASS),
        (topic(OTHER), OWN, Verdict.FAIL),
        (OPEN, OWN, Verdict.UNKNOWN),
        (OPEN, None, Verdict.UNKNOWN),
    ],
)
def test_a_bare_key_is_the_topic_owners(key: str, arn: Any, account: str | None, expected: Verdict) -> None:
    assert judged(arn, key, account) is expected


@pytest.mark.parametrize("name", [f"key/{KEY_ID}", "alias/aws/sns", "alias/team/builds"])
@pytest.mark.parametrize(
    ("arn", "key_account", "account", "expected"),
    [
        (topic(OWN), OWN, OWN, Verdict.PASS),
        (topic(OWN), OWN, None, Verdict.PASS),
        (topic(OWN), OTHER, OWN, Verdict.FAIL),
        (topic(OWN), OTHER, None, Verdict.FAIL),
        (topic(OTHER), OWN, OWN, Verdict.PASS),
        (topic(OTHER), OTHER, OWN, Verdict.FAIL),
        (OPEN, OWN, OWN, Verdict.PASS),
        (OPEN, OTHER, OWN, Verdict.FAIL),
        (OPEN, OWN, None, Verdict.UNKNOWN),
    ],
)
def test_an_arn_names_the_keys_account(
    name: str, arn: Any, key_account: str, account: str | None, expected: Verdict
) -> None:
    assert judged(arn, key_arn(key_account, name), account) is expected


@pytest.mark.parametrize("account", [None, OWN])
def test_an_account_of_another_partition_is_another_account(account: str | None) -> None:
    chinese = key_arn(OWN).replace("arn:aws:", "arn:aws-cn:")
    assert judged(topic(OWN), chinese, account) is Verdict.FAIL
    assert judged(topic(OWN, partition="aws-cn"), chinese, account) is Verdict.PASS


KEYS = [
    "none",
    KEY_ID,
    KEY_ID.upper(),
    f"mrk-{'a1' * 16}",
    f"mrk-{'A1' * 16}",
    "alias/aws/sns",
    "alias/a_B-1",
    key_arn(OWN),
    key_arn(OWN, "alias/a"),
    key_arn(OWN).replace("arn:aws:", "arn:aws-us-gov:"),
]
NO_KEYS = ["", "None", "alias/a.b", "alias/", "alias/a b", f"alias/{'a' * 251}", KEY_ID[:-1], "key/" + KEY_ID]
NO_KEYS += [key_arn(OWN, "alias/a.b"), key_arn(OWN[:-1]), key_arn(OWN).replace("aws", "gcp"), key_arn(OWN) + "\n"]


@pytest.mark.parametrize(("key", "valid"), [*((key, True) for key in KEYS), *((key, False) for key in NO_KEYS)])
def test_comments_settings_and_rules_read_the_same_keys(key: str, valid: bool, tmp_path: Path) -> None:
    (tmp_path / ".iblint.yaml").write_text(f"sns-topic-keys: {{'*': {json.dumps(key)}}}\n")
    with nullcontext() if valid else pytest.raises(ConfigError):
        load_settings(None, tmp_path)
    with nullcontext() if valid else pytest.raises(ValueError, match="sns-topic-key"):
        check_directive("sns-topic-key", key, "this comment")
    subject, target = request({"snsTopicArn": topic()}), Target(account=OWN, sns_topic_keys={topic(): key})
    assert (judge("IB204", subject, target=target).verdict is not Verdict.UNKNOWN) is valid


@pytest.mark.parametrize("account", [None, OWN])
@pytest.mark.parametrize("arn", [topic(OWN), topic(OTHER), OPEN])
def test_no_evidence_is_unknown_for_own_and_foreign_topics(arn: Any, account: str | None) -> None:
    assert judged(arn, None, account) is Verdict.UNKNOWN


@pytest.mark.parametrize("arn", [topic(OWN), topic(OTHER), OPEN])
def test_a_topic_without_a_key_passes(arn: Any) -> None:
    assert judged(arn, "none", OWN) is Verdict.PASS


def test_the_caller_stands_in_for_a_declared_account() -> None:
    assert judged(topic(OTHER), key_arn(OTHER), caller=OWN) is Verdict.FAIL
    assert judged(topic(OTHER), key_arn(OTHER), OTHER, caller=OWN) is Verdict.PASS


def test_without_a_target_the_reason_names_the_topics_own_account() -> None:
    subject = request({"snsTopicArn": topic()}, ("sns-topic-key", KEY_ID))
    assert "the topic itself (no target account is declared)" in judge("IB204", subject).reason
    assert "the topic itself" not in judge("IB204", subject, target=Target(account=OWN)).reason


@pytest.mark.parametrize("key", ["alias", "key/" + KEY_ID, "arn:aws:kms:eu-west-1:1:key/x", "None", ""])
def test_a_key_that_cannot_be_read_proves_nothing(key: str) -> None:
    subject, target = request({"snsTopicArn": topic()}), Target(account=OWN, sns_topic_keys={topic(): key})
    assert judge("IB204", subject, target=target).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("arn", ["builds", "", topic() + ".fifo", topic() + "\n", "arn:aws:sns:eu-west-1::builds"])
def test_a_topic_that_cannot_be_read_is_unknown_whatever_is_declared(arn: str) -> None:
    assert judged(arn, "none", OWN) is Verdict.UNKNOWN


@pytest.mark.parametrize("arn", [None, 7, [topic()], {}])
def test_what_is_no_text_fails(arn: Any) -> None:
    assert judged(arn, "none", OWN) is Verdict.FAIL


@pytest.mark.parametrize(
    ("directives", "keys"),
    [
        ([("sns-topic-key", "none"), ("sns-topic-key", KEY_ID)], {}),
        ([("sns-topic-key", "none")], {topic(): KEY_ID}),
    ],
)
def test_declarations_that_disagree_are_an_error_naming_both(
    directives: list[tuple[str, str]], keys: dict[str, str]
) -> None:
    subject = request({"snsTopicArn": topic()}, *directives)
    found = judge("IB204", subject, target=Target(account=OWN, sns_topic_keys=keys))
    assert found.verdict is Verdict.ERROR
    assert "is 'none' according to" in found.reason
    assert f"'{KEY_ID}' according to" in found.reason


def test_what_is_declared_for_any_topic_yields_to_what_is_declared_for_this_one() -> None:
    anything = {"*": key_arn(OTHER)}
    subject = request({"snsTopicArn": topic()})
    declared = request({"snsTopicArn": topic()}, ("sns-topic-key", KEY_ID))
    assert judge("IB204", subject, target=Target(sns_topic_keys=anything)).verdict is Verdict.FAIL
    assert judge("IB204", subject, target=Target(sns_topic_keys={**anything, topic(): KEY_ID})).verdict is Verdict.PASS
    assert judge("IB204", declared, target=Target(sns_topic_keys=anything)).verdict is Verdict.PASS


def test_a_foreign_key_points_at_the_declaration() -> None:
    subject = request({"snsTopicArn": topic()}, ("sns-topic-key", key_arn(OTHER)))
    (violation,) = judge("IB204", subject).violations
    assert [place.span.line for place in violation.related] == [1]


@pytest.mark.parametrize(
    ("arn", "account", "region", "expected"),
    [
        (topic(), OWN, "eu-west-1", "pass"),
        (topic(), OTHER, "eu-west-1", "fail, warning"),
        (topic(), OWN, "eu-west-2", "fail, error"),
        (topic(), OTHER, "eu-west-2", "fail, error"),
        (topic(), OTHER, None, "fail, warning"),
        (topic(), None, "eu-west-2", "fail, error"),
        (topic(), OWN, None, "unknown"),
        (topic(), None, "eu-west-1", "unknown"),
        (topic(region="cn-north-1", partition="aws-cn"), OWN, "cn-north-1", "pass"),
        (topic(region="cn-north-1"), OWN, "cn-north-1", "fail, error"),
        (topic(region="us-gov-west-1", partition="aws-us-gov"), OWN, "us-gov-west-1", "pass"),
        (topic(region="us-iso-east-1", partition="aws-iso"), OWN, "us-iso-east-1", "pass"),
        (topic(region="eusc-de-east-1", partition="aws-eusc"), OWN, "eusc-de-east-1", "pass"),
        (topic(region="eusc-de-east-1"), OWN, "eusc-de-east-1", "fail, error"),
        (topic(region="eu-isoe-west-1", partition="aws-iso-e"), OWN, "eu-isoe-west-1", "pass"),
        (topic(region="us-isof-south-1", partition="aws-iso-f"), OWN, "us-isof-south-1", "pass"),
        (OPEN, OWN, "eu-west-1", "unknown"),
        ("builds", OWN, "eu-west-1", "not-applicable"),
    ],
)
def test_topic_against_target(arn: Any, account: str | None, region: str | None, expected: str) -> None:
    subject = request({"snsTopicArn": arn})
    found = judge("IB205", subject, target=Target(account=account, region=region))
    assert shown("IB205", subject, found) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["none"], Verdict.FAIL),
        ([KEY_ID], Verdict.PASS),
        (["alias/aws/sns"], Verdict.PASS),
        ([], Verdict.UNKNOWN),
        (["none", KEY_ID], Verdict.UNKNOWN),
    ],
)
def test_encryption(keys: list[str], expected: Verdict) -> None:
    subject = request({"snsTopicArn": topic()}, *(("sns-topic-key", key) for key in keys))
    assert judge("IB206", subject).verdict is expected
