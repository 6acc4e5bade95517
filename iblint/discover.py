"""Paths of the command line to sources: which files are read, and in which order.

Folders are searched recursively for files that may hold a configuration; files that are named are always read, unless
``exclude`` says otherwise. Nothing but regular files is ever opened.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from iblint.globs import Matcher, compile_globs
from iblint.load import SUFFIXES
from iblint.model.document import Problem, Source
from iblint.model.errors import UsageError
from iblint.model.record import record
from iblint.model.settings import Settings

__all__ = ["MAX_BYTES", "SKIPPED_FOLDERS", "Matcher", "discover"]

SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".terraform", ".tox", ".nox", ".venv", "__pycache__", "node_modules", ".aws-sam"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
"""Folders that a search does not enter, unless ``include`` says so: none holds what people write."""

MAX_BYTES = 256 << 20
"""Larger files are not read into memory: they are a problem, never silently passed over."""

_ASSEMBLY = frozenset({"cdk.out", "manifest.json"})
"""Files by which a cloud assembly of the CDK is known."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def discover(paths: Sequence[str], settings: Settings) -> Iterator[Source | Problem]:
    """Find and read the files of ``paths``: in the order given, folders sorted by name, each file once.

    A file that cannot be read is a Problem. Raises UsageError, before anything is read, for a path that does not exist.
    """
    for path in paths:
        _require(path)
    return _Search(settings).run(paths)


def _require(path: str) -> None:
    try:
        if path:
            os.stat(path)
            return
        reason = "the path is empty"
    except PermissionError:
        return  # it may exist: reading it says more
    except FileNotFoundError:
        reason = "a broken symbolic link" if os.path.lexists(path) else "no such file or folder"
    except (OSError, ValueError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    raise UsageError(f"{printable(path)}: {reason}.")


@record
class _Ignore:
    """What keeps the files of a folder out: the .gitignore files that hold there, outermost first."""

    specs: tuple[Matcher, ...] = ()

    def ignores(self, path: str, *, folder: bool) -> bool:
        """As git decides: the innermost file with a matching line does, by its last such line."""
        for spec in reversed(self.specs):
            decided = spec.decide(path, folder=folder)
            if decided is not None:
                return decided
        return False

    def inside(self, folder: str) -> _Ignore:
        """The same with the folder's own .gitignore, if it has one."""
        spec = _gitignore(folder)
        return self if spec is None else _Ignore((*self.specs, spec))


class _Folder(NamedTuple):
    """A folder that is to be searched."""

    path: str
    ignore: _Ignore | None
    """None when no .gitignore counts."""
    left_out: bool
    """Ignored by git or always skipped: only what ``include`` matches is read."""


class _Search:
    """One discovery: its globs, and the files that it has already met."""

    def __init__(self, settings: Settings) -> None:
        self.include = Matcher(settings.include, settings.root)
        self.exclude = Matcher(settings.exclude, settings.root)
        # With a negated glob something below an excluded folder may be wanted after all.
        self.prune = not any(glob.startswith("!") for glob in settings.exclude)
        self.seen: set[str] = set()

    def run(self, paths: Sequence[str]) -> Iterator[Source | Problem]:
        for path in paths:
            if os.path.isdir(path):
                if not (self.prune and self.exclude.match(path, folder=True)):
                    yield from self._tree(path)
            elif not self.exclude.match(path):
                yield from self._file(path, _real(path), explicit=True)

    def _tree(self, top: str) -> Iterator[Source | Problem]:
        """Search a folder and those below it: its files first, then its subfolders, both by name."""
        root = os.path.realpath(top)
        pending = [_Folder(top, _ignore_for(top), False)]
        while pending:
            folder = pending.pop()
            try:
                entries = sorted(os.scandir(folder.path), key=lambda entry: entry.name)
            except OSError as error:
                yield Problem(_shown(folder.path), 1, 1, f"The folder cannot be read: {error.strerror}.")
                continue
            if folder.ignore is not None and any(entry.name == ".gitignore" for entry in entries):
                folder = folder._replace(ignore=folder.ignore.inside(folder.path))
            if _is_assembly(entries):
                entries = [entry for entry in entries if _is_assembled(entry) or self.include.match(_path(entry))]
            subfolders = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
            for entry in entries:
                if entry not in subfolders and self._wanted(entry, folder):
                    real = _real(_path(entry))
                    if _is_regular(entry, real, root):
                        yield from self._file(_path(entry), real, explicit=False)
            pending += filter(None, (self._enter(entry, folder) for entry in reversed(subfolders)))

    def _enter(self, entry: os.DirEntry[str], parent: _Folder) -> _Folder | None:
        path = _path(entry)
        if self.prune and self.exclude.match(path, folder=True):
            return None
        left_out = parent.left_out or entry.name in SKIPPED_FOLDERS or _ignored(path, parent, folder=True)
        if left_out and not self.include.match(path, folder=True) and not self.include.reaches(path):
            return None
        return _Folder(path, parent.ignore, left_out)

    def _wanted(self, entry: os.DirEntry[str], folder: _Folder) -> bool:
        path = _path(entry)
        if self.exclude.match(path):
            return False
        if self.include.match(path):
            return True
        if folder.left_out or os.path.splitext(entry.name)[1].lower() not in SUFFIXES:
            return False
        return not _ignored(path, folder, folder=False)

    def _file(self, path: str, real: str, *, explicit: bool) -> Iterator[Source | Problem]:
        if real not in self.seen:
            self.seen.add(real)
            yield _read(path, explicit)


def _path(entry: os.DirEntry[str]) -> str:
    return entry.path.removeprefix(os.path.join(os.curdir, ""))


def _ignored(path: str, parent: _Folder, *, folder: bool) -> bool:
    return parent.ignore is not None and parent.ignore.ignores(path, folder=folder)


def _is_assembly(entries: list[os.DirEntry[str]]) -> bool:
    """Whether a folder is what the CDK makes: a manifest, templates and assets."""
    files = {entry.name for entry in entries if entry.name in _ASSEMBLY and entry.is_file()}
    return files == _ASSEMBLY


def _is_assembled(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of an assembly is a template, or a folder that may hold some: no asset, nor a record of it."""
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith("asset.")
    return entry.name.endswith(".template.json")


def _is_regular(entry: os.DirEntry[str], real: str, root: str) -> bool:
    """A regular file, or a symbolic link to one inside the folder that is searched."""
    if not entry.is_symlink():
        return entry.is_file(follow_symlinks=False)
    return real.startswith(os.path.join(root, "")) and os.path.isfile(real)


def read_beside(file: str, name: str) -> bytes | None:
    """What stands in a file beside another one; None when there is no such file in that very folder."""
    path = os.path.join(os.path.dirname(file), name)
    if os.path.basename(name) != name or not name or os.path.islink(path) or not os.path.isfile(path):
        return None
    read = _read(path, explicit=False)
    return None if isinstance(read, Problem) else read.data


def _read(path: str, explicit: bool) -> Source | Problem:
    shown = _shown(path)
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        return Problem(shown, 1, 1, _unreadable(error))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return Problem(shown, 1, 1, _SPECIAL)
        try:
            data = file.read(MAX_BYTES + 1)
        except OSError as error:
            return Problem(shown, 1, 1, _unreadable(error))
    if len(data) > MAX_BYTES:
        return Problem(shown, 1, 1, f"Larger than {MAX_BYTES >> 20} MiB; not read. Exclude it if it is not meant.")
    return Source(shown, data, explicit)


_SPECIAL = "Not a regular file; not read. Use '-' to read standard input."


def _unreadable(error: OSError) -> str:
    return f"The file cannot be read: {error.strerror}."


def _ignore_for(folder: str) -> _Ignore | None:
    """The .gitignore files above a folder that is named, up to the root of its repository.

    None, so that none counts, when git ignores the folder itself: naming it (``iblint check cdk.out``) says more.
    """
    folder = os.path.abspath(folder)
    own = _gitignore(folder)
    if os.path.basename(folder) == "cdk.out" or (own is not None and own.match(os.path.join(folder, "any"))):
        return None
    ignore = _Ignore()
    above = _above(folder)
    for parent, child in zip(above, [*above[1:], folder], strict=False):
        ignore = ignore.inside(parent)
        if ignore.ignores(child, folder=True):
            return None
    return ignore


def _above(folder: str) -> list[str]:
    """The folders above ``folder`` that belong to its repository, outermost first; none outside a repository."""
    above: list[str] = []
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        above.insert(0, parent)
        folder = parent
    return above


def _gitignore(folder: str) -> Matcher | None:
    """The .gitignore of a folder, which like git follows no link.

    One that cannot be read hides nothing; lines that git would not accept are left.
    """
    path = os.path.join(folder, ".gitignore")
    if os.path.islink(path) or not os.path.isfile(path):
        return None
    read = _read(path, explicit=False)
    if isinstance(read, Problem):
        return None
    lines = read.data.decode("utf-8", "surrogateescape").splitlines()
    return Matcher([line for line in lines if _is_glob(line)], folder)


def _is_glob(line: str) -> bool:
    try:
        compile_globs([line])
    except ValueError:
        return False
    return bool(line.strip()) and not line.startswith("#")


def _real(path: str) -> str:
    """The file itself, without symbolic links, so that it is read once however often it is met."""
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    return os.path.join(_real_folder(folder or os.curdir, os.getcwd()), name)


@cache
def _real_folder(folder: str, cwd: str) -> str:
    return os.path.realpath(os.path.join(cwd, folder))


def _shown(path: str) -> str:
    """A path as it is shown: relative to the working folder, forward slashes, always printable as UTF-8."""
    cwd = os.getcwd()
    full = os.path.abspath(path)
    if not full.startswith(os.path.join(cwd, "")):
        real = _real(path)
        full = real if real.startswith(os.path.join(cwd, "")) else full
    with contextlib.suppress(ValueError):  # on another drive
        full = os.path.relpath(full, cwd)
    return printable(full.replace(os.sep, "/"))


def printable(path: str) -> str:
    """A path whose bytes are no UTF-8 with those bytes escaped: ``caf\\xe9.yaml``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
