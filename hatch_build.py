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
        compiled = Path(self._temporary.name) / "compiled.json"
        compiled.write_text(compile_rules(root), encoding="utf-8")
        for file in sorted((root / "rules").rglob("*.yaml")):
            build_data["force_include"][str(file)] = f"iblint/_rules/{file.relative_to(root / 'rules').as_posix()}"
        build_data["force_include"][str(compiled)] = "iblint/_rules/compiled.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was made for the build."""
        if self._temporary is not None:
            self._temporary.cleanup()


def compile_rules(root: Path) -> str:
    """The compiled pack of a source tree as JSON. Fails the build when a rule file is wrong."""
    sys.path.insert(0, str(root))
    try:
        from iblint.rulepack.compile import compile_pack
        from iblint.rulepack.reader import read_pack

        return json.dumps(compile_pack(read_pack(root / "rules", "rules"), builtin=True), sort_keys=True)
    finally:
        sys.path.remove(str(root))
