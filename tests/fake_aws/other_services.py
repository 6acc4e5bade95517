"""The other services of the account: moto's if it is installed, else only what Image Builder needs."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from tests.fake_aws.wire import Answer, AwsError, Call, Request, error_answer, partition_of

POLICIES = ("EC2InstanceProfileForImageBuilder", "AmazonSSMManagedInstanceCore", "AmazonS3ReadOnlyAccess")


def have_moto() -> bool:
    """Return whether moto and the packages of its server are installed."""
    return all(find_spec(name) is not None for name in ("moto", "flask", "flask_cors"))


class Alone:
    """Without moto: identity, and the profiles and topics that a test declares."""

    def __init__(self) -> None:
        self.profiles: set[str] = set()
        self.topics: set[str] = set()

    def has_profile(self, account: str, region: str, name: str) -> bool:
        return name in self.profiles

    def has_topic(self, account: str, arn: str) -> bool:
        return arn in self.topics

    def account_of(self, access_key: str) -> str | None:
        return None

    def answer(self, call: Call, request: Request) -> Answer:
        if call.action == "sts:GetCallerIdentity":
            text = (
                "<GetCallerIdentityResponse><GetCallerIdentityResult>"
                f"<Arn>arn:aws:iam::{call.account}:user/fake</Arn><UserId>FAKE</UserId><Account>{call.account}</Account>"
                "</GetCallerIdentityResult></GetCallerIdentityResponse>"
            )
            return Answer(200, text.encode(), {"Content-Type": "text/xml"})
        return error_answer(call.service, AwsError("AccessDenied", f"{call.action} needs moto.", 403))


class Moto(Alone):
    """moto's services, in this process."""

    def __init__(self) -> None:
        super().__init__()
        os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # thousands, in each Region, which nothing reads
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        _few_policies()
        self._app = DomainDispatcherApplication(create_backend_app)
        self.reset()

    def reset(self) -> None:
        from moto.moto_api._internal import moto_api_backend

        moto_api_backend.reset()

    def has_profile(self, account: str, region: str, name: str) -> bool:
        from moto.iam import iam_backends

        backend = iam_backends[account][partition_of(region)]
        return name in self.profiles or any(p.name == name for p in backend.get_instance_profiles())

    def has_topic(self, account: str, arn: str) -> bool:
        from moto.sns import sns_backends

        _, _, _, region, owner, name = arn.split(":", 5)
        topics = sns_backends[owner][region].topics
        return arn in self.topics or (arn in topics and not name.endswith(".fifo"))

    def account_of(self, access_key: str) -> str | None:
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.iam.models import get_account_id_from

        found = get_account_id_from(access_key)
        return None if found == DEFAULT_ACCOUNT_ID else found

    def answer(self, call: Call, request: Request) -> Answer:
        started: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> None:
            started.update(status=int(status.split()[0]), headers=dict(headers))

        body = b"".join(self._app(_environ(call, request), start))
        return Answer(started["status"], body, started["headers"])


def _few_policies() -> None:
    """Give moto only the managed policies that builds use: all thousand of them take seconds."""
    from moto.iam import models

    policies = json.loads(models.aws_managed_policies_data)
    kept = {name: data for name, data in policies.items() if name.startswith(POLICIES)}
    models.aws_managed_policies_data = json.dumps(kept)


def _environ(call: Call, request: Request) -> Mapping[str, Any]:
    headers = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in request.headers.items()}
    host, _, port = request.headers.get("host", "127.0.0.1:80").partition(":")
    return {
        **headers,
        "HTTP_X_MOTO_ACCOUNT_ID": call.account,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
