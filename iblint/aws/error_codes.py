"""The table of failures: the meaning of each error code, and of each exception if there is no response. Data only.

If AWS does not document whether a failed create may have taken effect, the table takes the worse case: after a server
error, or without a response, it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.exit_codes import ExitCode
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Kind: TypeAlias = (
    "Literal['identity', 'permission', 'validation', 'quota', 'throttled', 'conflict', 'mismatch', "
    "'in-use', 'not-found', 'dry-run', 'server', 'timeout', 'connection', 'unreadable', 'client']"
)
Created: TypeAlias = "Literal['no', 'unknown', 'yes']"
Retry: TypeAlias = "Literal['never', 'same-token', 'propagation']"
"""``same-token``: retry after a pause with the same client token. ``propagation``: retry a few times, and only if the
instance profile exists."""

CLEAN, CONFLICT, OUTCOME_UNKNOWN = ExitCode.CLEAN, ExitCode.CONFLICT, ExitCode.OUTCOME_UNKNOWN


class Meaning(Record):
    """The meaning of a failure."""

    kind: Kind
    what: str
    """What happened: a clause. The code and AWS's own message follow it."""
    next_step: str
    created: Created = "no"
    retry: Retry = "never"
    exit_code: ExitCode = ExitCode.AWS_REFUSED
    quote: bool = True
    """Whether the message repeats the exception's own text."""


_CORRECT = "Correct the configuration and run again."
_AGAIN = "Run the same command again later: that is safe."
_CREDENTIALS = "Renew or correct the credentials (profile, role, environment), then run again."
_CHECK_POLICIES = "Check the caller's policies, permissions boundary and the organization's policies, then run again."

_DENIED = Meaning("permission", "AWS denied the call", _CHECK_POLICIES)
_IDENTITY = Meaning("identity", "AWS does not accept the credentials", _CREDENTIALS)
CLOCK = Meaning(
    "identity",
    "This machine's clock and AWS's clock differ too much",
    "Set this machine's clock, then run again.",
)
_THROTTLED = Meaning("throttled", "AWS throttled the call", _AGAIN, retry="same-token")
_SERVER = Meaning("server", "The service failed", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN)
_PARAMETER = Meaning("validation", "The service refused a parameter", _CORRECT)

BY_CODE: Mapping[str, Meaning] = {
    # documented by CreateInfrastructureConfiguration
    "ServiceException": _SERVER,
    "ClientException": Meaning(
        "validation",
        "The service, or another service that it called, refused the request",
        "Read the message, correct the configuration or the account, and run again.",
    ),
    "ServiceUnavailableException": Meaning(
        "server", "The service is unavailable", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN
    ),
    "InvalidRequestException": Meaning("validation", "The service rejected the request as malformed", _CORRECT),
    "IdempotentParameterMismatchException": Meaning(
        "mismatch",
        "The client token was used before with other parameters",
        "Compare the configuration in the account. If the request changes, so does its token.",
    ),
    "ForbiddenException": Meaning("permission", "The caller is not allowed to do this", _CHECK_POLICIES),
    "CallRateLimitExceededException": Meaning(
        "throttled", "EC2 throttled the calls that Image Builder makes for you", _AGAIN, retry="same-token"
    ),
    "ResourceInUseException": Meaning(
        "in-use", "The configuration is in use or being changed", "Wait until the change is complete, then run again."
    ),
    "ResourceAlreadyExistsException": Meaning(
        "conflict",
        "A configuration of this name exists (names that differ only in case, blanks or underscores are the same)",
        "Compare it with the plan. Choose another name, or update the existing configuration.",
        exit_code=CONFLICT,
    ),
    "ServiceQuotaExceededException": Meaning(
        "quota", "A quota of the account is exhausted", "Delete unused resources, or request a higher quota."
    ),
    # known from the other calls
    "InstanceProfileMissing": Meaning(
        "validation",
        "The instance profile does not exist, or is too new to be visible everywhere",
        "Create the instance profile, or wait half a minute if it is new, and run again.",
        retry="propagation",
    ),
    "InvalidParameterValueException": _PARAMETER,
    "InvalidParameterCombinationException": Meaning(
        "validation", "The service refused the combination of parameters", _CORRECT
    ),
    "InvalidParameterException": _PARAMETER,
    "ValidationException": _PARAMETER,
    "AccessDeniedException": _DENIED,
    "AccessDenied": _DENIED,
    "AuthorizationError": _DENIED,
    "UnauthorizedOperation": _DENIED,
    "KMSAccessDenied": _DENIED,
    "403": _DENIED,
    "TooManyRequestsException": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "Throttling": _THROTTLED,
    "ThrottledException": _THROTTLED,
    "RequestThrottled": _THROTTLED,
    "RequestLimitExceeded": _THROTTLED,
    "SlowDown": _THROTTLED,
    "DryRunOperationException": Meaning("dry-run", "The dry run succeeded", "Nothing is left to do.", exit_code=CLEAN),
    "ResourceNotFoundException": Meaning("not-found", "The resource does not exist", "Check name, account and Region."),
    "ResourceDependencyException": Meaning(
        "in-use", "Another resource depends on this one", "Remove the dependency, then run again."
    ),
    "ExpiredTokenException": Meaning("identity", "The credentials have expired", _CREDENTIALS),
    "ExpiredToken": Meaning("identity", "The credentials have expired", _CREDENTIALS),
    "RequestExpired": Meaning("identity", "The request or its credentials have expired", _CREDENTIALS),
    "RequestTimeTooSkewed": CLOCK,
    "RequestInTheFuture": CLOCK,
    "InvalidClientTokenId": _IDENTITY,
    "UnrecognizedClientException": _IDENTITY,
    "InvalidSignatureException": _IDENTITY,
    "SignatureDoesNotMatch": _IDENTITY,
    "AuthFailure": _IDENTITY,
    "MissingAuthenticationToken": _IDENTITY,
    "IncompleteSignature": _IDENTITY,
    "InvalidAccessKeyId": _IDENTITY,
    "OptInRequired": Meaning(
        "identity", "The service or Region is not enabled in this account", "Enable it, then run again."
    ),
}

UNKNOWN_CODE = Meaning("validation", "AWS refused the call", "Read the message, correct the cause, and run again.")

BY_STATUS: Mapping[int, Meaning] = {
    401: _IDENTITY,
    402: BY_CODE["ServiceQuotaExceededException"],
    403: _DENIED,
    404: BY_CODE["ResourceNotFoundException"],
    408: _SERVER,
    429: _THROTTLED,
    500: _SERVER,
}

_NO_CREDENTIALS = Meaning("identity", "There are no usable credentials", _CREDENTIALS)
_BROKEN = Meaning(
    "connection", "The connection to AWS failed", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN, quote=False
)
_UNREADABLE = Meaning(
    "unreadable",
    "AWS's response cannot be parsed",
    _AGAIN,
    "unknown",
    "same-token",
    OUTCOME_UNKNOWN,
    quote=False,
)

_MORE_TIME = "Run the same command again, with a longer --deadline if this happens again: that is safe."

NO_RESPONSE: Mapping[str, Meaning] = {
    "NotStartedError": Meaning("timeout", "The deadline was over before the call", _MORE_TIME, quote=False),
    "DeadlineError": Meaning(
        "timeout",
        "AWS did not answer before the deadline",
        _MORE_TIME,
        "unknown",
        exit_code=OUTCOME_UNKNOWN,
        quote=False,
    ),
    "ReadTimeoutError": Meaning(
        "timeout", "AWS did not answer in time", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN, quote=False
    ),
    "ConnectTimeoutError": Meaning(
        "timeout",
        "AWS could not be reached in time",
        _AGAIN,
        "unknown",
        "same-token",
        OUTCOME_UNKNOWN,
        quote=False,
    ),
    "SSLError": Meaning(
        "connection",
        "The connection to AWS is not secure",
        "Check the certificates, the proxy and the endpoint, then run again.",
        "unknown",
        exit_code=OUTCOME_UNKNOWN,
    ),
    "ConnectionError": _BROKEN,
    "HTTPClientError": _BROKEN,
    "IncompleteReadError": _BROKEN,
    "HTTPError": _BROKEN,  # urllib3's, which come through while the body is read
    "HTTPException": _BROKEN,
    "OSError": _BROKEN,
    "ResponseParserError": _UNREADABLE,
    "ChecksumError": _UNREADABLE,
    # what botocore's parsers raise for a response of another shape: null, other types, bytes, deep nesting, any size
    **dict.fromkeys(("ValueError", "TypeError", "AttributeError", "LookupError"), _UNREADABLE),
    **dict.fromkeys(("RecursionError", "MemoryError"), _UNREADABLE),
    "NoCredentialsError": _NO_CREDENTIALS,
    "PartialCredentialsError": _NO_CREDENTIALS,
    "CredentialRetrievalError": _NO_CREDENTIALS,
    "MetadataRetrievalError": _NO_CREDENTIALS,
    "NoAuthTokenError": _NO_CREDENTIALS,
    "TokenRetrievalError": _NO_CREDENTIALS,
    "SSOError": _NO_CREDENTIALS,
    "LoginError": _NO_CREDENTIALS,
    "MissingDependencyException": _NO_CREDENTIALS,
    "RefreshWithMFAUnsupportedError": _NO_CREDENTIALS,
    "InfiniteLoopConfigError": _NO_CREDENTIALS,
    "InvalidConfigError": _NO_CREDENTIALS,
    "ConfigParseError": Meaning("identity", "The AWS configuration cannot be read", _CREDENTIALS),
    "ProfileNotFound": Meaning("identity", "The profile does not exist", "Name a profile of your AWS configuration."),
    "NoRegionError": Meaning("identity", "No Region is known", "Give --region, or set one in the profile."),
    "InvalidRegionError": Meaning("identity", "The Region is not valid", "Give a Region such as eu-west-1."),
    "EndpointProviderError": Meaning("identity", "No endpoint is known", "Check the Region and the endpoint's URL."),
    "ParamValidationError": Meaning("client", "The request is not valid", _CORRECT),
    "NotAllowed": Meaning("client", "The call is not allowed and was not sent", "Please report this."),
    "BotoCoreError": Meaning("client", "The call could not be made", _CORRECT, "unknown", exit_code=OUTCOME_UNKNOWN),
    "Exception": Meaning(
        "client",
        "The call failed with an internal error",
        "Please report this.",
        "unknown",
        exit_code=OUTCOME_UNKNOWN,
        quote=False,
    ),
    "BaseException": Meaning(
        "client", "The call was interrupted", _AGAIN, "unknown", exit_code=OUTCOME_UNKNOWN, quote=False
    ),
}
"""By the name of the exception's class, or of its nearest base class that is listed."""
