"""Find the files to read for the paths on the command line.

Folders are searched recursively for files that may hold a configuration; files that are named are always read, unless
``exclude`` says otherwise. Nothing but regular files is ever opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from iblint.discovery.files import File, name_of, printable, read_file, real_path
from iblint.discovery.globs import Matcher
from iblint.model.document import InputError, Source
from iblint.model.errors import UsageError
from iblint.model.record import NamedTuple, Record
from iblint.model.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.discovery.gitignore import Ignore

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
    signs: frozenset[str]
    """A folder that holds all of these files is such a folder."""
    suffixes: tuple[str, ...]
    """Only files with one of these suffixes are read."""
    skipped: tuple[str, ...]
    """Subfolders whose names begin like this are not entered."""


class Scope(Record):
    """What a search looks for."""

    suffixes: tuple[str, ...]
    """Of the files that are read in folders, in lower case."""
    generated: tuple[GeneratedFolder, ...] = ()


def discover(paths: Sequence[str], settings: Settings, scope: Scope) -> Iterator[Source | InputError]:
    """Find and read the files of ``paths``, each once: those that are named, then folders, all by name.

    Yields an InputError for a file that cannot be read. Raises UsageError before anything is read if a path does not
    exist.
    """
    return (_source(item) if isinstance(item, File) else item for item in find(paths, settings, scope))


def _source(file: File) -> Source | InputError:
    data = read_file(file)
    return Source(name_of(file.path), data, file.explicit) if isinstance(data, bytes) else data


def find(paths: Sequence[str], settings: Settings, scope: Scope) -> Iterator[File | InputError]:
    """Find the files without reading them. Their order does not depend on the order of ``paths``.

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

    def run(self, paths: Sequence[str]) -> Iterator[File | InputError]:
        for path in paths:
            if os.path.isdir(path):
                if not (self.prune and self.exclude.match(path, folder=True)):
                    yield from self._tree(path)
            elif not self.exclude.match(path) and self.found.is_new(real_path(path, self._real_folders)):
                yield File(path, True)

    def _tree(self, top: str) -> Iterator[File | InputError]:
        """Search a folder and those below it: its files first, then its subfolders, both by name."""
        from iblint.discovery.gitignore import ignore_for  # a hook names files

        usual = [generated.name for generated in self.scope.generated]
        root = os.path.realpath(top)
        places = (os.path.join(os.path.abspath(top), ""), os.path.join(root, ""))
        pending = [_Folder(top, *places, ignore_for(top, self.scope.suffixes, usual), False)]
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
                if names >= generated.signs and all(os.path.isfile(prefix + name) for name in generated.signs):
                    entries = [e for e in entries if _is_read(e, generated) or self._included(e.name, folder)]
            subfolders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
            for name in self._files(entries, folder, root):
                yield File(prefix + name, False)
            subfolders.sort(reverse=True)
            pending += filter(None, (self._enter(name, folder) for name in subfolders))

    def _files(self, entries: Iterable[os.DirEntry[str]], folder: _Folder, root: str) -> Sequence[str]:
        """Return the names of the files of a folder to read, in order."""
        if not self.include.globs:  # most names have none of the suffixes, and need no further test
            entries = [entry for entry in entries if entry.name.lower().endswith(self.scope.suffixes)]
        links = {entry.name for entry in entries if entry.is_symlink()}
        names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        selected = sorted(self._select([*names, *links], folder))
        if not links:
            return self.found.new(folder.real, selected)
        return [name for name in selected if self._is_new(folder.real + name, name in links, root)]

    def _is_new(self, real: str, linked: bool, root: str) -> bool:
        if linked:
            real = os.path.realpath(real)
            if not _is_inside(real, root):
                return False
        return self.found.is_new(real)

    def _enter(self, name: str, parent: _Folder) -> _Folder | None:
        place = parent.place + name
        if self.prune and self.exclude.match(place, folder=True):
            return None
        ignore = parent.ignore
        ignored = None if ignore is None else ignore.folder(place)
        if ignore is not None and ignored is False:
            ignore = ignore.below_reincluded()
        left_out = parent.left_out or name in SKIPPED_FOLDERS or bool(ignored)
        if left_out and not self.include.match(place, folder=True) and not self.include.reaches(place):
            return None
        path, real = _inside(parent.path) + name, parent.real + name + os.sep
        return _Folder(path, place + os.sep, real, ignore, left_out)

    def _select(self, names: Sequence[str], folder: _Folder) -> Sequence[str]:
        """Return the files of a folder that suffixes, globs and .gitignore files select."""
        if self.exclude.globs:
            names = [name for name in names if not self.exclude.match(folder.place + name)]
        plain = self._without_globs(names, folder)
        if not self.include.globs:
            return plain
        kept = set(plain)
        return [name for name in names if name in kept or self.include.match(folder.place + name)]

    def _without_globs(self, names: Sequence[str], folder: _Folder) -> Sequence[str]:
        """Return the files that are read without an ``include`` for them."""
        if folder.left_out:
            return ()
        # A name such as '.yaml' has no suffix.
        names = [n for n in names if n.lower().endswith(self.scope.suffixes) and "." in n.lstrip(".")]
        return names if folder.ignore is None else folder.ignore.kept(folder.place, names)

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


def _is_inside(real: str, root: str) -> bool:
    """Return whether the target of a symbolic link is a regular file inside the folder that is searched."""
    return real.startswith(os.path.join(root, "")) and os.path.isfile(real)
