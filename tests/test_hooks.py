"""The hooks, run for real: by pre-commit and by prek, in a git project that a user could have."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support import tools

pytestmark = pytest.mark.integration

GOOD = """\
# iblint: build-type=ami
name: {name}
instanceProfileName: builder
instanceTypes: [m6i.large]
terminateInstanceOnFailure: true
instanceMetadataOptions:
  httpTokens: required
"""
BAD = GOOD.replace("required", "optional")
FINDING = "error[IB201 imdsv2-required]"

CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: {hook}
"""

TOOLS = ("pre-commit", "prek")


class Project:
    """A git repository, and the tool that runs its hooks. Nothing of the machine's git or hook settings reaches it."""

    def __init__(self, folder: Path, tool: str, home: Path, hooks: Path) -> None:
        self.folder = folder
        self.hooks = str(hooks)
        self.tool = tools.script(tool)
        person = {"NAME": "A Tester", "EMAIL": "tester@example.org"}
        self.environment = {
            # A hook that runs these tests would hand its own repository to git by GIT_*.
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "IBLINT_"))},
            **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "PREK_HOME": str(home / "prek"),
            "PRE_COMMIT_COLOR": "never",
            "PIP_NO_COMPILE": "1",  # an environment serves a few short runs, and most of what it holds none
        }
        folder.mkdir()
        self.git("init", "--quiet")

    def write(self, name: str, text: str) -> None:
        """Write a file and stage it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "--", name)

    def run(self, *command: str | Path, offline: bool = False) -> tuple[int, str]:
        """Run a command; returns its exit code and all that it printed."""
        cut = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "HTTPS_PROXY": "http://127.0.0.1:9"} if offline else {}
        done = subprocess.run(
            [*(without_network() if offline else ()), *command],
            cwd=self.folder,
            env=self.environment | cut,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout

    def git(self, *arguments: str) -> str:
        """Run git, which must succeed."""
        code, out = self.run("git", *arguments)
        assert code == 0, out
        return out.strip()

    def try_hook(self, hook: str, *arguments: str) -> tuple[int, str]:
        """Run a hook that is not installed."""
        return self.run(self.tool, "try-repo", self.hooks, hook, "--verbose", *arguments)

    def install(self, hook: str) -> None:
        """Have git run the hook before every commit."""
        revision = self.git("-C", self.hooks, "rev-parse", "HEAD")
        self.write(".pre-commit-config.yaml", CONFIG.format(repository=self.hooks, revision=revision, hook=hook))
        code, out = self.run(self.tool, "install", "--install-hooks")
        assert code == 0, out

    def commit(self) -> tuple[int, str]:
        """Commit what is staged, as a user without network does."""
        return self.run("git", "commit", "--quiet", "-m", "change", offline=True)

    def commits(self) -> int:
        """How many commits there are."""
        return int(self.git("rev-list", "--all", "--count"))


@cache
def without_network() -> tuple[str, ...]:
    """A prefix that runs a command with no network at all, where the kernel lets us."""
    prefix = ("unshare", "--net", "--map-root-user")
    try:
        done = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return ()
    return prefix if done.returncode == 0 else ()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tools keep what they install, once for all tests."""
    return tmp_path_factory.mktemp("hooks")


@pytest.fixture
def project(tmp_path: Path, home: Path, clone: Path) -> Callable[[str], Project]:
    return lambda tool: Project(tmp_path / "project", tool, home, clone)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_manifest_is_valid(tool: str, project: Callable[[str], Project]) -> None:
    here = project(tool)
    code, out = here.run(here.tool, "validate-manifest", f"{here.hooks}/.pre-commit-hooks.yaml")
    assert code == 0, out


@pytest.mark.parametrize("tool", TOOLS)
def test_try_repo_judges_the_files_that_match(tool: str, project: Callable[[str], Project]) -> None:
    here = project(tool)
    here.write("infra/bad.template", BAD.format(name="bad"))
    here.write("infra/notes.txt", BAD.format(name="notes"))
    here.write("vendor/bad.yaml", BAD.format(name="vendored"))
    here.write(".iblint.yaml", "exclude: [vendor/]\n")
    code, out = here.try_hook("iblint", "--all-files")
    assert code == 1
    assert FINDING in out
    assert "infra/bad.template:7:15" in out
    assert out.count(FINDING) == 1  # neither notes.txt, nor what is excluded, though the hook names it


@pytest.mark.parametrize("tool", TOOLS)
def test_a_commit_is_blocked_and_then_accepted(tool: str, project: Callable[[str], Project]) -> None:
    here = project(tool)
    here.install("iblint")
    here.write("infra/my web.yaml", BAD.format(name="web"))
    code, out = here.commit()
    assert code == 1
    assert FINDING in out
    assert here.commits() == 0

    here.write("infra/my web.yaml", GOOD.format(name="web"))
    code, out = here.commit()
    assert code == 0, out
    assert here.commits() == 1

    here.write("README.md", "nothing to judge\n")
    code, out = here.commit()
    assert code == 0, out


@pytest.mark.parametrize("tool", TOOLS)
def test_file_names_are_no_options(tool: str, project: Callable[[str], Project]) -> None:
    here = project(tool)
    here.install("iblint")
    here.write("lenient.yaml", "ignore: [IB201]\n")
    here.write("--config=lenient.yaml", BAD.format(name="web"))
    code, out = here.commit()
    assert code == 1
    assert FINDING in out


@pytest.mark.parametrize("tool", TOOLS)
def test_files_are_judged_together(tool: str, project: Callable[[str], Project]) -> None:
    """In parallel batches, a hook would miss about half of the names that two files share."""
    here = project(tool)
    here.install("iblint")
    here.write(".iblint.yaml", 'account: "210987654321"\nregion: eu-west-1\n')
    names = [f"web-{number}" for number in range(12)]
    for name in names:
        for folder in ("blue", "green"):
            here.write(f"{folder}/{name}.yaml", GOOD.format(name=name))
    code, out = here.commit()
    assert code == 1
    found = [line for line in out.splitlines() if "IB307 name-collision" in line]
    assert [name for name in names if not any(f"'{name}'" in line for line in found)] == []


@pytest.mark.parametrize("tool", TOOLS)
def test_the_whole_repository_is_judged_whatever_changed(tool: str, project: Callable[[str], Project]) -> None:
    here = project(tool)
    here.install("iblint-all")
    here.write("infra/old.yaml", BAD.format(name="old"))
    here.git("commit", "--quiet", "--no-verify", "-m", "let it through")
    here.write("pyproject.toml", '[tool.iblint]\naccount = "210987654321"\n')
    code, out = here.commit()
    assert code == 1
    assert "infra/old.yaml:7:15" in out
    assert here.commits() == 1
