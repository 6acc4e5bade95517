"""Debian's Chromium, driven over a pipe by its own protocol (CDP): no driver and no socket in between."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.support import tools

TIMEOUT = 60
"""Seconds that one answer may take, on a busy machine too."""


class Chromium:
    """One headless browser with one page."""

    def __init__(self, profile: Path) -> None:
        binary = shutil.which("chromium") or tools.missing("chromium", "apt-get install chromium")
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        self.complaints: list[str] = []
        """Errors, warnings and messages on the console."""
        self._requests: dict[str, str] = {}
        self._left = b""
        self._last = 0
        self._session: str | None = None
        flags = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --no-first-run"
        # The browser reads from its descriptor 3 and writes to 4.
        script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out} >"$PROFILE/log" 2>&1'
        self._process = subprocess.Popen(
            ["bash", "-c", script, binary, "--remote-debugging-pipe", f"--user-data-dir={profile}", *flags.split()],
            pass_fds=(theirs_in, theirs_out),
            env=os.environ | {"PROFILE": str(profile), "HOME": str(profile)},
        )
        os.close(theirs_in)
        os.close(theirs_out)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._out)  # the end of its input ends the browser
        try:
            self._process.wait(TIMEOUT)
        finally:
            self._process.kill()
            os.close(self._in)

    def open(self, page: Path) -> None:
        """Load a file and forget what was before."""
        self.complaints.clear()
        self._requests.clear()
        loaded: list[Any] = []
        frame = self.call("Page.navigate", url=page.as_uri())
        assert "errorText" not in frame, frame
        self._until(
            lambda message: loaded.append(message) if message.get("method") == "Page.loadEventFired" else None, loaded
        )

    @property
    def loaded(self) -> list[str]:
        """What the page asked for, and was not kept from by its policy."""
        return list(self._requests.values())

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def pdf(self) -> bytes:
        """The page as it is printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def call(self, method: str, **params: Any) -> Any:
        """Call a method of the protocol and wait for its result."""
        self._last += 1
        number, answers = self._last, []
        request = {"id": number, "method": method, "params": params}
        if self._session:
            request["sessionId"] = self._session
        os.write(self._out, json.dumps(request).encode() + b"\0")
        self._until(lambda message: answers.append(message) if message.get("id") == number else None, answers)
        assert "error" not in answers[0], answers[0]
        return answers[0]["result"]

    def _until(self, take: Callable[[Any], object], taken: list[Any]) -> None:
        while not taken:
            while b"\0" not in self._left:
                ready, _, _ = select.select([self._in], [], [], TIMEOUT)
                chunk = os.read(self._in, 1 << 16) if ready else b""
                assert chunk, "Chromium does not answer"
                self._left += chunk
            line, _, self._left = self._left.partition(b"\0")
            message = json.loads(line)
            self._note(message.get("method", ""), message.get("params", {}))
            take(message)

    def _note(self, event: str, params: Any) -> None:
        if event == "Network.requestWillBeSent":
            self._requests[params["requestId"]] = params["request"]["url"]
        elif event == "Network.loadingFailed" and params.get("blockedReason") == "csp":
            del self._requests[params["requestId"]]
        elif event == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"]["text"])
        elif event == "Runtime.consoleAPICalled":
            self.complaints.append(str([argument.get("value") for argument in params["args"]]))
        elif event == "Page.javascriptDialogOpening":
            self.complaints.append(f"dialog: {params['message']}")
