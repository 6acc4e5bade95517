"""A client for language servers, over the standard input and output of a process."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

TIMEOUT = 60.0


class Client:
    """Speaks to one server; every question of the server is answered with null."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._id = 0

    def request(self, method: str, params: Any) -> Any:
        """Ask, and return the answer."""
        self._id += 1
        self._send({"id": self._id, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._id and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def notify(self, method: str, params: Any) -> None:
        """Tell, without an answer."""
        self._send({"method": method, "params": params})

    def open(self, path: Path, language: str) -> str:
        """Open a file as an editor does; returns the name that the server knows it by."""
        text = path.read_text(encoding="utf-8")
        document = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return str(document["uri"])

    def diagnose(self, path: Path, language: str) -> list[str]:
        """Open a file, and wait for what the server says of it: ``line: message``."""
        uri = self.open(path, language)
        while uri not in self.diagnostics:
            self._receive()
        said = self.diagnostics.pop(uri)
        return [f"{d['range']['start']['line'] + 1}: {d['message']}" for d in said]

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _receive(self) -> Any:
        stream = self.process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        message = json.loads(stream.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message


@contextmanager
def serve(*command: str | Path, capabilities: Mapping[str, Any] | None = None) -> Iterator[Client]:
    """Start a language server, and end it."""
    with subprocess.Popen(
        [*command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        client = Client(process)
        watchdog = Timer(TIMEOUT, process.kill)  # a server that keeps silent
        watchdog.start()
        try:
            hello = {"processId": os.getpid(), "rootUri": None, "initializationOptions": {}}
            client.request("initialize", {**hello, "capabilities": capabilities or {}})
            client.notify("initialized", {})
            yield client
        finally:
            watchdog.cancel()
            process.kill()
