from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from iblint.model.errors import UsageError
from iblint.model.record import replace
from iblint.model.report import Report
from iblint.model.rule import Control
from iblint.model.span import Span
from iblint.model.verdict import Severity
from iblint.report import Checkout, Prose, Style, render, sarif
from iblint.report._places import relative_uri
from iblint.report.sarif.line_hash import line_hashes
from iblint.report.sarif.rules import pascal_case, semantic_version
from tests.report import builder


def run_of(report: Report, **style: Any) -> Any:
    (run,) = json.loads(render("sarif", report, Style(**style)))["runs"]
    return run


def everything(node: Any) -> list[tuple[str, Any]]:
    """Return all (key, value) pairs of a log."""
    if isinstance(node, dict):
        return [pair for key, value in node.items() for pair in ((key, value), *everything(value))]
    return [pair for item in node for pair in everything(item)] if isinstance(node, list) else []


@pytest.mark.parametrize("make", [builder.plain_report, builder.nasty_report])
def test_results_agree_with_the_rules(make: Any) -> None:
    run = run_of(make())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["IB000", "IB201", "IB202", "IB320"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["kind"] == "fail"
        assert len(result["locations"]) == 1


@pytest.mark.parametrize("make", [builder.plain_report, builder.nasty_report])
def test_nothing_that_readers_refuse(make: Any) -> None:
    run = run_of(make())
    found = everything(run)
    assert not [key for key, value in found if value is None or value == -1 or value == ""]
    assert not {"rank", "automationDetails", "guid", "startTimeUtc", "endTimeUtc"} & {key for key, _ in found}
    for key, value in found:
        if key == "uri":
            assert not value.startswith(("/", "..", "file:"))
        if key == "text":
            assert len(value) <= 2048
    for result in run["results"]:
        assert "](http" not in result["message"]["text"], "a link made by the text of a file"


def test_regions_are_on_one_line_and_within_it(nasty: Report) -> None:
    files = {relative_uri(file): text.removeprefix("\ufeff").split("\n") for file, text in nasty.texts.items()}
    for result in run_of(nasty)["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        assert region["startLine"] == region["endLine"]
        if (lines := files.get(place["artifactLocation"]["uri"])) is None:
            continue
        line = lines[region["startLine"] - 1].rstrip("\r")
        assert 1 <= region["startColumn"] < region["endColumn"] <= len(line) + 1
        if "snippet" in region:
            assert region["snippet"]["text"] in line.replace(builder.ACCESS_KEY, "AKIA" + "*" * 16)
        if "contextRegion" in place:
            assert place["contextRegion"]["startLine"] <= region["startLine"] <= place["contextRegion"]["endLine"]
            assert len(place["contextRegion"]["snippet"]["text"]) > len(region["snippet"]["text"])


def test_one_result_for_a_rule_on_a_line(nasty: Report) -> None:
    results = run_of(nasty)["results"]
    places = [(r["ruleId"], *map(str, place_of(r))) for r in results]
    assert len(set(places)) == len(places)
    (merged,) = [r for r in results if place_of(r) == ("infra/min.json", 1)]
    assert merged["level"] == "error", "the most severe of the merged findings"
    assert [related["id"] for related in merged["relatedLocations"]] == [1, 2]
    assert merged["message"]["text"].startswith("Too long.")
    assert "See [2](2): instanceTypes[1] is 't3.larg'." in merged["message"]["text"]


def place_of(result: Any) -> tuple[str, int]:
    place = result["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def test_many_findings_on_a_line_are_counted() -> None:
    text = "[a, b, c, d, e, f, g, h]\n"
    findings = [
        builder.finding(builder.TYPES, "a.yaml", builder.locate(text, letter), (letter,), f"'{letter}' is wrong.")
        for letter in "abcdefgh"
    ]
    (result,) = run_of(builder.report({"a.yaml": text}, findings))["results"]
    assert len(result["relatedLocations"]) == 5
    assert result["message"]["text"].endswith("And 2 more on this line.")


def test_a_message_has_the_source_of_the_value_and_the_fix(plain: Report) -> None:
    message = run_of(plain)["results"][1]["message"]["text"]
    assert message == (
        "Cannot tell whether the hop limit suffices: it is '!Ref Hops', and the parameter has no default. "
        "The value comes from the parameter 'Hops'. Write the value, or judge the file that is made from this one. "
        "See [1](1): the configuration begins here."
    )


def test_unknown_is_a_note(plain: Report) -> None:
    undecided = run_of(plain)["results"][1]
    assert (undecided["ruleId"], undecided["level"], undecided["kind"]) == ("IB202", "note", "fail")


def test_a_warning_of_an_error_rule_keeps_its_level(plain: Report) -> None:
    milder = replace(plain.findings[0], severity=Severity.WARNING)
    (result,) = run_of(replace(plain, findings=(milder,)))["results"]
    assert result["level"] == "warning"


def test_rules_carry_their_documentation(plain: Report) -> None:
    rules = {rule["id"]: rule for rule in run_of(plain, prose={"IB201": Prose("Because.")})["tool"]["driver"]["rules"]}
    imds, hops, types = rules["IB201"], rules["IB202"], rules["IB320"]
    assert imds["name"] == "Imdsv2Required"
    assert imds["shortDescription"]["text"] == "Build instances must require IMDSv2."
    assert imds["fullDescription"]["text"] == "Because."
    assert hops["fullDescription"]["text"] == "Container builds need a hop limit of 2."
    assert imds["help"]["text"] == "Set instanceMetadataOptions.httpTokens to required."
    assert hops["help"]["text"] == "Set instanceMetadataOptions.httpPutResponseHopLimit to at least 2 (as {n})."
    assert types["help"]["text"] == "Correct the field."
    assert "Because." in imds["help"]["markdown"]
    assert imds["helpUri"] in imds["help"]["markdown"]
    assert types["defaultConfiguration"] == {"level": "warning"}


def test_rule_properties(plain: Report) -> None:
    rules = {rule["id"]: rule["properties"] for rule in run_of(plain)["tool"]["driver"]["rules"]}
    assert rules["IB201"] == {"tags": ["security", "imds"], "precision": "very-high", "security-severity": "8.0"}
    assert rules["IB202"]["precision"] == "high"
    assert rules["IB320"] == {"tags": ["reliability"], "precision": "very-high", "problem.severity": "warning"}
    many = builder.rule("IB900", "x-y", "X", "own", Severity.NOTE, tags=tuple("abcdefghijkl"), core=True)
    (_, properties) = (
        rule["properties"] for rule in run_of(replace(plain, rules=(many,), findings=()))["tool"]["driver"]["rules"]
    )
    assert properties["tags"] == ["security", "own", *"abcdefgh"]
    assert properties["security-severity"] == "2.0"


def test_help_shows_the_examples_and_the_controls(plain: Report) -> None:
    run = run_of(plain, prose=builder.PROSE)
    help_ = {rule["id"]: rule["help"]["markdown"] for rule in run["tool"]["driver"]["rules"]}
    assert help_["IB201"].startswith("### Why\n\nWithout a token,")
    assert "### How to fix\n\nSet instanceMetadataOptions.httpTokens to required." in help_["IB201"]
    assert "Fails:\n\n````yaml\nhttpTokens: optional  # ```\n````" in help_["IB201"]
    assert "Passes:\n\n```yaml\nhttpTokens: required\n```" in help_["IB201"]
    assert "- CIS AWS Foundations 5.0.0 5.7 (analogous)" in help_["IB201"]
    assert help_["IB201"].endswith(f"[Documentation of IB201]({builder.IMDS.url})")
    assert "### Controls" not in help_["IB320"]


def test_text_of_a_rule_file_is_escaped(plain: Report) -> None:
    said = "Replace <group>.\n\n[x](https://evil.example) \x1b[31m \u202e"
    control = Control(said, said, "exact", said)
    run = run_of(plain, prose={"IB201": Prose(said, controls=(control,))})
    (rule,) = (rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "IB201")
    assert html.unescape(rule["help"]["markdown"]).startswith("### Why\n\nReplace <group>.\n\n[x](https:")
    assert "<group>" not in rule["help"]["markdown"]
    texts = [value for _, value in everything([rule, run["taxonomies"]]) if isinstance(value, str)]
    assert [text for text in texts if re.search("[\x1b\u202e]", text)] == []


def test_controls_are_taxonomies_that_rules_point_into(plain: Report) -> None:
    run = run_of(plain, prose=builder.PROSE)
    driver, taxonomies = run["tool"]["driver"], run["taxonomies"]
    listed = [(t["name"], t.get("version"), [taxon["id"] for taxon in t["taxa"]]) for t in taxonomies]
    assert listed == [
        ("AWS Config", None, ["ec2-imdsv2-check"]),
        ("CIS AWS Foundations", "3.0.0", ["5.4", "5.6"]),
        ("CIS AWS Foundations", "5.0.0", ["5.7"]),
    ]
    assert driver["supportedTaxonomies"] == [{"name": t["name"], "index": n} for n, t in enumerate(taxonomies)]
    related = [(rule["id"], link) for rule in driver["rules"] for link in rule.get("relationships", ())]
    for _, link in related:
        taxonomy = taxonomies[link["target"]["toolComponent"]["index"]]
        assert taxonomy["name"] == link["target"]["toolComponent"]["name"]
        assert taxonomy["taxa"][link["target"]["index"]]["id"] == link["target"]["id"]
    assert [(id_, link["target"]["id"], link.get("kinds", ["relevant"])) for id_, link in related] == [
        ("IB201", "5.6", ["relevant"]),
        ("IB201", "5.7", ["relevant"]),
        ("IB201", "ec2-imdsv2-check", ["equal"]),
        ("IB202", "5.4", ["relevant"]),
    ]
    assert "taxonomies" not in run_of(plain)


def test_the_checkout_is_named_if_it_is_known(plain: Report) -> None:
    (origin,) = run_of(plain, checkout=Checkout("https://github.com/a/b", "abc", "main"))["versionControlProvenance"]
    assert origin == {
        "repositoryUri": "https://github.com/a/b",
        "revisionId": "abc",
        "branch": "main",
        "mappedTo": {"uriBaseId": "%SRCROOT%"},
    }
    assert "versionControlProvenance" not in run_of(plain)


def test_a_category_ends_in_a_slash_because_otherwise_it_is_the_id_of_a_run(plain: Report) -> None:
    assert run_of(plain, category="images/web")["automationDetails"] == {"id": "images/web/"}


def test_without_excerpts_no_line_of_a_file_is_in_the_log(plain: Report) -> None:
    full, bare = (run_of(plain, excerpts=excerpts)["results"] for excerpts in (True, False))
    assert [key for key, _ in everything(full) if key in ("snippet", "contextRegion")]
    assert not [key for key, _ in everything(bare) if key in ("snippet", "contextRegion")]
    assert [r["locations"][0]["physicalLocation"]["region"]["startColumn"] for r in bare] == [15, 28]
    assert [r["partialFingerprints"] for r in bare] == [r["partialFingerprints"] for r in full]


def test_fixes_are_replacements_by_file() -> None:
    (result,) = run_of(builder.report({"infra/web.yaml": builder.PLAIN}, [builder.accepted_finding()]))["results"]
    (fix,) = result["fixes"]
    assert fix["description"]["text"] == "Require IMDSv2"
    first, second = fix["artifactChanges"]
    assert first["artifactLocation"] == {"uri": "infra/web.yaml", "uriBaseId": "%SRCROOT%"}
    token = {"startLine": 5, "startColumn": 15, "endLine": 5, "endColumn": 23}
    end = {"startLine": 7, "startColumn": 1, "endLine": 7, "endColumn": 1}
    assert first["replacements"] == [
        {"deletedRegion": token, "insertedContent": {"text": "required"}},
        {"deletedRegion": end, "insertedContent": {"text": "description: d\n"}},
    ]
    assert second["artifactLocation"]["uri"] == "b.yaml"
    assert second["replacements"] == [{"deletedRegion": token}]


def test_a_result_is_suppressed_if_all_its_findings_are() -> None:
    accepted = builder.accepted_finding()
    (result,) = run_of(builder.report({}, [accepted]))["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "Legacy agent."}]
    known = replace(accepted, suppression=builder.Suppression("baseline", "Known."))
    (result,) = run_of(builder.report({}, [accepted, known]))["results"]
    assert [suppression["kind"] for suppression in result["suppressions"]] == ["inSource", "external"]
    (result,) = run_of(builder.report({}, [accepted, replace(accepted, suppression=None)]))["results"]
    assert "suppressions" not in result


def test_related_places_outside_the_repository_are_left_out(plain: Report) -> None:
    outside = builder.Location("../policy.yaml", Span(1, 1, 1, 2), "the policy")
    found = replace(plain.findings[0], locations=(plain.findings[0].location, outside))
    (result,) = run_of(replace(plain, findings=(found,)))["results"]
    assert "relatedLocations" not in result
    assert "the policy" not in result["message"]["text"]


def test_a_log_with_too_many_results_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x\n" * 8
    findings = [builder.finding(builder.TYPES, "a.yaml", Span(n, 1, n, 2), (n,), "Wrong.") for n in range(1, 9)]
    monkeypatch.setattr(sarif, "_MAX_SHOWN", 7)
    monkeypatch.setattr(sarif, "_MAX_RESULTS", 8)
    (invocation,) = run_of(builder.report({"a.yaml": text}, findings))["invocations"]
    (warning,) = invocation["toolExecutionNotifications"]
    assert warning == {
        "level": "warning",
        "message": {"text": "Code scanning shows the 7 most severe of these 8 results."},
    }
    monkeypatch.setattr(sarif, "_MAX_RESULTS", 7)
    with pytest.raises(UsageError, match="has 8 results, but code scanning accepts at most 7"):
        run_of(builder.report({"a.yaml": text}, findings))


def test_problems_are_results_and_notifications(nasty: Report) -> None:
    run = run_of(nasty)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 4
    problems = [r for r in run["results"] if r["ruleId"] == "IB000"]
    said = {r["message"]["text"] for r in problems}
    assert said == {"The file is not UTF-8. ::error::forged", "Two\\tkeys \\x1b[0m.", "Duplicate key 'name'."}
    notified = {n["message"]["text"] for n in invocation["toolExecutionNotifications"] if n["level"] == "error"}
    assert notified == said


@pytest.mark.parametrize(("exit_code", "successful"), [(0, True), (1, True), (3, True), (4, False)])
def test_the_invocation_has_the_exit_code(plain: Report, exit_code: int, successful: bool) -> None:
    (invocation,) = run_of(replace(plain, exit_code=exit_code))["invocations"]
    assert invocation == {"executionSuccessful": successful, "exitCode": exit_code}


def test_a_clean_run_has_an_empty_list_of_results() -> None:
    assert run_of(builder.report({}))["results"] == []


def test_a_text_in_one_line_is_no_context_of_itself() -> None:
    found = builder.finding(builder.TYPES, "a.json", Span(1, 1, 1, 3), (), "It is wrong.")
    (result,) = run_of(builder.report({"a.json": "{}"}, [found]))["results"]
    assert "contextRegion" not in result["locations"][0]["physicalLocation"]
    found = replace(found, locations=(builder.Location("a.json", Span(1, 2, 1, 3)),))
    (result,) = run_of(builder.report({"a.json": "{}"}, [found]))["results"]
    assert result["locations"][0]["physicalLocation"]["contextRegion"]["snippet"]["text"] == "{}"


def test_fingerprints(plain: Report) -> None:
    prints = run_of(plain)["results"][0]["partialFingerprints"]
    assert prints["primaryLocationLineHash"] == line_hashes(builder.PLAIN)[5]
    assert prints["iblint/v1"] == plain.findings[0].fingerprint
    moved = replace(plain, texts={"infra/web.yaml": "\n" + builder.PLAIN})
    down = tuple(replace(f, locations=(shifted(f.location),)) for f in plain.findings)
    assert run_of(replace(moved, findings=down))["results"][0]["partialFingerprints"] == prints


def shifted(location: builder.Location) -> builder.Location:
    span = location.span
    return builder.Location(location.file, Span(span.line + 1, span.column, span.end_line + 1, span.end_column))


LOREM = "Lorem ipsum dolor sit amet.\n" * 10
INFRA = (
    "name: web-infra\ninstanceProfileName: ib-profile\ninstanceTypes:\n  - m5.large\nsubnetId: subnet-0abc\n"
    "terminateInstanceOnFailure: false\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {1: "c129715d7a2bc9a3:1"}),
        (
            LOREM,
            {n: f"a7f2ff13bc495cf2:{n}" for n in range(1, 7)}
            | {
                7: "a7f2ff1481e87703:1",
                8: "a9cf91f7bbf1862b:1",
                9: "55ec222b86bcae53:1",
                10: "cc97dc7b1d7d8f7b:1",
                11: "c129715d7a2bc9a3:1",
            },
        ),
        (
            " a\nb\n  \t\tc\n d",
            {1: "271789c17abda88f:1", 2: "54703d4cd895b18:1", 3: "180aee12dab6264:1", 4: "a23a3dc5e078b07b:1"},
        ),
        ('name: "é😀"\nx: 1\n', {1: "7327dd33b5e2db0b:1", 2: "9e84518382ef0334:1", 3: "c129715d7a2bc9a3:1"}),
    ],
)
def test_line_hash_vectors(text: str, expected: dict[int, str]) -> None:
    assert line_hashes(text) == expected


def test_line_hash_is_the_same_for_all_line_breaks_but_sees_a_byte_order_mark() -> None:
    assert line_hashes("\ufeffname: a\n")[1] == "103b771cea126460:1"
    assert line_hashes(INFRA)[6] == "c8d0b635c83575dd:1"
    assert line_hashes(INFRA.replace("\n", "\r\n")) == line_hashes(INFRA) == line_hashes(INFRA.replace("\n", "\r"))


@pytest.mark.parametrize(
    ("version", "semantic"),
    [
        ("1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("1.0.0rc1", "1.0.0-rc.1"),
        ("1.0a2.dev3", "1.0.0-alpha.2.dev.3"),
        ("1.0.dev0", "1.0.0-dev.0"),
        ("unknown", None),
    ],
)
def test_versions(version: str, semantic: str | None, plain: Report) -> None:
    assert semantic_version(version) == semantic
    assert run_of(replace(plain, version=version))["tool"]["driver"].get("semanticVersion") == semantic


def test_pascal_case() -> None:
    assert pascal_case("sns-key-same-account") == "SnsKeySameAccount"


def test_braces_of_a_file_stay_as_they_were_written() -> None:
    text = "name: '{0} {{resolve:ssm:x}}'\n"
    found = builder.finding(
        builder.IMDS, "a.yaml", builder.locate(text, "'{0} {{resolve:ssm:x}}'"), (), f"It is {text}"
    )
    (result,) = run_of(builder.report({"a.yaml": text}, [found]))["results"]
    assert "'{0} {{resolve:ssm:x}}'" in result["message"]["text"]
    assert "arguments" not in dict(everything(result))
