"""Ask the real Terraform for the values of expressions: one module, whose outputs are the expressions."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

TERRAFORM = shutil.which("terraform")
TABLE = Path(__file__).with_name("expressions.json")
SETTING = Path(__file__).with_name("expressions.tf")
"""Variables and locals that the expressions use."""


def run(*arguments, folder, check=True, env=None):
    return subprocess.run([TERRAFORM, *arguments], cwd=folder, check=check, capture_output=True, text=True, env=env)


def values_of(expressions, folder):
    """Return what Terraform says of each expression: its value, that it refuses it, or that it is known later."""
    shutil.copy(SETTING, folder / "main.tf")
    left = dict(enumerate(expressions))
    refused = set()
    run("init", folder=folder)
    while True:
        outputs = [f'output "x{n}" {{\n  value = {{ v = {text}\n  }}\n}}\n' for n, text in left.items()]
        (folder / "outputs.tf").write_text("".join(outputs))
        done = run("plan", "-json", "-out=plan", folder=folder, check=False)
        if done.returncode == 0:
            break
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        starts = [0]
        for text in outputs:
            starts.append(starts[-1] + text.count("\n"))
        wrong = set()
        for line in lines:
            place = (line.get("diagnostic") or {}).get("range", {})
            if line.get("@level") == "error" and place.get("filename") == "outputs.tf":
                row = place["start"]["line"] - 1
                wrong.add(next(n for k, n in enumerate(left) if starts[k] <= row < starts[k + 1]))
        assert wrong, done.stdout + done.stderr
        refused |= {left.pop(n) for n in wrong}
    shown = json.loads(run("show", "-json", "plan", folder=folder).stdout)
    found = shown["planned_values"]["outputs"]
    known = {text: found[f"x{n}"] for n, text in left.items()}
    made = {text: {"value": x["value"]["v"]} if "value" in x else {"unknown": True} for text, x in known.items()}
    return {text: made.get(text, {"refused": True}) for text in expressions}
