"""Judgements become outcomes and findings."""

from __future__ import annotations

from typing import Any

import pytest

from iblint.findings.collect import findings_of, outcomes_of, sort_key
from iblint.model.record import replace
from iblint.model.report import Finding
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Place, Resource
from iblint.model.span import Span
from iblint.model.verdict import (
    Judgement,
    Severity,
    Violation,
    contradicted,
    failed,
    not_applicable,
    passed,
    unknown,
)
from iblint.packs import ConfiguredRule
from tests.report import builder

FIRST, VALUE, KEY, OTHER = (Span(line, 1, line, 5) for line in (1, 2, 3, 4))
RELATED = Location("a.yaml", OTHER, "the construct")
RESOURCE = Resource(
    "a.yaml#web",
    INFRASTRUCTURE_CONFIGURATION,
    "request",
    "api",
    "a.yaml",
    "/",
    FIRST,
    {"name": "web"},
    {("name",): Place(VALUE, KEY, provenance="the default of parameter 'Name'", related=(RELATED,))},
)
NAME = Violation(("name",), "The name is wrong.", "Choose another.")


def collect(judgement: Judgement, *, strict: bool = False, **changes: Any) -> list[Finding]:
    rule = replace(builder.TYPES, **changes)
    return findings_of(RESOURCE, [(ConfiguredRule(rule, Severity.WARNING, {}), judgement)], strict=strict)


def test_a_finding_has_all_that_is_known_of_the_violation() -> None:
    (finding,) = collect(failed(replace(NAME, related=(Location("b.yaml", OTHER, "see here"),))))
    assert (finding.rule, finding.name, finding.configuration) == ("IB320", "type-known", "a.yaml#web")
    assert (finding.message, finding.help) == ("The name is wrong.", "Choose another.")
    assert finding.location == Location("a.yaml", VALUE)
    assert [place.label for place in finding.related] == ["the construct", "see here"]
    assert finding.locations == (finding.location, *finding.related)
    assert finding.provenance == "the default of parameter 'Name'"
    assert finding.fix is None
    assert finding.suppression is None


@pytest.mark.parametrize(
    ("judgement", "severity"),
    [
        (failed(NAME), Severity.WARNING),
        (failed(replace(NAME, severity=Severity.NOTE)), Severity.NOTE),
        (failed(replace(NAME, severity=Severity.ERROR)), Severity.WARNING),
        (unknown(NAME), Severity.NOTE),
        (contradicted(NAME), Severity.ERROR),
    ],
)
def test_a_violation_may_lower_the_severity_but_not_raise_it(judgement: Judgement, severity: Severity) -> None:
    (finding,) = collect(judgement)
    assert finding.severity is severity
    assert finding.verdict is judgement.verdict


def test_unknown_is_shown_if_the_rule_reports_it_or_the_run_is_strict() -> None:
    assert collect(unknown(NAME), report_unknown=False) == []
    assert len(collect(unknown(NAME), report_unknown=False, strict=True)) == 1
    assert collect(passed("Fine.")) == collect(not_applicable("Not here.")) == []


def test_the_first_violation_at_a_path_is_shown() -> None:
    found = collect(failed(NAME, replace(NAME, message="It is wrong again."), replace(NAME, path=())))
    assert [(finding.path, finding.message) for finding in found] == [
        (("name",), "The name is wrong."),
        ((), "The name is wrong."),
    ]


def test_a_finding_points_where_the_violation_says() -> None:
    assert collect(failed(replace(NAME, at_key=True)))[0].location.span == KEY
    assert collect(failed(replace(NAME, path=("tags",), locate=("name",))))[0].location.span == VALUE
    assert collect(failed(replace(NAME, path=("tags",))))[0].location.span == FIRST


def test_findings_are_sorted_by_place_rule_and_path() -> None:
    def at(file: str, line: int, rule: str, *path: str) -> Finding:
        return replace(
            collect(failed(NAME))[0], locations=(Location(file, Span(line, 1, line, 2)),), rule=rule, path=path
        )

    findings = [
        at("a", 1, "IB2", "x"),
        at("a", 1, "IB2", "y"),
        at("a", 1, "IB3"),
        at("a", 10, "IB1"),
        at("b", 2, "IB1"),
    ]
    shuffled = [findings[index] for index in (4, 2, 0, 3, 1)]
    assert sorted(shuffled, key=sort_key) == findings


def test_outcomes_are_described_when_they_are_read() -> None:
    described: list[int] = []

    def reason(index: int) -> str:
        described.append(index)
        return f"Reason {index}."

    judgements = [failed(NAME), Judgement(passed().verdict, None), not_applicable(lambda: "Not here.")]
    rules = [ConfiguredRule(rule, rule.severity, {}) for rule in builder.RULES]
    outcomes = outcomes_of(rules, judgements, reason)
    assert outcomes.verdicts == tuple(judgement.verdict for judgement in judgements)
    assert described == []
    assert [outcome.reason for outcome in outcomes] == ["The name is wrong.", "Reason 1.", "Not here."]
    assert described == [1]
