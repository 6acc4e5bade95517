"""Folders of custom rules.

A folder is data and may come from an untrusted checkout. Its rules may name iblint's own checks. Only the rules of an
installed distribution may name Python checks of their own.
"""

from __future__ import annotations

import os

from iblint.model.record import replace
from iblint.packs.authoring.reader import read_pack
from iblint.packs.cache import load_compiled
from iblint.packs.compiled import SourcedPack
from iblint.packs.locations import Folder
from iblint.packs.python_checks import bind_check


def load_folder(path: str) -> SourcedPack:
    """Load a folder of custom rules. Raises RulePackError if anything in it is wrong."""
    return load(path, path)


def load(
    folder: str | os.PathLike[str] | Folder, shown: str, *, module: str | None = None, version: str | None = None
) -> SourcedPack:
    """Load the rules of a folder, which messages call ``shown``.

    ``module`` and ``version`` are those of the distribution that the folder belongs to, if any. Raises RulePackError if
    anything in the folder is wrong.
    """
    files = read_pack(folder, shown)
    pack = load_compiled(files)
    rules = tuple(bind_check(rule, module) for rule in pack.rules)
    info = pack.info if version is None else replace(pack.info, version=version)
    return SourcedPack(replace(pack, rules=rules, info=info), files.folder, shown)
