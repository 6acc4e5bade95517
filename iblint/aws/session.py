"""Access to one account and Region: credentials as the AWS tools find them, guarded clients, bounded waiting.

Credentials are held by botocore and never logged: its own debug log, which would show signatures and tokens, is shut.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
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
    from typing import Any

ATTEMPTS = 3
"""Of one call in all, by botocore's retry mode "standard", which is set so that no environment changes it."""

_LOGGERS = ("boto3", "botocore", "urllib3")
_log = logging.getLogger("iblint.aws")


class Access(Record):
    """Whose credentials are used, and where the calls go. What is None is as the environment has it."""

    region: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    connect_timeout: float = 5
    """Seconds."""
    read_timeout: float = 20
    """Seconds."""


class Session:
    """Guarded clients of one account and Region.

    Raises AwsError when there is no such profile, no Region is known or the role cannot be assumed. Otherwise opening
    one makes no call.
    """

    def __init__(self, access: Access) -> None:
        _shut_logs()
        self.access = access
        try:
            own = _open(profile_name=access.profile, region_name=access.region)
            region = own.region_name
        except Exception as error:
            raise AwsError(classify(error), "Cannot open a session with AWS") from None
        region = region or os.environ.get("AWS_REGION")  # which the other AWS tools know, and boto3 does not
        if not region:
            raise AwsError(classify(NoRegionError()), "Cannot open a session with AWS")
        self.region: str = region
        self._config = Config(
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            connect_timeout=access.connect_timeout,
            read_timeout=access.read_timeout,
            user_agent_extra=f"iblint/{__version__}",
        )
        self._session = own if access.role_arn is None else self._assume(own, access.role_arn)

    def reader(self, service: str, region: str | None = None) -> Any:
        """A client that can make the allow-listed reads only, in the session's Region or another one."""
        return self._client(self._session, service, READS, region)

    def writer(self) -> Any:
        """A client of Image Builder that can also create, update and tag: for ``apply`` alone.

        It makes one attempt: ``apply`` repeats calls itself, and must know of each whether it may have taken effect.
        """
        once = self._config.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
        return self._client(self._session, "imagebuilder", READS | WRITES, config=once)

    def _client(
        self, session: Any, service: str, allowed: Iterable[str], region: str | None = None, config: Any = None
    ) -> Any:
        try:
            client = session.client(service, region_name=region or self.region, config=config or self._config)
        except Exception as error:
            raise AwsError(classify(error), f"Cannot open a connection to {service}") from None
        guard(client, allowed)
        client.meta.events.register("after-call", _note)
        return client

    def _assume(self, own: Any, role: str) -> Any:
        """A session with the credentials of a role, which last for an hour."""
        given = {"ExternalId": self.access.external_id} if self.access.external_id else {}
        try:
            client = self._client(own, "sts", READS | ASSUME)
            answer = client.assume_role(RoleArn=role, RoleSessionName="iblint", **given)["Credentials"]
            return _open(
                aws_access_key_id=answer["AccessKeyId"],
                aws_secret_access_key=answer["SecretAccessKey"],
                aws_session_token=answer["SessionToken"],
                region_name=self.region,
            )
        except AwsError:
            raise
        except Exception as error:
            raise AwsError(classify(error, permission="sts:AssumeRole"), f"Cannot assume the role '{role}'") from None


def _open(**given: Any) -> Any:
    """A session of boto3 that shares the service models, which take longer to read than most calls take."""
    core = botocore.session.Session()
    core.register_component("data_loader", _models(core.get_config_variable("data_path")))
    return boto3.Session(botocore_session=core, **given)


@cache
def _models(data_path: str | None) -> Any:
    return create_loader(data_path)


def _note(model: Any, http_response: Any, **_: Any) -> None:
    """The one line that iblint itself logs of a call: nothing of its parameters, headers or answer."""
    name = f"{model.service_model.service_name}:{model.name}"
    _log.debug("%s answered with HTTP %s", name, getattr(http_response, "status_code", "?"))


def _shut_logs() -> None:
    """Let nothing below INFO through, whatever was set for one of them or for a part of it."""
    parts = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in _LOGGERS and "." in name]
    for name in (*_LOGGERS, *parts):
        logger = logging.getLogger(name)
        if name in _LOGGERS or logger.level != logging.NOTSET:
            logger.setLevel(max(logging.INFO, logger.level))
