"""What the modules of one unit share while they are evaluated: files, bounds, and what was met on the way."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from iblint.dialects.shared.extraction import Deployment, Unit
from iblint.dialects.terraform.folder import Folder, is_configuration
from iblint.dialects.terraform.values import NotKnownError, RefusedError
from iblint.model.document import Document, InputError, Source
from iblint.parse.load import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.dialects.shared.decision_tree import Value
    from iblint.dialects.terraform.scope import Scope
    from iblint.parse.hcl.expressions import Expression

MAX_STEPS = 1_000_000
"""Expressions that are evaluated for one unit."""

MAX_FILE = 1 << 20
"""Bytes of a file that file() reads."""


class Run:
    """One evaluation of the modules of a unit."""

    def __init__(
        self,
        unit: Unit,
        deployment: Deployment,
        opened: frozenset[str] = frozenset(),
        first: Run | None = None,
    ) -> None:
        """``first`` is an earlier evaluation of the unit, whose folders are used again."""
        self.unit = unit
        self.deployment = deployment
        self.opened = opened
        """Variables of the root module whose defaults do not count, because a configuration exists with others."""
        self.steps = 0
        self.depth = 0
        self.marks: set[str] = set()
        """What the present value depends on: ``default NAME`` for a root variable, ``sensitive``."""
        self.texts: dict[str, str] = {}
        """The texts of the files that were read beside the documents of the unit."""
        self.problems: list[InputError] = []
        self.assignments: dict[str, tuple[Expression | str, str]] | None = None
        """What is given to the variables of the root module (see ``variables``)."""
        self._first = first
        self._documents: dict[str, dict[str, Document]] = {}
        for document in unit.documents if first is None else ():
            self._documents.setdefault(folder_of(document.file), {})[document.file] = document
        self._folders: dict[str, Folder | None] = {}
        self.reached: dict[str, frozenset[str]] = {} if first is None else first.reached
        """Folder -> the folders that it leads to by module calls, itself included."""

    def spend(self) -> bool:
        """Count a step. Return whether it may be taken."""
        self.steps += 1
        return self.steps <= MAX_STEPS

    @property
    def is_over(self) -> bool:
        """Whether the unit takes more steps than it may."""
        return self.steps > MAX_STEPS

    def mark(self, mark: str) -> None:
        """Note what the present value depends on."""
        self.marks.add(mark)

    def marked(self, make: Callable[[], Value]) -> tuple[Value, set[str]]:
        """Return a value and what it depends on."""
        outer, self.marks = self.marks, set()
        try:
            value = make()
            return value, self.marks
        finally:
            outer |= self.marks
            self.marks = outer

    def folder(self, path: str) -> Folder | None:
        """Return a module folder; None if it has no configuration files that may be read."""
        if self._first is not None:
            return self._first.folder(path)
        if path not in self._folders:
            self._folders[path] = self._read_folder(path)
        return self._folders[path]

    def _read_folder(self, path: str) -> Folder | None:
        known = self._documents.get(path, {})
        beside = [posixpath.join("" if path == "." else path, name) for name in self.unit.files.listed(path)]
        documents: list[Document] = []
        partial = False
        for name in sorted({*known, *filter(is_configuration, beside)}):
            found = [known[name]] if name in known else self._load(name)
            partial = partial or not found
            documents += found
        if not documents:
            return None
        folder = Folder(path, documents)
        folder.is_partial = folder.is_partial or partial
        return folder

    def _load(self, name: str) -> list[Document]:
        data = self.unit.files.read(name)
        if data is None:
            return []
        loaded = load(Source(name, data))
        if isinstance(loaded, InputError):
            self.problems.append(loaded)
            self.texts[name] = data.decode("utf-8", "replace")
            return []
        for document in loaded:
            self.texts[name] = document.text
        return list(loaded)

    def read(self, name: str) -> bytes | None:
        """Return a file by its name in the run; None if there is none, or it may not be read."""
        return self.unit.files.read(name)

    def read_file(self, scope: Scope, path: str) -> bytes:
        """Return the file that file() names in a module. Raises NotKnownError and RefusedError."""
        if path.startswith("/") or "\0" in path:
            raise NotKnownError("iblint reads no file outside the folder of the run")
        name = posixpath.normpath(posixpath.join(scope.root_path, path))
        data = self.unit.files.read(name)
        if data is None:
            raise NotKnownError(f"the file '{path}' cannot be read inside the folder of the run")
        if len(data) > MAX_FILE:
            raise RefusedError("the file is too large")
        return data


def folder_of(name: str) -> str:
    """Return the folder of a file: ``.`` for the working folder."""
    return posixpath.dirname(name) or "."


def marked_defaults(marks: set[str] | frozenset[str]) -> frozenset[str]:
    """Return the variables of the root module whose defaults a value depends on."""
    return frozenset(mark.removeprefix("default ") for mark in marks if mark.startswith("default "))
