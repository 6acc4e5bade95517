"""Paths of the command line to sources: which files are read, and in which order.

Folders are searched recursively for files that may hold a configuration; files that are named are always read, unless
``exclude`` says otherwise. Nothing but regular files is ever opened.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from iblint.files import NotReadError, read
from iblint.globs import Matcher
from iblint.ignore import Ignore, ignore_for
from iblint.load import SUFFIXES
from iblint.model.document import Problem, Source
from iblint.model.errors import UsageError
from iblint.model.settings import Settings

__all__ = ["MAX_BYTES", "SKIPPED_FOLDERS", "File", "discover", "find", "read_file", "shown"]

SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".terraform", ".tox", ".nox", ".venv", "__pycache__", "node_modules", ".aws-sam"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
"""Folders that a search does not enter, unless ``include`` says so: none holds what people write."""

MAX_BYTES = 256 << 20
"""Larger files are not read into memory: they are a problem, never silently passed over."""

_ASSEMBLY = frozenset({"cdk.out", "manifest.json"})
"""Files by which a cloud assembly of the CDK is known."""

_ENDINGS = tuple(sorted(SUFFIXES))


def discover(paths: Sequence[str], settings: Settings) -> Iterator[Source | Problem]:
    """Find and read the files of ``paths``, each once: those that are named, then folders, all by name.

    A file that cannot be read is a Problem. Raises UsageError, before anything is read, for a path that does not exist.
    """
    return (_source(item) if isinstance(item, File) else item for item in find(paths, settings))


def _source(file: File) -> Source | Problem:
    data = read_file(file)
    return Source(shown(file), data, file.explicit) if isinstance(data, bytes) else data


def find(paths: Sequence[str], settings: Settings) -> Iterator[File | Problem]:
    """Find the files without reading them. The order is the same however ``paths`` are ordered.

    Raises UsageError, before anything is searched, for a path that does not exist.
    """
    for path in paths:
        _require(path)
    return _Search(settings).run(sorted(paths, key=lambda path: (os.path.isdir(path), path)))


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


class File(NamedTuple):
    """A file that is to be read."""

    path: str
    explicit: bool
    """Named on the command line itself (and not found in a folder)."""


class _Folder(NamedTuple):
    """A folder that is to be searched."""

    path: str
    """As it was named or found, to open it."""
    place: str
    """The absolute path, symbolic links above the named folder included, which globs are matched against."""
    real: str
    """The absolute path without symbolic links, to know a file again."""
    ignore: Ignore | None
    """None when no .gitignore counts."""
    left_out: bool
    """Ignored by git or always skipped: only what ``include`` matches is read."""


class _Search:
    """One discovery: its globs, and the files that it has already met."""

    def __init__(self, settings: Settings) -> None:
        self.include = Matcher(settings.include, settings.root)
        self.exclude = Matcher(settings.exclude, settings.root)
        # With a negated glob something below an excluded folder may be wanted after all.
        self.prune = bool(settings.exclude) and not any(glob.startswith("!") for glob in settings.exclude)
        self.seen: set[str] = set()

    def run(self, paths: Sequence[str]) -> Iterator[File | Problem]:
        for path in paths:
            if os.path.isdir(path):
                if not (self.prune and self.exclude.match(path, folder=True)):
                    yield from self._tree(path)
            elif not self.exclude.match(path) and self._is_new(_real(path)):
                yield File(path, True)

    def _tree(self, top: str) -> Iterator[File | Problem]:
        """Search a folder and those below it: its files first, then its subfolders, both by name."""
        root = os.path.realpath(top)
        pending = [_Folder(top, os.path.abspath(top), root, ignore_for(top, _ENDINGS), False)]
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(folder.path) as listing:
                    entries = {entry.name: entry for entry in listing}
            except OSError as error:
                yield Problem(_shown(folder.path), 1, 1, f"The folder cannot be read: {error.strerror}.")
                continue
            if ".gitignore" in entries and folder.ignore is not None:
                folder = folder._replace(ignore=folder.ignore.inside(folder.place))
            if entries.keys() >= _ASSEMBLY and all(os.path.isfile(entries[name]) for name in _ASSEMBLY):
                entries = {name: e for name, e in entries.items() if _is_assembled(e) or self._included(name, folder)}
            subfolders = [name for name, entry in entries.items() if entry.is_dir(follow_symlinks=False)]
            yield from self._files(entries, folder, root)
            subfolders.sort(reverse=True)
            pending += filter(None, (self._enter(name, folder) for name in subfolders))

    def _files(self, entries: Mapping[str, os.DirEntry[str]], folder: _Folder, root: str) -> Iterator[File]:
        """The files of a folder that are wanted, by name."""
        # What most names do not have is looked for first, and nothing is made of a name without it.
        wanted = entries if self.include.globs else [name for name in entries if name.lower().endswith(_ENDINGS)]
        prefix = os.path.join(folder.path, "").removeprefix(os.path.join(os.curdir, ""))
        place_prefix, real_prefix = os.path.join(folder.place, ""), os.path.join(folder.real, "")
        for name in sorted(wanted):
            entry = entries[name]
            linked = entry.is_symlink()
            if not linked and not entry.is_file(follow_symlinks=False):
                continue
            if not self._wanted(name, place_prefix + name, folder):
                continue
            real = real_prefix + name
            if linked:
                real = os.path.realpath(real)
                if not _is_inside(real, root):
                    continue
            if self._is_new(real):
                yield File(prefix + name, False)

    def _enter(self, name: str, parent: _Folder) -> _Folder | None:
        place = os.path.join(parent.place, name)
        if self.prune and self.exclude.match(place, folder=True):
            return None
        ignore = parent.ignore
        ignored = None if ignore is None else ignore.folder(place)
        if ignore is not None and ignored is False:
            ignore = ignore.below_taken_back()
        left_out = parent.left_out or name in SKIPPED_FOLDERS or bool(ignored)
        if left_out and not self.include.match(place, folder=True) and not self.include.reaches(place):
            return None
        path = os.path.join(parent.path, name).removeprefix(os.path.join(os.curdir, ""))
        return _Folder(path, place, os.path.join(parent.real, name), ignore, left_out)

    def _wanted(self, name: str, place: str, folder: _Folder) -> bool:
        if self.exclude.globs and self.exclude.match(place):
            return False
        if self.include.globs and self.include.match(place):
            return True
        # A name such as '.yaml' has no suffix.
        if folder.left_out or not name.lower().endswith(_ENDINGS) or "." not in name.lstrip("."):
            return False
        return folder.ignore is None or not folder.ignore.file(place)

    def _included(self, name: str, folder: _Folder) -> bool:
        return self.include.match(os.path.join(folder.place, name))

    def _is_new(self, real: str) -> bool:
        before = len(self.seen)
        self.seen.add(real)
        return len(self.seen) > before


def _is_assembled(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of an assembly is a template, or a folder that may hold some: no asset, nor a record of it."""
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith("asset.")
    return entry.name.endswith(".template.json")


def _is_inside(real: str, root: str) -> bool:
    """Whether what a symbolic link leads to is a regular file inside the folder that is searched."""
    return real.startswith(os.path.join(root, "")) and os.path.isfile(real)


def read_beside(file: str, name: str) -> bytes | None:
    """What stands in a file beside another one; None when there is no such file in that very folder."""
    path = os.path.join(os.path.dirname(file), name)
    if os.path.basename(name) != name or not name or os.path.islink(path) or not os.path.isfile(path):
        return None
    try:
        return read(path, MAX_BYTES)
    except NotReadError:
        return None


def read_file(file: File, folder: str | None = None) -> bytes | Problem:
    """The bytes of a file, or the problem that kept it from being read, with the name that ``shown`` gives it."""
    try:
        return read(file.path, MAX_BYTES, known=not file.explicit)
    except NotReadError as error:
        return Problem(shown(file, folder), 1, 1, str(error))


def shown(file: File, folder: str | None = None) -> str:
    """The name of a file in reports: relative to ``folder``, the working folder when None."""
    return _shown(file.path, folder)


def _real(path: str) -> str:
    """The file itself, without symbolic links, so that it is read once however often it is met."""
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    return os.path.join(_real_folder(folder or os.curdir, os.getcwd()), name)


@cache
def _real_folder(folder: str, cwd: str) -> str:
    return os.path.realpath(os.path.join(cwd, folder))


def _shown(path: str, folder: str | None = None) -> str:
    """A path as it is shown: relative to the working folder, forward slashes, always printable as UTF-8."""
    folder = folder or os.getcwd()
    inside = os.path.join(folder, "")
    full = os.path.abspath(path)
    if not full.startswith(inside):
        real = _real(path)
        full = real if real.startswith(inside) else full
    with contextlib.suppress(ValueError):  # on another drive
        full = os.path.relpath(full, folder)
    return printable(full.replace(os.sep, "/"))


def printable(path: str) -> str:
    """A path whose bytes are no UTF-8 with those bytes escaped: ``caf\\xe9.yaml``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
