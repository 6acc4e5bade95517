"""The documentation of rules, for reports that carry it."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.report import Report
from iblint.model.rule import Control
from iblint.packs import RuleSet
from iblint.packs.authoring.reference import prose_of
from iblint.report import Prose


def documentation(rules: RuleSet, report: Report) -> Mapping[str, Prose]:
    """The prose of every rule of the report, by code. Raises RulePackError for a rule file that cannot be read."""
    found = prose_of(rules, [rule.code for rule in report.rules])
    return {
        code: Prose(**{**prose, "controls": tuple(Control(*control) for control in prose["controls"])})
        for code, prose in found.items()
    }
