"""Where the modules of this package are found, in a program that loads a hundred of them for one file.

Python looks for each module along every finder that it has, and in a folder that it lists anew for changes. Ours stand
where their names say, so they are looked for there first. What is not there (in a zipped wheel nothing is) is left to
Python, and so is everything else about a module: reading it, its byte code, and whether that is up to date.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from os import stat

PACKAGE = __name__.partition(".")[0]

TYPE_CHECKING = False  # importing typing would cost more than all that is gained
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


class Finder:
    """Finds modules of the package that are files below its folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is; None when it is none of the package, or not below its folder."""
        package, _, inner = name.partition(".")
        if package != PACKAGE or not inner:
            return None
        place = f"{self._folder}/{inner.replace('.', '/')}"
        for file, places in ((f"{place}.py", None), (f"{place}/__init__.py", [place])):
            try:
                stat(file)
            except OSError:
                continue
            spec = ModuleSpec(name, SourceFileLoader(name, file), origin=file)
            spec.has_location = True
            spec.submodule_search_locations = places
            return spec
        return None


def install() -> None:
    """Look where modules of the package should be before anything else is asked, from now on."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder(next(iter(sys.modules[PACKAGE].__path__))))
