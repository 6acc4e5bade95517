"""Credentials, and the allow-list of every client."""

import logging

import pytest

from iblint.aws.allowlist import READS, WRITES, NotAllowed
from iblint.aws.errors import AwsError
from iblint.aws.session import Access, Session
from tests.fake_aws.faults import Fault

WRITE = {"name": "web", "instanceProfileName": "builder"}


def test_a_reader_cannot_write(bare_account):
    reader = Session(Access()).reader("imagebuilder")
    with pytest.raises(NotAllowed, match="imagebuilder:CreateInfrastructureConfiguration"):
        reader.create_infrastructure_configuration(**WRITE)
    assert bare_account.calls == []


@pytest.mark.parametrize("operation", ["delete_infrastructure_configuration", "cancel_image_creation"])
def test_a_writer_cannot_do_more_than_create_update_and_tag(bare_account, operation):
    writer = Session(Access()).writer()
    with pytest.raises(NotAllowed):
        getattr(writer, operation)()
    assert bare_account.calls == []


def test_no_write_is_on_the_list_of_reads():
    assert all(name.partition(":")[2].startswith(("Get", "List", "Describe", "Head")) for name in READS)
    assert not READS & WRITES
    assert not any("Delete" in name for name in WRITES)


def test_the_environment_cannot_change_the_retry_mode(bare_account, monkeypatch):
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
    retries = Session(Access()).reader("imagebuilder").meta.config.retries
    assert (retries["mode"], retries["total_max_attempts"]) == ("standard", 3)


def test_a_role_is_assumed_with_its_external_id(fake, account):
    session = Session(Access(role_arn="arn:aws:iam::333322221111:role/deploy", external_id="partner-7"))
    identity = session.reader("sts").get_caller_identity()
    assert identity["Account"] == "333322221111"
    (assumed,) = [call for call in fake.calls if call.operation == "AssumeRole"]
    assert assumed.params["ExternalId"] == "partner-7"


def test_a_role_that_may_not_be_assumed_ends_the_run(fake, account):
    fake.denied.add("sts:AssumeRole")
    with pytest.raises(AwsError, match=r"Cannot assume the role .*Grant sts:AssumeRole") as caught:
        Session(Access(role_arn="arn:aws:iam::333322221111:role/deploy"))
    assert caught.value.exit_code == 5


def test_a_missing_profile_and_a_missing_region_are_reported(bare_account, monkeypatch):
    with pytest.raises(AwsError, match="The profile does not exist"):
        Session(Access(profile="nobody"))
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(AwsError, match="Give --region"):
        Session(Access())


def test_a_profile_of_the_aws_configuration(bare_account, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text("[profile builds]\nregion = eu-central-1\n")
    (tmp_path / "credentials").write_text("[builds]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n")
    bare_account.accounts["AKIAOTHER"] = "468013579246"
    session = Session(Access(profile="builds"))
    assert session.region == "eu-central-1"
    assert session.reader("sts").get_caller_identity()["Account"] == "468013579246"


def test_nothing_secret_is_logged_or_printed(account, fake, spec, iblint, caplog, monkeypatch):
    secret, token = "wJalrXUtnFEMIfakefakefakefakefakefakefake", "FwoGZXIvYXdzEBYaDFakeSessionToken"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    quoted = f"The request signature does not match. 'x-amz-security-token:{token}'"
    fake.script.add(
        Fault("error", service="kms", operation="DescribeKey", code="SignatureDoesNotMatch", message=quoted)
    )
    caplog.set_level(logging.DEBUG)
    for name in ("botocore", "boto3", "urllib3"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    result = iblint("check", "--live", "-v", str(spec()))
    said = caplog.text + result.out + result.err
    assert "IB904" in result.out
    for hidden in (secret, token, "AKIAFAKEFAKEFAKEFAKE", "AWS4-HMAC-SHA256"):
        assert hidden not in said
    assert "sts:GetCallerIdentity answered with HTTP 200" in caplog.text
