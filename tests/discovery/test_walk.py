"""Discovery: which files are read, under which name, and what becomes a problem."""

import errno
import itertools
import os
import stat
from pathlib import Path

import pytest

from iblint.dialects.shared.registry import scope
from iblint.discovery import files, walk
from iblint.discovery.globs import Matcher
from iblint.model.document import InputError, Source
from iblint.model.errors import UsageError
from iblint.model.settings import Settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(folder: Path, *files: str) -> None:
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"name: {file}\n", encoding="utf-8")


def discover(paths, settings):
    """The files that are read, and those that cannot be, without what is left out."""
    return (item for item in walk.discover(paths, settings, scope()) if isinstance(item, Source | InputError))


def found(*paths: str, **settings) -> list[str]:
    items = list(discover(paths or ["."], Settings(**settings)))
    assert all(isinstance(item, Source) for item in items), items
    return [item.file for item in items]


def test_folders_they_are_searched_recursively_in_a_stable_order(folder):
    make(folder, "b.yaml", "a.json", "sub/deep/x.yml", "sub/a.template", "Sub2/UPPER.YAML")
    assert found() == ["a.json", "b.yaml", "Sub2/UPPER.YAML", "sub/a.template", "sub/deep/x.yml"]


def test_folders_other_suffixes_are_left(folder):
    make(folder, "a.yaml", "README.md", "main.tf", "yaml", "a.yaml.orig")
    assert found() == ["a.yaml"]


def test_folders_folders_that_hold_nothing_written_are_skipped(folder):
    make(folder, *(f"{name}/a.yaml" for name in walk.SKIPPED_FOLDERS), ".github/a.yaml", "a.yaml")
    assert found() == ["a.yaml", ".github/a.yaml"]


def test_folders_one_of_them_is_read_when_it_is_named(folder):
    make(folder, "node_modules/a.yaml")
    assert found("node_modules") == ["node_modules/a.yaml"]


def test_folders_names_are_relative_to_the_working_folder(folder, monkeypatch):
    make(folder, "a.yaml", "sub/b.yaml")
    assert found(str(folder)) == ["a.yaml", "sub/b.yaml"]
    assert found(".//sub") == found("././sub") == ["sub/b.yaml"]
    monkeypatch.chdir(folder / "sub")
    assert found("..") == ["../a.yaml", "b.yaml"]


def test_folders_an_unreadable_one_is_a_problem(folder, monkeypatch):
    make(folder, "a.yaml", "locked/b.yaml")
    scandir = os.scandir

    def refuse(path):
        if str(path) == "locked":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    items = list(discover(["."], Settings()))
    assert items[0].file == "a.yaml"
    assert items[1:] == [InputError("locked", 1, 1, "The folder cannot be read: Permission denied.")]


def test_folders_a_folder_that_vanishes_is_a_problem(folder):
    make(folder, "a/x.yaml", "b/x.yaml")
    items = discover(["."], Settings())
    assert next(items).file == "a/x.yaml"
    (folder / "b" / "x.yaml").unlink()
    (folder / "b").rmdir()
    (problem,) = list(items)
    assert problem == InputError("b", 1, 1, "The folder cannot be read: No such file or directory.")


def test_folders_a_very_deep_tree_is_no_crash(folder):
    descriptor = os.open(".", os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d", dir_fd=descriptor)
        inner = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(os.open("deep.yaml", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    assert found() == ["d/" * 600 + "deep.yaml"]


def test_files_named_ones_are_read_whatever_their_suffix(folder):
    make(folder, "spec.txt")
    (source,) = discover(["spec.txt"], Settings())
    assert source == Source("spec.txt", b"name: spec.txt\n", explicit=True)


def test_files_found_ones_are_not_explicit(folder):
    make(folder, "a.yaml")
    (source,) = discover(["."], Settings())
    assert not source.explicit


def test_files_each_is_read_once(folder):
    make(folder, "a.yaml", "sub/b.yaml")
    assert found("sub/b.yaml", ".", "./a.yaml", str(folder / "a.yaml"), "sub/../a.yaml") == ["a.yaml", "sub/b.yaml"]


@pytest.mark.parametrize("paths", list(itertools.permutations([".", "sub/b.yaml", "c.yaml", "link.yaml"])))
def test_files_their_order_on_the_command_line_does_not_matter(folder, paths):
    make(folder, "a.yaml", "c.yaml", "sub/b.yaml", "real.txt")
    (folder / "link.yaml").symlink_to("a.yaml")
    items = [(item.file, item.explicit) for item in discover(paths, Settings())]
    assert items == [("c.yaml", True), ("link.yaml", True), ("sub/b.yaml", True)]


@pytest.mark.parametrize("path", ["nope.yaml", "nope/", "", "a\0b", "x" * 5000, "a.yaml/b"])
def test_files_a_missing_one_is_an_error_before_anything_is_read(folder, path):
    make(folder, "a.yaml")
    with pytest.raises(UsageError):
        discover(["a.yaml", path], Settings())


def test_files_a_broken_link_that_is_named_is_missing(folder):
    (folder / "a.yaml").symlink_to("gone.yaml")
    with pytest.raises(UsageError, match=r"^a\.yaml: a broken symbolic link\.$"):
        discover(["a.yaml"], Settings())


def test_files_an_unreadable_one_is_a_problem(folder, monkeypatch):
    make(folder, "a.yaml")

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    items = list(discover(["a.yaml"], Settings()))
    assert items == [InputError("a.yaml", 1, 1, "The file cannot be read: Permission denied.")]


def test_files_one_that_vanishes_is_a_problem(folder):
    make(folder, "a.yaml", "b.yaml")
    items = discover(["a.yaml", "b.yaml"], Settings())
    next(items)
    (folder / "b.yaml").unlink()
    assert list(items) == [InputError("b.yaml", 1, 1, "The file cannot be read: No such file or directory.")]


def test_files_pipes_are_never_waited_for(folder):
    os.mkfifo(folder / "pipe.yaml")
    assert list(discover(["."], Settings())) == []
    (problem,) = discover(["pipe.yaml"], Settings())
    assert problem.message.startswith("Not a regular file")


def test_files_devices_are_never_read(folder):
    (problem,) = discover(["/dev/zero"], Settings())
    assert problem.message.startswith("Not a regular file")
    assert stat.S_ISCHR(os.stat("/dev/zero").st_mode)


def test_files_sockets_are_never_read(folder):
    import socket

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.yaml")
        (problem,) = discover(["s.yaml"], Settings())
    assert isinstance(problem, InputError)


def test_files_one_beyond_the_limit_is_a_problem(folder, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (folder / "fits.yaml").write_bytes(b"x" * 10)
    (folder / "huge.yaml").write_bytes(b"x" * 11)
    fits, huge = discover(["fits.yaml", "huge.yaml"], Settings())
    assert fits.data == b"x" * 10
    assert "not read" in huge.message


def test_files_names_that_are_no_text_are_shown_escaped(folder):
    try:
        (folder / os.fsdecode(b"caf\xe9.yaml")).write_text("a: 1\n")
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    assert found() == ["caf\\xe9.yaml"]
    with pytest.raises(UsageError, match=r"^x\\xff: "):
        discover([os.fsdecode(b"x\xff")], Settings())


def test_links_to_files_inside_they_are_followed(folder):
    make(folder, "real/a.txt")
    (folder / "link.yaml").symlink_to("real/a.txt")
    assert found() == ["link.yaml"]


def test_links_to_files_outside_they_are_not(folder):
    make(folder, "outside.yaml", "scan/a.yaml")
    (folder / "scan" / "link.yaml").symlink_to("../outside.yaml")
    assert found("scan") == ["scan/a.yaml"]


def test_links_to_a_sibling_whose_name_only_begins_alike_they_are_not(folder):
    make(folder, "scan-other/x.yaml", "scan/a.yaml")
    (folder / "scan" / "link.yaml").symlink_to("../scan-other/x.yaml")
    assert found("scan") == ["scan/a.yaml"]


def test_links_to_folders_they_are_not(folder):
    make(folder, "scan/real/a.yaml")
    (folder / "scan" / "again").symlink_to("real")
    (folder / "scan" / "loop").symlink_to(".")
    assert found("scan") == ["scan/real/a.yaml"]


def test_links_broken_and_circular_ones_are_left(folder):
    (folder / "gone.yaml").symlink_to("nothing")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    assert found() == []


def test_links_to_special_files_they_are_not(folder):
    os.mkfifo(folder / "pipe")
    (folder / "link.yaml").symlink_to("pipe")
    assert found() == []


def test_links_a_file_and_a_link_to_it_are_one(folder):
    make(folder, "a.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")
    assert found() == ["a.yaml"]


def test_links_the_first_name_of_a_file_counts_whatever_folder_it_is_in(folder):
    make(folder, "b/x.yaml", "d/y.yaml")
    for link, target in (("a/early.yaml", "d/y.yaml"), ("c/late.yaml", "b/x.yaml"), ("c/again.yaml", "d/y.yaml")):
        (folder / link).parent.mkdir(exist_ok=True)
        (folder / link).symlink_to(folder / target)
    assert found() == found(".", "b") == ["a/early.yaml", "b/x.yaml"]
    assert found(".", "d/y.yaml") == ["d/y.yaml", "b/x.yaml"]


def test_links_a_named_one_is_followed_anywhere(folder):
    make(folder, "out/a.yaml", "out/sub/b.yaml", "in/x.yaml")
    (folder / "in" / "file.yaml").symlink_to("../out/a.yaml")
    (folder / "in" / "dir").symlink_to("../out/sub")
    assert found("in/file.yaml", "in/dir") == ["in/file.yaml", "in/dir/b.yaml"]


def test_exclude_it_holds_for_folders_and_for_named_files(folder):
    make(folder, "vendor/a.yaml", "a.yaml", "a.gen.yaml", "sub/vendor/b.yaml")
    globs = ("vendor/", "*.gen.yaml")
    assert found(exclude=globs) == ["a.yaml"]
    assert found("vendor/a.yaml", "vendor", "a.gen.yaml", "sub/vendor/b.yaml", exclude=globs) == []


def test_exclude_anchored_globs_are_relative_to_the_configuration(folder, monkeypatch):
    make(folder, "vendor/a.yaml", "sub/vendor/b.yaml")
    monkeypatch.chdir(folder / "sub")
    assert found("..", exclude=("/vendor",), root=str(folder)) == ["vendor/b.yaml"]


@pytest.mark.parametrize("paths", [["."], ["infra/a.yaml", "b.yaml"]])
def test_exclude_a_negated_glob_brings_back_alike_for_folders_and_named_files(folder, paths):
    make(folder, "infra/a.yaml", "b.yaml")
    assert found(*paths, exclude=("*", "!infra/**")) == ["infra/a.yaml"]


def test_exclude_it_wins_over_include(folder):
    make(folder, "a.yaml", "b.txt")
    assert found(exclude=("b.txt",), include=("*.txt",)) == ["a.yaml"]


def test_include_it_adds_other_suffixes(folder):
    make(folder, "a.yaml", "b.spec", "c.txt")
    assert found(include=("*.spec",)) == ["a.yaml", "b.spec"]


@pytest.mark.parametrize("glob", ["cdk.out/", "cdk.out/**", "cdk.out/*.json", "/cdk.out"])
def test_include_it_reaches_into_what_git_ignores(folder, glob):
    make(folder, "cdk.out/app.json", "a.yaml")
    (folder / ".gitignore").write_text("cdk.out\n")
    assert found(include=(glob,)) == ["a.yaml", "cdk.out/app.json"]


def test_include_what_it_does_not_match_there_stays_out(folder):
    make(folder, "node_modules/a/spec.yaml", "node_modules/a/other.yaml", "node_modules/b/spec.yaml")
    assert found(include=("node_modules/a/spec.yaml",)) == ["node_modules/a/spec.yaml"]


def test_include_a_glob_without_a_slash_opens_no_skipped_folder(folder):
    make(folder, "node_modules/a.spec", "b.spec")
    assert found(include=("*.spec",)) == ["b.spec"]


def write(folder: Path, *lines: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_gitignore_it_holds_in_folders(folder):
    make(folder, "a.yaml", "build/b.yaml", "sub/x.tmp.yaml", "sub/y.yaml")
    write(folder, "# a comment", "build/", "*.tmp.yaml")
    assert found() == ["a.yaml", "sub/y.yaml"]


def test_gitignore_it_does_not_hold_for_named_files(folder):
    make(folder, "a.tmp.yaml")
    write(folder, "*.tmp.yaml")
    assert found("a.tmp.yaml") == ["a.tmp.yaml"]


def test_gitignore_nested_ones_are_relative_to_their_folder_and_win(folder):
    make(folder, "keep.log.yaml", "sub/keep.log.yaml", "sub/own.yaml", "own.yaml")
    write(folder, "*.log.yaml")
    write(folder / "sub", "!keep.log.yaml", "/own.yaml")
    assert found() == ["own.yaml", "sub/keep.log.yaml"]


def test_gitignore_what_is_below_an_ignored_folder_cannot_come_back(folder):
    make(folder, "build/keep.yaml")
    write(folder, "build/", "!build/keep.yaml")
    assert found() == []


def test_gitignore_those_above_hold_up_to_the_root_of_the_repository(folder, monkeypatch):
    make(folder, "repo/infra/a.gen.yaml", "repo/infra/b.out.yaml", "repo/infra/c.yaml")
    (folder / "repo" / ".git").mkdir()
    write(folder, "c.yaml")
    write(folder / "repo", "*.gen.yaml")
    write(folder / "repo" / "infra", "*.out.yaml")
    monkeypatch.chdir(folder / "repo" / "infra")
    assert found() == ["c.yaml"]


def test_gitignore_outside_a_repository_those_above_do_not_hold(folder):
    make(folder, "scan/a.yaml")
    write(folder, "a.yaml")
    assert found("scan") == ["scan/a.yaml"]


@pytest.mark.parametrize("ignored", ["cdk.out", "cdk.out/", "cdk.out/*", "*.json"])
def test_gitignore_it_never_keeps_a_named_cdk_out_out(folder, ignored):
    make(folder, "cdk.out/app.template.json")
    (folder / ".git").mkdir()
    write(folder, ignored)
    write(folder / "cdk.out", "*")
    assert found("cdk.out") == ["cdk.out/app.template.json"]
    assert found() == []


def test_gitignore_an_ignored_folder_that_is_named_is_searched(folder):
    make(folder, "build/sub/a.yaml")
    (folder / ".git").mkdir()
    write(folder, "build/")
    assert found("build") == ["build/sub/a.yaml"]
    assert found("build/sub") == ["build/sub/a.yaml"]


def test_gitignore_lines_that_git_would_not_accept_are_left(folder):
    make(folder, "a.yaml", "b.yaml")
    (folder / ".gitignore").write_bytes(b"!\n\\\n\xff\xfe\n[\n[z-a]\nb.yaml\r\n")
    assert found() == ["a.yaml"]


def test_matcher_without_globs_nothing_matches_and_nothing_is_imported():
    import subprocess
    import sys

    code = (
        "import sys; from iblint.discovery.globs import Matcher; from iblint.discovery.walk import Scope, discover\n"
        "from iblint.model.settings import Settings\n"
        "assert not Matcher(()).match('a.yaml'); list(discover(['pyproject.toml'], Settings(), Scope(('.yaml',))))\n"
        "assert 'pathspec' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_matcher_files_outside_its_folder_do_not_match(folder):
    assert not Matcher(["**", "*"], str(folder / "sub")).match("a.yaml")
    assert Matcher(["*"], str(folder / "sub")).match("sub/a.yaml")


def test_matcher_a_link_to_its_folder_is_the_same_folder(folder):
    make(folder, "real/a.yaml")
    (folder / "link").symlink_to("real")
    assert Matcher(["a.yaml"], str(folder / "real")).match(str(folder / "link" / "a.yaml"))


def test_matcher_a_bad_glob_is_an_error():
    with pytest.raises(ValueError, match="pattern"):
        Matcher(["a\\"])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("glob", ["[z-a]", "x/[a--z].yaml", "[a-\\]"])
def test_matcher_a_range_that_runs_backwards_is_an_error(glob):
    with pytest.raises(ValueError, match="bad character range"):
        Matcher([glob])


@pytest.mark.filterwarnings("error")
def test_matcher_what_python_may_read_otherwise_one_day_is_a_glob():
    assert Matcher(["[[a].yaml"]).match("[.yaml")


@pytest.mark.parametrize(
    "glob", ["*a*a*a*a", "x/*a*a*b/*a*b/y", "**/a/**/b/**/d", "**/*a*a*b", "**/*a*a*a/**/*a*a*a/**/*a*a*b"]
)
def test_matcher_globs_that_could_take_for_ever_are_errors(glob):
    with pytest.raises(ValueError, match="too many stars"):
        Matcher([glob])


@pytest.mark.parametrize("glob", ["**/a/**/b/**", "*-*-*.log", "**/*.test.*", "src/*/*/*/*.yaml", "/**/x*/"])
def test_matcher_globs_as_people_write_them_are_none_of_those(glob):
    assert Matcher([glob])


@pytest.mark.parametrize("line", ["*a" * 30 + "*x", "**/*a*a*", "**/a*.*/**/a*.*/**/*"])
def test_gitignore_lines_that_could_take_for_ever_are_left(folder, line):
    make(folder, "a" * 20 + "/" + "a" * 20 + ".x/" + "a" * 20 + ".yaml", "b.yaml")
    (folder / ".gitignore").write_text(line + "\nb.yaml\n")
    assert found() == ["a" * 20 + "/" + "a" * 20 + ".x/" + "a" * 20 + ".yaml"]


@pytest.mark.parametrize("target", ["a.yaml/b", "cdk.out", "x" * 300])
def test_links_one_that_leads_nowhere_makes_no_cloud_assembly(folder, target):
    make(folder, "a.yaml", "manifest.json")
    (folder / "cdk.out").symlink_to(target)
    assert found() == ["a.yaml", "manifest.json"]


def test_gitignore_a_folder_that_was_taken_back_is_searched(folder):
    make(folder, "gen/a.yaml", "sub/gen/a.yaml", "sub/gen/b.yaml", "gen.yaml/x.yaml")
    write(folder, "ge*")
    write(folder / "sub", "!gen", "b.yaml")
    assert found() == ["sub/gen/a.yaml"]


@pytest.mark.parametrize("line", ["*l", "*.YAML", "a*", "[a]*", "a.yaml ", "\\a.yaml", "sub/*.y?ml", "**/a.yaml"])
def test_gitignore_every_way_to_name_a_file_counts(folder, line):
    make(folder, "sub/a.yaml", "sub/A.YAML")
    write(folder, line)
    assert found() == (["sub/a.yaml"] if line == "*.YAML" else ["sub/A.YAML"])
