"""What a dialect hands back."""

from __future__ import annotations

from dataclasses import dataclass

from iblint.model.document import Problem
from iblint.model.resource import Resource


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document holds: its resources, and what kept others (or their directives) from being read."""

    resources: tuple[Resource, ...] = ()
    problems: tuple[Problem, ...] = ()
