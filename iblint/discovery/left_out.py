"""What a search leaves out: counted by reason, and as files that are to be searched for a mention."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence

from iblint.discovery.files import Counts, LeftOut, name_of
from iblint.discovery.names import Names
from iblint.model.document import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.discovery.git_index import TrackedFiles


class LeftOutFiles:
    """What one search has left out so far."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._numbers: dict[str, int] = {}
        self._files: dict[str, str] = {}
        """Path -> reason."""
        self._notices: dict[str, Notice] = {}
        self._folders: list[str] = []
        self._repository: str | None = None
        """The real root of the repository of the folder that is searched, with a separator at its end."""
        self._tracked: dict[str, TrackedFiles | None] = {}
        self._visited: set[str] = set()

    def search(self, root: str) -> None:
        """Begin with the folder ``root``, named without links."""
        self._visited.add(root)
        folder = root
        while not os.path.lexists(os.path.join(folder, ".git")):
            parent = os.path.dirname(folder)
            if parent == folder:
                self._repository = None
                return
            folder = parent
        self._repository = os.path.join(folder, "")

    def count(self, reason: str, number: int) -> None:
        """Count files or folders that are not opened."""
        if number:
            self._numbers[reason] = self._numbers.get(reason, 0) + number

    def add(self, reason: str, paths: Sequence[str]) -> None:
        """Add files that are searched for a mention."""
        for path in paths:
            self._files.setdefault(path, reason)

    def add_ignored(self, prefix: str, real: str, names: Collection[str]) -> None:
        """Add ignored files of a folder, by the prefix of their paths and the real path of the folder."""
        if not names:
            return
        tracked, start = self._index(), self._below_repository(real)
        found = [] if tracked is None or start is None else [name for name in sorted(names) if start + name in tracked]
        self.add("tracked", [prefix + name for name in found])
        self.count("ignored", len(names) - len(found))

    def add_ignored_folder(self, path: str, real: str) -> None:
        """Add an ignored folder: it is counted, and the files in it that git tracks are added."""
        self.count("ignored", 1)
        tracked, start = self._index(), self._below_repository(real)
        if tracked is None or start is None:
            return
        for name in tracked.below(start):
            file = os.path.join(path, name[len(start) :])
            if os.path.realpath(file) == real + name[len(start) :].replace("/", os.sep) and os.path.isfile(file):
                self.add("tracked", [file])

    def add_link(self, path: str, target: str) -> None:
        """Add a link to a file or folder outside the one that is searched. Nothing outside the repository is opened."""
        if self._repository is None or not os.path.join(target, "").startswith(self._repository):
            message = "A link out of the repository is not followed; what it points to was not searched."
            self._notices[path] = Notice(name_of(path), 1, message)
            self.count("linked", 1)
        elif os.path.isdir(target):
            self._folders.append(os.path.relpath(target))
        else:
            self.add("linked", [path])

    def linked_folders(self) -> Iterator[str]:
        """Yield the folders that links lead to, each once, also those that are found meanwhile."""
        for folder in self._folders:
            if os.path.realpath(folder) not in self._visited:
                yield folder

    def all(self, is_new: Callable[[str], bool]) -> Iterator[LeftOut | Notice | Counts]:
        """Yield everything, by path. ``is_new`` is False for a file that is judged."""
        for path, reason in sorted(self._files.items()):
            if is_new(path):
                self.count(reason, 1)
                yield LeftOut(path, reason)
        yield from self._notices.values()
        if self._numbers:
            yield Counts(self._numbers)

    def _below_repository(self, real: str) -> str | None:
        """Return the path of a folder below the root of its repository, as git writes it."""
        if self._repository is None or not real.startswith(self._repository):
            return None
        return real[len(self._repository) :].replace(os.sep, "/")

    def _index(self) -> TrackedFiles | None:
        """Return the tracked files of the repository; None if they are not known, which a notice says."""
        root = self._repository
        if root is None:
            return None
        if root not in self._tracked:
            from iblint.discovery.git_index import IndexUnreadableError, tracked_files  # few trees have ignored files

            try:
                self._tracked[root] = tracked_files(root, self._names)
            except IndexUnreadableError as error:
                message = f"The index of git cannot be read, so ignored files that git tracks are not known. {error}"
                self._notices[root] = Notice(name_of(os.path.join(root, ".git", "index")), 1, message)
                self._tracked[root] = None
        return self._tracked[root]
