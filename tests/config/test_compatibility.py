"""A configuration and a pack of rules written for iblint 0.1.0 give the verdicts and severities of 0.1.0."""

import json
import re
from pathlib import Path

import pytest

from iblint.cli import main

CONFIGURATION = """\
profile: mission
ignore: [IB204]
fail-on: warning
account: "210987654321"
region: eu-west-1
unknown-build-type: assume-container
sns-topic-keys: {"*": none}
severity: {imdsv2-required: warning, IB301: error}
options: {container-hop-limit: {}, ACME001: {least: 4}}
rules: [policy]
exclude: [infra/skip.yaml]
overrides:
  - files: [infra/ami-*.yaml]
    build-type: ami
    select: [mission, owned]
    severity: {IB202: note}
  - files: [infra/owned.yaml]
    select: [mission, owned]
    ignore: [mission]
"""

PACK = """\
name: acme
title: Acme's rules
version: "1.0"
code-prefix: ACME
groups: {naming: Names say who owns a configuration.}
profiles: {acme: {select: [mission, owned], strict: true}}
"""

RULE = """\
code: ACME001
name: described
title: Configurations must be described
status: stable
since: 0.1.0
severity: warning
enabled: true
mission: false
tags: [owned]
unknown: count
rationale: |
  A configuration without a purpose is never deleted.
remediation: |
  Set {/description} to a text of {option:least} characters.
references:
  - {title: Infrastructure configurations, url: "https://docs.aws.amazon.com/imagebuilder/"}
options:
  least: {description: Least length., schema: {type: integer, minimum: 1}, default: 10}
at: /description
absent: fail
schema:
  properties:
    description: {type: string, minLength: {$option: least}}
message: "{field} is {actual}. A description of at least {option:least} characters says what the configuration is for."
examples:
  good:
    - text: "description: Builds the web server image"
  bad:
    - text: "description: web"
      expect: [{path: /description, message: "is 'web'"}]
  unknown:
    - text: "description: !Ref Description"
      reason: "!Ref Description"
"""

SPEC = """\
instanceProfileName: builder
instanceTypes: [m6i.large]
description: web
instanceMetadataOptions: {httpTokens: optional, httpPutResponseHopLimit: 1}
"""

CORE = {"IB201": "fail", "IB202": "fail", "IB301": "pass"}


@pytest.fixture
def report(tmp_path, monkeypatch, capsys):
    """Write the files, with words replaced, run ``check`` and return its JSON report."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IBLINT_CACHE_DIR", "off")
    (tmp_path / ".git").mkdir()
    for folder in ("policy/naming", "infra"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "policy/pack.yaml").write_text(PACK)
    (tmp_path / "policy/naming/ACME001-described.yaml").write_text(RULE)
    for name in ("ami-web", "owned", "other", "skip"):
        (tmp_path / f"infra/{name}.yaml").write_text(f"name: {name}\n{SPEC}")

    def run(*args, word="mission"):
        for file, text in ((".iblint.yaml", CONFIGURATION), ("policy/pack.yaml", PACK)):
            Path(file).write_text(re.sub(r"\bmission\b", word, text))
        code = main(["check", "-f", "json", *args, "."])
        captured = capsys.readouterr()
        assert captured.err == ""
        return code, json.loads(captured.out)

    return run


def verdicts(report):
    return {
        Path(configuration["file"]).stem: {o["rule"]: o["verdict"] for o in configuration["outcomes"]}
        for configuration in report["configurations"]
    }


@pytest.mark.parametrize("word", ["mission", "core"])
def test_a_configuration_of_0_1_0(report, word):
    code, found = report(word=word)
    assert code == 1
    assert verdicts(found) == {
        "ami-web": {**CORE, "IB202": "pass", "ACME001": "fail"},
        "other": CORE,
        "owned": {"ACME001": "fail"},
    }
    assert {(f["rule"], f["severity"]) for f in found["findings"]} == {
        ("IB201", "warning"),
        ("IB202", "error"),
        ("ACME001", "warning"),
    }
    (message,) = {f["message"] for f in found["findings"] if f["rule"] == "ACME001"}
    assert message.startswith("description is 'web'. A description of at least 4 characters")


@pytest.mark.parametrize("word", ["mission", "core"])
@pytest.mark.parametrize(
    ("args", "rules"),
    [
        (["--no-config", "--select", "{}"], {"IB201", "IB202", "IB204", "IB301"}),
        (["--no-config", "--select", "{},IB101"], {"IB101", "IB201", "IB202", "IB204", "IB301"}),
        (["--no-config", "--select", "IB2,IB3", "--ignore", "{}"], None),
        (["--no-config", "--profile", "{}"], {"IB201", "IB202", "IB204", "IB301"}),
        (["--no-config", "--rules", "policy", "--profile", "acme"], {"ACME001", "IB201", "IB202", "IB204", "IB301"}),
    ],
)
def test_the_command_line_of_0_1_0(report, args, rules, word):
    _, found = report(*(arg.format(word) for arg in args), word=word)
    judged = {rule for outcomes in verdicts(found).values() for rule in outcomes}
    if rules is None:
        assert judged
        assert judged.isdisjoint({"IB201", "IB202", "IB204", "IB301"})
    else:
        assert judged == rules
