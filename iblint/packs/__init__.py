"""Rule packs: rule files as data, compiled, selected, configured, documented.

Only what a run needs is imported here; ``reference``, ``lint``, ``docs``, ``examples`` and ``scaffold`` are modules of
their own.
"""

from iblint.packs.ruleset import RuleSet, load_packs
from iblint.packs.select import ConfiguredRule, configure, select

__all__ = ["ConfiguredRule", "RuleSet", "configure", "load_packs", "select"]
