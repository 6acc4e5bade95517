"""Every scripted fault, with a real client: the exception, and whether the call took effect."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from tests.fake_aws.faults import Fault
from tests.fake_aws.wire import service_model

SPEC = {"name": "web", "instanceProfileName": "builder", "clientToken": "token-1"}
CREATE = "CreateInfrastructureConfiguration"


def client(fake, attempts=1):
    return boto3.client(
        "imagebuilder",
        region_name="eu-west-1",
        endpoint_url=fake.endpoint,
        aws_access_key_id="AKIAFAKEFAKEFAKEFAKE",
        aws_secret_access_key="fake",
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}, read_timeout=0.3),
    )


def create(fake, attempts=1):
    return client(fake, attempts).create_infrastructure_configuration(**SPEC)


EXCEPTIONS = [shape.name for shape in service_model("imagebuilder").error_shapes]


@pytest.mark.parametrize("code", EXCEPTIONS)
def test_every_exception_of_the_model_can_be_produced(bare_fake, code):
    bare_fake.script.add(Fault("error", code=code))
    ib = client(bare_fake)
    with pytest.raises(getattr(ib.exceptions, code)) as caught:
        ib.create_infrastructure_configuration(**SPEC)
    shape = service_model("imagebuilder").shape_for(code)
    status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    assert status == shape.metadata["error"]["httpStatusCode"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["error", "reset", "truncated", "html", "slow-body"])
def test_a_fault_is_an_error_whether_or_not_the_call_took_effect(bare_fake, kind, when):
    bare_fake.script.add(Fault(kind, when=when, seconds=0.6))
    with pytest.raises(Exception):  # noqa: B017, PT011 - urllib3's own errors come through too
        create(bare_fake)
    assert len(bare_fake.imagebuilder.creates()) == (1 if when == "after" else 0)
    create(bare_fake)
    assert len(bare_fake.imagebuilder.creates()) == 1


def test_half_an_answer_in_json_is_a_success_without_an_arn_to_the_client(bare_fake):
    bare_fake.script.add(Fault("cut-json", when="after"))
    assert "infrastructureConfigurationArn" not in create(bare_fake)
    assert len(bare_fake.imagebuilder.creates()) == 1


def test_a_dropped_answer_is_made_good_by_the_same_token(bare_fake):
    bare_fake.script.add(Fault("reset", when="after"))
    assert create(bare_fake, attempts=2)["clientToken"] == "token-1"
    assert len(bare_fake.imagebuilder.creates()) == 1
    assert [call.status for call in bare_fake.calls] == [None, 200]


def test_latency_beyond_the_read_timeout_is_a_timeout(bare_fake):
    bare_fake.script.add(Fault("latency", seconds=1))
    with pytest.raises(ReadTimeoutError):
        create(bare_fake)
    assert len(bare_fake.imagebuilder.creates()) == 1


def test_a_fault_strikes_as_often_as_it_says_and_after_what_it_skips(bare_fake):
    bare_fake.script.add(Fault("error", code="ServiceException", times=2, skip=1))
    create(bare_fake)
    for _ in range(2):
        with pytest.raises(ClientError, match="ServiceException"):
            create(bare_fake)
    create(bare_fake)
    assert bare_fake.script.pending == 0


def test_a_hook_is_called_when_the_call_has_taken_effect(bare_fake):
    seen = []
    bare_fake.script.add(Fault("none", when="after", hook=lambda: seen.append(bare_fake.imagebuilder.creates())))
    create(bare_fake)
    assert len(seen[0]) == 1


def test_faults_hit_the_operation_that_they_name_alone(bare_fake):
    bare_fake.script.add(Fault("reset", operation="GetInfrastructureConfiguration"))
    arn = create(bare_fake)["infrastructureConfigurationArn"]
    with pytest.raises(BotoCoreError):
        client(bare_fake).get_infrastructure_configuration(infrastructureConfigurationArn=arn)
