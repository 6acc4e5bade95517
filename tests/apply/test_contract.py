"""The behaviour of Image Builder that iblint relies on, tested with the fake and, on request, with a real account.

``pytest tests/apply/test_contract.py --live-aws --live-profile NAME`` makes and deletes configurations named
``iblint-contract-...`` in the account and Region of the environment.
"""

import os
import uuid
from contextlib import suppress
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.fake_aws.seed import client

ENVIRONMENT = dict(os.environ)
"""The environment at the start of the tests, with credentials."""


class Service:
    """A client, the name of a profile that exists, and names that nobody else uses."""

    def __init__(self, ib, profile):
        self.ib, self.profile = ib, profile
        self.name = f"iblint-contract-{uuid.uuid4().hex[:8]}"
        self.made = set()

    def create(self, **more):
        request = {"name": self.name, "instanceProfileName": self.profile, **more}
        answer = self.ib.create_infrastructure_configuration(**request)
        self.made.add(answer["infrastructureConfigurationArn"])
        return answer["infrastructureConfigurationArn"]

    def get(self, arn):
        answer = self.ib.get_infrastructure_configuration(infrastructureConfigurationArn=arn)
        return answer["infrastructureConfiguration"]

    def refused(self, **more):
        with pytest.raises(ClientError) as caught:
            self.create(**more)
        answer = caught.value.response
        return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]

    def clean(self):
        for arn in self.made:
            with suppress(ClientError):
                self.ib.delete_infrastructure_configuration(infrastructureConfigurationArn=arn)


def pytest_generate_tests(metafunc):
    places = ["fake", "aws"] if metafunc.config.getoption("--live-aws") else ["fake"]
    metafunc.parametrize("service", places, indirect=True)


@pytest.fixture
def service(request, bare_fake):
    if request.param == "fake":
        made = Service(client(bare_fake, "imagebuilder"), "builder")
    else:
        with patch.dict(os.environ, ENVIRONMENT):
            made = Service(boto3.client("imagebuilder"), request.config.getoption("--live-profile"))
    yield made
    made.clean()


def test_the_arn_is_the_name_in_lower_case_with_hyphens(service):
    service.name = service.name.upper().replace("-", "_")
    arn = service.create()
    assert arn.rpartition("/")[2] == service.name.lower().replace("_", "-")
    assert service.get(arn)["name"] == service.name


def test_get_returns_the_request(service):
    sent = {
        "description": "contract",
        "instanceTypes": ["m5.large", "m6i.large"],
        "terminateInstanceOnFailure": True,
        "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
        "tags": {"team": "contract"},
    }
    found = service.get(service.create(**sent))
    assert {key: found.get(key) for key in sent} == sent


def test_get_returns_defaults(service):
    assert service.get(service.create())["terminateInstanceOnFailure"] is True


def test_a_dry_run_is_a_412_and_creates_nothing(service):
    assert service.refused(dryRun=True) == ("DryRunOperationException", 412)
    service.create()


def test_the_same_token_and_request_are_a_replay(service):
    token = str(uuid.uuid4())
    assert service.create(clientToken=token) == service.create(clientToken=token)


def test_the_same_token_with_another_request_is_a_mismatch(service):
    token = str(uuid.uuid4())
    service.create(clientToken=token)
    found = service.refused(clientToken=token, description="other")
    assert found == ("IdempotentParameterMismatchException", 400)


def test_a_name_that_differs_only_in_spelling_exists_already(service):
    service.create()
    service.name = service.name.upper().replace("-", "_")
    assert service.refused() == ("ResourceAlreadyExistsException", 400)


def test_a_profile_that_does_not_exist_is_refused(service):
    service.profile = f"no-such-profile-{uuid.uuid4().hex[:8]}"
    assert service.refused() == ("InvalidParameterValueException", 400)


def test_a_subnet_without_a_security_group_is_refused(service):
    _, status = service.refused(subnetId="subnet-0123456789abcdef0")
    assert status == 400


def test_a_missing_configuration_is_a_404(service):
    arn = service.create()
    service.ib.delete_infrastructure_configuration(infrastructureConfigurationArn=arn)
    with pytest.raises(ClientError) as caught:
        service.get(arn)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_an_update_clears_omitted_fields_and_keeps_the_tags(service):
    arn = service.create(description="old", tags={"team": "contract"})
    service.ib.update_infrastructure_configuration(
        infrastructureConfigurationArn=arn, instanceProfileName=service.profile
    )
    found = service.get(arn)
    assert not found.get("description")
    assert found["tags"] == {"team": "contract"}
