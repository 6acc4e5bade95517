"""How a report is to look: what the command line decides and the writers obey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of a report. Formats for machines (json, sarif) read only ``prose``."""

    color: bool = False
    """ANSI colours."""
    width: int = 100
    """Columns to fit excerpts and paragraphs into."""
    show_passed: bool = False
    """List each configuration with the rules that it passed."""
    verbosity: int = 0
    """-1: findings and problems alone, one line each; 1: every outcome with its reason, and the packs."""
    prose: Mapping[str, str] | None = None
    """Rule code -> rationale, for the formats that carry the rules' documentation (sarif)."""
