"""The GitHub Action, run as the runner would run it: every step, with a workspace, inputs and what it leaves behind."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import yaml

from tests.support.action import Outputs, Run, run_action

pytestmark = pytest.mark.integration

GOOD = """\
# iblint: build-type=ami
name: golden-web
instanceProfileName: builder
instanceTypes: [m7i.large, m7a.large]
subnetId: subnet-0f3a91c27bd48e615
securityGroupIds: [sg-0b7d41e9a2c65f830]
terminateInstanceOnFailure: true
instanceMetadataOptions:
  httpTokens: required
"""
BAD = GOOD.replace("required", "optional")

# Code that an environment would run if anything of the workspace were imported, configured from or built.
TRAP = "open('sprung', 'w').close()\n"
TRAPS = {
    "yaml.py": TRAP,
    "sitecustomize.py": TRAP,
    "iblint/__init__.py": TRAP,
    "pip/__init__.py": TRAP,
    "venv.py": TRAP,
    "setup.py": TRAP,
    "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'yaml'\nbackend-path = ['.']\n",
}


class Job:
    """A job with a checked-out workspace in which the action runs."""

    def __init__(self, action: Path, workspace: Path, temporary: Path, done: Mapping[str, Outputs]) -> None:
        self.action, self.workspace, self.temporary, self.done = action, workspace, temporary, done
        workspace.mkdir()
        self.uploads: list[dict[str, Any]] = []

    def write(self, name: str, text: str) -> None:
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, **inputs: str) -> Run:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        self.temporary.mkdir(exist_ok=True)
        temporary = Path(mkdtemp(dir=self.temporary))
        return run_action(self.action, self.workspace, given, temporary, self._uses, self.done)

    def _uses(self, name: str, inputs: Mapping[str, str]) -> Outputs:
        if name.startswith("actions/setup-python@"):
            assert inputs["update-environment"] == "false", "the Python of the job is none of our business"
            return {"python-path": sys.executable}
        assert name.startswith("github/codeql-action/upload-sarif@")
        sarif = json.loads((self.workspace / inputs["sarif_file"]).read_text(encoding="utf-8"))
        self.uploads.append({"category": inputs["category"], "results": sarif["runs"][0]["results"]})
        return {}

    def files(self) -> set[str]:
        return {path.relative_to(self.workspace).as_posix() for path in self.workspace.rglob("*") if path.is_file()}


First = tuple[Job, Run, dict[str, Outputs]]


@pytest.fixture(scope="session")
def first(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> First:
    """A run of every step, in a workspace full of traps; what it installs serves the other tests."""
    base = tmp_path_factory.mktemp("first")
    job = Job(clone, base / "workspace", base / "temporary", {})
    job.write("infra/web.yaml", GOOD)
    for name, text in TRAPS.items():
        job.write(name, text)
    run = job.run(paths="infra", upload="true")
    (python,) = (base / "temporary").glob("*/iblint.*/bin/python")
    return job, run, {"install": {"python": str(python)}}


@pytest.fixture
def job(clone: Path, tmp_path: Path, first: First) -> Job:
    return Job(clone, tmp_path / "workspace", tmp_path / "temporary", first[2])


def test_a_clean_run_from_nothing(first: First) -> None:
    job, run, _ = first
    assert run.steps == {
        "python": "0", "install": "0", "check": "0", "Upload to code scanning": "0", "Set the exit code": "skipped"
    }, run.logs  # fmt: skip
    assert not run.failed
    assert run.annotations == []
    assert (run.outputs["exit-code"], run.outputs["conclusion"], run.outputs["findings"]) == ("0", "clean", "0")
    assert job.uploads == [{"category": "iblint", "results": []}]
    assert "golden-web" in run.summary


def test_nothing_of_the_workspace_is_run(first: First) -> None:
    job, _, _ = first
    assert job.files() == {"infra/web.yaml", *TRAPS}


def test_findings_fail_the_last_step_after_the_upload(job: Job) -> None:
    job.write("infra/web.yaml", BAD)
    run = job.run(upload="true", category="images")
    assert (run.steps["check"], run.steps["Upload to code scanning"], run.steps["Set the exit code"]) == ("0", "0", "1")
    assert run.failed
    assert (run.outputs["exit-code"], run.outputs["conclusion"], run.outputs["findings"]) == ("1", "findings", "1")
    (upload,) = job.uploads
    assert upload["category"] == "images"
    assert [result["ruleId"] for result in upload["results"]] == ["IB201"]
    (annotation,) = run.annotations
    assert annotation.name == "error"
    assert annotation.properties["file"] == "infra/web.yaml"
    assert (annotation.properties["line"], annotation.properties["col"]) == ("9", "15")
    assert "IB201" in annotation.properties["title"]
    assert "'optional'" in annotation.message
    assert "IB201" in run.summary
    assert "error[IB201" in run.logs["check"]


def test_nothing_is_uploaded_unasked(job: Job) -> None:
    job.write("web.yaml", BAD)
    run = job.run()
    assert run.steps["Upload to code scanning"] == "skipped"
    assert job.uploads == []
    assert Path(run.outputs["sarif-file"]).is_file()
    assert job.files() == {"web.yaml"}


def test_annotations_and_summary_can_be_off(job: Job) -> None:
    job.write("web.yaml", BAD)
    run = job.run(annotations="false", summary="false")
    assert run.annotations == []
    assert run.summary == ""
    assert run.outputs["findings"] == "1"


def test_settings_reach_the_check(job: Job) -> None:
    job.write("web.yaml", BAD.replace("m7i.large, m7a.large", "m7i.large"))
    job.write("policy.yaml", "severity: {imdsv2-required: warning}\n")
    run = job.run(config="policy.yaml")
    assert {a.name for a in run.annotations} == {"warning", "notice"}
    assert run.outputs["conclusion"] == "clean"
    assert job.run(config="policy.yaml", fail_on="warning").outputs["conclusion"] == "findings"
    assert job.run(select="IB3\nmission", ignore="IB302, IB201").outputs["findings"] == "0"


def test_a_path_is_a_line(job: Job) -> None:
    job.write("my infra/web server.yaml", BAD)
    job.write("other/web.yaml", BAD)
    job.write("third/web.yaml", BAD)
    run = job.run(paths="my infra\n\n  other/web.yaml  \n", sarif_file="iblint results.sarif", upload="true")
    assert {a.properties["file"] for a in run.annotations} == {"my infra/web server.yaml", "other/web.yaml"}
    assert run.outputs["sarif-file"] == "iblint results.sarif"
    assert len(job.uploads[0]["results"]) == 2


@pytest.mark.parametrize("path", ["*", "infra/*.yaml", "~", "$HOME", "nowhere", "-"])
def test_a_path_that_does_not_exist_is_no_pass(path: str, job: Job) -> None:
    job.write("infra/web.yaml", GOOD)
    job.write("iblint.sarif", '{"runs": [{"results": ["forged"]}]}')
    run = job.run(paths=path, upload="true", sarif_file="iblint.sarif")
    assert run.failed
    assert (run.steps["check"], run.steps["Set the exit code"]) == ("0", "2")
    assert run.outputs == {"exit-code": "2", "conclusion": "usage-error", "findings": "", "sarif-file": ""}
    assert job.uploads == []
    (annotation,) = run.annotations
    assert annotation.name == "error"
    assert path in annotation.message
    assert path in run.summary


def test_an_unreadable_input_is_incomplete(job: Job) -> None:
    job.write("web.yaml", GOOD + "name: twice\n")
    run = job.run(upload="true")
    assert run.failed
    assert (run.outputs["exit-code"], run.outputs["conclusion"]) == ("4", "incomplete")
    assert len(job.uploads) == 1
    assert [a.properties["file"] for a in run.annotations] == ["web.yaml"]


INPUTS = ("paths", "config", "select", "ignore", "fail-on", "enforce", "format", "sarif-file", "upload", "annotations")
INPUTS += ("summary",)


def test_all_inputs_are_attacked(clone: Path) -> None:
    inputs = set(yaml.safe_load((clone / "action.yml").read_text())["inputs"])
    assert inputs == {*INPUTS, "category", "python-version"}  # the last two are handed to other actions


@pytest.mark.parametrize("name", INPUTS)
def test_inputs_are_data(name: str, job: Job) -> None:
    job.write("web.yaml", GOOD)
    hostile = "nowhere/$(touch pwned); `touch pwned`; \"; touch pwned; ' && touch pwned #%0A::error::forged"
    run = job.run(**{name: hostile})
    assert run.failed
    assert run.outputs["conclusion"] == "usage-error"
    assert job.files() == {"web.yaml"}
    assert [a.name for a in run.annotations] == ["error"]


@pytest.mark.parametrize("path", ["--config=lenient.yaml", "--select=IB104", "--output=pwned"])
def test_paths_are_no_options(path: str, job: Job) -> None:
    job.write("lenient.yaml", "ignore: [IB201]\n")
    job.write(f"{path}/web.yaml", BAD)
    run = job.run(paths=path)
    assert run.outputs["conclusion"] == "findings"
    assert job.files() == {"lenient.yaml", f"{path}/web.yaml"}


FORGED = "::error file=a.py::forged %0A##[error]forged | `forged` <img src=x onerror=alert(1)> [forged](javascript:1)"


def test_a_checkout_forges_nothing(job: Job) -> None:
    name = json.dumps(f"a\n{FORGED}\n# forged")
    job.write(f"::error::forged/%0A::warning::{'x' * 20}.yaml", BAD.replace("golden-web", name))
    job.write("::stop-commands::x.yaml", BAD.replace("optional", name))
    run = job.run()
    assert run.outputs["conclusion"] == "findings"
    assert len(run.annotations) == int(run.outputs["findings"])
    assert {a.properties["title"][:2] for a in run.annotations} == {"IB"}
    assert {c.name for c in run.commands} <= {"error", "warning", "notice"}
    assert "<img" not in run.summary
    assert not [line for line in run.summary.splitlines() if line.lstrip().startswith(("# forged", "::", "| `forged"))]


def test_annotations_stay_within_the_limits_of_github(job: Job) -> None:
    wrong = GOOD.replace("m7i.large, m7a.large", "m7i.large").replace("required", "optional")
    for number in range(30):
        job.write(f"web-{number}.yaml", wrong.replace("terminateInstanceOnFailure: true", "clientToken: abcdef"))
    run = job.run()
    assert int(run.outputs["findings"]) > 50
    counts = {name: sum(a.name == name for a in run.annotations) for name in ("error", "warning", "notice")}
    assert counts["error"] == 10
    assert max(counts.values()) == 10
    assert all(f"web-{number}.yaml:" in run.logs["check"] for number in range(30))


def test_a_summary_has_room_for_many(job: Job) -> None:
    for number in range(800):
        job.write(f"web-{number}.yaml", BAD.replace("golden-web", f"web-{number}-{'x' * 100}"))
    run = job.run(format="concise")
    assert run.outputs["conclusion"] == "findings"
    assert 0 < len(run.summary.encode()) < 1 << 20


def test_the_log_may_have_another_format(job: Job) -> None:
    job.write("web.yaml", BAD)
    run = job.run(format="json", annotations="false")
    body = run.logs["check"].split("\n", 1)[1].rsplit("\n", 2)[0]
    assert len(json.loads(body)["findings"]) == 1
