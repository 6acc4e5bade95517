"""Siblings of which a macro makes a part: what is not written may be there all the same."""

from __future__ import annotations

import pytest

from tests.dialects.cloudformation.templates import PASS, UNKNOWN, template, verdict

MACRO = {"Fn::Transform": {"Name": "Defaults"}}
LOOP = {"Fn::ForEach::Each": ["Each", {"Ref": "Keys"}, {"${Each}": "x"}]}
ONE_HOP = {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}


def pipeline(**properties):
    used = {"InfrastructureConfigurationArn": {"Ref": "Web"}}
    return {"Pipeline": {"Type": "AWS::ImageBuilder::ImagePipeline", "Properties": used | properties}}


@pytest.mark.parametrize("made", [MACRO, LOOP])
def test_a_topic_may_have_a_key_by_a_macro(judge, made):
    def with_topic(properties):
        topic = {"Type": "AWS::SNS::Topic", "Properties": properties}
        return template({"SnsTopicArn": {"Ref": "Topic"}}, Resources={"Topic": topic})

    assert verdict(judge(with_topic({"TopicName": "builds"})), "IB204") is PASS
    assert verdict(judge(with_topic({"TopicName": "builds"} | made)), "IB204") is UNKNOWN
    replaced = UNKNOWN if made is MACRO else PASS  # a loop only adds properties
    assert verdict(judge(with_topic({"KmsMasterKeyId": "alias/aws/sns"} | made)), "IB204") is replaced


def test_a_pipeline_may_have_another_recipe_by_a_macro(judge):
    def with_pipeline(**properties):
        return template({"InstanceMetadataOptions": ONE_HOP}, Resources=pipeline(**properties))

    assert verdict(judge(with_pipeline(ImageRecipeArn="arn")), "IB202") is PASS
    report = judge(with_pipeline(ImageRecipeArn="arn", **MACRO))
    assert (verdict(report, "IB202"), report.configurations[0].build_type) == (UNKNOWN, "unknown")
