"""The table of failures: what each error code and each exception without an answer means. Data only.

What is not attested is treated as the worse case: an answer of the server's side, and no answer at all, leave it open
whether a Create took effect.
"""

from __future__ import annotations

from collections.abc import Mapping

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
"""``same-token``: again, after a pause, with the same client token. ``propagation``: a few times, and only when a live
read has seen the instance profile."""

REFUSED = 5
CONFLICT = 6
OUTCOME_UNKNOWN = 7


class Meaning(Record):
    """What a failure means."""

    kind: Kind
    what: str
    """What happened, a clause; the code and AWS's own words are put after it."""
    next_step: str
    created: Created = "no"
    retry: Retry = "never"
    exit_code: int = REFUSED
    quote: bool = True
    """Whether the exception's own text is worth repeating."""


_CORRECT = "Correct the configuration and run again."
_AGAIN = "Run the same command again later: that is safe."
_CREDENTIALS = "Renew or correct the credentials (profile, role, environment), then run again."
_ASK = "Look at the caller's policies, permissions boundary and the organization's policies, then run again."

_DENIED = Meaning("permission", "AWS denied the call", _ASK)
_IDENTITY = Meaning("identity", "AWS does not accept the credentials", _CREDENTIALS)
CLOCK = Meaning(
    "identity",
    "The clock of this machine and that of AWS differ too much",
    "Set this machine's clock, then run again.",
)
_THROTTLED = Meaning("throttled", "AWS limits the rate of the calls", _AGAIN, retry="same-token")
_SERVER = Meaning("server", "The service failed", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN)
_PARAMETER = Meaning("validation", "The service refused a parameter", _CORRECT)

BY_CODE: Mapping[str, Meaning] = {
    # the exceptions that CreateInfrastructureConfiguration documents
    "ServiceException": _SERVER,
    "ClientException": Meaning(
        "validation",
        "The service, or one that it asked, refused the request",
        "Read what it says, correct the configuration or the account, and run again.",
    ),
    "ServiceUnavailableException": Meaning(
        "server", "The service is not available at present", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN
    ),
    "InvalidRequestException": Meaning("validation", "The service calls the request malformed", _CORRECT),
    "IdempotentParameterMismatchException": Meaning(
        "mismatch",
        "The client token was used before with other parameters",
        "Look at what the account has; another request, if only with another description, has another token.",
    ),
    "ForbiddenException": Meaning("permission", "The caller may not do this", _ASK),
    "CallRateLimitExceededException": Meaning(
        "throttled", "EC2 limits the rate of the calls that Image Builder makes for you", _AGAIN, retry="same-token"
    ),
    "ResourceInUseException": Meaning(
        "in-use", "The configuration is in use or being changed", "Wait until the change has ended, then run again."
    ),
    "ResourceAlreadyExistsException": Meaning(
        "conflict",
        "A configuration of this name exists (case, blanks and underscores do not tell names apart)",
        "Compare it with the plan: choose another name, or update the existing one.",
        exit_code=CONFLICT,
    ),
    "ServiceQuotaExceededException": Meaning(
        "quota", "A quota of the account is used up", "Delete what is not needed, or ask AWS for a higher quota."
    ),
    # others that the calls are known to answer with
    "InstanceProfileMissing": Meaning(
        "validation",
        "The instance profile does not exist, or is too new to be seen everywhere",
        "Create the instance profile, or wait half a minute if it is new, and run again.",
        retry="propagation",
    ),
    "InvalidParameterValueException": _PARAMETER,
    "InvalidParameterCombinationException": Meaning(
        "validation", "The service refused parameters that do not go together", _CORRECT
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
    "DryRunOperationException": Meaning("dry-run", "The dry run succeeded", "Nothing is left to do.", exit_code=0),
    "ResourceNotFoundException": Meaning("not-found", "There is no such resource", "Check name, account and Region."),
    "ResourceDependencyException": Meaning(
        "in-use", "Something depends on the resource", "Take away what depends on it, then run again."
    ),
    "ExpiredTokenException": Meaning("identity", "The credentials have expired", _CREDENTIALS),
    "ExpiredToken": Meaning("identity", "The credentials have expired", _CREDENTIALS),
    "RequestExpired": Meaning("identity", "The request, or its credentials, have expired", _CREDENTIALS),
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
    "OptInRequired": Meaning("identity", "The account may not use this service or Region", "Enable the Region first."),
}

UNKNOWN_CODE = Meaning("validation", "AWS refused the call", "Read what it says, correct the cause, and run again.")

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
    "unreadable", "The answer cannot be understood", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN, quote=False
)

NO_ANSWER: Mapping[str, Meaning] = {
    "ReadTimeoutError": Meaning(
        "timeout", "AWS did not answer in time", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN, quote=False
    ),
    "ConnectTimeoutError": Meaning(
        "timeout", "AWS could not be reached in time", _AGAIN, "unknown", "same-token", OUTCOME_UNKNOWN, quote=False
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
    "JSONDecodeError": _UNREADABLE,
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
    "ProfileNotFound": Meaning("identity", "There is no such profile", "Name a profile of your AWS configuration."),
    "NoRegionError": Meaning("identity", "No Region is known", "Give --region, or set one in the profile."),
    "InvalidRegionError": Meaning("identity", "The Region is not valid", "Give a Region such as eu-west-1."),
    "EndpointProviderError": Meaning("identity", "There is no endpoint", "Check the Region and the endpoint's URL."),
    "ParamValidationError": Meaning("client", "The request is not one that can be sent", _CORRECT),
    "NotAllowed": Meaning("client", "The call was stopped before it was sent", "Please report this."),
    "BotoCoreError": Meaning("client", "The call could not be made", _CORRECT, "unknown", exit_code=OUTCOME_UNKNOWN),
    "Exception": Meaning(
        "client", "The call ended in a defect", "Please report this.", "unknown", exit_code=OUTCOME_UNKNOWN, quote=False
    ),
    "BaseException": Meaning(
        "client", "The call was interrupted", _AGAIN, "unknown", exit_code=OUTCOME_UNKNOWN, quote=False
    ),
}
"""By the name of the exception's class, or the nearest of its bases that is here."""
