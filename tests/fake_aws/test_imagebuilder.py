"""The fake of Image Builder, with a real client."""

import pytest
from botocore.exceptions import ClientError

from tests.fake_aws.seed import client
from tests.fake_aws.server import ACCOUNT
from tests.fake_aws.wire import service_model

ARN = f"arn:aws:imagebuilder:eu-west-1:{ACCOUNT}:infrastructure-configuration/web-one"
SPEC = {"name": "Web_One", "instanceProfileName": "builder", "clientToken": "token-1"}


@pytest.fixture
def ib(bare_fake):
    return client(bare_fake, "imagebuilder")


def refused(call, **params):
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def create(ib, **more):
    return ib.create_infrastructure_configuration(**{**SPEC, **more})["infrastructureConfigurationArn"]


def get(ib):
    return ib.get_infrastructure_configuration(infrastructureConfigurationArn=ARN)["infrastructureConfiguration"]


def test_what_was_created_is_shown_with_its_name_as_given_and_defaults_filled_in(ib):
    assert create(ib, tags={"team": "images"}) == ARN
    shown = get(ib)
    assert (shown["name"], shown["arn"], shown["tags"]) == ("Web_One", ARN, {"team": "images"})
    assert shown["terminateInstanceOnFailure"] is True
    assert isinstance(shown["dateCreated"], str)


def test_a_name_that_is_the_same_when_normalised_is_taken(ib):
    create(ib)
    call = ib.create_infrastructure_configuration
    assert refused(call, **{**SPEC, "name": "web one", "clientToken": "other"}) == (
        "ResourceAlreadyExistsException",
        400,
    )


def test_the_same_token_gives_the_same_answer_without_a_second_effect(ib, bare_fake):
    assert create(ib) == create(ib) == ARN
    assert bare_fake.imagebuilder.creates() == [ARN]


def test_the_same_token_with_other_parameters_is_refused(ib):
    create(ib)
    found = refused(ib.create_infrastructure_configuration, **SPEC, keyPair="k")
    assert found == ("IdempotentParameterMismatchException", 400)


def test_a_replay_after_a_delete_answers_the_arn_of_what_is_gone(ib):
    create(ib)
    ib.delete_infrastructure_configuration(infrastructureConfigurationArn=ARN)
    assert create(ib) == ARN
    found = refused(ib.get_infrastructure_configuration, infrastructureConfigurationArn=ARN)
    assert found == ("ResourceNotFoundException", 404)


def test_forgotten_tokens_create_again(ib, bare_fake):
    create(ib)
    ib.delete_infrastructure_configuration(infrastructureConfigurationArn=ARN)
    bare_fake.imagebuilder.forget_tokens()
    create(ib)
    assert get(ib)["arn"] == ARN


def test_a_dry_run_creates_nothing(ib, bare_fake):
    found = refused(ib.create_infrastructure_configuration, **SPEC, dryRun=True)
    assert found == ("DryRunOperationException", 412)
    assert bare_fake.imagebuilder.effects == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a"},
        {"name": " web"},
        {"instanceProfileName": "arn:aws:iam::1:instance-profile/x"},
        {"instanceMetadataOptions": {"httpPutResponseHopLimit": 65}},
        {"instanceMetadataOptions": {"httpTokens": "Required"}},
        {"instanceMetadataOptions": {"httpTokens": "required\n"}},
        {"placement": {"tenancy": "shared"}},
        {"resourceTags": {f"k{i}": "" for i in range(31)}},
        {"tags": {"aws:x": "y"}},
        {"snsTopicArn": "arn:aws:sns:eu-west-1:1:topic"},
        {"snsTopicArn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:missing"},
        {"subnetId": "subnet-1"},
        {"placement": {"tenancy": "host", "hostId": "h-1", "hostResourceGroupArn": "arn"}},
        {"instanceProfileName": "nobody"},
    ],
    ids=str,
)
def test_what_the_model_or_the_documentation_forbids_is_refused(ib, bare_fake, wrong):
    _, status = refused(ib.create_infrastructure_configuration, **{**SPEC, **wrong})
    assert status == 400
    assert bare_fake.imagebuilder.effects == []


def test_a_profile_may_be_unknown_for_a_while(ib, bare_fake):
    bare_fake.imagebuilder.unknown_profile_creates = 1
    assert refused(ib.create_infrastructure_configuration, **SPEC) == ("InvalidParameterValueException", 400)
    assert create(ib) == ARN


def test_what_was_created_may_be_invisible_for_a_while(ib, bare_fake):
    bare_fake.imagebuilder.hidden_gets = 2
    create(ib)
    for _ in range(2):
        assert refused(get, ib=ib)[0] == "ResourceNotFoundException"
    assert get(ib)["arn"] == ARN


def test_empty_structures_are_shown_on_request(ib, bare_fake):
    bare_fake.imagebuilder.empty_structures = True
    create(ib)
    assert (get(ib)["instanceMetadataOptions"], get(ib)["logging"]) == ({}, {"s3Logs": {}})


def test_an_update_replaces_everything_but_name_and_tags(ib):
    create(ib, description="old", keyPair="k", tags={"a": "b"})
    ib.update_infrastructure_configuration(
        infrastructureConfigurationArn=ARN, instanceProfileName="builder", description="new"
    )
    shown = get(ib)
    assert (shown["description"], shown.get("keyPair"), shown["tags"]) == ("new", None, {"a": "b"})


def test_tags_are_added_and_removed(ib):
    create(ib)
    ib.tag_resource(resourceArn=ARN, tags={"a": "1", "b": "2"})
    ib.untag_resource(resourceArn=ARN, tagKeys=["a"])
    assert ib.list_tags_for_resource(resourceArn=ARN)["tags"] == {"b": "2"}


def test_pipelines_are_found_by_their_configuration_and_keep_it_from_being_deleted(ib, bare_fake):
    create(ib)
    recipe = f"arn:aws:imagebuilder:eu-west-1:{ACCOUNT}:container-recipe/app/1.0.0"
    pipeline = {
        "arn": f"arn:aws:imagebuilder:eu-west-1:{ACCOUNT}:image-pipeline/app",
        "containerRecipeArn": recipe,
        "infrastructureConfigurationArn": ARN,
    }
    bare_fake.imagebuilder.pipelines.append(pipeline)
    named = [{"name": "infrastructureConfigurationArn", "values": [ARN]}]
    other = [{"name": "infrastructureConfigurationArn", "values": [ARN + "-2"]}]
    assert ib.list_image_pipelines(filters=named)["imagePipelineList"] == [pipeline]
    assert ib.list_image_pipelines(filters=other)["imagePipelineList"] == []
    found = refused(ib.delete_infrastructure_configuration, infrastructureConfigurationArn=ARN)
    assert found == ("ResourceDependencyException", 400)


def test_a_quota_ends_creates(ib, bare_fake):
    bare_fake.imagebuilder.quota = 0
    assert refused(ib.create_infrastructure_configuration, **SPEC) == ("ServiceQuotaExceededException", 402)


def test_accounts_follow_the_access_key_and_regions_the_signature(bare_fake):
    bare_fake.accounts["AKIAOTHER"] = "333322221111"
    arn = create(client(bare_fake, "imagebuilder", "us-gov-west-1", "AKIAOTHER"))
    assert arn == "arn:aws-us-gov:imagebuilder:us-gov-west-1:333322221111:infrastructure-configuration/web-one"
    assert client(bare_fake, "sts", access_key="AKIAOTHER").get_caller_identity()["Account"] == "333322221111"


def test_a_denied_operation_is_denied_and_logged(ib, bare_fake):
    bare_fake.denied = {"imagebuilder:CreateInfrastructureConfiguration"}
    assert refused(ib.create_infrastructure_configuration, **SPEC) == ("AccessDeniedException", 403)
    (call,) = bare_fake.calls
    assert (call.action, call.write, call.status) == ("imagebuilder:CreateInfrastructureConfiguration", True, 403)


def test_every_operation_that_it_has_is_one_of_the_model(bare_fake):
    mine = {name[1:] for name in dir(bare_fake.imagebuilder) if name[1:2].isupper()}
    assert mine <= set(service_model("imagebuilder").operation_names)
    assert "CreateInfrastructureConfiguration" in mine


def test_it_runs_as_a_process_and_is_scripted_from_outside(fake_process):
    import boto3
    from botocore.config import Config

    env = fake_process.environment
    ib = boto3.client(
        "imagebuilder",
        region_name=env["AWS_REGION"],
        endpoint_url=env["AWS_ENDPOINT_URL"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key="x",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
    )
    fake_process.ask("faults", [{"kind": "error", "code": "ForbiddenException"}])
    assert refused(ib.create_infrastructure_configuration, **SPEC) == ("ForbiddenException", 403)
    create(ib)
    assert fake_process.ask("effects") == [{"operation": "CreateInfrastructureConfiguration", "arn": ARN}]
    assert [call["status"] for call in fake_process.ask("calls")] == [403, 200]
