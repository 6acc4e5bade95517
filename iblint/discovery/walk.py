"""Paths of the command line to sources: which files are read, and in which order.

Folders are searched recursively for files that may hold a configuration; files that are named are always read, unless
``exclude`` says otherwise. Nothing but regular files is ever opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from iblint.discovery.globs import Matcher
from iblint.discovery.read import NotReadError, read
from iblint.model.document import InputError, Source
from iblint.model.errors import UsageError
from iblint.model.record import NamedTuple
from iblint.model.settings import Settings
from iblint.parse.load import SUFFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.discovery.gitignore import Ignore

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


def discover(paths: Sequence[str], settings: Settings) -> Iterator[Source | InputError]:
    """Find and read the files of ``paths``, each once: those that are named, then folders, all by name.

    A file that cannot be read is an InputError. Raises UsageError before anything is read if a path does not exist.
    """
    return (_source(item) if isinstance(item, File) else item for item in find(paths, settings))


def _source(file: File) -> Source | InputError:
    data = read_file(file)
    return Source(shown(file), data, file.explicit) if isinstance(data, bytes) else data


def find(paths: Sequence[str], settings: Settings) -> Iterator[File | InputError]:
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
    """A folder that is to be searched. Its absolute paths end in a separator, ready to be followed by a name."""

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
        self.met = _Met()

    def run(self, paths: Sequence[str]) -> Iterator[File | InputError]:
        for path in paths:
            if os.path.isdir(path):
                if not (self.prune and self.exclude.match(path, folder=True)):
                    yield from self._tree(path)
            elif not self.exclude.match(path) and self.met.is_new(_real(path)):
                yield File(path, True)

    def _tree(self, top: str) -> Iterator[File | InputError]:
        """Search a folder and those below it: its files first, then its subfolders, both by name."""
        from iblint.discovery.gitignore import ignore_for  # a hook names files

        root = os.path.realpath(top)
        places = (os.path.join(os.path.abspath(top), ""), os.path.join(root, ""))
        pending = [_Folder(top, *places, ignore_for(top, _ENDINGS), False)]
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(folder.path) as listing:
                    entries = list(listing)
            except OSError as error:
                yield InputError(_shown(folder.path), 1, 1, f"The folder cannot be read: {error.strerror}.")
                continue
            prefix = _inside(folder.path)
            names = {entry.name for entry in entries}
            if ".gitignore" in names and folder.ignore is not None:
                folder = folder._replace(ignore=folder.ignore.inside(folder.place))
            if names >= _ASSEMBLY and all(os.path.isfile(prefix + name) for name in _ASSEMBLY):
                entries = [entry for entry in entries if _is_assembled(entry) or self._included(entry.name, folder)]
            subfolders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
            for name in self._files(entries, folder, root):
                yield File(prefix + name, False)
            subfolders.sort(reverse=True)
            pending += filter(None, (self._enter(name, folder) for name in subfolders))

    def _files(self, entries: Iterable[os.DirEntry[str]], folder: _Folder, root: str) -> Sequence[str]:
        """The names of the files of a folder that are wanted and new, in order."""
        if not self.include.globs:
            # What most names do not have is looked for first, and nothing is made of a name without it.
            entries = [entry for entry in entries if entry.name.lower().endswith(_ENDINGS)]
        links = {entry.name for entry in entries if entry.is_symlink()}
        names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        wanted = sorted(self._wanted([*names, *links], folder))
        if not links:
            return self.met.new(folder.real, wanted)
        return [name for name in wanted if self._is_new(folder.real + name, name in links, root)]

    def _is_new(self, real: str, linked: bool, root: str) -> bool:
        if linked:
            real = os.path.realpath(real)
            if not _is_inside(real, root):
                return False
        return self.met.is_new(real)

    def _enter(self, name: str, parent: _Folder) -> _Folder | None:
        place = parent.place + name
        if self.prune and self.exclude.match(place, folder=True):
            return None
        ignore = parent.ignore
        ignored = None if ignore is None else ignore.folder(place)
        if ignore is not None and ignored is False:
            ignore = ignore.below_taken_back()
        left_out = parent.left_out or name in SKIPPED_FOLDERS or bool(ignored)
        if left_out and not self.include.match(place, folder=True) and not self.include.reaches(place):
            return None
        path, real = _inside(parent.path) + name, parent.real + name + os.sep
        return _Folder(path, place + os.sep, real, ignore, left_out)

    def _wanted(self, names: Sequence[str], folder: _Folder) -> Sequence[str]:
        """Those files of a folder that globs, suffixes and .gitignore files leave."""
        if self.exclude.globs:
            names = [name for name in names if not self.exclude.match(folder.place + name)]
        plain = _plain(names, folder)
        if not self.include.globs:
            return plain
        kept = set(plain)
        return [name for name in names if name in kept or self.include.match(folder.place + name)]

    def _included(self, name: str, folder: _Folder) -> bool:
        return self.include.match(folder.place + name)


class _Met:
    """The files that were found so far, by their real folders, so that each is read once.

    Hardly ever is one met again, so the names of a folder are kept as they were found until somebody asks.
    """

    def __init__(self) -> None:
        self._names: dict[str, list[str] | set[str]] = {}

    def new(self, folder: str, names: Sequence[str]) -> Sequence[str]:
        """Those files of a folder that were not met before; they are now."""
        if folder in self._names:
            return [name for name in names if self._is_new(folder, name)]
        if names:
            self._names[folder] = list(names)
        return names

    def is_new(self, real: str) -> bool:
        """Whether a file, named without symbolic links, was not met before; it is now."""
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
    """What stands before the name of a file to open it, as short as it can be."""
    return "" if folder == os.curdir else os.path.join(folder, "")


def _plain(names: Sequence[str], folder: _Folder) -> Sequence[str]:
    """The files that are wanted without a glob for them."""
    if folder.left_out:
        return ()
    # A name such as '.yaml' has no suffix.
    names = [name for name in names if name.lower().endswith(_ENDINGS) and "." in name.lstrip(".")]
    return names if folder.ignore is None else folder.ignore.kept(folder.place, names)


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


def read_file(file: File, folder: str | None = None) -> bytes | InputError:
    """The bytes of a file, or the problem that kept it from being read, with the name that ``shown`` gives it."""
    try:
        return read(file.path, MAX_BYTES, known=not file.explicit)
    except NotReadError as error:
        return InputError(shown(file, folder), 1, 1, str(error))


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
    try:  # noqa: SIM105 - contextlib takes long to import
        full = os.path.relpath(full, folder)
    except ValueError:  # on another drive
        pass
    return printable(full.replace(os.sep, "/"))


def printable(path: str) -> str:
    """A path whose bytes are no UTF-8 with those bytes escaped: ``caf\\xe9.yaml``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
