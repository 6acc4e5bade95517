"""Which files and folders ``.gitignore`` files keep out of a search.

Nearly all files of a search match no line. That is tested first, against as few lines as possible. Only the other files
are given to the matcher, which knows the line that wins.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from iblint.discovery.globs import Matcher, compile_globs
from iblint.discovery.read import NotReadError, read
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

_NAME = ".gitignore"
_MAX_BYTES = 256 << 20
_ANY = "\ue000"
"""A name that only a line for all names matches."""


class _Lines:
    """The lines of one ``.gitignore``. Places are absolute paths below its folder."""

    def __init__(self, globs: list[str], folder: str, suffixes: tuple[str, ...]) -> None:
        self._matcher = Matcher(globs, folder)
        self._start = len(os.path.join(folder, ""))
        self._for_any = _patterns(globs)
        self.for_files = _patterns([glob for glob in globs if _may_name_file(glob, suffixes)])

    def decide(self, place: str, *, folder: bool) -> bool | None:
        """Return the decision of the last line that matches a place: True to ignore it, False (``!``) to keep it."""
        relative = self.relative(place) + ("/" if folder else "")
        for pattern in self._for_any:
            if pattern.search(relative):
                return self._matcher.decide(place, folder=folder)
        return None

    def relative(self, place: str) -> str:
        """Return the place relative to the folder of the lines."""
        return place[self._start :].replace(os.sep, "/")


class Ignore(Record):
    """All .gitignore files that hold in a folder, outermost first."""

    suffixes: tuple[str, ...]
    """Of the files to decide on."""
    lines: tuple[_Lines, ...] = ()
    reincluded: bool = False
    """A line with ``!`` matched a folder on the way here. It holds for the files below it, too."""

    def folder(self, place: str) -> bool | None:
        """Return whether a folder is ignored: the last matching line of the innermost file with one decides."""
        return self._decide(place, folder=True)

    def kept(self, folder: str, names: Sequence[str]) -> Sequence[str]:
        """Return the files of a folder that are not ignored.

        The folder itself is not ignored, so no line matches the folders above, unless one was included again.
        """
        prefix = os.path.join(folder, "")
        if self.reincluded:
            named = set(names)
        else:
            tests = [(lines.relative(prefix), pattern) for lines in self.lines for pattern in lines.for_files]
            named = {name for start, pattern in tests for name in names if pattern.search(start + name)}
        return [name for name in names if name not in named or not self._decide(prefix + name, folder=False)]

    def _decide(self, place: str, *, folder: bool) -> bool | None:
        for lines in reversed(self.lines):
            decided = lines.decide(place, folder=folder)
            if decided is not None:
                return decided
        return None

    def inside(self, folder: str) -> Ignore:
        """Return the same with the folder's own .gitignore, if it has one."""
        lines = _lines_of(folder, self.suffixes)
        return self if lines is None else Ignore(self.suffixes, (*self.lines, lines), self.reincluded)

    def below_reincluded(self) -> Ignore:
        """Return the same for a folder that a line with ``!`` matched."""
        return Ignore(self.suffixes, self.lines, True)


def ignore_for(folder: str, suffixes: tuple[str, ...], generated: Collection[str] = ()) -> Ignore | None:
    """Return the .gitignore files above a folder that is named on the command line, up to the root of its repository.

    Returns None, so that none counts, if git ignores the folder itself or it has one of the names of ``generated``
    folders: whoever names it (``iblint check cdk.out``) means it.
    """
    folder = os.path.abspath(folder)
    own = _lines_of(folder, suffixes)
    if os.path.basename(folder) in generated or (own and own.decide(os.path.join(folder, _ANY), folder=False)):
        return None
    ignore = Ignore(suffixes)
    above = _above(folder)
    for parent, child in zip(above, [*above[1:], folder], strict=False):
        ignore = ignore.inside(parent)
        decided = ignore.folder(child)
        if decided:
            return None
        if decided is not None:
            ignore = ignore.below_reincluded()
    return ignore


def _above(folder: str) -> list[str]:
    """Return the folders above ``folder`` in its repository, outermost first; none outside a repository."""
    above: list[str] = []
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        above.insert(0, parent)
        folder = parent
    return above


def _lines_of(folder: str, suffixes: tuple[str, ...]) -> _Lines | None:
    """Return the .gitignore of a folder; like git, do not follow a link.

    A file that cannot be read ignores nothing; lines that git would refuse are left out.
    """
    path = os.path.join(folder, _NAME)
    if os.path.islink(path) or not os.path.isfile(path):
        return None
    try:
        lines = read(path, _MAX_BYTES).decode("utf-8", "surrogateescape").splitlines()
    except NotReadError:
        return None
    return _Lines([line for line in lines if _is_glob(line)], folder, suffixes)


def _is_glob(line: str) -> bool:
    try:
        compile_globs([line])
    except ValueError:
        return False
    return bool(line.strip()) and not line.startswith("#")


def _patterns(globs: list[str]) -> tuple[Pattern[str], ...]:
    return tuple(pattern.regex for pattern in compile_globs(globs).patterns if pattern.regex) if globs else ()


def _may_name_file(glob: str, suffixes: tuple[str, ...]) -> bool:
    """Return whether a glob may match a file with one of the suffixes: not ``build/``, ``dist`` and ``*.log``.

    The characters after its last special one decide; if there are none, it may.
    """
    if glob.endswith("/"):
        return False
    last = glob.rpartition("/")[2].removeprefix("!").lower()
    start = max(last.rfind(special) for special in "*?[]\\ ") + 1
    end = last[start:]
    return any(end.endswith(suffix) or suffix.endswith(end) for suffix in suffixes)
