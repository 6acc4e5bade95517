"""The step of the GitHub Action (``action.yml``) that checks: inputs in; log, annotations, summary and outputs out.

Run as ``python -I -m iblint.github_action``, with the inputs in ``INPUT_*``. It calls ``iblint check`` as anybody can,
and ends with 0 whatever that says: a later step fails the job, once the SARIF log is uploaded. All that was read from
the checkout is data here: it reaches no shell, and the runner cannot take it for a command.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

USAGE, INCOMPLETE = 2, 4
CONCLUSIONS = {0: "clean", 1: "findings", USAGE: "usage-error", 3: "nothing-to-check", INCOMPLETE: "incomplete"}
"""What each exit code of ``iblint check`` is called."""

MAX_SUMMARY = 1 << 20
"""Bytes. GitHub shows nothing of a longer summary."""


class BadInput(Exception):
    """An input of the action is wrong; the message says which one, and what it may be."""


def main() -> int:
    """Check as the inputs ask and publish what came of it."""
    folder = Path(tempfile.mkdtemp(prefix="iblint-report.", dir=os.environ["RUNNER_TEMP"]))
    reports = {name: folder / f"report.{name}" for name in ("json", "sarif", "github", "markdown")}
    if given := value("sarif-file"):
        reports["sarif"] = Path(given)
    code, output, errors = check(reports)
    log(output + errors)
    judged = code != USAGE and reports["json"].is_file()
    if wanted("annotations"):
        say(reports["github"].read_text("utf-8") if judged else f"::error title=iblint::{escaped(errors.strip())}\n")
    if wanted("summary"):
        summarise(reports["markdown"].read_text("utf-8") if judged else not_checked(errors))
    # Only what this run wrote: a file of that name may have been in the checkout before.
    set_output("sarif-file", str(reports["sarif"]) if judged else "")
    set_output("findings", str(len(json.loads(reports["json"].read_bytes())["findings"])) if judged else "")
    set_output("exit-code", str(code))
    set_output("conclusion", CONCLUSIONS[code])
    return 0


def value(name: str) -> str:
    """An input; empty when it was not given."""
    return os.environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()


def wanted(name: str) -> bool:
    """Whether an input that is on by default is on."""
    return value(name).lower() != "false"


def check(reports: dict[str, Path]) -> tuple[int, str, str]:
    """Run ``iblint check``; returns its exit code, what it wrote to standard output, and what to standard error."""
    try:
        command = arguments(reports)
    except BadInput as error:
        return USAGE, "", f"error: {error}\n"
    done = subprocess.run(
        [sys.executable, "-I", "-m", "iblint", "check", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        check=False,
    )
    if done.returncode in CONCLUSIONS:
        return done.returncode, done.stdout, done.stderr
    ended = f"error: iblint check did not come to its end (exit code {done.returncode}; -9: out of memory).\n"
    return INCOMPLETE, done.stdout, done.stderr + ended


def arguments(reports: dict[str, Path]) -> list[str]:
    """The command line of ``iblint check``. Raises BadInput for an input that it would not notice itself."""
    for name in ("upload", "annotations", "summary"):
        if value(name).lower() not in ("true", "false"):
            raise BadInput(f"The input '{name}' is '{value(name)}'; it can be 'true' or 'false'.")
    made = [f"--format={value('format') or 'text'}"]
    for format_, file in reports.items():
        made += [f"--format={format_}", f"--output={file}"]
    for name in ("config", "fail-on"):
        made += [f"--{name}={value(name)}"] if value(name) else []
    for name in ("select", "ignore"):
        made += [f"--{name}={line.strip().strip(',')}" for line in value(name).splitlines() if line.strip(" ,")]
    paths = [line.strip() for line in value("paths").splitlines() if line.strip()]
    paths = ["./-" if path == "-" else path for path in paths]  # a file: standard input is empty here
    return [*made, "--", *(paths or ["."])]


def say(text: str) -> None:
    """Write to the log, where the runner obeys commands."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


def log(text: str) -> None:
    """Write a text of any origin to the log: until a token that nobody can guess, the runner obeys nothing."""
    token = secrets.token_hex(16)
    text = text.replace("##[", "## [")  # older commands, which the log would still colour
    say(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n")


def escaped(text: str) -> str:
    """The message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def not_checked(errors: str) -> str:
    """The summary of a run that checked nothing."""
    return f"## iblint: nothing could be checked\n\n<pre>{escape(errors.strip())}</pre>\n"


def summarise(markdown: str) -> None:
    """Add to the summary of the job."""
    data = markdown.encode("utf-8", "backslashreplace")
    if len(data) > MAX_SUMMARY:
        data = b"## iblint\n\nThe summary is longer than GitHub can show; the log of the step has the report.\n"
    with open(os.environ["GITHUB_STEP_SUMMARY"], "ab") as file:
        file.write(data)


def set_output(name: str, text: str) -> None:
    """Set an output of the step; the random delimiter keeps a text from setting others."""
    delimiter = f"end-{secrets.token_hex(16)}"
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        file.write(f"{name}<<{delimiter}\n{text}\n{delimiter}\n")


if __name__ == "__main__":
    sys.exit(main())
