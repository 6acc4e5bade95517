"""The commands in the pipelines of ``examples/`` are valid, and write the files that later steps read."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import click
import pytest
import yaml

from iblint.cli.app import app
from iblint.version import __version__
from tests.cli.conftest import GOOD

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
PIPELINES = [
    path for system in ("github", "gitlab", "azure", "jenkins") for path in sorted((EXAMPLES / system).iterdir())
]


def scripts(node):
    """Every text in a pipeline, with the line breaks of YAML resolved."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        return [text for item in node for text in scripts(item)]
    return [node] if isinstance(node, str) else []


def commands(path):
    """The arguments of each call of iblint."""
    text = path.read_text()
    texts = scripts(yaml.safe_load(text)) if path.suffix == ".yml" else text.splitlines()
    calls = [re.search(r"""(?:\biblint|"\$IBLINT") ((?:check|plan|apply) [^'\n]+)""", text) for text in texts]
    values = {"$AWS_REGION": "eu-west-1", "$DIGEST": f"sha256:{'0' * 64}"}
    lines = [call[1] for call in calls if call]
    for variable, value in values.items():
        lines = [line.replace(variable, value) for line in lines]
    return [shlex.split(line) for line in lines]


CALLS = [pytest.param(call, id=f"{path.name}-{call[0]}") for path in PIPELINES for call in commands(path)]


def test_calls_are_found():
    assert len(CALLS) >= 6


@pytest.mark.parametrize("call", CALLS)
def test_the_command_line_is_valid(call):
    context = click.Context(app, info_name="iblint")
    command = app.get_command(context, call[0])
    command.make_context(call[0], call[1:], parent=context)


@pytest.mark.parametrize("call", [call for call in CALLS if call.values[0][0] == "check"])
def test_a_check_writes_its_reports(call, iblint, folder):
    call = [argument.replace("$(Build.ArtifactStagingDirectory)/", "") for argument in call]
    (folder / "infra").mkdir()
    (folder / "infra" / "web.yaml").write_text(GOOD)
    assert iblint(*call).code == 0
    outputs = [value for option, value in pairwise(call) if option == "--output"]
    assert outputs
    assert all((folder / output).stat().st_size for output in outputs)


PAGES = [ROOT / "README.md", ROOT / "docs" / "github.md", ROOT / "docs" / "pre-commit.md"]


@pytest.mark.parametrize("path", [*PIPELINES, *PAGES], ids=lambda path: path.name)
def test_the_version_is_this_one(path):
    named = re.findall(r"(?:iblint==|iblint@v|rev: v)(\d+\.\d+\.\d+)", path.read_text())
    assert named
    assert set(named) == {__version__}
