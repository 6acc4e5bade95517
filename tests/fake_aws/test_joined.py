"""Image Builder and moto's services behind one endpoint."""

import pytest
from botocore.exceptions import ClientError

from tests.fake_aws.faults import Fault
from tests.fake_aws.seed import BUCKET, PROFILE, client
from tests.fake_aws.server import ACCOUNT

pytest.importorskip("moto")


def test_profile_and_topic_are_those_of_iam_and_sns(fake, seeded):
    ib = client(fake, "imagebuilder")
    ib.create_infrastructure_configuration(name="web", instanceProfileName=PROFILE, snsTopicArn=seeded.topic)
    with pytest.raises(ib.exceptions.InvalidParameterValueException, match="profile does not exist"):
        ib.create_infrastructure_configuration(name="web2", instanceProfileName="nobody")
    with pytest.raises(ib.exceptions.InvalidParameterValueException, match="snsTopicArn"):
        ib.create_infrastructure_configuration(
            name="web2", instanceProfileName=PROFILE, snsTopicArn=f"{seeded.topic}-2"
        )


def test_the_account_has_what_a_build_needs(fake, seeded):
    assert fake.calls == []
    attributes = client(fake, "sns").get_topic_attributes(TopicArn=seeded.topic)["Attributes"]
    assert attributes["KmsMasterKeyId"] == seeded.key
    key = client(fake, "kms").describe_key(KeyId=seeded.key)["KeyMetadata"]
    assert key["AWSAccountId"] == ACCOUNT
    policies = client(fake, "iam").list_attached_role_policies(RoleName="build-role")["AttachedPolicies"]
    assert "EC2InstanceProfileForImageBuilder" in {p["PolicyName"] for p in policies}
    assert client(fake, "s3").get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == "eu-west-1"
    client(fake, "ec2").describe_subnets(SubnetIds=[seeded.subnet])
    assert not any(call.write for call in fake.calls)
    assert [call.action for call in fake.calls] == [
        "sns:GetTopicAttributes",
        "kms:DescribeKey",
        "iam:ListAttachedRolePolicies",
        "s3:GetBucketLocation",
        "ec2:DescribeSubnets",
    ]


def test_a_role_of_another_account_is_assumed(fake):
    given = client(fake, "sts").assume_role(
        RoleArn="arn:aws:iam::333322221111:role/deploy", RoleSessionName="test", ExternalId="secret"
    )["Credentials"]
    other = client(fake, "sts", access_key=given["AccessKeyId"])
    assert other.get_caller_identity()["Account"] == "333322221111"
    fake.other_services.profiles.add(PROFILE)
    ib = client(fake, "imagebuilder", access_key=given["AccessKeyId"])
    arn = ib.create_infrastructure_configuration(name="web", instanceProfileName=PROFILE)
    assert ":333322221111:" in arn["infrastructureConfigurationArn"]


def test_a_key_can_belong_to_another_account(fake):
    arn = "arn:aws:kms:eu-west-1:333322221111:key/11111111-2222-3333-4444-555555555555"
    fake.overrides.foreign_key(arn, "333322221111")
    kms = client(fake, "kms")
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["AWSAccountId"] == "333322221111"
    with pytest.raises(ClientError, match="AccessDenied"):
        kms.get_key_policy(KeyId=arn, PolicyName="default")


def test_the_defaults_for_instance_metadata_are_answered(fake):
    ec2 = client(fake, "ec2")
    assert ec2.get_instance_metadata_defaults()["AccountLevel"] == {}
    fake.overrides.imds = {"httpTokens": "required", "httpTokensEnforced": "enabled"}
    assert ec2.get_instance_metadata_defaults()["AccountLevel"] == {
        "HttpTokens": "required",
        "HttpTokensEnforced": "enabled",
    }


DENIED = [
    ("sns", "GetTopicAttributes", {"TopicArn": "arn:aws:sns:eu-west-1:1:t"}, "AuthorizationError"),
    ("kms", "DescribeKey", {"KeyId": "x"}, "AccessDeniedException"),
    ("iam", "GetInstanceProfile", {"InstanceProfileName": "x"}, "AccessDenied"),
    ("ec2", "DescribeSubnets", {}, "UnauthorizedOperation"),
    ("s3", "GetBucketLocation", {"Bucket": "x"}, "AccessDenied"),
    ("sts", "GetCallerIdentity", {}, "AccessDenied"),
]


@pytest.mark.parametrize(("service", "operation", "params", "code"), DENIED)
def test_a_denied_read_is_an_error_of_its_service(fake, service, operation, params, code):
    fake.denied = {f"{service}:{operation}"}
    caller = client(fake, service)
    with pytest.raises(ClientError) as caught:
        caller._make_api_call(operation, params)
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(("service", "operation", "params", "_"), DENIED)
def test_faults_strike_the_other_services_too(fake, service, operation, params, _):
    fake.script.add(Fault("error", service=service, operation=operation, code="Throttling", status=400))
    with pytest.raises(ClientError, match="Throttling"):
        client(fake, service)._make_api_call(operation, params)
