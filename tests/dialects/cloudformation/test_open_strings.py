"""Strings of which a part is not known: what the rest says counts."""

from __future__ import annotations

import pytest

from tests.dialects.cloudformation.templates import FAIL, PASS, UNKNOWN, finding, template, verdict

OWN, OTHER = "111122223333", "444455556666"
PARAMETERS = {
    "Id": {"Type": "String"},
    "Account": {"Type": "String"},
    "Security": {"Type": "String", "Default": OTHER},
}


def ref(name):
    return {"Ref": name}


def sub(text, **own):
    return {"Fn::Sub": [text, own] if own else text}


def join(delimiter, *parts):
    return {"Fn::Join": [delimiter, list(parts)]}


def with_key(key, metadata=None, **resources):
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}}
    made = template({"SnsTopicArn": ref("Topic")}, Parameters=PARAMETERS, Resources={"Topic": topic, **resources})
    if metadata is not None:
        made["Resources"]["Web"]["Metadata"] = {"iblint": {"sns-topic-key": metadata}}
    return made


ALIAS = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/builds", "TargetKeyId": "x"}}
DECLARED = f"arn:aws:kms:eu-west-1:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("key", "alone", "declared"),
    [
        (sub("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Id}"), PASS, PASS),
        (sub("arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/builds"), PASS, PASS),
        (join(":", "arn:aws:kms", ref("AWS::Region"), ref("AWS::AccountId"), sub("key/${Id}")), PASS, PASS),
        (sub("arn:aws:kms:${AWS::Region}:${Security}:key/${Id}"), UNKNOWN, FAIL),
        (sub(f"arn:aws:kms:${{AWS::Region}}:{OTHER}:alias/builds"), UNKNOWN, FAIL),
        (join("", "arn:aws:kms:", ref("AWS::Region"), f":{OTHER}:key/", ref("Id")), UNKNOWN, FAIL),
        (sub("arn:aws:kms:${AWS::Region}:${A}:key/x", A=OTHER), UNKNOWN, FAIL),
        (sub("arn:aws:kms:${AWS::Region}:${Account}:key/x"), UNKNOWN, UNKNOWN),
    ],
)
def test_the_account_in_the_arn_of_a_key_counts(judge, key, alone, declared):
    made = with_key(key, Alias=ALIAS)
    assert verdict(judge(made), "IB204") is alone
    assert verdict(judge(made, account=OWN), "IB204") is declared


@pytest.mark.parametrize(
    "key",
    [
        "arn:aws:kms:eu-west-1:${AWS::AccountId}:key/x",
        sub("arn:aws:kms:${AWS::Region}:${!AWS::AccountId}:key/x"),
        sub("arn:aws:kms:${AWS::Region}:${A}:key/x", A="${AWS::AccountId}"),
        sub("arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/x", **{"AWS::AccountId": ref("Account")}),
        join("$", sub("arn:aws:kms:${AWS::Region}:"), "{AWS::AccountId}:key/x"),
        join("", sub("arn:aws:kms:${AWS::Region}:"), "$", ref("Id"), "{AWS::AccountId}:key/x"),
    ],
)
def test_a_text_that_looks_like_the_account_is_not_it(judge, key):
    assert verdict(judge(with_key(key)), "IB204") is UNKNOWN
    assert verdict(judge(with_key(key), account=OWN), "IB204") is UNKNOWN


def test_a_key_in_a_known_account_is_named_while_the_target_is_not_known(judge):
    made = with_key(f"arn:aws:kms:eu-west-1:{OTHER}:key/1234abcd-12ab-34cd-56ef-1234567890ab")
    shown = finding(judge(made), "IB204")
    assert f"is in account '{OTHER}' according to the topic 'Topic' on line 1 of web.yaml" in shown.message
    assert "--account" in shown.help


def test_a_declared_key_agrees_with_an_open_one_of_its_account(judge):
    same = sub("arn:aws:kms:${AWS::Region}:" + OWN + ":key/${Id}")
    foreign = sub("arn:aws:kms:${AWS::Region}:" + OTHER + ":key/${Id}")
    assert verdict(judge(with_key(same, DECLARED), account=OWN), "IB204") is PASS
    assert str(verdict(judge(with_key(foreign, DECLARED), account=OWN), "IB204")) == "error"
    assert str(verdict(judge(with_key(foreign, "none"), account=OWN), "IB204")) == "error"


@pytest.mark.parametrize(
    "arn",
    [
        sub(
            "arn:${AWS::Partition}:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/${N}",
            N="web",
        ),
        join(
            "",
            *("arn:", ref("AWS::Partition"), ":imagebuilder:", ref("AWS::Region"), ":", ref("AWS::AccountId")),
            ":infrastructure-configuration/web",
        ),
    ],
)
def test_a_name_in_an_arn_that_is_put_together_is_a_link(judge, arn):
    pipeline = {"InfrastructureConfigurationArn": arn, "ContainerRecipeArn": "x"}
    resources = {"Pipeline": {"Type": "AWS::ImageBuilder::ImagePipeline", "Properties": pipeline}}
    assert judge(template({}, Resources=resources)).configurations[0].build_type == "container"
