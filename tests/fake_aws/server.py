"""The endpoint: an HTTP server on loopback, with scripted faults."""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from tests.fake_aws.faults import Fault, Script
from tests.fake_aws.imagebuilder import ImageBuilder
from tests.fake_aws.other_services import Alone, Moto, have_moto
from tests.fake_aws.overrides import Overrides
from tests.fake_aws.wire import Answer, AwsError, Call, Request, error_answer, error_status, json_answer, read_call

ACCOUNT = "210987654321"
"""The account of an access key that no test assigns."""
REGION = "eu-west-1"
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class FakeAws:
    """All services behind one endpoint, with faults, denied operations and the log of calls."""

    def __init__(self, *, moto: bool | None = None, port: int = 0) -> None:
        with_moto = have_moto() if moto is None else moto
        self.other_services = Moto() if with_moto else Alone()
        self.reset()
        self._stop = threading.Event()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.fake = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def reset(self) -> None:
        """Remove configurations, calls and faults. The resources of the other services stay."""
        self.imagebuilder = ImageBuilder(self.other_services)
        self.overrides = Overrides()
        self.script = Script()
        self.calls: list[Call] = []
        self.accounts: dict[str, str] = {}
        """Access key -> account."""
        self.denied: set[str] = set()
        """``sns:GetTopicAttributes``: operations that are denied, or ``sns:*``."""

    def __enter__(self) -> FakeAws:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def endpoint(self) -> str:
        """The URL for ``AWS_ENDPOINT_URL``."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment that directs an AWS client here, with fake credentials."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "AKIAFAKEFAKEFAKEFAKE",
            "AWS_SECRET_ACCESS_KEY": "fake",
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def writes(self) -> list[Call]:
        """The calls that may change a resource."""
        return [call for call in self.calls if call.write]

    def answer(self, call: Call, request: Request) -> Answer:
        """Process a call without faults."""
        try:
            if call.action in self.denied or f"{call.service}:*" in self.denied:
                raise _denied(call)
            overridden = self.overrides.answer(call)
            if overridden is not None:
                return overridden
            if call.service == "imagebuilder":
                return json_answer(self.imagebuilder.handle(call))
            return self.other_services.answer(call, request)
        except AwsError as error:
            call.code = error.code
            return error_answer(call.service, error)

    def account_of(self, access_key: str) -> str:
        """The account that an access key belongs to."""
        return self.accounts.get(access_key) or self.other_services.account_of(access_key) or ACCOUNT

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than the server runs."""
        self._stop.wait(seconds)

    @property
    def stopped(self) -> bool:
        """Whether the server has been told to stop."""
        return self._stop.is_set()


def _denied(call: Call) -> AwsError:
    who = f"arn:aws:iam::{call.account}:user/fake"
    message = f"User: {who} is not authorized to perform: {call.action}"
    if call.service == "ec2":
        return AwsError("UnauthorizedOperation", message, 403)
    names = {"sns": "AuthorizationError", "iam": "AccessDenied", "sts": "AccessDenied", "s3": "AccessDenied"}
    return AwsError(names.get(call.service, "AccessDeniedException"), message, 400 if call.service == "kms" else 403)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fake: FakeAws

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that disconnects, which tests provoke; print every other error."""
        import sys

        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or every body waits 40 ms for the acknowledgement of its head
    server: _Server

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _serve(self) -> None:
        request = self._read()
        fake = self.server.fake
        if request.path.startswith("/_fake/"):
            self._send(_control(fake, request), "")
            return
        call = read_call(request)
        call.account = fake.account_of(call.access_key)
        fault = fake.script.take(call)
        call.fault = fault and f"{fault.kind} {fault.when}"
        fake.calls.append(call)
        answer = fake.answer(call, request) if fault is None or fault.when == "after" or _passes(fault) else None
        if fault is None:
            call.status = answer.status if answer else None
            self._send(answer or Answer(500, b""), request.method)
        else:
            self._misbehave(fault, call, answer, request.method)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve

    def _read(self) -> Request:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Request(self.command, path if "/tags/" in path else unquote(path), query, headers, body)

    def _send(self, answer: Answer, method: str) -> None:
        self._head(answer, len(answer.body))
        if method != "HEAD":
            self.wfile.write(answer.body)

    def _head(self, answer: Answer, length: int) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _misbehave(self, fault: Fault, call: Call, answer: Answer | None, method: str) -> None:
        fake = self.server.fake
        if fault.hook is not None:
            fault.hook()
        status = fault.status or error_status(fault.code)
        wrong = error_answer(call.service, AwsError(fault.code, fault.message, status))
        shown = answer or wrong
        match fault.kind:
            case "none":
                pass
            case "error":
                shown, call.code = wrong, fault.code
            case "html":
                shown = Answer(502, HTML, {"Content-Type": "text/html"})
            case "body":
                shown = Answer(200, fault.body.encode(), {"Content-Type": "application/json"})
            case "cut-json":
                shown = Answer(shown.status, shown.body[: len(shown.body) // 2], shown.headers)
            case "latency":
                fake.wait(fault.seconds)
            case "reset":
                self._reset()
                return
            case "truncated":
                self._head(shown, len(shown.body))
                self.wfile.write(shown.body[: len(shown.body) // 2])
                self._reset()
                return
            case "slow-body":
                self._head(shown, len(shown.body))
                self.wfile.flush()
                fake.wait(fault.seconds)
                with suppress(ConnectionError):
                    self.wfile.write(shown.body)
                self.close_connection = True
                return
            case "drip" | "drip-head":
                self._drip(shown, head=fault.kind == "drip-head")
                return
        call.status = shown.status
        with suppress(ConnectionError):
            self._send(shown, method)

    def _drip(self, shown: Answer, *, head: bool) -> None:
        """Send a byte from time to time, without end."""
        self.close_connection = True
        with suppress(OSError):
            if head:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            else:
                self._head(shown, 1_000_000)
            while not self.server.fake.stopped:
                self.wfile.write(b" ")
                self.wfile.flush()
                self.server.fake.wait(0.05)

    def _reset(self) -> None:
        """Reset the connection."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


def _passes(fault: Fault) -> bool:
    """Return whether a call with a fault before it is processed nevertheless."""
    return fault.kind in ("none", "latency")


def _control(fake: FakeAws, request: Request) -> Answer:
    """The control interface, for tests in another process and for curl."""
    match request.path.removeprefix("/_fake/"):
        case "calls":
            return json_answer([{**asdict(call), "write": call.write} for call in fake.calls])
        case "effects":
            return json_answer([asdict(effect) for effect in fake.imagebuilder.effects])
        case "faults":
            fake.script.add(*(Fault(**fault) for fault in json.loads(request.body)))
            return json_answer({"pending": fake.script.pending})
        case "deny":
            fake.denied = set(json.loads(request.body))
            return json_answer(sorted(fake.denied))
        case _:
            return json_answer({"there are": ["calls", "effects", "faults", "deny"]}, 404)
