"""The origin of reports, with repositories that git made."""

import json
import os
import subprocess

import pytest

from iblint.cli.git_origin import checkout_of
from iblint.report import Checkout
from tests.cli.conftest import BAD


def git(folder, *arguments):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        env=environment | {"GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "trunk")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    git(folder, "remote", "add", "origin", "https://github.com/acme/images.git")
    return folder


def test_branch_and_revision(repository):
    head = git(repository, "rev-parse", "HEAD")
    expected = Checkout("https://github.com/acme/images", head, "trunk")
    assert checkout_of(str(repository)) == expected
    git(repository, "pack-refs", "--all")
    assert checkout_of(str(repository)) == expected


def test_a_detached_head_has_no_branch(repository):
    git(repository, "checkout", "-q", "--detach")
    head = git(repository, "rev-parse", "HEAD")
    assert checkout_of(str(repository)) == Checkout("https://github.com/acme/images", head, None)


def test_a_worktree_has_its_own_head(repository, tmp_path):
    git(repository, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    git(tmp_path / "side", "commit", "-q", "--allow-empty", "-m", "second")
    head = git(tmp_path / "side", "rev-parse", "HEAD")
    assert checkout_of(str(tmp_path / "side")) == Checkout("https://github.com/acme/images", head, "side")


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/acme/images", "https://github.com/acme/images"),
        ("https://builder:s3cr3t@github.com/acme/images.git", "https://github.com/acme/images"),
        ("https://x-access-token:ghs_abc@github.example.com/acme/images", "https://github.example.com/acme/images"),
        ("git@gitlab.com:acme/infra/images.git", "https://gitlab.com/acme/infra/images"),
        ("ssh://git@gitlab.example.com:2222/acme/images.git", "https://gitlab.example.com/acme/images"),
    ],
)
def test_remotes_become_web_addresses_without_credentials(repository, remote, address):
    git(repository, "remote", "set-url", "origin", remote)
    assert checkout_of(str(repository)).repository == address


@pytest.mark.parametrize("remote", ["/srv/git/images.git", "../images", "file:///srv/git/images.git", "C:/images"])
def test_local_remotes_are_left_out(repository, remote):
    git(repository, "remote", "set-url", "origin", remote)
    assert checkout_of(str(repository)) is None


def test_no_repository_no_remote_no_commit(repository, tmp_path):
    assert checkout_of(str(tmp_path)) is None
    (repository / "sub").mkdir()
    assert checkout_of(str(repository / "sub")) is None
    git(repository, "remote", "remove", "origin")
    assert checkout_of(str(repository)) is None
    git(repository, "remote", "add", "origin", "https://github.com/acme/images")
    git(repository, "checkout", "-q", "--orphan", "empty")
    assert checkout_of(str(repository)) == Checkout("https://github.com/acme/images", None, "empty")


@pytest.mark.parametrize("head", ["", "ref: ../../../etc/passwd", "ref: refs/../../secret", "\xff\xfe", "deadbeef"])
def test_a_broken_head_gives_no_revision(repository, head):
    (repository / ".git/HEAD").write_text(head, encoding="latin-1")
    assert checkout_of(str(repository)).revision is None


@pytest.mark.parametrize(
    ("repository", "link"),
    [
        ("https://github.com/a/b", "https://github.com/a/b/blob/abc/infra/x%20y.yaml#L7"),
        ("https://github.example.com/a/b", "https://github.example.com/a/b/blob/abc/infra/x%20y.yaml#L7"),
        ("https://gitlab.com/a/b", "https://gitlab.com/a/b/-/blob/abc/infra/x%20y.yaml#L7"),
        ("https://git.example.com/a/b", None),
    ],
)
def test_links_to_lines(repository, link):
    assert Checkout(repository, "abc").link("infra/x%20y.yaml", 7) == link
    assert Checkout(repository).link("x", 1) is None


def test_a_sarif_log_names_the_commit_and_the_category(repository, iblint, monkeypatch):
    monkeypatch.chdir(repository)
    (repository / "bad.yaml").write_text(BAD)
    (run,) = json.loads(iblint("check", "-f", "sarif", "--sarif-category", "images").out)["runs"]
    assert run["versionControlProvenance"] == [
        {
            "repositoryUri": "https://github.com/acme/images",
            "revisionId": git(repository, "rev-parse", "HEAD"),
            "branch": "trunk",
            "mappedTo": {"uriBaseId": "%SRCROOT%"},
        }
    ]
    assert run["automationDetails"] == {"id": "images/"}


def test_a_category_needs_a_sarif_log(folder, iblint):
    result = iblint("check", "--sarif-category", "images")
    assert (result.code, result.out) == (2, "")
    assert "--sarif-category needs --format sarif." in result.err


def test_sarif_carries_the_documentation_of_the_rule_files(folder, iblint):
    (folder / "bad.yaml").write_text(BAD)
    (run,) = json.loads(iblint("check", "-f", "sarif").out)["runs"]
    (imds,) = [rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "IB201"]
    help_ = imds["help"]["markdown"]
    assert "### Why\n\n" in help_
    assert "Fails:\n\n```yaml\n" in help_
    assert "Passes:\n\n```yaml\n" in help_
    assert "- AWS Security Hub FSBP EC2.8 (analogous)" in help_


def test_excerpts_can_be_left_out(folder, iblint):
    (folder / "bad.yaml").write_text(BAD.replace("httpTokens: optional", "httpTokens: optional  # kept inside"))
    for format_ in ("text", "sarif"):
        shown = iblint("check", "-f", format_).out
        hidden = iblint("check", "-f", format_, "--no-excerpts").out
        assert "kept inside" in shown
        assert "kept inside" not in hidden
        assert "IB201" in hidden
