"""Files that a search found: their names in reports, their bytes, and the files that stand beside them."""

from __future__ import annotations

import os

from iblint.discovery.read import NotReadError, read
from iblint.model.document import InputError
from iblint.model.record import NamedTuple

MAX_BYTES = 256 << 20
"""Larger files are not read into memory: they are an input error, never silently skipped."""


class File(NamedTuple):
    """A file to read."""

    path: str
    explicit: bool
    """Named on the command line itself (and not found in a folder)."""


class LeftOut(NamedTuple):
    """A file that is not judged, although it may hold a configuration. It is searched for a mention of one."""

    path: str
    reason: str
    """A key of ``LEFT_OUT``."""


class Counts(NamedTuple):
    """How much a search left out, by reason. It comes last."""

    numbers: dict[str, int]


LEFT_OUT = {
    "ignored": "a .gitignore ignores it",
    "tracked": "a .gitignore ignores it, although git tracks it",
    "skipped": "it is in a folder that is always skipped",
    "excluded": "the settings exclude it",
    "linked": "a link out of the searched folder leads to it",
    "generated": "it is in a CDK assembly and is none of its templates",
}
"""Why a file or folder is left out of a search, as the end of a sentence. The first and third kind are not opened."""


def read_file(file: File, folder: str | None = None, *, text: bool = False) -> bytes | InputError:
    """Return the bytes of a file, or the error that kept it from being read.

    ``folder`` is the one that the path is relative to, or None for the working folder. With ``text`` a binary file is
    empty.
    """
    path = file.path if folder is None else os.path.join(folder, file.path)
    try:
        return read(path, MAX_BYTES, known=not file.explicit, text=text)
    except NotReadError as error:
        return InputError(name_of(file.path, folder), 1, 1, str(error))


def name_of(path: str, folder: str | None = None, known: dict[str, str] | None = None) -> str:
    """Return the name of a file in reports: relative to ``folder`` (the working folder if None), with forward slashes.

    It can always be printed as UTF-8. ``known`` is the cache of ``real_path``.
    """
    folder = folder or os.getcwd()
    inside = os.path.join(folder, "")
    joined = os.path.join(folder, path)
    full = os.path.normpath(joined)
    if not full.startswith(inside):
        real = real_path(joined, known)
        full = real if real.startswith(inside) else full
    try:  # noqa: SIM105 - contextlib takes long to import
        full = os.path.relpath(full, folder)
    except ValueError:  # on another drive
        pass
    return printable(full.replace(os.sep, "/"))


def real_path(path: str, known: dict[str, str] | None = None) -> str:
    """Return the absolute path of a file without symbolic links.

    ``known`` is a cache of folders, which the caller keeps for as long as it takes that no link changes.
    """
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    real = None if known is None else known.get(folder)
    if real is None:
        real = os.path.realpath(folder or os.curdir)
        if known is not None:
            known[folder] = real
    return os.path.join(real, name)


def printable(path: str) -> str:
    """Return a path with the bytes that are not UTF-8 escaped: ``caf\\xe9.yaml``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class NoFiles:
    """Reads no file: for runs over sources that the caller has read."""

    def beside(self, file: str, name: str) -> bytes | None:  # noqa: ARG002 - the signature
        """Return the bytes of the file ``name`` in the folder of ``file``; None if there is none."""
        return None

    def listed(self, root: str, folder: str) -> tuple[str, ...]:  # noqa: ARG002 - the signature
        """Return the names of the files in a folder, in order: those below ``root`` without symbolic links too."""
        return ()

    def inside(self, root: str, path: str) -> bytes | None:  # noqa: ARG002 - the signature
        """Return the bytes of a regular file if it is below ``root``, without symbolic links too; else None."""
        return None

    def below(self, root: str, file: str, path: str) -> tuple[str, bytes] | None:  # noqa: ARG002 - the signature
        """Return the only file that a relative path may mean: its path and bytes; None if there is none."""
        return None

    def named(self, path: str) -> bytes:
        """Return the bytes of a file that the settings name. Raises OSError if it cannot be read."""
        raise FileNotFoundError(2, "No such file or directory", path)


class DiskFiles(NoFiles):
    """Reads from the disk the files that units want beside their own, and those that the settings name."""

    def beside(self, file: str, name: str) -> bytes | None:
        """Return the bytes of the file ``name`` in the folder of ``file``; None if there is none.

        Symbolic links are not followed, and a ``name`` with a folder in it leads nowhere.
        """
        path = os.path.join(os.path.dirname(file), name)
        if os.path.basename(name) != name or not name or os.path.islink(path) or not os.path.isfile(path):
            return None
        try:
            return read(path, MAX_BYTES)
        except NotReadError:
            return None

    def listed(self, root: str, folder: str) -> tuple[str, ...]:
        """Return the names of the files in a folder, in order: those below ``root`` without symbolic links too."""
        inside = os.path.join(os.path.realpath(root), "")
        if not os.path.join(os.path.realpath(folder), "").startswith(inside):
            return ()
        try:
            with os.scandir(folder) as entries:
                found = [entry for entry in entries if entry.is_file()]
        except OSError:
            return ()
        kept = [entry for entry in found if not entry.is_symlink() or os.path.realpath(entry.path).startswith(inside)]
        return tuple(sorted(printable(entry.name) for entry in kept))

    def inside(self, root: str, path: str) -> bytes | None:
        """Return the bytes of a regular file if it is below ``root``, without symbolic links too; else None."""
        real = os.path.realpath(path)
        if not real.startswith(os.path.join(os.path.realpath(root), "")) or not os.path.isfile(real):
            return None
        try:
            return read(real, MAX_BYTES)
        except NotReadError:
            return None

    def below(self, root: str, file: str, path: str) -> tuple[str, bytes] | None:
        """Return the only file that a relative path may mean: its path and bytes; None if there is none or several.

        That is one below the folder of ``file``, which alone counts if the path begins with ``./``, or below ``root``.
        Nothing outside ``root`` is read, and no link is followed.
        """
        folders = [os.path.dirname(file)] if path.startswith("./") else [os.path.dirname(file), root]
        if os.path.isabs(path) or "\0" in path:
            return None
        inside = os.path.join(os.path.realpath(root), "")
        found = {os.path.normpath(os.path.join(os.path.realpath(folder), path)) for folder in folders}
        kept = [each for each in found if each.startswith(inside) and os.path.isfile(each)]
        if len(kept) != 1 or os.path.realpath(kept[0]) != kept[0]:
            return None
        try:
            return kept[0], read(kept[0], MAX_BYTES)
        except NotReadError:
            return None

    def named(self, path: str) -> bytes:
        """Return the bytes of a file that the settings name. Raises OSError if it cannot be read."""
        with open(path, "rb") as opened:
            return opened.read()


class KeptFiles(DiskFiles):
    """Reads every file once, so that several runs see the same bytes."""

    def __init__(self) -> None:
        self._beside: dict[tuple[str, str], bytes | None] = {}
        self._inside: dict[tuple[str, str], bytes | None] = {}
        self._listed: dict[tuple[str, str], tuple[str, ...]] = {}
        self._named: dict[str, bytes] = {}
        self._below: dict[tuple[str, str], tuple[str, bytes] | None] = {}

    @property
    def read(self) -> dict[str, bytes]:
        """The files that were read so far: name -> bytes."""
        found = {os.path.join(folder, name): data for (folder, name), data in self._beside.items() if data is not None}
        found |= {path: data for (_, path), data in self._inside.items() if data is not None}
        below = dict(each for each in self._below.values() if each is not None)
        return {name_of(path): data for path, data in {**found, **below, **self._named}.items()}

    def listed(self, root: str, folder: str) -> tuple[str, ...]:
        """Return the names of the files in a folder, in order: those below ``root`` without symbolic links too."""
        key = (root, folder)
        if key not in self._listed:
            self._listed[key] = super().listed(root, folder)
        return self._listed[key]

    def inside(self, root: str, path: str) -> bytes | None:
        """Return the bytes of a regular file if it is below ``root``, without symbolic links too; else None."""
        key = (root, path)
        if key not in self._inside:
            self._inside[key] = super().inside(root, path)
        return self._inside[key]

    def beside(self, file: str, name: str) -> bytes | None:
        """Return the bytes of the file ``name`` in the folder of ``file``; None if there is none."""
        key = (os.path.dirname(file), name)
        if key not in self._beside:
            self._beside[key] = super().beside(file, name)
        return self._beside[key]

    def below(self, root: str, file: str, path: str) -> tuple[str, bytes] | None:
        """Return the only file that a relative path may mean: its path and bytes; None if there is none or several."""
        key = (os.path.dirname(file), path)
        if key not in self._below:
            self._below[key] = super().below(root, file, path)
        return self._below[key]

    def named(self, path: str) -> bytes:
        """Return the bytes of a file that the settings name. Raises OSError if it cannot be read."""
        if path not in self._named:
            self._named[path] = super().named(path)
        return self._named[path]
