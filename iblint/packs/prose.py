"""What rule files say beyond what a run needs, as far as reports carry it.

A wheel holds that of the built-in rules as JSON, made when it was built: to parse the rule files takes longer than all
else that a report needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from iblint.packs.compiled import BUILTIN
from iblint.packs.locations import shipped_prose
from iblint.packs.ruleset import RuleSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def prose_of(rules: RuleSet, codes: list[str]) -> Mapping[str, Mapping[str, Any]]:
    """Code -> ``rationale``, the examples ``bad`` and ``good`` with their ``syntax``, ``controls`` (as of model.rule).

    Raises RulePackError for a rule file that cannot be read.
    """
    shipped = shipped_prose()
    ready: Mapping[str, Any] = {} if shipped is None else json.loads(shipped)
    builtin = {rule.code for rule in rules.rules if rule.pack == BUILTIN}
    return {code: ready[code] if code in ready and code in builtin else read_prose(rules, code) for code in codes}


def read_prose(rules: RuleSet, code: str) -> dict[str, Any]:
    """The same of one rule, from its file: the first bad example, and the first good one that is written like it."""
    from iblint.packs.authoring.reference import reference

    rule = reference(rules, code)
    bad = next(iter(rule.of("bad")))
    good = (e.text for e in rule.of("good") if (e.dialect, e.syntax) == (bad.dialect, bad.syntax))
    controls = [[c.framework, c.id, c.relation, c.version] for c in rule.controls]
    examples = {"bad": bad.text, "good": next(good, ""), "syntax": bad.syntax}
    return {"rationale": rule.rationale, **examples, "controls": controls}
