"""``iblint init``: the files that it writes work, and existing files are kept."""

from pathlib import Path

import pytest
import yaml

from iblint.version import __version__

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = (".iblint.yaml", ".pre-commit-config.yaml", ".github/workflows/iblint.yml")


def test_three_files_are_written(iblint, folder):
    result = iblint("init")
    assert result.code == 0
    assert result.out == "".join(f"wrote {name}\n" for name in WRITTEN)
    assert all((folder / name).is_file() for name in WRITTEN)


def test_the_configuration_is_valid_also_with_its_comments_enabled(iblint, folder):
    iblint("init")
    assert iblint("check").code == 0
    path = folder / ".iblint.yaml"
    suggested = [line.removeprefix("# ") for line in path.read_text().splitlines() if line.startswith(("# ", "#  "))]
    settings = "\n".join(
        line for line in suggested if line.startswith(("account", "region", "exclude", "overrides", " "))
    )
    assert set(yaml.safe_load(settings)) == {"account", "region", "exclude", "overrides"}
    path.write_text(settings)
    assert iblint("check") == (0, *iblint("check")[1:])


def test_the_hook_is_of_this_version(iblint, folder):
    iblint("init")
    (entry,) = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"]
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert entry["rev"] == f"v{__version__}"
    assert {hook["id"] for hook in entry["hooks"]} <= hooks


def test_the_workflow_is_the_example(iblint, folder):
    iblint("init")
    example = ROOT / "examples" / "github" / "pull-request.yml"
    assert (folder / ".github/workflows/iblint.yml").read_text() == example.read_text()


@pytest.mark.parametrize("existing", WRITTEN)
def test_nothing_is_overwritten(existing, iblint, folder):
    path = folder / existing
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# mine\n")
    result = iblint("init")
    assert result.code == 0
    assert f"kept {existing}" in result.out
    assert result.out.count("wrote") == 2
    assert path.read_text() == "# mine\n"


def test_a_dangling_link_is_not_followed(iblint, folder):
    (folder / ".pre-commit-config.yaml").symlink_to("elsewhere.yaml")
    assert "kept .pre-commit-config.yaml" in iblint("init").out
    assert not (folder / "elsewhere.yaml").exists()


def test_the_output_shows_how_to_add_the_hook(iblint, folder):
    (folder / ".pre-commit-config.yaml").write_text("repos: []\n")
    out = iblint("init").out
    entry = out.partition("'repos':\n\n")[2].partition("\n\n")[0]
    assert yaml.safe_load(f"repos:\n{entry}")["repos"][0]["hooks"] == [{"id": "iblint"}]


def test_a_table_in_pyproject_is_not_shadowed(iblint, folder):
    (folder / "pyproject.toml").write_text("[tool.iblint]\nfail-on = 'note'\n")
    assert "kept pyproject.toml" in iblint("init").out
    assert not (folder / ".iblint.yaml").exists()


def test_it_must_run_in_the_root_of_the_repository(iblint, folder, monkeypatch):
    (folder / "infra").mkdir()
    monkeypatch.chdir(folder / "infra")
    result = iblint("init")
    assert result.code == 2
    assert f"'{folder}'" in result.err
    assert list((folder / "infra").iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error(iblint, folder):
    (folder / ".github").write_text("a file\n")
    result = iblint("init")
    assert result.code == 2
    assert ".github/workflows/iblint.yml" in result.err
