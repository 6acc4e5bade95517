"""Gitignore-style globs, shared by discovery (``include``, ``exclude``) and by the configuration's overrides."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Matcher:
    """Globs that are relative to a folder. Without globs nothing matches, and pathspec is not even imported."""

    def __init__(self, globs: Sequence[str], root: str | None = None) -> None:
        """Make a matcher of ``globs`` below ``root`` (the working folder when None).

        Raises ValueError for a glob that is not one.
        """
        self.globs = tuple(globs)
        self.root = os.path.abspath(root or os.getcwd())
        self._inside = os.path.join(self.root, "")
        self._spec = compile_globs(self.globs) if self.globs else None
        self._anchors = tuple(_anchor(glob) for glob in self.globs if "/" in glob.rstrip("/"))

    def match(self, file: str, *, folder: bool = False) -> bool:
        """Whether the globs match ``file`` (absolute, or relative to the working folder)."""
        return bool(self.decide(file, folder=folder))

    def decide(self, file: str, *, folder: bool = False) -> bool | None:
        """What the last glob that matches ``file`` says: True, False for a negated one (``!``); None without one."""
        if self._spec is None:
            return None
        relative = self._relative(file)
        if relative is None:
            return None
        return self._spec.check_file(relative + "/" if folder else relative).include

    def reaches(self, folder: str) -> bool:
        """Whether something below ``folder`` may match although ``folder`` itself does not (``cdk.out/*.json``)."""
        relative = self._relative(folder) if self._anchors else None
        if relative is None:
            return False
        below = relative + "/"
        return any(anchor.startswith(below) or below.startswith(anchor) for anchor in self._anchors if anchor)

    def _relative(self, file: str) -> str | None:
        path = os.path.abspath(file)
        if not path.startswith(self._inside):
            # The same file by its real folder: on macOS /tmp is a link, and the working folder's name is resolved.
            path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        if not path.startswith(self._inside):
            return None
        return path[len(self._inside) :].replace(os.sep, "/")


MAX_CHOICES = 2
"""Stars of a glob that leave open how far they reach.

A matcher that backtracks tries the ways of all of them together: more would let a stranger's .gitignore take for ever.
"""


def compile_globs(globs: Iterable[str]) -> GitIgnoreSpec:
    """Compile the lines of a .gitignore or a list of globs.

    Raises ValueError for one that git would not accept, or that has too many stars (MAX_CHOICES).
    """
    from pathspec import GitIgnoreSpec

    lines = list(globs)
    for line in lines:
        if _choices(line) > MAX_CHOICES:
            raise ValueError(f"too many stars in the pattern {line!r}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of '[[a]' and '[a--b]', whose meaning may change in Python
        try:
            return GitIgnoreSpec.from_lines(lines)
        except re.error as error:
            raise ValueError(f"no pattern of git: {error}") from None


def _choices(glob: str) -> int:
    """How many stars of a glob leave open how far they reach.

    A ``**`` at the end takes all that is left, and the only star of a step what its other characters leave.
    """
    steps = glob.split("/")
    extra = sum(len(re.findall(r"\*+", step)) - 1 for step in steps if "*" in step)
    return extra + sum("**" in step for step in steps[:-1])


def _anchor(glob: str) -> str:
    """The folders that a glob with a slash spells out, each with a slash: ``cdk.out/*/x.json`` -> ``cdk.out/``."""
    anchor = ""
    for step in glob.removeprefix("!").removeprefix("/").split("/")[:-1]:
        if any(char in step for char in "*?[\\"):
            break
        anchor += step + "/"
    return anchor
