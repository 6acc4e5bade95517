"""Build hook: compile the rule pack and add it, with its rule files, to the wheel as ``iblint/_rules``.

An editable installation has neither: it reads the folder ``rules`` of the checkout, so that changes take effect.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RulePackHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles ``rules/`` with the code of the source tree."""

    _temporary: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the rules to the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        self._temporary = tempfile.TemporaryDirectory()
        for name, text in compile_rules(root).items():
            file = Path(self._temporary.name) / name
            file.write_text(text, encoding="utf-8")
            build_data["force_include"][str(file)] = f"iblint/_rules/{name}"
        for file in sorted((root / "rules").rglob("*.yaml")):
            build_data["force_include"][str(file)] = f"iblint/_rules/{file.relative_to(root / 'rules').as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the temporary files of the build."""
        if self._temporary is not None:
            self._temporary.cleanup()


def compile_rules(root: Path) -> dict[str, str]:
    """Return the compiled pack and prose of a source tree as JSON, by file name. A wrong rule file is an error."""
    sys.path.insert(0, str(root))
    try:
        from iblint.packs.authoring.compile import compile_pack
        from iblint.packs.authoring.prose import read_prose
        from iblint.packs.authoring.reader import read_pack
        from iblint.packs.compiled import SourcedPack, to_pack
        from iblint.packs.locations import COMPILED, PROSE
        from iblint.packs.ruleset import combine

        compiled = compile_pack(read_pack(root / "rules", "rules"), builtin=True)
        rules = combine([SourcedPack(to_pack(compiled), root / "rules", "rules")])
        prose = {rule.code: read_prose(rules, rule.code) for rule in rules.rules}
        return {name: json.dumps(data) for name, data in ((COMPILED, compiled), (PROSE, prose))}
    finally:
        sys.path.remove(str(root))
