"""The action, our workflows and the examples under the eyes of those who define what is right: schemas, GitHub's own
language server, and the auditor zizmor.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support import lsp, tools
from tests.support.tools import ROOT

pytestmark = pytest.mark.integration

ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = sorted((ROOT / "examples" / "github").glob("*.yml"))

SCHEMAS = {
    "vendor.github-actions": [ACTION],
    "vendor.github-workflows": [*WORKFLOWS, *EXAMPLES],
    "vendor.dependabot": [ROOT / ".github" / "dependabot.yml"],
    "vendor.gitlab-ci": [ROOT / "examples" / "gitlab" / "gitlab-ci.yml"],
    "vendor.azure-pipelines": [ROOT / "examples" / "azure" / "azure-pipelines.yml"],
}
MORE = {
    "vendor.gitlab-ci": ["--data-transform", "gitlab-ci"],
    # Patterns of this schema are no JavaScript.
    "vendor.azure-pipelines": ["--data-transform", "azure-pipelines", "--regex-variant", "python"],
}


def run(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def validate(schema: str, *files: Path) -> tuple[int, str]:
    """Run check-jsonschema, in this process: it takes a second to start."""
    try:
        from check_jsonschema import main
    except ImportError:
        tools.missing("check-jsonschema", "pip install '.[dev]'")
    done = CliRunner().invoke(main, ["--builtin-schema", schema, *MORE.get(schema, ()), *map(str, files)])
    return done.exit_code, done.output


def audit(*files: Path, kind: str = "default") -> tuple[int, str]:
    how = ("--quiet", "--offline", "--no-progress", "--persona", "auditor", "--strict-collection", f"--collect={kind}")
    return run(tools.script("zizmor"), *how, "--config", ROOT / ".github" / "zizmor.yml", *files)


def diagnose(*files: Path) -> dict[str, list[str]]:
    """What GitHub's language server says of each file."""
    package = "@actions/languageserver"
    with lsp.serve(tools.node(), tools.node_module(f"{package}/bin/actions-languageserver", package)) as server:
        kinds = {file: "action" if file.name == "action.yml" else "workflow" for file in files}
        return {file.name: server.diagnose(file, f"github-actions-{kind}") for file, kind in kinds.items()}


def test_there_is_something_to_check() -> None:
    assert {path.name for path in WORKFLOWS} >= {"ci.yml", "release.yml"}
    assert {path.name for path in EXAMPLES} >= {"pull-request.yml", "scheduled-scan.yml", "guarded-apply.yml"}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_are_valid_by_their_schemas(schema: str) -> None:
    code, said = validate(schema, *SCHEMAS[schema])
    assert code == 0, said


def test_the_language_server_of_github_has_nothing_to_say() -> None:
    said = diagnose(ACTION, *WORKFLOWS, *EXAMPLES)
    assert {name: lines for name, lines in said.items() if lines} == {}


def test_the_auditor_has_nothing_to_say() -> None:
    code, said = audit(ACTION, *WORKFLOWS, *EXAMPLES)
    assert code == 0, said


def test_the_auditor_has_nothing_to_say_of_the_hooks() -> None:
    code, said = audit(ROOT / ".pre-commit-hooks.yaml", kind="pre-commit")
    assert code == 0, said


def changed(path: Path, old: str, new: str, folder: Path) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    copy = folder / path.name
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def test_the_checkers_do_object(tmp_path: Path) -> None:
    """Guards the tests above: each finds a fault that was put in."""
    wrong = changed(ACTION, "using: composite", "using: composit", tmp_path)
    assert validate("vendor.github-actions", wrong)[0] != 0
    wrong = changed(ACTION, "steps.check.outputs.findings", "step.check.outputs.findings", tmp_path)
    assert diagnose(wrong)["action.yml"] != []
    wrong = changed(ACTION, 'run: exit "$EXIT_CODE"', "run: exit ${{ inputs.fail-on }}", tmp_path)
    assert audit(wrong)[0] != 0
