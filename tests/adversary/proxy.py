"""A proxy between iblint and the fake of AWS. It forwards every call, unless a misbehaviour is due at its stage."""

from __future__ import annotations

import http.client
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from tests.fake_aws.server import FakeAws
from tests.fake_aws.wire import Answer, Call, Request, read_call

IDENTITY, READ, PLAN, DRY_RUN, CREATE, VERIFY = "identity", "read", "plan", "dry run", "create", "verify"
"""The stages of an apply: the caller's identity, live reads, the Get of the plan, the writes, and the later Gets."""


class Proxy:
    """The proxy and the fake behind it. ``act`` misbehaves at a stage, ``times`` times."""

    def __init__(self, fake: FakeAws) -> None:
        self.fake = fake
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.proxy = self
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.behave()

    def behave(self) -> None:
        """Forward everything from now on."""
        self.misbehave("", lambda exchange: None, 0)

    def misbehave(self, stage: str, act: Callable[[Exchange], None], times: int) -> None:
        """Call ``act`` in place of forwarding the next calls at a stage."""
        self._stage, self._act, self._times = stage, act, times
        self.written = False
        """Whether a write of this run has been seen."""
        self.misbehaved = 0
        self.secrets: set[str] = set()
        """What the calls carried and nobody may print: signatures and session tokens."""
        self.kept: list[Answer] = []
        """The answers so far, to be given again."""

    def __enter__(self) -> Proxy:
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

    def due(self, stage: str) -> Callable[[Exchange], None] | None:
        """Return what to do at a stage, if it is not to forward the call."""
        if stage != self._stage or self.misbehaved >= self._times:
            return None
        self.misbehaved += 1
        return self._act

    def wait(self, seconds: float) -> bool:
        """Wait, but no longer than the proxy runs. Return whether it still runs."""
        return not self._stop.wait(seconds)


class Exchange:
    """A call that reached the proxy, and the ways to answer it."""

    def __init__(self, handler: _Handler, request: Request, call: Call, stage: str, path: str) -> None:
        self._handler, self._path = handler, path
        self.request, self.call, self.stage = request, call, stage
        self.proxy = handler.server.proxy

    def forward(self, body: bytes | None = None) -> Answer:
        """Send the call to the fake, perhaps with another body, and return its answer."""
        host = self.proxy.fake.endpoint.removeprefix("http://")
        headers = {k: v for k, v in self.request.headers.items() if k not in ("content-length", "connection")}
        connection = http.client.HTTPConnection(host, timeout=30)
        try:
            connection.request(self.request.method, self._path, self.request.body if body is None else body, headers)
            response = connection.getresponse()
            kept = {k: v for k, v in response.getheaders() if k.lower() in ("content-type", "x-amzn-errortype")}
            return Answer(response.status, response.read(), kept)
        finally:
            connection.close()

    def send(self, answer: Answer) -> None:
        """Send a well-formed answer."""
        lines = [f"HTTP/1.1 {answer.status} X", *(f"{k}: {v}" for k, v in answer.headers.items())]
        head = "\r\n".join([*lines, f"Content-Length: {len(answer.body)}", "", ""])
        self._write(head.encode() + answer.body)

    def raw(self, data: bytes) -> None:
        """Send bytes, and close the connection."""
        self._handler.close_connection = True
        self._write(data)

    def drip(self, data: bytes) -> None:
        """Send bytes, then one more from time to time, without end."""
        self._handler.close_connection = True
        with suppress(OSError):
            self._handler.wfile.write(data)
            while self.proxy.wait(0.05):
                self._handler.wfile.write(b" ")

    def hang(self) -> None:
        """Answer nothing until the client is gone."""
        self._handler.close_connection = True
        self._handler.connection.settimeout(0.05)
        while self.proxy.wait(0.0):
            try:
                if not self._handler.connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def reset(self) -> None:
        """Reset the connection."""
        self._handler.close_connection = True
        with suppress(OSError):
            self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._handler.connection.close()

    def close(self) -> None:
        """Close the connection without an answer."""
        self._handler.close_connection = True

    def _write(self, data: bytes) -> None:
        with suppress(OSError):
            self._handler.wfile.write(data)
            self._handler.wfile.flush()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    proxy: Proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that disconnects: it may have been killed."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        request = Request(self.command, path if "/tags/" in path else unquote(path), query, headers, body)
        proxy, call = self.server.proxy, read_call(request)
        stage = _stage(call, proxy.written)
        proxy.written = proxy.written or stage in (DRY_RUN, CREATE)
        proxy.secrets |= {headers.get("x-amz-security-token", ""), headers.get("authorization", "").rpartition("=")[2]}
        exchange = Exchange(self, request, call, stage, self.path)
        act = proxy.due(stage)
        if act is not None:
            act(exchange)
            return
        answer = exchange.forward()
        proxy.kept.append(answer)
        exchange.send(answer)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve


def _stage(call: Call, written: bool) -> str:
    match call.operation:
        case "GetCallerIdentity":
            return IDENTITY
        case "GetInfrastructureConfiguration":
            return VERIFY if written else PLAN
        case "CreateInfrastructureConfiguration":
            return DRY_RUN if call.params.get("dryRun") else CREATE
        case _:
            return READ


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until a condition holds; return whether it does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
