"""The cache of compiled packs: never needed, never trusted more than the rule files."""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from iblint.packs import cache
from iblint.packs.authoring import compile
from iblint.packs.authoring.reader import PackFiles, read_pack
from iblint.packs.compiled import LoadedPack
from tests.packs.conftest import Pack, rule_text


class Compiler:
    """Compiles packs and counts how often it did."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        compiled = compile.compile_pack

        def counting(files: PackFiles, *, builtin: bool = False) -> dict[str, object]:
            self.count += 1
            return compiled(files, builtin=builtin)

        monkeypatch.setattr(compile, "compile_pack", counting)

    def load(self, folder: Path) -> LoadedPack:
        return cache.load_compiled(read_pack(folder, "pack"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("IBLINT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> Compiler:
    return Compiler(monkeypatch)


def test_a_pack_is_compiled_once_for_its_contents(pack: Pack, folder: Path, compiler: Compiler) -> None:
    root = pack()
    assert compiler.load(root) == compiler.load(root)
    assert compiler.count == 1
    (root / "ACME001-described.yaml").write_text(rule_text(("severity: warning", "severity: error")))
    assert compiler.load(root).rules[0].severity == "error"
    assert compiler.count == 2


def test_folders_whose_entries_share_a_name_take_turns(
    pack: Pack, folder: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cache, "crc32", lambda _: 7)
    first = pack()
    second = shutil.copytree(first, tmp_path / "second")
    (second / "ACME001-described.yaml").write_text(rule_text(("severity: warning", "severity: error")))
    for _ in range(2):
        assert compiler.load(first).rules[0].severity == "warning"
        assert compiler.load(second).rules[0].severity == "error"
    assert compiler.count == 4
    assert len(list(folder.iterdir())) == 1


def test_the_cache_belongs_to_the_user_alone(pack: Pack, folder: Path, compiler: Compiler) -> None:
    compiler.load(pack())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    entries = list(folder.iterdir())
    assert [stat.S_IMODE(entry.stat().st_mode) for entry in entries] == [0o600]
    assert entries[0].suffix == ".json"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"format": 0}',
        b'{"format": 1, "pack": {}, "rules": []}',
        b"\x80\x04.",
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_corrupt_entry_is_made_anew(pack: Pack, folder: Path, compiler: Compiler, content: bytes) -> None:
    root = pack()
    good = compiler.load(root)
    entry = next(folder.iterdir())
    entry.write_bytes(content)
    assert compiler.load(root) == good
    assert compiler.load(root) == good
    assert compiler.count == 2


def test_an_entry_with_another_shape_of_rule_is_made_anew(pack: Pack, folder: Path, compiler: Compiler) -> None:
    root = pack()
    good = compiler.load(root)
    entry = next(folder.iterdir())
    compiled = json.loads(entry.read_bytes())
    compiled["compiled"]["rules"][0]["schema"] = None
    entry.write_text(json.dumps(compiled))
    assert compiler.load(root) == good
    assert compiler.count == 2


@pytest.mark.parametrize("mode", [0o666, 0o620])
def test_an_entry_that_others_can_write_is_not_read(pack: Pack, folder: Path, compiler: Compiler, mode: int) -> None:
    root = pack()
    compiler.load(root)
    next(folder.iterdir()).chmod(mode)
    compiler.load(root)
    assert compiler.count == 2


def test_a_folder_that_others_can_write_is_not_used(pack: Pack, folder: Path, compiler: Compiler) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    compiler.load(pack())
    assert list(folder.iterdir()) == []


def test_a_linked_folder_or_entry_is_not_used(pack: Pack, folder: Path, compiler: Compiler, tmp_path: Path) -> None:
    root = pack()
    compiler.load(root)
    entry = next(folder.iterdir())
    entry.rename(tmp_path / "elsewhere.json")
    entry.symlink_to(tmp_path / "elsewhere.json")
    compiler.load(root)
    assert compiler.count == 2
    assert not entry.is_symlink()
    folder.rename(tmp_path / "moved")
    folder.symlink_to(tmp_path / "moved", target_is_directory=True)
    compiler.load(root)
    assert compiler.count == 3


@pytest.mark.parametrize("place", ["off", "relative/folder", "/proc/no/such/folder", "/dev/null"])
def test_without_a_cache_all_works(
    pack: Pack, compiler: Compiler, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IBLINT_CACHE_DIR", place)
    root = pack()
    assert compiler.load(root) == compiler.load(root)
    assert compiler.count == 2
    assert not Path("relative").exists()


def test_the_default_place_follows_the_desktop_standard(
    pack: Pack, compiler: Compiler, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("IBLINT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    compiler.load(pack())
    assert len(os.listdir(tmp_path / "xdg" / "iblint")) == 1
