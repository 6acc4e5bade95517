from __future__ import annotations

import json
from typing import Any

import pytest

from iblint.model.report import Report
from iblint.model.verdict import Severity
from iblint.report import Style, render
from tests.report import builder


def issues(report: Report) -> Any:
    return json.loads(render("gitlab", report, Style()))


@pytest.mark.parametrize("make", [builder.plain_report, builder.nasty_report, lambda: builder.report({})])
def test_issues_have_what_gitlab_needs(make: Any) -> None:
    """The fields and values of GitLab's documentation of code quality reports."""
    written = issues(make())
    assert len(written) == len(make().findings) + len(make().problems) + len(make().not_judged)
    for issue in written:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("/", "./", "../"))
    fingerprints = [issue["fingerprint"] for issue in written]
    assert len(set(fingerprints)) == len(fingerprints)


def test_no_byte_order_mark_and_an_empty_list_when_clean(nasty: Report) -> None:
    assert render("gitlab", nasty, Style()).startswith("[")
    assert render("gitlab", builder.report({}), Style()) == "[]\n"


def test_severities(nasty: Report) -> None:
    by_check = {(i["check_name"], i["severity"]) for i in issues(nasty)}
    assert by_check == {
        ("IB201 imdsv2-required", "critical"),
        ("IB320 type-known", "critical"),
        ("IB320 type-known", "minor"),
        ("IB320 type-known", "info"),
        ("IB000 input-not-judged", "blocker"),
        ("IB001 not-judged", "info"),
    }


def test_two_violations_at_one_value_are_two_issues_with_stable_fingerprints(plain: Report) -> None:
    first = plain.findings[0]
    second = builder.finding(builder.IMDS, first.location.file, first.location.span, first.path, "Another one.")
    both = issues(builder.report(plain.texts, [first, second]))
    assert len({issue["fingerprint"] for issue in both}) == 2
    assert both[0]["fingerprint"] == first.fingerprint
    assert issues(builder.report(plain.texts, [first, second])) == both


def test_the_description_is_one_line_with_the_source_of_the_value(plain: Report) -> None:
    description = issues(plain)[1]["description"]
    assert description.startswith("Cannot tell whether the hop limit suffices")
    assert description.endswith("The value comes from the parameter 'Hops'.")
    assert Severity.NOTE is plain.findings[1].severity
