"""HTTP requests and responses of AWS: parse the operation of a request, format responses and errors."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

READS = ("Get", "List", "Describe", "Head", "AssumeRole")
S3_OPERATIONS = {
    ("HEAD", ""): "HeadBucket",
    ("GET", "location"): "GetBucketLocation",
    ("GET", "encryption"): "GetBucketEncryption",
    ("GET", "list-type"): "ListObjectsV2",
    ("PUT", ""): "CreateBucket",
}
_SCOPE = re.compile(r"Credential=([^/]+)/[0-9]{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request with its body."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """With lower-case names."""
    body: bytes


@dataclass(slots=True)
class Call:
    """An entry of the call log: one request that reached the server."""

    service: str
    operation: str
    params: Mapping[str, Any]
    account: str
    region: str
    access_key: str = ""
    status: int | None = None
    """The HTTP status of the response; None before the response and after a reset."""
    code: str | None = None
    fault: str | None = None
    """The fault of this call, if any."""

    @property
    def write(self) -> bool:
        """Whether the operation may change a resource."""
        return not self.operation.startswith(READS)

    @property
    def action(self) -> str:
        """``sns:GetTopicAttributes``: the name of the operation in the log (not always that of the IAM action)."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class AwsError(Exception):
    """An error response of a service."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def partition_of(region: str) -> str:
    """The partition of a Region."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


@cache
def service_model(service: str) -> Any:
    """botocore's own description of a service."""
    import botocore.session

    return botocore.session.get_session().get_service_model(service)


def error_status(code: str) -> int:
    """Return the HTTP status of an exception by Image Builder's model; 400 for an unknown exception."""
    for shape in service_model("imagebuilder").error_shapes:
        if shape.name == code:
            return int(shape.metadata["error"]["httpStatusCode"])
    return 400


def read_call(request: Request) -> Call:
    """Parse the service, operation, Region and access key of a signed request."""
    scope = _SCOPE.search(request.headers.get("authorization", ""))
    key, region, service = scope.groups() if scope else ("", "us-east-1", "unknown")
    operation, params = _operation(service, request)
    return Call(service, operation, params, "", region, key)


def _operation(service: str, request: Request) -> tuple[str, dict[str, Any]]:
    if service == "imagebuilder":
        return _by_route(service, request)
    if service == "s3":
        keys = parse_qs(request.query, keep_blank_values=True)
        sub = next((key for key in keys if key != "x-id"), "")
        return S3_OPERATIONS.get((request.method, sub), f"{request.method}{sub}"), {"path": request.path}
    target = request.headers.get("x-amz-target")
    if target is not None:
        return target.rpartition(".")[2], _json_object(request.body)
    form = {key: values[0] for key, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    return form.pop("Action", "unknown"), form


def _by_route(service: str, request: Request) -> tuple[str, dict[str, Any]]:
    for method, route, name, locations in _routes(service):
        found = route.fullmatch(request.path) if method == request.method else None
        if found is None:
            continue
        query = parse_qs(request.query)
        params = _json_object(request.body)
        for member, (location, wire_name, is_list) in locations.items():
            if location == "uri":
                params[member] = unquote(found.group(wire_name))
            elif wire_name in query:
                params[member] = query[wire_name] if is_list else query[wire_name][0]
        return name, params
    return "unknown", {}


@cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], str, dict[str, tuple[str, str, bool]]]]:
    routes = []
    model = service_model(service)
    for name in model.operation_names:
        operation = model.operation_model(name)
        path = operation.http["requestUri"].partition("?")[0]
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
        locations = {
            member: (
                shape.serialization["location"],
                shape.serialization.get("name", member),
                shape.type_name == "list",
            )
            for member, shape in operation.input_shape.members.items()
            if "location" in shape.serialization
        }
        routes.append((operation.http["method"], re.compile(pattern), name, locations))
    return routes


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def json_answer(value: Any, status: int = 200) -> Answer:
    """Return a JSON response."""
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


def error_answer(service: str, error: AwsError) -> Answer:
    """Return an error response in the protocol of the service."""
    if service in ("imagebuilder", "kms"):
        answer = json_answer({"__type": error.code, "message": error.message}, error.status)
        return Answer(answer.status, answer.body, {**answer.headers, "x-amzn-ErrorType": error.code})
    inner = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
    match service:
        case "ec2":
            text = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>fake</RequestID></Response>"
        case "s3":
            text = f"<Error>{inner}<RequestId>fake</RequestId></Error>"
        case _:
            text = (
                f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error><RequestId>fake</RequestId></ErrorResponse>"
            )
    return Answer(error.status, text.encode(), {"Content-Type": "text/xml"})
