"""Sessions with one account and Region: the credentials that the AWS tools use, guarded clients, time limits.

botocore holds the credentials, and nothing logs them: its debug log, which shows signatures and tokens, is switched
off.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from functools import cache

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import NoRegionError
from botocore.loaders import create_loader

from iblint.aws.allowlist import ASSUME, READS, WRITES, guard
from iblint.aws.errors import AwsError, classify
from iblint.model.record import Record
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from iblint.aws.deadline import Deadline

    _Answer = TypeVar("_Answer")

ATTEMPTS = 3
"""Attempts of one call, in botocore's retry mode "standard". Both are set here so that the environment cannot change
them."""

_LOGGERS = ("boto3", "botocore", "urllib3")
_log = logging.getLogger("iblint.aws")


class Access(Record):
    """The credentials and the Region of the calls. None means: as the environment has it."""

    region: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    connect_timeout: float = 5
    """Seconds."""
    read_timeout: float = 20
    """Seconds."""


class Session:
    """Guarded clients of one account and Region. Opening a session makes no call, except to assume a role.

    Raises AwsError if the profile does not exist, no Region is known or the role cannot be assumed.
    """

    def __init__(self, access: Access, deadline: Deadline | None = None) -> None:
        _silence_debug_logs()
        self.access = access
        self._deadline = deadline
        try:
            session = _open(profile_name=access.profile, region_name=access.region)
            region = session.region_name
        except Exception as error:
            raise AwsError(classify(error), "Cannot open a session with AWS") from None
        region = region or os.environ.get("AWS_REGION")  # boto3 does not read it; the other AWS tools do
        if not region:
            raise AwsError(classify(NoRegionError()), "Cannot open a session with AWS")
        self.region: str = region
        self._config = Config(
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            connect_timeout=access.connect_timeout,
            read_timeout=access.read_timeout,
            user_agent_extra=f"iblint/{__version__}",
        )
        self._session = session if access.role_arn is None else self._assume(session, access.role_arn)

    def reader(self, service: str, region: str | None = None) -> Any:
        """Return a client that can only make the allow-listed reads, in the session's Region or another one."""
        return self._client(self._session, service, READS, region)

    def writer(self) -> Any:
        """Return a client of Image Builder that can also create, update and tag; only ``apply`` uses it.

        It makes one attempt: ``apply`` retries calls itself, because it must know of each attempt whether it may have
        taken effect.
        """
        once = self._config.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
        return self._client(self._session, "imagebuilder", READS | WRITES, config=once)

    def run(self, call: Callable[[], _Answer], share: float = 1.0) -> _Answer:
        """Make a read, in a share of the time until the deadline. Raises DeadlineError, and what the read raises."""
        return call() if self._deadline is None else self._deadline.run(call, share)

    def _client(
        self, session: Any, service: str, allowed: Iterable[str], region: str | None = None, config: Any = None
    ) -> Any:
        try:
            client = session.client(service, region_name=region or self.region, config=config or self._config)
        except Exception as error:
            raise AwsError(classify(error), f"Cannot open a connection to {service}") from None
        guard(client, allowed)
        client.meta.events.register("after-call", _log_call)
        return client

    def _assume(self, session: Any, role: str) -> Any:
        """Return a session with the credentials of a role, which are valid for an hour."""
        external_id = {"ExternalId": self.access.external_id} if self.access.external_id else {}
        try:
            client = self._client(session, "sts", READS | ASSUME)
            arguments = {"RoleArn": role, "RoleSessionName": "iblint", **external_id}
            credentials = self.run(lambda: client.assume_role(**arguments))["Credentials"]
            return _open(
                aws_access_key_id=credentials["AccessKeyId"],
                aws_secret_access_key=credentials["SecretAccessKey"],
                aws_session_token=credentials["SessionToken"],
                region_name=self.region,
            )
        except AwsError:
            raise
        except Exception as error:
            raise AwsError(classify(error, permission="sts:AssumeRole"), f"Cannot assume the role '{role}'") from None


def partition_of(region: str) -> str:
    """Return the partition of a Region by botocore's table: ``aws``, ``aws-cn``, ``aws-us-gov`` and so on.

    The partition of an unknown Region follows from the form of its name.
    """
    partition: str = botocore.session.get_session().get_partition_for_region(region)
    return partition


def _open(**arguments: Any) -> Any:
    """Return a boto3 session that shares the service models: reading them takes longer than most calls."""
    core = botocore.session.Session()
    core.register_component("data_loader", _models(core.get_config_variable("data_path")))
    return boto3.Session(botocore_session=core, **arguments)


@cache
def _models(data_path: str | None) -> Any:
    return create_loader(data_path)


def _log_call(model: Any, http_response: Any, **_: Any) -> None:
    """Log the name and status of a call, without parameters, headers or response."""
    name = f"{model.service_model.service_name}:{model.name}"
    _log.debug("%s answered with HTTP %s", name, getattr(http_response, "status_code", "?"))


def _silence_debug_logs() -> None:
    """Raise the level of the AWS loggers and their children to INFO at least."""
    children = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in _LOGGERS and "." in name]
    for name in (*_LOGGERS, *children):
        logger = logging.getLogger(name)
        if name in _LOGGERS or logger.level != logging.NOTSET:
            logger.setLevel(max(logging.INFO, logger.level))
