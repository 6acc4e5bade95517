"""The documentation of rules, for reports that carry it: read from the rule files, which a plain run does not open."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.report import Report
from iblint.report import Prose
from iblint.rulepack import RuleSet
from iblint.rulepack.reference import Polarity, RuleReference, reference


def documentation(rules: RuleSet, report: Report) -> Mapping[str, Prose]:
    """The prose of every rule of the report, by code. Raises RulePackError for a rule file that cannot be read."""
    return {rule.code: _prose(reference(rules, rule.code)) for rule in report.rules}


def _prose(rule: RuleReference) -> Prose:
    """With the first bad example, and the first good one that is written like it."""
    bad = next(iter(rule.of("bad")))
    return Prose(rule.rationale, bad.text, _first(rule, "good", bad.dialect, bad.syntax), bad.syntax, rule.controls)


def _first(rule: RuleReference, polarity: Polarity, dialect: str, syntax: str) -> str:
    texts = (e.text for e in rule.of(polarity) if (e.dialect, e.syntax) == (dialect, syntax))
    return next(texts, "")
