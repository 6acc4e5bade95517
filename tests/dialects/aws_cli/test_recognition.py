"""What counts as a command, where its values stand, and what is said of scripts that cannot be read."""

from __future__ import annotations

import pytest

from iblint.model.settings import Settings
from iblint.model.values import Unresolved
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from iblint.session import Session

RULES = load_packs(Settings())
NAME = "create-infrastructure-configuration"
CALL = f"aws imagebuilder {NAME} --name web --instance-profile-name builder"


@pytest.fixture
def judge(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(text, file="run.sh", **settings):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return check_paths(["."], Settings(**settings), rules=RULES, session=Session(keep_resources=True))

    return run


def said(report):
    return len(report.configurations), len(report.problems), [entry.kind for entry in report.not_judged]


COMMANDS = {
    "in a function": f"f() {{\n  {CALL}\n}}",
    "in a condition": f"if ! {CALL}; then exit 1; fi",
    "in a substitution": f'ARN="$({CALL} --query x --output text)"',
    "in backticks": f"ARN=`{CALL}`",
    "after another": f"true && {CALL} || echo no",
    "in a case": f"case $1 in\n  a) {CALL} ;;\nesac",
    "in the background": f"{CALL} &",
    "with sudo": f"sudo -E {CALL}",
    "by a path": CALL.replace("aws ", "/usr/local/bin/aws ", 1),
    "by a variable": CALL.replace("aws ", '"$AWS" ', 1),
    "by a function": f"run {CALL}",
    "with global options": CALL.replace("aws ", 'aws --region "$R" --profile p --no-cli-pager ', 1),
    "over several lines": CALL.replace(" --", " \\\n  --"),
    "without a dry run": f"{CALL} --no-dry-run",
    "in a container": f"docker run --rm amazon/aws-cli {CALL.removeprefix('aws ')}",
    "an update": "aws imagebuilder update-infrastructure-configuration --infrastructure-configuration-arn x",
    "with unknown arguments": f'aws imagebuilder {NAME} "$@"',
}


@pytest.mark.parametrize("text", COMMANDS.values(), ids=COMMANDS.keys())
def test_commands_are_judged(judge, text):
    assert said(judge(f"#!/bin/bash\n{text}\n")) == (1, 0, [])


NONE = {
    "a comment": f"# {CALL}",
    "a message": f'echo "run {CALL}"',
    "a printed line": f"printf '%s\\n' '{CALL}'",
    "printed words": f"echo {CALL}",
    "a usage text": f"cat <<EOF\nUsage: {CALL}\nEOF",
    "a search": f"grep -r 'imagebuilder {NAME}' .",
    "a skeleton": f"aws imagebuilder {NAME} --generate-cli-skeleton > request.json",
    "a skeleton of YAML": f"aws imagebuilder {NAME} --generate-cli-skeleton yaml-input",
    "a dry run": f"{CALL} --dry-run",
    "help": f"aws imagebuilder {NAME} help",
    "another command": "aws imagebuilder get-infrastructure-configuration # create-infrastructure-configuration",
    "another service": f"aws other {NAME} --name web",
    "a file of that name": f"./{NAME}.sh --name web",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_is_no_command_is_nothing(judge, text):
    assert said(judge(f"#!/bin/bash\n{text}\n")) == (0, 0, [])


LISTED = {
    "a string that is run": f'bash -c "{CALL}"',
    "a variable that is run": f"CMD='{CALL}'\n$CMD",
    "eval": f'eval "{CALL}"',
    "a script that is written": f"cat > run2 <<EOF\n{CALL}\nEOF",
    "another machine": f"ssh host '{CALL}'",
}


@pytest.mark.parametrize("text", LISTED.values(), ids=LISTED.keys())
def test_a_command_that_is_only_text_is_listed(judge, text):
    assert said(judge(f"#!/bin/bash\n{text}\n")) == (0, 0, ["shell-script"])


@pytest.mark.parametrize("file", ["a.sh", "a.bash", "a.zsh", "deploy", "a.bats"])
def test_scripts_are_found_by_suffix_and_shebang(judge, file):
    assert said(judge(f"#!/usr/bin/env bash\n{CALL}\n", file)) == (1, 0, [])


def test_columns_count_code_points(judge):
    text = f"x='é🚀'; aws imagebuilder {NAME} --name 'wé🚀b' --instance-profile-name=\"builder\" --tags 'a=é,b=c'\n"
    (resource,) = judge(text).resources
    for path, expected in ((("name",), "'wé🚀b'"), (("tags", "b"), "c")):
        span = resource.place(path).value
        assert text[span.column - 1 : span.end_column - 1] == expected
    key = resource.place(("name",)).key
    assert text[key.column - 1 : key.end_column - 1] == "--name"
    assert resource.spec["instanceProfileName"] == "builder"


GITHUB = """\
name: Build
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      # iblint: build-type=container
      - name: Create
        run: |
          set -e
          # iblint: sns-topic-key=none
          aws imagebuilder create-infrastructure-configuration \\
            --name "web-${{ github.sha }}" --instance-profile-name builder \\
            --no-terminate-instance-on-failure --region eu-central-1
"""


def test_scripts_of_github_are_read_with_their_places(judge):
    report = judge(GITHUB, ".github/workflows/build.yml")
    assert said(report) == (1, 0, [])
    (resource,) = report.resources
    lines = GITHUB.splitlines()
    span = resource.place(("terminateInstanceOnFailure",)).value
    assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == "--no-terminate-instance-on-failure"
    assert resource.address == f"/jobs/build/steps/1/run/{NAME}"
    assert resource.region == "eu-central-1"
    assert resource.spec["name"].text == "web-${}"
    places = {directive.key: directive.location.span for directive in resource.directives}
    assert (places["build-type"].line, places["sns-topic-key"].line) == (8, 12)
    assert lines[11][places["sns-topic-key"].column - 1 :] == "# iblint: sns-topic-key=none"


PIPELINES = {
    "github": f"jobs:\n  a:\n    steps:\n      - run: {CALL}\n",
    "gitlab": f"build:\n  script:\n    - echo hello\n    - {CALL}\n",
    "gitlab block": f"build:\n  before_script: |\n    {CALL}\n",
    "circleci": f"jobs:\n  a:\n    steps:\n      - run:\n          name: x\n          command: |\n            {CALL}\n",
    "azure": f"steps:\n- script: |\n    {CALL}\n",
    "azure bash": f"steps:\n- bash: >-\n    {CALL}\n",
    "azure task": f"steps:\n- task: AWSShellScript@1\n  inputs:\n    inlineScript: '{CALL}'\n",
    "bitbucket": f"pipelines:\n  default:\n    - step:\n        script:\n          - {CALL}\n",
    "buildspec": f'version: 0.2\nphases:\n  build:\n    commands:\n      - "{CALL}"\n',
    "a folded block": f"a:\n  run: >\n    {CALL.replace(' --name', chr(10) + '    --name')}\n",
    "an alias": f"x: &x\n  {CALL}\njobs:\n  a:\n    steps:\n      - run: *x\n",
}


@pytest.mark.parametrize("text", PIPELINES.values(), ids=PIPELINES.keys())
def test_scripts_of_pipelines_are_judged_once(judge, text):
    report = judge(text, "pipeline.yml")
    assert said(report) == (1, 0, [])
    (resource,) = report.resources
    assert resource.spec["instanceProfileName"] == "builder"
    lines = text.splitlines()
    span = resource.place(("instanceProfileName",)).value
    assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == "builder"


QUOTED = r"""a:
  run: "echo \"é\" \u00e9 && \
    aws imagebuilder create-infrastructure-configuration --name 'it\x73'

    --instance-profile-name builder"
b:
  run: 'echo ''x''; aws imagebuilder create-infrastructure-configuration --name ''y'' --instance-profile-name builder'
"""


def test_places_in_quoted_scalars_are_exact(judge):
    report = judge(QUOTED, "pipeline.yml")
    lines = QUOTED.splitlines()
    found = {}
    for resource in report.resources:
        span = resource.place(("name",)).value
        found[resource.spec["name"]] = lines[span.line - 1][span.column - 1 : span.end_column - 1]
    assert found == {"its": r"'it\x73'", "y": "''y''"}


@pytest.mark.parametrize("shell", ["pwsh", "python", "cmd"])
def test_steps_in_other_shells_are_not_read_as_shell(judge, shell):
    text = f"jobs:\n  a:\n    steps:\n      - shell: {shell}\n        run: {CALL}\n"
    report = judge(text, "pipeline.yml")
    assert len(report.configurations) == 0
    assert len(report.problems) + len(report.not_judged) == 1


DOCKER = f"""\
FROM amazon/aws-cli
ARG NAME=web
RUN --mount=type=secret,id=aws \\
    # a comment that Docker removes
    {CALL} \\
      --no-terminate-instance-on-failure && \\
    echo done
RUN {CALL} --description "$NAME"
RUN ["aws", "imagebuilder", "{NAME}", "--name", "x"]
"""


def test_run_instructions_of_dockerfiles_are_judged(judge):
    report = judge(DOCKER, "Dockerfile")
    assert said(report) == (2, 0, ["dockerfile"])
    assert (report.not_judged[0].line, report.not_judged[0].column) == (9, 30)
    first, second = report.resources
    span = first.place(("terminateInstanceOnFailure",)).value
    assert (span.line, span.column) == (6, 7)
    assert isinstance(second.spec["description"], Unresolved)
    assert (first.address, second.address) == (NAME, f"{NAME}[2]")


def test_a_script_with_a_fault_is_a_problem_and_what_was_understood_is_judged(judge):
    report = judge(f"{CALL}\n\nif true; then\n  echo ${{x\n")
    assert len(report.configurations) == 1
    assert [problem.line >= 3 for problem in report.problems] == [True]
    assert said(judge("if true; then\n  echo ${x\n# imagebuilder create-infrastructure-configuration\n")) == (0, 0, [])


def test_a_script_that_is_not_utf8_is_a_problem(judge):
    assert said(judge(b"x='\xff'\n" + CALL.encode() + b"\n")) == (0, 1, [])


def test_long_and_deep_scripts_are_read(judge):
    assert said(judge(f"{CALL}\n" + "echo x\n" * 100_000)) == (1, 0, [])
    deep = "$(echo " * 200 + "x" + ")" * 200
    (resource,) = judge(f'{CALL} --description "{deep}"\n').resources
    assert isinstance(resource.spec["description"], Unresolved)


def test_files_are_read_below_the_root_alone(judge, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "web.json").write_text('{"name": "web", "instanceProfileName": "builder"}')
    (tmp_path.parent / "outside.json").write_text('{"name": "web", "instanceProfileName": "builder"}')
    command = f"aws imagebuilder {NAME} --cli-input-json file://"

    def profile(text, file="scripts/run.sh"):
        resources = judge(text, file).resources
        (resource,) = (each for each in resources if each.dialect == "aws-cli")
        return resource.spec["instanceProfileName"], resource.place(("instanceProfileName",)).file

    assert profile(f"{command}config/web.json\n") == ("builder", "config/web.json")
    for text in (
        f"{command}../../outside.json\n",
        f"{command}{tmp_path.parent}/outside.json\n",
        f"{command}config/none.json\n",
        f"{command}config/$NAME.json\n",
        f"cd other\n{command}config/web.json\n",
        f"sed -i s/builder/other/ config/web.json\n{command}config/web.json\n",
    ):
        assert isinstance(profile(text)[0], Unresolved), text


def test_directives_hold_for_the_command_that_they_stand_at(judge):
    text = f"#!/bin/bash\n# iblint: build-type=ami\nset -e\n\n# iblint: sns-topic-key=none\nA=$({CALL})\n{CALL}\n"
    first, second = judge(text).resources
    assert [directive.key for directive in first.directives] == ["build-type", "sns-topic-key"]
    assert [directive.key for directive in second.directives] == ["build-type"]
    stray = judge(f"set -e\n# iblint: build-type=ami\ntrue\n{CALL}\n")
    assert [(problem.line, problem.column) for problem in stray.problems] == [(2, 1)]


def test_powershell_is_listed(judge):
    text = "New-EC2IBInfrastructureConfiguration -Name web -InstanceProfileName builder\n"
    assert said(judge(text, "run.ps1")) == (0, 0, ["powershell"])


HERE = """\
jobs:
  a:
    steps:
      - run: |
          cat > {file} <<EOF
          {{"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {{"httpTokens": "optional"}}}}
          EOF
          aws imagebuilder create-infrastructure-configuration --cli-input-json file://infra.json
"""


def test_a_request_that_a_command_sends_is_judged_once_and_another_one_too(judge):
    report = judge(HERE.format(file="infra.json"), "ci.yml")
    assert [resource.dialect for resource in report.resources] == ["aws-cli"]
    span = report.resources[0].place(("instanceMetadataOptions", "httpTokens")).value
    assert (span.line, span.column) == (6, 97)
    report = judge(HERE.format(file="other.json"), "ci.yml")
    assert sorted(resource.dialect for resource in report.resources) == ["aws-cli", "request"]
    inline = "run: |\n  aws imagebuilder create-infrastructure-configuration --cli-input-json '{}'\n"
    sent = '{"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {"httpTokens": "optional"}}'
    assert said(judge(inline.replace("{}", sent), "ci.yml")) == (1, 0, [])


def test_a_request_and_the_command_that_sends_it_have_one_name(judge, tmp_path):
    (tmp_path / "web.json").write_text('{"name": "web", "instanceProfileName": "builder", "instanceTypes": []}')
    report = judge(
        f"aws imagebuilder {NAME} --cli-input-json file://web.json\n", account="111122223333", region="eu-west-1"
    )
    assert len(report.configurations) == 2
    assert "IB307" not in {finding.rule for finding in report.findings}
    two = f"{CALL} --region eu-west-1\n{CALL} --region %s\n"
    assert "IB307" not in {finding.rule for finding in judge(two % "eu-north-1").findings}
    assert "IB307" in {finding.rule for finding in judge(two % "eu-west-1").findings}
