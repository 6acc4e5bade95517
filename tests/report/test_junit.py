from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from typing import Any

import pytest

from iblint.model.report import Report
from iblint.model.verdict import Verdict
from iblint.report import Style, render
from tests.report import builder

KINDS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def suites_of(report: Report) -> ET.Element:
    return ET.fromstring(render("junit", report, Style()))


@pytest.mark.parametrize("make", [builder.plain_report, builder.nasty_report, lambda: builder.report({})])
def test_counts_are_those_of_the_cases(make: Any) -> None:
    suites = suites_of(make())
    assert suites.tag == "testsuites"
    for node in (suites, *suites):
        cases = list(node.iter("testcase"))
        found = Counter(child.tag for case in cases for child in case)
        assert node.get("tests") == str(len(cases))
        for tag, attribute in KINDS.items():
            assert node.get(attribute) == str(found[tag])


def test_a_case_for_each_rule_and_configuration(plain: Report) -> None:
    (suite,) = suites_of(plain)
    assert suite.get("name") == "web (infra/web.yaml#web)"
    cases = {case.get("name"): case for case in suite}
    assert {name: [child.tag for child in case] for name, case in cases.items()} == {
        "IB201 imdsv2-required": ["failure"],
        "IB202 container-hop-limit": ["skipped"],
        "IB320 type-known": [],
        "IB204 sns-key-same-account": ["skipped"],
    }
    failure = cases["IB201 imdsv2-required"][0]
    assert failure.get("type") == "error"
    assert failure.get("message") == "instanceMetadataOptions.httpTokens is 'optional'."
    assert failure.text is not None
    assert failure.text.startswith("infra/web.yaml:5:15: ")
    assert failure.text.endswith("  httpTokens: required")
    assert cases["IB202 container-hop-limit"][0].get("message") == "unknown: The build type is not known."
    assert cases["IB204 sns-key-same-account"][0].get("message") == "not-applicable: snsTopicArn is not set."


def test_names_are_unique_in_a_suite(nasty: Report) -> None:
    for suite in suites_of(nasty):
        names = [(case.get("classname"), case.get("name")) for case in suite]
        assert len(set(names)) == len(names)


def test_several_violations_of_a_rule_are_one_failure(plain: Report) -> None:
    first = plain.findings[0]
    second = builder.finding(builder.IMDS, first.location.file, first.location.span, (), "Another one.")
    report = builder.report(plain.texts, [first, second], configurations=plain.configurations)
    (failure,) = suites_of(report).iter("failure")
    assert "Another one." in (failure.text or "")
    assert "is 'optional'" in (failure.text or "")


def test_a_rule_that_crashed_is_an_error() -> None:
    broken = builder.Outcome("IB320", "type-known", Verdict.ERROR, "Rule IB320 crashed.")
    report = builder.report({}, configurations=[builder.configuration("a.yaml", outcomes=(broken,))], exit_code=4)
    (error,) = suites_of(report).iter("error")
    assert error.get("message") == "Rule IB320 crashed."


def test_inputs_that_could_not_be_judged_are_errors() -> None:
    problems = [builder.InputError("a.yaml", 3, 1, "No."), builder.InputError("a.yaml", 9, 2, "Nor this.")]
    (suite,) = suites_of(builder.report({}, problems=problems))
    (case,) = suite
    assert (case.get("classname"), case.get("line")) == ("a.yaml", "3")
    assert case[0].text == "a.yaml:3:1: No.\n\na.yaml:9:2: Nor this."


@pytest.mark.parametrize(
    "hostile", ["</failure><script>", '" onload="x', "]]>", "&amp;", "\x00\x0b\ufffe\ud800", "<!--"]
)
def test_no_text_of_a_file_is_markup(hostile: str, plain: Report) -> None:
    judged = builder.configuration(
        "infra/web.yaml", hostile, outcomes=(builder.Outcome("IB201", "x", Verdict.FAIL, hostile),)
    )
    found = builder.finding(builder.IMDS, "infra/web.yaml", plain.findings[0].location.span, (), hostile, help=hostile)
    suites = suites_of(builder.report(plain.texts, [found], configurations=[judged]))
    assert [node.tag for node in suites.iter()] == ["testsuites", "testsuite", "testcase", "failure"]
    failure = suites[0][0][0]
    assert failure.keys() == ["type", "message"]
    if hostile.isprintable():
        assert failure.get("message") == hostile
        assert failure.text == f"infra/web.yaml:5:15: {hostile}\n{hostile}"
