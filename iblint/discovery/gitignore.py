"""What ``.gitignore`` files keep out of a search.

Nearly all files of a search are named by no line. That is found out first, by as few lines as possible, and only what
some line names is put to the matcher, which knows what wins.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from iblint.discovery.globs import Matcher, compile_globs
from iblint.discovery.read import NotReadError, read
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

_NAME = ".gitignore"
_MAX_BYTES = 256 << 20
_ANY = "\ue000"
"""A name that only a line for all names is about."""


class _Lines:
    """The lines of one ``.gitignore``. Places are absolute paths below its folder."""

    def __init__(self, globs: list[str], folder: str, suffixes: tuple[str, ...]) -> None:
        self._matcher = Matcher(globs, folder)
        self._start = len(os.path.join(folder, ""))
        self._about_any = _patterns(globs)
        self.about_files = _patterns([glob for glob in globs if _may_name_file(glob, suffixes)])

    def decide(self, place: str, *, folder: bool) -> bool | None:
        """What the last line that is about a place says: True to ignore it, False to take it back."""
        relative = self.relative(place) + ("/" if folder else "")
        for pattern in self._about_any:
            if pattern.search(relative):
                return self._matcher.decide(place, folder=folder)
        return None

    def relative(self, place: str) -> str:
        """The place as the lines name it."""
        return place[self._start :].replace(os.sep, "/")


class Ignore(Record):
    """All .gitignore files that hold in a folder, outermost first."""

    suffixes: tuple[str, ...]
    """Of the files that are asked about."""
    lines: tuple[_Lines, ...] = ()
    taken_back: bool = False
    """A line with ``!`` named a folder on the way here. What it says holds for the files below it, too."""

    def folder(self, place: str) -> bool | None:
        """As git decides: what the innermost file with a matching line says of a folder, by its last such line."""
        return self._decide(place, folder=True)

    def kept(self, folder: str, names: Sequence[str]) -> Sequence[str]:
        """The files of a folder that are not ignored, which the folder itself is not either.

        So no line is about its folders, unless one was taken back.
        """
        prefix = os.path.join(folder, "")
        if self.taken_back:
            named = set(names)
        else:
            tests = [(lines.relative(prefix), pattern) for lines in self.lines for pattern in lines.about_files]
            named = {name for start, pattern in tests for name in names if pattern.search(start + name)}
        return [name for name in names if name not in named or not self._decide(prefix + name, folder=False)]

    def _decide(self, place: str, *, folder: bool) -> bool | None:
        for lines in reversed(self.lines):
            decided = lines.decide(place, folder=folder)
            if decided is not None:
                return decided
        return None

    def inside(self, folder: str) -> Ignore:
        """The same with the folder's own .gitignore, if it has one."""
        lines = _lines_of(folder, self.suffixes)
        return self if lines is None else Ignore(self.suffixes, (*self.lines, lines), self.taken_back)

    def below_taken_back(self) -> Ignore:
        """The same for a folder that a line with ``!`` named."""
        return Ignore(self.suffixes, self.lines, True)


def ignore_for(folder: str, suffixes: tuple[str, ...]) -> Ignore | None:
    """What the .gitignore files above a folder that is named say, up to the root of its repository.

    None, so that none counts, when git ignores the folder itself: naming it (``iblint check cdk.out``) says more.
    """
    folder = os.path.abspath(folder)
    own = _lines_of(folder, suffixes)
    if os.path.basename(folder) == "cdk.out" or (own and own.decide(os.path.join(folder, _ANY), folder=False)):
        return None
    ignore = Ignore(suffixes)
    above = _above(folder)
    for parent, child in zip(above, [*above[1:], folder], strict=False):
        ignore = ignore.inside(parent)
        decided = ignore.folder(child)
        if decided:
            return None
        if decided is not None:
            ignore = ignore.below_taken_back()
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


def _lines_of(folder: str, suffixes: tuple[str, ...]) -> _Lines | None:
    """The .gitignore of a folder, which like git follows no link.

    One that cannot be read hides nothing; lines that git would not accept are left.
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
    """Whether a glob may be about a file with one of the suffixes: not ``build/``, ``dist`` and ``*.log``.

    Told by the characters after its last special one, so a backslash or a blank at the end leaves it open.
    """
    if glob.endswith("/"):
        return False
    last = glob.rpartition("/")[2].removeprefix("!").lower()
    start = max(last.rfind(special) for special in "*?[]\\ ") + 1
    end = last[start:]
    return any(end.endswith(suffix) or suffix.endswith(end) for suffix in suffixes)
