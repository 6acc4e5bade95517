"""Rule packs: rule files as data, compiled, selected and configured.

Only the modules of a run are imported here; ``authoring`` is for authors of rules and for packs that are not compiled.
"""

from iblint.packs.ruleset import RuleSet, load_packs
from iblint.packs.select import ConfiguredRule, configure, select

__all__ = ["ConfiguredRule", "RuleSet", "configure", "load_packs", "select"]
