"""SARIF logs under the rules of the standard and of GitHub, by Microsoft's own validator and its copy of the schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from iblint.model.report import Report
from iblint.report import Checkout, Style, render
from tests.report import builder
from tests.support import tools

pytestmark = pytest.mark.integration

# Off by default even with --rule-kind Ghas. SARIF2006 asks the network.
CONFIG = {
    f"{rule}.Options": {"RuleEnabled": "Error"}
    for rule in (
        "GH1001.ProvideRequiredLocationProperties",
        "GH1002.InlineThreadFlowLocations",
        "GH1003.ProvideRequiredRegionProperties",
        "GH1004.ReviewArraysThatExceedConfigurableDefaults",
        "GH1005.LocationsMustBeRelativeUrisOrFilePaths",
        "GH1006.ProvideCheckoutPath",
        "GH1007.ProvideFullyFormattedMessageStrings",
    )
} | {"SARIF2006.UrisShouldBeReachable.Options": {"RuleEnabled": "Disabled"}}

# Inherent: GitHub wants message.text (2002); files are not embedded (2013); a problem in a file that could not be
# decoded has no lines to show (2010, 2011).
NOTES = {"SARIF2002", "SARIF2010", "SARIF2011", "SARIF2013"}

REPORTS = {
    "plain": builder.plain_report(),
    "nasty": builder.nasty_report(),
    "clean": builder.report({}),
}
ORIGIN = Checkout("https://github.com/acme/images", "0123456789abcdef0123456789abcdef01234567", "main")
STYLE = Style(prose=builder.PROSE, checkout=ORIGIN, category="images")


def multitool() -> Path:
    package = "@microsoft/sarif-multitool"
    return tools.node_module(f"{package}-linux/Sarif.Multitool", package)


def run(binary: Path, *arguments: str | Path) -> None:
    environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(
        [binary, *arguments], capture_output=True, text=True, env=environment, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def validate(log: Path) -> list[tuple[str, str, str]]:
    """What the validator says of a log: (level, rule, message). Its exit code says nothing, its report does."""
    config, output = log.with_name("config.json"), log.with_name("output.json")
    config.write_text(json.dumps(CONFIG))
    kinds = ("--level", "Error;Warning;Note", "--kind", "Fail;Open;Review;Informational")
    where = ("--config", config, "--output", output, "--log", "ForceOverwrite")
    run(multitool(), "validate", log, "--rule-kind", "Sarif;Ghas", *kinds, *where)
    (said,) = json.loads(output.read_text("utf-8-sig"))["runs"]
    rules = said["tool"]["driver"].get("rules", [])
    return [(r.get("level", "warning"), r["ruleId"], _words(r, rules)) for r in said["results"]]


def _words(result: Any, rules: Any) -> str:
    message = result["message"]
    template = message.get("text") or rules[result["ruleIndex"]]["messageStrings"][message["id"]]["text"]
    return str(template).format(*message.get("arguments", []))


def write(report: Report, folder: Path) -> Path:
    path = folder / "report.sarif"
    path.write_text(render("sarif", report, STYLE), "utf-8")
    return path


@pytest.mark.parametrize("name", REPORTS)
def test_no_errors_and_no_warnings(name: str, tmp_path: Path) -> None:
    said = validate(write(REPORTS[name], tmp_path))
    assert [line for line in said if line[0] != "note"] == []
    assert {rule for _, rule, _ in said} <= NOTES


def test_the_examples_as_the_command_writes_them(tmp_path: Path) -> None:
    """All rules with their documentation and controls, and a result of every kind."""
    log = tmp_path / "examples.sarif"
    written = ("check", "examples", "-f", "sarif", "-o", str(log))
    done = subprocess.run([sys.executable, "-m", "iblint", *written], cwd=tools.ROOT, check=False)
    assert done.returncode == 1
    said = validate(log)
    assert [line for line in said if line[0] != "note"] == []
    assert {rule for _, rule, _ in said} <= NOTES | {"SARIF2003"}, "a checkout without a remote has no origin"


def test_the_validator_does_object(tmp_path: Path) -> None:
    """Guards the test above: a log with a fault is refused."""
    log = write(REPORTS["plain"], tmp_path)
    log.write_text(log.read_text("utf-8").replace('"startColumn": 15', '"startColumn": 0'), "utf-8")
    assert "error" in {level for level, _, _ in validate(log)}


@pytest.mark.parametrize("name", REPORTS)
def test_logs_are_valid_by_the_schema(name: str, tmp_path: Path) -> None:
    schema = json.loads((multitool().parent / "sarif-2.1.0.json").read_text("utf-8-sig"))
    log = json.loads(write(REPORTS[name], tmp_path).read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(log)] == []


def test_line_hashes_agree_with_the_reference(tmp_path: Path) -> None:
    """The multitool computes GitHub's hash from the files themselves."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra/web.yaml").write_text(builder.PLAIN, "utf-8")
    ours = json.loads(render("sarif", REPORTS["plain"], STYLE))
    theirs = json.loads(json.dumps(ours))
    theirs["runs"][0]["originalUriBaseIds"] = {"%SRCROOT%": {"uri": tmp_path.as_uri() + "/"}}
    for result in theirs["runs"][0]["results"]:
        del result["partialFingerprints"]
    log, output = tmp_path / "in.sarif", tmp_path / "out.sarif"
    log.write_text(json.dumps(theirs), "utf-8")
    insert = ("--insert", "RollingHashPartialFingerprints", "--output", output, "--log", "ForceOverwrite")
    run(multitool(), "rewrite", log, *insert)
    theirs = json.loads(output.read_text("utf-8-sig"))
    hashes = [
        [result["partialFingerprints"]["primaryLocationLineHash"] for result in log["runs"][0]["results"]]
        for log in (ours, theirs)
    ]
    assert hashes[0] == hashes[1]
