"""Find the files to read for the paths on the command line.

Folders are searched recursively for files that may hold a configuration; files that are named are always read, unless
``exclude`` says otherwise. Nothing but regular files is ever opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from iblint.discovery.files import Counts, File, LeftOut, name_of, printable, read_file, real_path
from iblint.discovery.globs import Matcher
from iblint.discovery.left_out import LeftOutFiles
from iblint.discovery.read import NotReadError, read
from iblint.model.document import InputError, Notice, Source
from iblint.model.errors import UsageError
from iblint.model.record import NamedTuple, Record
from iblint.model.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from iblint.discovery.gitignore import Ignore, Limits

Found: TypeAlias = "File | InputError | LeftOut | Notice | Counts"
"""A file to read, what could not be searched, or what was left out."""

_MAX_SIGN = 16 << 20
"""Bytes of a file that makes a folder a generated one."""
_OWN_OF_VCS = frozenset({".git", ".hg", ".svn"})
"""Skipped folders that are not counted: they are no part of the tree."""

__all__ = ["SKIPPED_FOLDERS", "GeneratedFolder", "Scope", "discover", "find"]

SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".terraform", ".tox", ".nox", ".venv", "__pycache__", "node_modules", ".aws-sam"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
"""Folders that a search does not enter, unless ``include`` matches them: people do not write files there."""


class GeneratedFolder(Record):
    """A folder that a tool generates, in which only some files are configurations."""

    name: str
    """Its usual name. Naming it on the command line means it, even if git ignores it."""
    signs: tuple[str, ...]
    """A folder that holds all of these files may be such a folder."""
    is_one: Callable[[Mapping[str, bytes]], bool]
    """Whether it is, by their content."""
    suffixes: tuple[str, ...]
    """Only files with one of these suffixes are read."""
    skipped: tuple[str, ...]
    """Subfolders whose names begin like this are not entered."""


class Scope(Record):
    """What a search looks for."""

    suffixes: tuple[str, ...]
    """Of the files that are read in folders, in lower case."""
    generated: tuple[GeneratedFolder, ...] = ()


def discover(
    paths: Sequence[str], settings: Settings, scope: Scope
) -> Iterator[Source | InputError | LeftOut | Notice | Counts]:
    """Find and read the files of ``paths``, each once: those that are named, then folders, all by name.

    Yields an InputError for a file that cannot be read, and what was left out. Raises UsageError before anything is
    read if a path does not exist.
    """
    return (_source(item) if isinstance(item, File) else item for item in find(paths, settings, scope))


def _source(file: File) -> Source | InputError:
    data = read_file(file)
    return Source(name_of(file.path), data, file.explicit) if isinstance(data, bytes) else data


def find(paths: Sequence[str], settings: Settings, scope: Scope) -> Iterator[Found]:
    """Find the files without reading them, and what is left out. The order does not depend on the order of ``paths``.

    Raises UsageError, before anything is searched, for a path that does not exist.
    """
    for path in paths:
        _require(path)
    return _Search(settings, scope).run(sorted(paths, key=lambda path: (os.path.isdir(path), path)))


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


class _Folder(NamedTuple):
    """A folder to search. Its absolute paths end in a separator, ready to be followed by a name."""

    path: str
    """As it was named or found, to open it."""
    place: str
    """The absolute path, symbolic links above the named folder included, which globs are matched against."""
    real: str
    """The absolute path without symbolic links, by which files found twice are recognised."""
    ignore: Ignore | None
    """None if no .gitignore counts."""
    left_out: bool
    """Ignored by git or always skipped: only what ``include`` matches is read."""
    reason: str = ""
    """Why no file below is read: a key of ``files.LEFT_OUT``, or empty."""


class _Search:
    """One search: its globs, and the files found so far."""

    def __init__(self, settings: Settings, scope: Scope) -> None:
        self.scope = scope
        self.include = Matcher(settings.include, settings.root)
        self.exclude = Matcher(settings.exclude, settings.root)
        # A negated glob may match a file below an excluded folder.
        self.prune = bool(settings.exclude) and not any(glob.startswith("!") for glob in settings.exclude)
        self.found = _FoundFiles()
        self._real_folders: dict[str, str] = {}
        self._left_out = LeftOutFiles(scope.suffixes)
        self._limits: Limits | None = None

    def run(self, paths: Sequence[str]) -> Iterator[Found]:
        for path in paths:
            if os.path.isdir(path):
                yield from self._tree(path, "excluded" if self.prune and self.exclude.match(path, folder=True) else "")
            elif self.exclude.match(path):
                self._left_out.add("excluded", [path])
            elif self.found.is_new(real_path(path, self._real_folders)):
                yield File(path, True)
        for folder in self._left_out.linked_folders():
            yield from self._tree(folder, "linked")
        yield from dict.fromkeys(self._limits.notices if self._limits else ())
        yield from self._left_out.all(lambda path: self.found.is_new(os.path.realpath(path)))

    def _tree(self, top: str, reason: str = "") -> Iterator[File | InputError]:
        """Search a folder and those below it: its files first, then its subfolders, both by name.

        With a ``reason`` its files are left out.
        """
        from iblint.discovery.gitignore import Limits, ignore_for  # a hook names files

        limits = self._limits = self._limits or Limits()
        usual = [generated.name for generated in self.scope.generated]
        root = os.path.realpath(top)
        places = (os.path.join(os.path.abspath(top), ""), os.path.join(root, ""))
        self._left_out.search(root)
        pending = [_Folder(top, *places, ignore_for(top, self.scope.suffixes, usual, limits), False, reason)]
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(folder.path) as listing:
                    entries = list(listing)
            except OSError as error:
                yield InputError(name_of(folder.path), 1, 1, f"The folder cannot be read: {error.strerror}.")
                continue
            prefix = _inside(folder.path)
            names = {entry.name for entry in entries}
            if ".gitignore" in names and folder.ignore is not None:
                folder = folder._replace(ignore=folder.ignore.inside(folder.place))
            for generated in self.scope.generated:
                if names.issuperset(generated.signs) and _is_generated(prefix, generated):
                    rest = [e for e in entries if not (_is_read(e, generated) or self._included(e.name, folder))]
                    entries = [entry for entry in entries if entry not in rest]
                    pending += self._leave(rest, folder._replace(reason=folder.reason or "generated"), root)
            if folder.reason:
                pending += self._leave(entries, folder, root)
                continue
            subfolders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
            for name in self._files(entries, folder, root):
                yield File(prefix + name, False)
            subfolders.sort(reverse=True)
            pending += filter(None, (self._enter(name, folder) for name in subfolders))

    def _leave(self, entries: Iterable[os.DirEntry[str]], folder: _Folder, root: str) -> list[_Folder]:
        """Leave the files of a folder out, and return its subfolders. What git ignores is not opened."""
        names: list[str] = []
        folders: list[_Folder] = []
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                folders += filter(None, [self._enter(entry.name, folder)])
            elif entry.is_symlink():
                self._note_link(entry.name, folder, root)
            elif entry.is_file(follow_symlinks=False) and self._has_suffix(entry.name):
                names.append(entry.name)
        kept = names if folder.ignore is None else folder.ignore.kept(folder.place, names)
        prefix = _inside(folder.path)
        self._left_out.add(folder.reason, [prefix + name for name in kept])
        if len(kept) < len(names):
            self._left_out.add_ignored(prefix, folder.real, set(names).difference(kept))
        return folders[::-1]

    def _files(self, entries: Iterable[os.DirEntry[str]], folder: _Folder, root: str) -> Sequence[str]:
        """Return the names of the files of a folder to read, in order."""
        links = {entry.name for entry in entries if entry.is_symlink()}
        if links:
            self._note_linked_folders(links, folder, root)
        if not self.include.globs:  # most names have none of the suffixes, and need no further test
            entries = [entry for entry in entries if entry.name.lower().endswith(self.scope.suffixes)]
            links &= {entry.name for entry in entries}
        names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        selected = sorted(self._select([*names, *links], folder))
        if not links:
            return self.found.new(folder.real, selected)
        return [name for name in selected if self._is_new(name, folder, name in links, root)]

    def _is_new(self, name: str, folder: _Folder, linked: bool, root: str) -> bool:
        real = folder.real + name
        if linked:
            real = os.path.realpath(real)
            if not os.path.isfile(real):
                return False
            if not _is_inside(real, root):
                self._note_link(name, folder, root)
                return False
        return self.found.is_new(real)

    def _note_linked_folders(self, links: Iterable[str], folder: _Folder, root: str) -> None:
        """Note the links of a folder that lead to folders outside the one that is searched."""
        for name in sorted(links):
            if os.path.isdir(folder.real + name):
                self._note_link(name, folder, root)

    def _note_link(self, name: str, folder: _Folder, root: str) -> None:
        """Note a link that leaves the folder that is searched, if it leads to a folder or to a file with a suffix."""
        real = os.path.realpath(folder.real + name)
        if os.path.join(real, "").startswith(os.path.join(root, "")):
            return
        ignored = folder.ignore is not None and not folder.ignore.kept(folder.place, [name])
        if not ignored and (os.path.isdir(real) or (os.path.isfile(real) and self._has_suffix(name))):
            self._left_out.add_link(_inside(folder.path) + name, real)

    def _enter(self, name: str, parent: _Folder) -> _Folder | None:
        place = parent.place + name
        excluded = not parent.reason and self.prune and self.exclude.match(place, folder=True)
        ignore = parent.ignore
        ignored = None if ignore is None else ignore.folder(place)
        if ignore is not None and ignored is False:
            ignore = ignore.below_reincluded()
        path, real = _inside(parent.path) + name, parent.real + name + os.sep
        skipped = name in SKIPPED_FOLDERS
        left_out = parent.left_out or skipped or bool(ignored)
        may_be_read = not (excluded or parent.reason) and (
            self.include.match(place, folder=True) or self.include.reaches(place)
        )
        if left_out and not may_be_read:
            if skipped:
                self._left_out.count("skipped", name not in _OWN_OF_VCS)
            else:
                self._left_out.add_ignored_folder(path, real)
            return None
        return _Folder(path, place + os.sep, real, ignore, left_out, "excluded" if excluded else parent.reason)

    def _select(self, names: Sequence[str], folder: _Folder) -> Sequence[str]:
        """Return the files of a folder that globs and .gitignore files select, and note the others.

        If there is an ``include``, ``names`` may have any suffix.
        """
        if self.exclude.globs:
            excluded = {name for name in names if self.exclude.match(folder.place + name)}
            if excluded:
                names = [name for name in names if name not in excluded]
                self._leave_excluded(sorted(excluded), folder)
        # Only what ``include`` matches is read in a folder that is ignored or skipped.
        candidates: Sequence[str] = () if folder.left_out else names
        if self.include.globs:
            candidates = [name for name in candidates if self._has_suffix(name)]
        kept = candidates if folder.ignore is None else folder.ignore.kept(folder.place, candidates)
        selected = kept
        if self.include.globs:
            known = set(kept)
            selected = [name for name in names if name in known or self.include.match(folder.place + name)]
        if len(kept) < len(candidates):
            ignored = set(candidates).difference(selected)
            self._left_out.add_ignored(_inside(folder.path), folder.real, ignored)
        return selected

    def _leave_excluded(self, names: Sequence[str], folder: _Folder) -> None:
        names = [name for name in names if self._has_suffix(name) or self._included(name, folder)]
        kept = names if folder.ignore is None else folder.ignore.kept(folder.place, names)
        self._left_out.add("excluded", [_inside(folder.path) + name for name in kept])
        self._left_out.add_ignored(_inside(folder.path), folder.real, set(names).difference(kept))

    def _has_suffix(self, name: str) -> bool:
        return name.lower().endswith(self.scope.suffixes)

    def _included(self, name: str, folder: _Folder) -> bool:
        return self.include.match(folder.place + name)


class _FoundFiles:
    """The files found so far, by their real folders, so that each is read once.

    Hardly ever is one found twice, so the names of a folder are kept as a list until one is looked up.
    """

    def __init__(self) -> None:
        self._names: dict[str, list[str] | set[str]] = {}

    def new(self, folder: str, names: Sequence[str]) -> Sequence[str]:
        """Add files of a folder; return those that were not found before."""
        if folder in self._names:
            return [name for name in names if self._is_new(folder, name)]
        if names:
            self._names[folder] = list(names)
        return names

    def is_new(self, real: str) -> bool:
        """Add a file, named without symbolic links; return whether it was not found before."""
        folder, name = os.path.split(real)
        return self._is_new(os.path.join(folder, ""), name)

    def _is_new(self, folder: str, name: str) -> bool:
        names = self._names.get(folder, ())
        if not isinstance(names, set):
            names = self._names[folder] = set(names)
        before = len(names)
        names.add(name)
        return len(names) > before


def _inside(folder: str) -> str:
    """Return the prefix that makes the name of a file in a folder a path, as short as possible."""
    return "" if folder == os.curdir else os.path.join(folder, "")


def _is_read(entry: os.DirEntry[str], generated: GeneratedFolder) -> bool:
    """Return whether an entry of a generated folder is a file to read, or a folder to search."""
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith(generated.skipped)
    return entry.name.endswith(generated.suffixes)


def _is_generated(prefix: str, generated: GeneratedFolder) -> bool:
    """Return whether the content of its signs makes a folder a generated one."""
    try:
        return generated.is_one({name: read(prefix + name, _MAX_SIGN) for name in generated.signs})
    except NotReadError:
        return False


def _is_inside(real: str, root: str) -> bool:
    """Return whether the target of a symbolic link is inside the folder that is searched."""
    return real.startswith(os.path.join(root, ""))
