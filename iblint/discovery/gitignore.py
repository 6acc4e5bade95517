"""Which files and folders ``.gitignore`` files keep out of a search.

Nearly all files of a search match no line. That is tested first, against as few lines as possible. Only the other files
are given to the matcher, which knows the line that wins.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from iblint.discovery.files import name_of
from iblint.discovery.globs import Matcher, compile_globs
from iblint.discovery.names import Names
from iblint.discovery.read import NotReadError, read
from iblint.model.document import Notice
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

_NAME = ".gitignore"
MAX_BYTES = 1 << 20
MAX_LINES = 20_000
"""Lines of all .gitignore files of a search together: compiling one takes some 0.2 ms."""
MAX_TESTS = 20_000_000
"""Tests of a name against a line, in a search. Few lines may name a file that is read, so real trees need far fewer."""
_ANY = "\ue000"
"""A name that only a line for all names matches."""


class Limits:
    """What the .gitignore files of one search may still cost, and the notices of those that cost more.

    One that is not used ignores nothing, so that more is read and nothing is hidden.
    """

    def __init__(self) -> None:
        self.lines = MAX_LINES
        self.tests = MAX_TESTS
        self.notices: list[Notice] = []

    def refuse(self, path: str, why: str) -> None:
        """Add a notice on a file that is not used."""
        self.notices.append(Notice(name_of(path), 1, f"{why}; it is not used, and what it ignores is read."))


class _Lines:
    """The lines of one ``.gitignore``. Places are absolute paths below its folder."""

    def __init__(self, globs: list[str], folder: str, names: Names) -> None:
        self._matcher = Matcher(globs, folder)
        self._start = len(os.path.join(folder, ""))
        self.for_any = _patterns(globs)
        self.for_files = _patterns([glob for glob in globs if _may_name_file(glob, names)])
        """For names with a suffix that is searched."""
        self.for_others = _patterns([glob for glob in globs if not glob.endswith("/")])
        """For the few other names that are searched."""

    def decide(self, place: str, *, folder: bool) -> bool | None:
        """Return the decision of the last line that matches a place: True to ignore it, False (``!``) to keep it."""
        relative = self.relative(place) + ("/" if folder else "")
        for pattern in self.for_any:
            if pattern.search(relative):
                return self._matcher.decide(place, folder=folder)
        return None

    def relative(self, place: str) -> str:
        """Return the place relative to the folder of the lines."""
        return place[self._start :].replace(os.sep, "/")


class Ignore(Record):
    """All .gitignore files that hold in a folder, outermost first."""

    names: Names
    """Of the files to decide on."""
    limits: Limits
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
            usual = [name for name in names if self.names.has_suffix(name)]
            others = [name for name in names if not self.names.has_suffix(name)] if len(usual) < len(names) else []
            self.limits.tests -= len(usual) * sum(len(lines.for_files) for lines in self.lines)
            self.limits.tests -= len(others) * sum(len(lines.for_others) for lines in self.lines)
            if self.limits.tests < 0:
                if self.lines and names:
                    self._give_up(folder)
                return names
            named = set()
            for lines in self.lines:
                start = lines.relative(prefix)
                for some, patterns in ((usual, lines.for_files), (others, lines.for_others)):
                    named.update([name for pattern in patterns for name in some if pattern.search(start + name)])
        return [name for name in names if name not in named or not self._decide(prefix + name, folder=False)]

    def _give_up(self, folder: str) -> None:
        """Note once that from a folder on nothing is ignored."""
        if self.limits.tests > -(1 << 62):
            self.limits.tests = -(1 << 63)
            why = f"Ignoring takes more than {MAX_TESTS} tests of a name against a line, so from this folder on it ends"
            self.limits.notices.append(Notice(name_of(folder), 1, f"{why}, and more files are read."))

    def _decide(self, place: str, *, folder: bool) -> bool | None:
        for lines in reversed(self.lines):
            self.limits.tests -= len(lines.for_any)
            if self.limits.tests < 0:
                return None
            decided = lines.decide(place, folder=folder)
            if decided is not None:
                return decided
        return None

    def inside(self, folder: str) -> Ignore:
        """Return the same with the folder's own .gitignore, if it has one."""
        lines = _lines_of(folder, self.names, self.limits)
        return self if lines is None else Ignore(self.names, self.limits, (*self.lines, lines), self.reincluded)

    def below_reincluded(self) -> Ignore:
        """Return the same for a folder that a line with ``!`` matched."""
        return Ignore(self.names, self.limits, self.lines, True)


def ignore_for(
    folder: str, names: Names, generated: Collection[str] = (), limits: Limits | None = None
) -> Ignore | None:
    """Return the .gitignore files above a folder that is named on the command line, up to the root of its repository.

    Returns None, so that none counts, if git ignores the folder itself or it has one of the names of ``generated``
    folders: whoever names it (``iblint check cdk.out``) means it.
    """
    folder = os.path.abspath(folder)
    limits = limits or Limits()
    own = _lines_of(folder, names, limits)
    if os.path.basename(folder) in generated or (own and own.decide(os.path.join(folder, _ANY), folder=False)):
        return None
    ignore = Ignore(names, limits)
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


def _lines_of(folder: str, names: Names, limits: Limits) -> _Lines | None:
    """Return the .gitignore of a folder; like git, do not follow a link.

    A file that cannot be read, or is beyond the limits, ignores nothing; lines that git would refuse are left out.
    """
    path = os.path.join(folder, _NAME)
    if os.path.islink(path) or not os.path.isfile(path):
        return None
    try:
        lines = read(path, MAX_BYTES).decode("utf-8", "surrogateescape").splitlines()
    except NotReadError as error:
        limits.refuse(path, str(error).rstrip("."))
        return None
    if len(lines) > limits.lines:
        limits.refuse(path, f"The .gitignore files of a search have at most {MAX_LINES} lines together")
        return None
    limits.lines -= len(lines)
    return _Lines([line for line in lines if _is_glob(line)], folder, names)


def _is_glob(line: str) -> bool:
    try:
        compile_globs([line])
    except ValueError:
        return False
    return bool(line.strip()) and not line.startswith("#")


def _patterns(globs: list[str]) -> tuple[Pattern[str], ...]:
    return tuple(pattern.regex for pattern in compile_globs(globs).patterns if pattern.regex) if globs else ()


def _may_name_file(glob: str, names: Names) -> bool:
    """Return whether a glob may match a file with one of the suffixes: not ``build/``, ``dist`` and ``*.log``.

    The characters after its last special one decide; if there are none, it may.
    """
    if glob.endswith("/"):
        return False
    last = glob.rpartition("/")[2].removeprefix("!").lower()
    start = max(last.rfind(special) for special in "*?[]\\ ") + 1
    end = last[start:]
    suffix = end.rpartition(".")[2]
    return suffix in names.suffixes if "." in end else any(known.endswith(end) for known in names.suffixes)
