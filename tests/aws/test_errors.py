"""The classification of every failure, raised by a real client."""

import pytest
from botocore.exceptions import ClientError

from iblint.aws.errors import classify
from iblint.aws.live_facts import LiveFacts
from iblint.aws.session import Access, Session
from iblint.text.secrets import redact_aws_message
from tests.fake_aws.faults import Fault

NEVER = ("no", "never", 5)
AGAIN_UNKNOWN = ("unknown", "same-token", 7)
TEN = {
    "ServiceException": ("server", *AGAIN_UNKNOWN),
    "ClientException": ("validation", *NEVER),
    "ServiceUnavailableException": ("server", *AGAIN_UNKNOWN),
    "InvalidRequestException": ("validation", *NEVER),
    "IdempotentParameterMismatchException": ("mismatch", *NEVER),
    "ForbiddenException": ("permission", *NEVER),
    "CallRateLimitExceededException": ("throttled", "no", "same-token", 5),
    "ResourceInUseException": ("in-use", *NEVER),
    "ResourceAlreadyExistsException": ("conflict", "no", "never", 6),
    "ServiceQuotaExceededException": ("quota", *NEVER),
}
OTHERS = {
    "InvalidParameterValueException": ("validation", *NEVER),
    "InvalidParameterCombinationException": ("validation", *NEVER),
    "InvalidParameterException": ("validation", *NEVER),
    "AccessDeniedException": ("permission", *NEVER),
    "TooManyRequestsException": ("throttled", "no", "same-token", 5),
    "DryRunOperationException": ("dry-run", "no", "never", 0),
    "ResourceNotFoundException": ("not-found", *NEVER),
    "ResourceDependencyException": ("in-use", *NEVER),
}


def create(**access):
    client = Session(Access(**access)).writer()
    return client.create_infrastructure_configuration(name="web", instanceProfileName="builder", clientToken="t")


def failure_of(**access):
    try:
        create(**access)
    except Exception as error:
        return classify(error, permission="imagebuilder:CreateInfrastructureConfiguration")
    raise AssertionError("the call succeeded")


@pytest.mark.parametrize(("code", "expected"), (TEN | OTHERS).items())
def test_every_documented_exception(bare_account, code, expected):
    bare_account.script.add(Fault("error", code=code, times=9))
    failure = failure_of()
    assert (failure.kind, failure.created, failure.retry, failure.exit_code) == expected
    assert failure.code == code
    assert failure.http is not None
    assert code in failure.message
    assert "This is a scripted fault." in failure.message


def test_each_of_the_ten_has_a_message_of_its_own():
    def text(code):
        return classify(ClientError({"Error": {"Code": code, "Message": ""}}, "Create")).message.replace(code, "")

    assert len({text(code) for code in TEN}) == len(TEN)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["reset", "truncated", "html", "slow-body"])
def test_without_a_valid_response_the_outcome_is_unknown(bare_account, kind, when):
    bare_account.script.add(Fault(kind, when=when, seconds=0.6, times=9))
    failure = failure_of(read_timeout=0.3)
    assert (failure.created, failure.retry, failure.exit_code) == AGAIN_UNKNOWN
    assert "It is not known whether anything was created." in failure.text


def test_a_refused_connection(monkeypatch):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAFAKE",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert failure_of().kind == "connection"


def test_reads_are_attempted_three_times_and_writes_once(bare_account):
    bare_account.script.add(Fault("error", operation="", code="ServiceException", times=9))
    failure_of()
    assert len(bare_account.calls) == 1
    with pytest.raises(ClientError):
        Session(Access()).reader("imagebuilder").list_image_pipelines()
    assert len(bare_account.calls) == 1 + 3


def test_a_profile_that_is_too_new_may_be_retried(bare_account):
    message = (
        "The value supplied for parameter 'instanceProfileName' is not valid. The provided instance profile does not "
        "exist. Please specify a different instance profile and try again."
    )
    bare_account.script.add(Fault("error", code="InvalidParameterValueException", message=message))
    failure = failure_of()
    assert (failure.kind, failure.retry) == ("validation", "propagation")


def test_the_denied_action_is_named(bare_account):
    message = "User: arn:aws:iam::1:user/x is not authorized to perform: iam:PassRole on resource: y"
    bare_account.script.add(Fault("error", code="ForbiddenException", message=message))
    failure = failure_of()
    assert failure.permission == "iam:PassRole"
    assert failure.next_step == "Grant iam:PassRole to the caller, then run again."
    bare_account.script.add(Fault("error", code="AccessDeniedException", message="No."))
    assert failure_of().permission == "imagebuilder:CreateInfrastructureConfiguration"


@pytest.mark.parametrize(
    ("response", "kind", "exit_code"),
    [
        ({"Error": {"Code": "Brandnew"}, "ResponseMetadata": {"HTTPStatusCode": 418}}, "validation", 5),
        ({"Error": {"Code": "Brandnew"}, "ResponseMetadata": {"HTTPStatusCode": 507}}, "server", 7),
        ({"Error": {"Code": "Brandnew"}, "ResponseMetadata": {"HTTPStatusCode": 429}}, "throttled", 5),
        ({"Error": {"Code": "Unknown"}, "ResponseMetadata": {"HTTPStatusCode": 408}}, "server", 7),
        ({"Error": {}}, "validation", 5),
        ({}, "validation", 5),
        ({"Error": {"Code": "ExpiredTokenException"}}, "identity", 5),
        ({"ResponseMetadata": {"HTTPStatusCode": "x"}}, "validation", 5),
    ],
)
def test_an_undocumented_response(response, kind, exit_code):
    failure = classify(ClientError({"Error": {}} | response, "Create"))
    assert (failure.kind, failure.exit_code) == (kind, exit_code)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("RequestTimeTooSkewed", "The difference is too large."),
        (
            "InvalidSignatureException",
            "Signature not yet current: 20270101T000000Z is later than 20261128T000000Z",
        ),
        ("SignatureDoesNotMatch", "Signature expired: 20251128T000000Z is now earlier than 20261128T000000Z"),
    ],
)
def test_a_wrong_clock_is_reported_as_such(bare_account, code, message):
    bare_account.script.add(Fault("error", code=code, status=403, message=message))
    failure = failure_of()
    assert (failure.kind, failure.exit_code, failure.created) == ("identity", 5, "no")
    assert failure.next_step == "Set this machine's clock, then run again."
    bare_account.script.add(
        Fault("error", service="sts", operation="GetCallerIdentity", code=code, status=403, message=message)
    )
    answer = LiveFacts(Session(Access())).identity()
    assert "clock" in answer.reason


@pytest.mark.parametrize(
    "error",
    [
        *(ValueError("x"), TypeError("x"), AttributeError("x"), KeyError("x"), IndexError("x")),
        *(RecursionError(), MemoryError(), UnicodeDecodeError("utf-8", b"x", 0, 1, "x")),
    ],
    ids=repr,
)
def test_what_a_parser_raises_is_an_answer_that_cannot_be_read(error):
    failure = classify(error)
    assert (failure.kind, failure.created, failure.retry, failure.exit_code) == ("unreadable", *AGAIN_UNKNOWN)
    assert "internal" not in failure.text


def test_an_internal_error_is_no_success():
    failure = classify(RuntimeError("password=hunter2secret"))
    assert (failure.created, failure.retry) == ("unknown", "never")
    assert "hunter2" not in failure.text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("x-amz-security-token:FwoGZXIvYXdzEBYaD+/=\nhost:x", "FwoGZXIvYXdzEBYaD"),
        (
            "Authorization=AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/r/s, Signature=abcdef0123",
            "abcdef0123",
        ),
        ("the key AKIAIOSFODNN7EXAMPLE is wrong", "IOSFODNN7EXAMPLE"),
        ("Encoded authorization failure message: " + "Ab1_" * 200, "Ab1_Ab1_"),
        ("secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "K7MDENG"),
        ("canonical " + "0f" * 32, "0f0f"),
    ],
)
def test_secrets_in_messages_of_aws_are_redacted(text, hidden):
    assert hidden not in redact_aws_message(text)


def test_ordinary_messages_are_not_changed():
    text = "The resource 'arn:aws:imagebuilder:eu-west-1:210987654321:infrastructure-configuration/web' already exists."
    assert redact_aws_message(text) == text
