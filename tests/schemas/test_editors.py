"""The JSON Schemas in an editor, by the language server that most editors run for YAML.

A file names its schema in its first line, as the documentation says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iblint.report import Style, render
from iblint.schemas import NAMES, read_schema
from tests.report import builder
from tests.support import lsp, tools
from tests.support.tools import ROOT

pytestmark = pytest.mark.integration

MARKDOWN = {
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
    }
}

# For each schema: a file that is right, and one that is not with what must be said of it.
RIGHT = {
    "request": (ROOT / "examples/requests/good/all-members.yaml").read_text(encoding="utf-8"),
    "config": "fail-on: warning\noverrides:\n  - files: [containers/]\n    build-type: container\n",
    "rule": (ROOT / "rules/security/IB201-imdsv2-required.yaml").read_text(encoding="utf-8"),
    "pack": (ROOT / "rules/pack.yaml").read_text(encoding="utf-8"),
    "waivers": "waivers:\n  - {rule: IB201, configuration: web-*, reason: agreed, until: 2027-01-31}\n",
}
WRONG = {
    "request": ("name: web\nterminateInstanceOnFailure: 'no'\n", {'"instanceProfileName"', 'Expected "boolean"'}),
    "config": ("fail-on: fatal\nselct: [IB201]\n", {'"error"', "selct is not allowed"}),
    "rule": ("code: IB201\nseverity: fatal\n", {'"name"', '"warning"'}),
    "pack": ("names: acme\n", {"names is not allowed"}),
    "waivers": ("waivers:\n  - rule: IB201\n    untill: 2027-01-31\n", {'"reason"', "untill is not allowed"}),
    "report": ("schemaVersion: '2'\n", {'"findings"', '"1"'}),
}


@pytest.fixture(scope="module")
def server() -> Iterator[lsp.Client]:
    package = "yaml-language-server"
    binary = tools.node_module(f"{package}/bin/{package}", package)
    with lsp.serve(tools.node(), binary, capabilities=MARKDOWN) as client:
        yield client


def write(folder: Path, schema: str, text: str) -> Path:
    (folder / "schema.json").write_text(read_schema(schema), encoding="utf-8")
    path = folder / "file.yaml"
    path.write_text(f"# yaml-language-server: $schema=./schema.json\n{text}", encoding="utf-8")
    return path


def at(path: Path, line: int, column: int) -> Any:
    """A position in a file, 0-based as in the protocol; line 0 names the schema."""
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}


def test_every_schema_is_tested() -> None:
    assert set(WRONG) == set(NAMES)
    assert set(RIGHT) == set(NAMES) - {"report"}  # see the test of a report


@pytest.mark.parametrize("schema", RIGHT)
def test_a_file_that_is_right_is_left_alone(schema: str, server: lsp.Client, tmp_path: Path) -> None:
    assert server.diagnose(write(tmp_path, schema, RIGHT[schema]), "yaml") == []


@pytest.mark.parametrize("schema", WRONG)
def test_mistakes_are_marked(schema: str, server: lsp.Client, tmp_path: Path) -> None:
    text, expected = WRONG[schema]
    said = "\n".join(server.diagnose(write(tmp_path, schema, text), "yaml"))
    assert [words for words in expected if words not in said] == [], said


def test_a_report_is_right(server: lsp.Client, tmp_path: Path) -> None:
    report = render("json", builder.plain_report(), Style())
    assert server.diagnose(write(tmp_path, "report", report), "yaml") == []


def test_names_are_completed(server: lsp.Client, tmp_path: Path) -> None:
    path = write(tmp_path, "request", "name: web\ninstanceMetadataOptions:\n  \n")
    server.open(path, "yaml")
    answer = server.request("textDocument/completion", at(path, 3, 2))
    assert {item["label"] for item in answer["items"]} == {"httpTokens", "httpPutResponseHopLimit"}


def test_values_are_completed(server: lsp.Client, tmp_path: Path) -> None:
    path = write(tmp_path, "config", "fail-on: \n")
    server.open(path, "yaml")
    answer = server.request("textDocument/completion", at(path, 1, 9))
    assert {item["label"] for item in answer["items"]} == {"error", "warning", "note", "never"}


def test_what_a_name_means_is_shown(server: lsp.Client, tmp_path: Path) -> None:
    path = write(tmp_path, "request", "terminateInstanceOnFailure: true\n")
    server.open(path, "yaml")
    shown = server.request("textDocument/hover", at(path, 1, 3))["contents"]["value"]
    described = json.loads(read_schema("request"))["properties"]["terminateInstanceOnFailure"]["description"]
    assert described in shown
