"""A runner for composite actions, as far as ours needs one. It raises at whatever it does not know."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

Outputs = dict[str, str]
Uses = Callable[[str, Mapping[str, str]], Outputs]
"""Stands in for an action that ours uses: its name and inputs -> its outputs."""

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
_NAME = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*")


@dataclass
class Command:
    """A workflow command that the runner obeyed."""

    name: str
    properties: dict[str, str]
    message: str


@dataclass
class Run:
    """What an action did."""

    failed: bool = False
    outputs: Outputs = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    """Id or name of each step -> its exit code, or ``skipped``."""
    logs: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    @property
    def commands(self) -> list[Command]:
        """What the runner obeyed in the log of the step that checks."""
        return _commands(self.logs["check"])

    @property
    def annotations(self) -> list[Command]:
        """Those of the commands that mark lines."""
        return [command for command in self.commands if command.name in ("error", "warning", "notice")]


def run_action(
    action: Path, workspace: Path, inputs: Mapping[str, str], temporary: Path, uses: Uses, done: Mapping[str, Outputs]
) -> Run:
    """Run an action in a workspace. ``done`` has the outputs of steps that need not run again, by id."""
    described = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
    unknown = set(inputs) - set(described["inputs"])
    assert not unknown, f"the action has no inputs {unknown}"
    context: dict[str, Any] = {
        "inputs": {name: inputs.get(name, about.get("default", "")) for name, about in described["inputs"].items()},
        "steps": {},
        "github": {"action_path": str(action)},
    }
    run = Run()
    for number, step in enumerate(described["runs"]["steps"]):
        key = step.get("id", step["name"])
        if run.failed or ("if" in step and not _holds(step["if"], context)):
            run.steps[key] = "skipped"
            continue
        filled = {name: _fill(text, context) for name, text in step.get("with", step.get("env", {})).items()}
        code, outputs, run.logs[key] = 0, done.get(key, {}), ""
        if "uses" in step:
            outputs = uses(step["uses"], filled)
        elif key not in done:
            folder = temporary / f"step-{number}"
            code, outputs, run.logs[key] = _shell(step, filled, folder, workspace, action, temporary)
        run.steps[key] = str(code)
        run.failed = code != 0
        context["steps"][key] = {"outputs": outputs}
    run.outputs = {name: _fill(about["value"], context) for name, about in described["outputs"].items()}
    summary = temporary / "summary.md"
    run.summary = summary.read_text(encoding="utf-8") if summary.exists() else ""
    return run


def _shell(
    step: Mapping[str, str], env: Mapping[str, str], folder: Path, workspace: Path, action: Path, temporary: Path
) -> tuple[int, Outputs, str]:
    """Run a script as the runner does: bash, strict, in the workspace, with nothing of this process's environment."""
    assert step["shell"] == "bash"
    assert "${{" not in step["run"], "an expression inside a script is an injection"
    folder.mkdir()
    script, output = folder / "script.sh", folder / "output"
    script.write_text(step["run"], encoding="utf-8")
    output.touch()
    inherited = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_")) and k != "PIP_CONSTRAINT"}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
        cwd=workspace,
        env={
            **inherited,
            "PATH": os.environ["PATH"],
            "HOME": str(temporary),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_ACTION_PATH": str(action),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
            "RUNNER_TEMP": str(temporary),
            "RUNNER_OS": "Linux",
            **env,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, _outputs(output.read_text(encoding="utf-8")), done.stdout


def _outputs(text: str) -> Outputs:
    """``name=value`` lines, and ``name<<delimiter`` with the lines up to the delimiter."""
    outputs: Outputs = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, sign, rest = re.split("(=|<<)", line, maxsplit=1)
        outputs[name] = rest if sign == "=" else "\n".join(takewhile(lambda line, end=rest: line != end, lines))
    return outputs


def _commands(log: str) -> list[Command]:
    """The commands in a log, as the runner reads it: none between ``stop-commands`` and its token."""
    found: list[Command] = []
    stopped = None
    for line in log.splitlines():
        match = re.match(r"\s*::(?P<name>[^ :]+)(?: (?P<properties>.*?))?::(?P<message>.*)", line)
        if stopped is not None:
            stopped = None if line.strip() == f"::{stopped}::" else stopped
        elif match is None:
            assert "##[" not in line, f"an old command: {line}"
        elif match["name"] == "stop-commands":
            stopped = match["message"]
        else:
            pairs = [pair.partition("=") for pair in (match["properties"] or "").split(",") if pair]
            properties = {name: _plain(value) for name, _, value in pairs}
            found.append(Command(match["name"], properties, _plain(match["message"])))
    assert stopped is None, "commands were never taken up again"
    return found


def _plain(text: str) -> str:
    for written, meant in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def _fill(text: Any, context: Mapping[str, Any]) -> str:
    written = str(text).lower() if isinstance(text, bool) else str(text)
    return _EXPRESSION.sub(lambda match: _value(match[1], context), written)


def _holds(condition: str, context: Mapping[str, Any]) -> bool:
    """Comparisons, joined by ``&&``. A text alone is no condition: to the runner even 'false' would be true."""
    left, found, right = condition.partition("&&")
    if found:
        return _holds(left, context) and _holds(right, context)
    match = re.fullmatch(r"(?P<left>.+?)\s*(?P<sign>==|!=)\s*(?P<right>.+)", condition.strip())
    assert match, f"this runner cannot decide {condition!r}"
    same = _value(match["left"], context).lower() == _value(match["right"], context).lower()
    return same is (match["sign"] == "==")


def _value(expression: str, context: Mapping[str, Any]) -> str:
    """A text in quotes, or what a name stands for; empty when there is nothing of the name."""
    if re.fullmatch("'[^']*'", expression):
        return expression[1:-1]
    assert _NAME.fullmatch(expression), f"this runner cannot evaluate {expression!r}"
    value: Any = context
    for part in expression.split("."):
        value = value.get(part, {})
    return value if isinstance(value, str) else ""
