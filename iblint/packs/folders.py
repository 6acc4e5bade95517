"""Folders of custom rules.

A folder is data. It may come from an untrusted checkout: its rules name checks of iblint, never Python of their own.
"""

from __future__ import annotations

import os

from iblint.model.record import replace
from iblint.packs.authoring.reader import read_pack
from iblint.packs.cache import cached
from iblint.packs.compiled import SourcedPack
from iblint.packs.locations import Folder
from iblint.packs.python_checks import bind_check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.packs.authoring.compile import Refusal


def load_folder(path: str, refusal: Refusal | None = None) -> SourcedPack:
    """Load a folder of custom rules. Raises RulePackError when anything in it is wrong."""
    return load(path, path, refusal=refusal)


def load(
    folder: str | os.PathLike[str] | Folder,
    shown: str,
    *,
    module: str | None = None,
    version: str | None = None,
    refusal: Refusal | None = None,
) -> SourcedPack:
    """Load the rules of a folder; ``module`` and ``version`` are those of the distribution that it belongs to.

    ``refusal`` is asked of every schema, once for each change of the pack.
    """
    files = read_pack(folder, shown)

    def make() -> dict[str, object]:
        from iblint.packs.authoring.compile import compile_pack  # only when the cache does not hold the pack

        return compile_pack(files, refusal=refusal)

    pack = cached(files, make, "judged" if refusal else "")
    rules = tuple(bind_check(rule, module) for rule in pack.rules)
    info = pack.info if version is None else replace(pack.info, version=version)
    return SourcedPack(replace(pack, rules=rules, info=info), files.folder, shown)
