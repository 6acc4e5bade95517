"""What people who write rules use: scaffold, lint, examples, reference pages."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

from iblint.model.errors import RulePackError, UsageError
from iblint.model.record import replace
from iblint.model.verdict import Verdict
from iblint.packs import RuleSet
from iblint.packs.authoring.docs import render
from iblint.packs.authoring.examples import Judged, run_examples
from iblint.packs.authoring.lint import lint_rules
from iblint.packs.authoring.new_rule import new_rule, next_code
from iblint.packs.authoring.prose import Example, Expected, RuleReference, reference, references
from iblint.pipeline import judge_example
from iblint.schemas import read_schema
from iblint.text.templates import in_words
from tests.packs.conftest import Pack, load, rule_text

FILE = "ACME001-described.yaml"
PAGE = "ACME001-described.md"


def own(folder: Path) -> RuleReference:
    return reference(load(folder), "ACME001")


def linted(pack: Pack, *edits: tuple[str, str]) -> list[str]:
    return [f"{p.line}: {p.message}" for p in lint_rules([own(pack({FILE: rule_text(*edits)}))])]


def test_a_new_rule_passes_its_own_tests(pack: Pack) -> None:
    name, text = new_rule("no-public-key", "ORG007")
    assert name == "ORG007-no-public-key.yaml"
    rules = load(pack({name: text}))
    tested = references(rules, "pack")
    results = run_examples(tested, partial(judge_example, rules))
    assert [r.wrong for r in results] == [()] * 4
    assert [(p.line, p.message) for p in lint_rules(tested)] == [
        (10, "the rationale is still that of the scaffold; say why the rule exists")
    ]


@pytest.mark.parametrize(("name", "code"), [("No-Key", "ORG001"), ("x" * 65, "ORG001"), ("../x", "ORG001"), ("x", "1")])
def test_names_and_codes_that_no_rule_can_have(name: str, code: str) -> None:
    with pytest.raises(UsageError):
        new_rule(name, code)


@pytest.mark.parametrize(
    ("codes", "prefix", "expected"),
    [
        ([], "", "ORG001"),
        (["ACME001", "ACME007"], "", "ACME008"),
        (["ACME0099"], "", "ACME0100"),
        (["ACME001", "ZZ010"], "ACME", "ACME002"),
        (["ACME001"], "NEW", "NEW001"),
    ],
)
def test_the_next_code(codes: list[str], prefix: str, expected: str) -> None:
    assert next_code(codes, prefix) == expected


GOOD = "    - text: |\n        description: Builds the web server image\n"
UNKNOWN = '    - text: |\n        description: !Ref Description\n      reason: "!Ref Description"\n'


OPTION = (
    ("at: /", "options:\n  min:\n    description: Least.\n    schema: {type: integer}\n    default: 10\nat: /"),
    ("minLength: 10", "minLength: {$option: min}"),
    ("at least 10", "at least {option:min}"),
)
"""A rule with an option."""

BARE_VALUES = "".join(
    f"  {origin}: {{verdict: fail, message: '{{field}} is {{actual}}. Why?'}}\n"
    for origin in ("api", "cloudformation", "terraform")
)
"""The verdict under ``absent:`` with messages that state no fault."""


def test_a_good_rule_has_no_mistakes(pack: Pack) -> None:
    assert linted(pack) == []


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([("good:\n" + GOOD, "good: []\n")], "23: the rule has no good example; add one"),
        ([("unknown:\n" + UNKNOWN, "unknown: []\n")], "33: the rule has no unknown example"),
        ([("tags: []", "tags: [pack]")], "8: 'pack' is the rule's group; remove it from the tags"),
        ([("at: /description", "at: /descriptions")], "16: the request has no /descriptions; correct the path"),
        (
            [("at: /description", "at: /instanceTypes/*")],
            "16: '*' is not allowed in /instanceTypes/*; give the path of the list or map",
        ),
        ([("{/description}", "{/descr}")], "12: the request has no /descr; correct the path"),
        ([("    description: {", "    descr: {")], "20: the request has no /descr; correct the name"),
        (
            [("schema:\n", "schema:\n  not: {required: [descr]}\n")],
            "19: the request has no /descr; correct the name",
        ),
        (
            [("schema:\n", "schema:\n  dependentRequired: {name: [descr]}\n")],
            "19: the request has no /descr; correct the name",
        ),
        (
            [("schema:\n", "schema:\n  allOf:\n    - {properties: {logging: {properties: {S3: {required: [x]}}}}}\n")],
            "20: the request has no /logging/S3; correct the name",
        ),
        (
            [
                ("schema:\n", "schema:\n  $defs:\n    options:\n      required: [tokens]\n"),
                ("    description: {", "    instanceMetadataOptions: {$ref: '#/$defs/options'}\n    description: {"),
            ],
            "21: the request has no /instanceMetadataOptions/tokens; correct the name",
        ),
        ([("{type: string, minLength: 10}", "{title: Any}")], "18: the schema accepts everything"),
        (
            [("{field} is {actual}: at least", "{field} is {actual}. At least")],
            "21: the first sentence of a message must state the fault",
        ),
        (
            [("minLength: 10}", 'minLength: 10, fault: {message: "{field} is {actual}. Why?"}}')],
            "18: the first sentence of a message must state the fault",
        ),
        (
            [("absent: fail", "absent:\n" + BARE_VALUES)],
            "18: the first sentence of a message must state the fault",
        ),
        (
            [("at: /", "options: {min: {description: Least., schema: {type: integer}, default: 1}}\nat: /")],
            "16: the option 'min' is not used; use it in the schema or remove it",
        ),
        (
            [("status: stable\nsince: 0.1.0", "since: 0.1.0\nstatus: stable")],
            "4: 'status' comes before 'since' in a rule file; move it",
        ),
        ([("examples:", "fix: {title: Nothing, safety: safe}\nexamples:")], "22: the fix changes nothing"),
        (
            [("reason: ", "reason: "), ("  unknown:", "  unknown-none: Never.\n  unknown:")],
            "33: the rule has unknown examples; remove 'unknown-none'",
        ),
    ],
)
def test_what_lint_finds(pack: Pack, edits: list[tuple[str, str]], message: str) -> None:
    assert any(message in found for found in linted(pack, *edits)), linted(pack, *edits)


def test_a_property_below_an_unknown_one_is_not_reported_too(pack: Pack) -> None:
    schema = "schema:\n  allOf: [{properties: {logging: {properties: {S3: {required: [x]}}}}}]\n"
    assert linted(pack, ("schema:\n", schema)) == ["19: the request has no /logging/S3; correct the name"]


@pytest.mark.parametrize(
    "part",
    [
        "{tags: {additionalProperties: {}, patternProperties: {x: {}}, required: [a]}}",
        "{instanceTypes: {items: {pattern: a}, contains: {}}}",
    ],
)
def test_items_and_values_of_maps_have_no_names_to_check(pack: Pack, part: str) -> None:
    assert linted(pack, ("schema:\n", f"schema:\n  allOf: [{{properties: {part}}}]\n")) == []


def test_two_rules_with_one_title(pack: Pack) -> None:
    title = ("title: Configurations must meet other", "title: Configurations must meet described")
    other = rule_text(title, name="other", code="ACME002")
    found = lint_rules(references(load(pack({FILE: rule_text(), "ACME002-other.yaml": other})), "pack"))
    assert [(p.rule, p.message) for p in found] == [("ACME002", "ACME001 has the same title; say how they differ")]


BAD = Example("bad", "x: 1", "f", 1, expect=(Expected("/x", "is 1"), Expected("/y", "is not set")))
FAULTS = [("/y", "y is not set."), ("/x", "x is 1.")]


@pytest.mark.parametrize(
    ("example", "judged", "wrong"),
    [
        (BAD, (Verdict.FAIL, "", FAULTS), ()),
        (BAD, (Verdict.PASS, "x is 1.", []), ("must be fail, is pass (x is 1.)",)),
        (BAD, (Verdict.ERROR, "crashed", []), ("must be fail, is error (crashed)",)),
        (BAD, (Verdict.FAIL, "", FAULTS[:1]), ("expected a violation at /x with 'is 1'",)),
        (BAD, (Verdict.FAIL, "", [*FAULTS, ("", "More.")]), ("unexpected violation at the root: 'More.'",)),
        (
            BAD,
            (Verdict.FAIL, "", [FAULTS[0], ("/x", "x is 2.")]),
            (
                "expected a violation at /x with 'is 1'; its message is 'x is 2.'",
                "unexpected violation at /x: 'x is 2.'",
            ),
        ),
        (Example("good", "", "f", 1), (Verdict.PASS, "", []), ()),
        (
            Example("good", "", "f", 1),
            (Verdict.NOT_APPLICABLE, "no x", []),
            ("must be pass, is not-applicable (no x)",),
        ),
        (
            Example("good", "", "f", 1),
            (Verdict.UNKNOWN, "y", [("/y", "Cannot tell.")]),
            ("must be pass, is unknown (/y: Cannot tell.)",),
        ),
        (Example("unknown", "", "f", 1, reason="!Ref"), (Verdict.UNKNOWN, "is !Ref X", []), ()),
        (
            Example("unknown", "", "f", 1, reason="!Ref"),
            (Verdict.UNKNOWN, "z", []),
            ("the reason must contain '!Ref', but is 'z'",),
        ),
        (Example("not-applicable", "", "f", 1), (Verdict.NOT_APPLICABLE, "", []), ()),
    ],
)
def test_examples_are_compared_exactly(pack: Pack, example: Example, judged: Judged, wrong: tuple[str, ...]) -> None:
    rule = replace(own(pack()), examples=(example,))
    (result,) = run_examples([rule], lambda code, e: judged)
    assert result.wrong == wrong
    assert result.ok is not bool(wrong)


def test_a_reference_has_the_prose_of_the_file(pack: Pack) -> None:
    edits = ("at: /", "controls:\n  - {framework: CIS, id: '5.6', version: 3.0.0, relation: analogous}\nat: /")
    found = own(pack({FILE: rule_text(edits)}))
    assert found.rationale == "A configuration without a purpose is never deleted."
    assert [(c.framework, c.version, c.id, c.relation) for c in found.controls] == [
        ("CIS", "3.0.0", "5.6", "analogous")
    ]
    assert [(e.polarity, e.line) for e in found.examples] == [("good", 26), ("bad", 29), ("bad", 32), ("unknown", 36)]


def test_a_rule_file_that_is_gone_is_named(pack: Pack) -> None:
    folder = pack()
    rules = load(folder)
    (folder / FILE).unlink()
    with pytest.raises(RulePackError, match=f"{FILE}:1: the rule file cannot be read"):
        reference(rules, "ACME001")


def test_pages_of_the_built_in_rules(builtin: RuleSet) -> None:
    found = references(builtin)
    pages = render(found, builtin.groups)
    assert set(pages) == {"index.md", "compliance.md", *(f"{r.rule.code}-{r.rule.name}.md" for r in found)}
    assert pages == render(references(builtin), builtin.groups)
    page = pages["IB201-imdsv2-required.md"]
    for part in ("# IB201 imdsv2-required", "## Why", "## How to fix", "## If it is not set", "## References"):
        assert part in page
    assert "(analogous)" in page
    for rule in builtin.rules:
        assert f"[{rule.code} {rule.name}]({rule.code}-{rule.name}.md)" in pages["index.md"]
        assert f"{rule.code}-{rule.name}.md" in pages["compliance.md"]
        assert rule.url.endswith(f"/docs/rules/{rule.code}-{rule.name}.md")


def test_pages_hold_no_markup_that_a_rule_file_smuggles_in(pack: Pack) -> None:
    edits = [
        ("title: Configurations must meet described", 'title: "<script>alert(1)</script> | [x](javascript:1)"'),
        ("A configuration", "<img src=x> Say `a < b`: a configuration"),
        ("description: Builds the", "description: ``` Builds the"),
    ]
    page = render([own(pack({FILE: rule_text(*edits)}))], {})["ACME001-described.md"]
    assert "<script>" not in page
    assert "<img" not in page
    assert "`a < b`" in page
    assert "](javascript" not in page.replace("\\]", "")
    assert "````yaml" in page


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "Set {/instanceMetadataOptions/httpTokens} to required.",
            "Set `instanceMetadataOptions.httpTokens` to required.",
        ),
        ("{field} is {actual}{suggestion}: {{x}}", "`description` is *its value*: {x}"),
        ("at least {option:min}", "at least the option `min` (default 10)"),
    ],
)
def test_templates_in_words(pack: Pack, template: str, words: str) -> None:
    assert in_words(template, own(pack({FILE: rule_text(*OPTION)})).rule) == words


def test_a_rule_that_names_several_fields_or_none_in_words(pack: Pack) -> None:
    rule = own(pack()).rule
    assert in_words("Write {field}.", replace(rule, at=(("name",), ("tags", "a")))) == "Write `name` or `tags.a`."
    assert in_words("Write {field}.", replace(rule, at=())) == "Write *the field*."
    assert in_words("Write {field}.", replace(rule, at=()), code="{}", general="{}") == "Write the field."


def test_a_page_has_the_verdict_for_a_field_that_is_not_set(pack: Pack) -> None:
    absent = (
        "absent: {api: pass, terraform: judged, cloudformation: {verdict: fail, message: '{field} is *sent* then.'}}"
    )
    page = render([own(pack({FILE: rule_text(("absent: fail", absent))}))], {})[PAGE]
    assert "The verdict if `description` is not set:" in page
    assert "| CloudFormation | fail: `description` is \\*sent\\* then. |" in page
    assert "| Terraform | decided by the rule |" in page


def test_a_page_shows_settings_whole_and_types_with_their_values(pack: Pack) -> None:
    words = [f"word-{number}" for number in range(30)]
    edits = [
        *OPTION,
        (
            "    default: 10",
            f"    default: 10\n  kind:\n    description: A.\n    schema: {{enum: {words}}}\n    default: word-0",
        ),
        ("{option:min}", "{option:min} {option:kind}"),
        (GOOD, GOOD + "      settings: {account: '210987654321', options: {min: 12}}\n"),
    ]
    page = render([own(pack({FILE: rule_text(*edits)}))], {})[PAGE]
    assert "account: '210987654321'\noptions:\n  described: {min: 12}\n```" in page
    assert "\\|".join(f'"{word}"' for word in words) in page


def test_only_a_pack_with_core_rules_mentions_them(builtin: RuleSet, pack: Pack) -> None:
    assert "**core**" in render(references(builtin), {})["index.md"]
    index = render([own(pack())], {})["index.md"]
    assert "core" not in index
    assert "\n1 rule.\n" in index


def test_the_rule_of_the_guide_works_as_printed(pack: Pack) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(code: .*?)```", guide, re.DOTALL)
    rules = load(pack({"ORG001-description-names-ticket.yaml": text}))
    tested = references(rules, "pack")
    results = run_examples(tested, partial(judge_example, rules))
    assert [r.wrong for r in results] == [()] * 4
    assert lint_rules(tested) == []


def test_the_guide_asks_for_a_key_of_a_block_that_is_there(pack: Pack) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    (demand,) = re.findall(r"```yaml\n(at: [^`]*?absent: judged\n.*?)```", guide, re.DOTALL)
    head = rule_text().partition("at: /")[0]
    examples = """\
examples:
  good:
    - text: "name: web"
    - text: "logging: {s3Logs: {s3BucketName: logs, s3KeyPrefix: web}}"
  bad:
    - text: "logging: {s3Logs: {s3BucketName: logs}}"
      expect: [{path: /logging/s3Logs/s3KeyPrefix, message: "logging.s3Logs.s3KeyPrefix is not set, so the logs of"}]
  unknown:
    - text: "logging: {s3Logs: !Ref Logs}"
"""
    rules = load(pack({FILE: head.replace("{/description}", "{field}") + demand + examples}))
    results = run_examples(references(rules, "pack"), partial(judge_example, rules))
    assert [r.wrong for r in results] == [()] * 4
    assert lint_rules(references(rules, "pack")) == []


def test_the_guide_names_every_field_and_keyword() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    schema = json.loads(read_schema("rule"))
    for field in schema["properties"].keys() - {"core", "mission"}:
        assert f"`{field}`" in guide, field
    demand = guide.partition("these keywords of JSON Schema 2020-12: `")[2].partition("`")[0].split()
    assert set(demand) == schema["$defs"]["schema"]["else"]["properties"].keys() - {"fault", "kind"}
