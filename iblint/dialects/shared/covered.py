"""Which sources of a CDK app need no word, because the run has judged what the app makes of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from iblint.discovery.files import NoFiles
from iblint.model.document import NotJudged
from iblint.model.resource import Resource

_SOURCE = "cdk-source"
_APP = "cdk.json"
"""The file that makes a folder the root of an app."""


def not_covered(
    entries: Sequence[NotJudged], judged: Iterable[Resource], files: NoFiles, folder: str
) -> Sequence[NotJudged]:
    """Return the entries, but for sources of apps whose cloud assembly holds a configuration that was judged.

    The app of a file is the nearest folder above it with a ``cdk.json``. Without one anywhere it is the folder that the
    assembly stands in.
    """
    if not any(entry.kind == _SOURCE for entry in entries):
        return entries
    made = [resource for resource in judged if resource.construct is not None]
    traced = {place.file for resource in made for place in resource.related}
    assemblies = {os.path.dirname(resource.file) for resource in made}
    apps = {_app_of(assembly, files, folder) or os.path.dirname(assembly) for assembly in assemblies}

    def is_covered(entry: NotJudged) -> bool:
        if entry.kind != _SOURCE:
            return False
        app = _app_of(os.path.dirname(entry.file), files, folder)
        if app is not None:
            return entry.file in traced or app in apps
        return entry.file in traced or any(entry.file.startswith(os.path.join(above, "")) for above in apps)

    return [entry for entry in entries if not is_covered(entry)]


def _app_of(path: str, files: NoFiles, folder: str) -> str | None:
    """Return the nearest folder with a ``cdk.json``, from ``path`` up to the working folder; None if there is none."""
    while True:
        if files.beside(os.path.join(folder, path, _APP), _APP) is not None:
            return path
        if not path or path.startswith(".."):
            return None
        path = os.path.dirname(path)
