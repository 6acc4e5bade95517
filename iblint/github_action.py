"""The check step of the GitHub Action: run ``iblint check``; write the log, annotations, summary and outputs.

``action.yml`` runs ``python -I -m iblint.github_action`` with the inputs in ``INPUT_*``. The step always exits 0; a
later step fails the job, after the SARIF log is uploaded. Text from the checkout never reaches a shell, and is escaped
so that the runner does not read it as workflow commands.
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

from iblint.exit_codes import ExitCode

CONCLUSIONS: dict[int, str] = {
    ExitCode.CLEAN: "clean",
    ExitCode.FINDINGS: "findings",
    ExitCode.USAGE: "usage-error",
    ExitCode.NOTHING_TO_CHECK: "nothing-to-check",
    ExitCode.INCOMPLETE: "incomplete",
}
"""The output ``conclusion`` for each exit code of ``iblint check``."""

MAX_SUMMARY = 1 << 20
"""In bytes. GitHub rejects a longer summary."""


class BadInput(Exception):
    """A wrong input of the Action. The message names the input and its valid values."""


def main() -> int:
    """Run the check with the inputs, and publish the results."""
    folder = Path(tempfile.mkdtemp(prefix="iblint-report.", dir=os.environ["RUNNER_TEMP"]))
    reports = {name: folder / f"report.{name}" for name in ("json", "sarif", "github", "markdown")}
    if given := input_value("sarif-file"):
        reports["sarif"] = Path(given)
    code, output, errors = check(reports)
    log(output + errors)
    checked = code != ExitCode.USAGE and reports["json"].is_file()
    if enabled("annotations"):
        error = f"::error title=iblint::{escaped(errors.strip())}\n"
        write_log(reports["github"].read_text("utf-8") if checked else error)
    if enabled("summary"):
        summarise(reports["markdown"].read_text("utf-8") if checked else not_checked(errors))
    # Without a report, do not publish a file of this name that was in the checkout.
    set_output("sarif-file", str(reports["sarif"]) if checked else "")
    set_output("findings", str(len(json.loads(reports["json"].read_bytes())["findings"])) if checked else "")
    set_output("exit-code", str(code))
    set_output("conclusion", CONCLUSIONS[code])
    return 0


def input_value(name: str) -> str:
    """Return an input; empty if it is not set."""
    return os.environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()


def enabled(name: str) -> bool:
    """Return whether an input that is on by default is on."""
    return input_value(name).lower() != "false"


def check(reports: dict[str, Path]) -> tuple[int, str, str]:
    """Run ``iblint check``. Return its exit code, standard output and standard error."""
    try:
        command = arguments(reports)
    except BadInput as error:
        return ExitCode.USAGE, "", f"error: {error}\n"
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
    killed = f"error: iblint check was killed (exit code {done.returncode}; -9: out of memory).\n"
    return ExitCode.INCOMPLETE, done.stdout, done.stderr + killed


def arguments(reports: dict[str, Path]) -> list[str]:
    """Return the arguments of ``iblint check``. Raises BadInput for an input that only the Action reads."""
    for name in ("upload", "annotations", "summary"):
        if input_value(name).lower() not in ("true", "false"):
            raise BadInput(f"The input '{name}' is '{input_value(name)}'; it must be 'true' or 'false'.")
    args = [f"--format={input_value('format') or 'text'}"]
    for format_, file in reports.items():
        args += [f"--format={format_}", f"--output={file}"]
    for name in ("config", "fail-on", "enforce"):
        args += [f"--{name}={input_value(name)}"] if input_value(name) else []
    for name in ("select", "ignore"):
        args += [f"--{name}={line.strip().strip(',')}" for line in input_value(name).splitlines() if line.strip(" ,")]
    paths = [line.strip() for line in input_value("paths").splitlines() if line.strip()]
    paths = ["./-" if path == "-" else path for path in paths]  # a file named "-": the step has no standard input
    return [*args, "--", *(paths or ["."])]


def write_log(text: str) -> None:
    """Write to the log. The runner runs workflow commands in it."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


def log(text: str) -> None:
    """Write untrusted text to the log, with workflow commands stopped by a random token."""
    token = secrets.token_hex(16)
    text = text.replace("##[", "## [")  # older commands, which the log still colours
    write_log(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n")


def escaped(text: str) -> str:
    """Escape the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def not_checked(errors: str) -> str:
    """Return the summary of a run without a report."""
    return f"## iblint: nothing could be checked\n\n<pre>{escape(errors.strip())}</pre>\n"


def summarise(markdown: str) -> None:
    """Append to the summary of the job."""
    data = markdown.encode("utf-8", "backslashreplace")
    if len(data) > MAX_SUMMARY:
        data = b"## iblint\n\nThe summary is too long for GitHub; see the log of the step.\n"
    with open(os.environ["GITHUB_STEP_SUMMARY"], "ab") as file:
        file.write(data)


def set_output(name: str, text: str) -> None:
    """Set an output of the step. The random delimiter keeps the text from setting other outputs."""
    delimiter = f"end-{secrets.token_hex(16)}"
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        file.write(f"{name}<<{delimiter}\n{text}\n{delimiter}\n")


if __name__ == "__main__":
    sys.exit(main())
