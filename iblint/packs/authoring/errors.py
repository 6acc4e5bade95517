"""Everything that is wrong with a pack, told at once."""

from __future__ import annotations

from iblint.model.errors import RulePackError
from iblint.text.safe import visible

MAX_TOLD = 20
"""More errors than these are only counted."""


class Complaints:
    """Collects what is wrong, each with file and line, and raises it as one RulePackError."""

    def __init__(self) -> None:
        self._found: set[tuple[str, int, str]] = set()

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, file: str, line: int, message: str) -> None:
        """Note one error: what is wrong and what to do, without a final period."""
        self._found.add((file, line, message))

    def raise_any(self) -> None:
        """Raise RulePackError with all that was noted, by file and line; do nothing when that is nothing."""
        if not self._found:
            return
        lines = [visible(f"{file}:{line}: {sentence(message)}") for file, line, message in sorted(self._found)]
        if len(lines) > MAX_TOLD:
            lines[MAX_TOLD:] = [f"... and {len(lines) - MAX_TOLD} more errors in rule files."]
        raise RulePackError("\n".join(lines))


def sentence(text: str) -> str:
    """The text with a final period, unless it ends as a sentence already."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
