"""Build hook: compile the rule pack, and put it with its rule files into the wheel as ``iblint/_rules``.

An editable installation gets neither: there the folder ``rules`` of the checkout is read, so that a changed rule file
is noticed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RulePackHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles ``rules/`` with the code of the tree that is built."""

    _temporary: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the rules to the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        self._temporary = tempfile.TemporaryDirectory()
        for name, text in compile_rules(root).items():
            made = Path(self._temporary.name) / name
            made.write_text(text, encoding="utf-8")
            build_data["force_include"][str(made)] = f"iblint/_rules/{name}"
        for file in sorted((root / "rules").rglob("*.yaml")):
            build_data["force_include"][str(file)] = f"iblint/_rules/{file.relative_to(root / 'rules').as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was made for the build."""
        if self._temporary is not None:
            self._temporary.cleanup()


def compile_rules(root: Path) -> dict[str, str]:
    """The compiled pack of a source tree and its prose as JSON, by file name. Fails the build for a wrong rule file."""
    sys.path.insert(0, str(root))
    try:
        from iblint.packs.authoring.compile import compile_pack
        from iblint.packs.authoring.reader import read_pack
        from iblint.packs.compiled import SourcedPack, to_pack
        from iblint.packs.locations import COMPILED, PROSE
        from iblint.packs.prose import read_prose
        from iblint.packs.ruleset import combine

        compiled = compile_pack(read_pack(root / "rules", "rules"), builtin=True)
        rules = combine([SourcedPack(to_pack(compiled), root / "rules", "rules")])
        prose = {rule.code: read_prose(rules, rule.code) for rule in rules.rules}
        return {name: json.dumps(data) for name, data in ((COMPILED, compiled), (PROSE, prose))}
    finally:
        sys.path.remove(str(root))
