"""What a run costs is a bounded multiple of its input: memory of a child process and counted calls, not seconds."""

from __future__ import annotations

import json
import sys

import pytest

from iblint.cli import main
from iblint.config.load import from_mapping
from iblint.dialects.request import spec
from iblint.dialects.shared import extraction
from iblint.discovery import gitignore
from iblint.findings import collect
from iblint.logic import budget
from iblint.model import report
from iblint.model.document import Source
from iblint.pipeline import check_sources, load_rules
from iblint.session import Session

pytestmark = pytest.mark.slow

HEAD = (
    "    Type: AWS::ImageBuilder::InfrastructureConfiguration\n"
    "    Properties:\n      Name: web\n      InstanceProfileName: b\n"
)


def calls_of(text, *files, select="IB201"):
    """The number of Python calls that judging a text takes: the same on every machine."""
    count = 0

    def counted(_frame, event, _arg):
        nonlocal count
        count += event in ("call", "c_call")

    sources, settings = (
        [Source(file, text.encode()) for file in files or ("t.yaml",)],
        from_mapping({"select": [select]}),
    )
    sys.setprofile(counted)
    try:
        check_sources(sources, settings)
    finally:
        sys.setprofile(None)
    return count


def grows_like_its_size(make, small):
    """Whether twice the input takes at most about twice the calls.

    The first run imports and compiles. Both inputs are large enough for the strict reader.
    """
    calls_of(make(small))
    return calls_of(make(2 * small)) < 2.5 * calls_of(make(small))


def subs(count, part="${A}", function="!Sub"):
    return f'Resources:\n  R:\n{HEAD}      Description: {function} "{part * count}"\n'


@pytest.mark.parametrize("part", ["${A}", "${A}x", "${AWS::Region}", "${A.Arn}", "${!A}${A}"])
def test_a_sub_with_many_variables_takes_memory_like_its_size(bounded, part):
    assert bounded({"t.yaml": subs(400_000 // len(part), part)}).code in (0, 1, 4)


def test_a_sub_with_variables_of_its_own_takes_memory_like_its_size(bounded):
    text = f'Resources:\n  R:\n{HEAD}      Description: !Sub ["{"${A}" * 50_000}", {{A: !Ref B}}]\n'
    assert bounded({"t.yaml": text}).code in (0, 1, 4)


def condition_chain(count, form="!Condition C{}"):
    return (
        "Parameters: {A: {Type: String}}\nConditions:\n  C0: !Equals [!Ref A, x]\n"
        + "".join(f"  C{i}: {form.format(i - 1)}\n" for i in range(1, count))
        + f"Resources:\n  R0:\n{HEAD}"
        + "".join(
            f"  P{i}: {{Type: 'AWS::ImageBuilder::ImagePipeline', Condition: C{count - 1}}}\n"
            for i in range(count // 3)
        )
    )


@pytest.mark.parametrize("form", ["!Condition C{}", "!Not [!Condition C{}]", "!And [!Condition C{0}, !Condition C{0}]"])
def test_a_chain_of_conditions_takes_steps_like_its_length(form):
    assert grows_like_its_size(lambda count: condition_chain(count, form), 900)


def conditions_of_resources(count):
    return (
        "Parameters: {A: {Type: String}}\nConditions:\n"
        + "".join(f"  C{i}: !Equals [!Ref A, x{i}]\n" for i in range(count))
        + f"Resources:\n  R0:\n{HEAD}"
        + "".join(f"  P{i}: {{Type: 'AWS::ImageBuilder::ImagePipeline', Condition: C{i}}}\n" for i in range(count))
    )


def lookups(count, key="k1"):
    return (
        "Parameters: {A: {Type: String}}\nMappings:\n  M:\n"
        + "".join(f"    k{i}: {{v: a}}\n" for i in range(3 * count))
        + f"Resources:\n  R0:\n{HEAD}      Tags:\n        k: &f !FindInMap [M, {key}, v]\n"
        + "".join(f"        k{i}: *f\n" for i in range(count))
    )


@pytest.mark.parametrize("key", ["k1", "nowhere", "!Ref A"])
def test_lookups_in_a_map_take_steps_like_their_number(key):
    assert grows_like_its_size(lambda count: lookups(count, key), 300)


def test_conditions_of_resources_take_steps_like_their_number():
    assert grows_like_its_size(conditions_of_resources, 200)


LONG_KEYS = {
    "a key": "[tool.iblint]\nx" + ".a" * 100_000 + " = 1\n",
    "a header": "[tool.iblint]\n[x" + ".a" * 100_000 + "]\n",
    "an array of tables": "[tool.iblint]\n[[x" + ".a" * 100_000 + "]]\n",
    "quoted parts": "[tool.iblint]\nx" + '."a"' * 100_000 + " = 1\n",
    "blanks": "[tool.iblint]\nx" + " . 'a'" * 100_000 + " = 1\n",
    "an inline table": "[tool.iblint]\nx = {a" + ".b" * 100_000 + " = 1}\n",
    "many keys": "[tool.iblint]\n" + "".join(f"x{i}{'.a' * 200} = 1\n" for i in range(2000)),
    "quotes": "[tool.iblint]\nx = " + '"\\' * 200_000 + "." * 60,
}


@pytest.mark.parametrize("text", LONG_KEYS.values(), ids=LONG_KEYS.keys())
def test_a_long_key_of_toml_is_refused_before_it_is_parsed(bounded, text):
    result = bounded({"pyproject.toml": text, "n.yaml": "a: b\n"}, megabytes=300)
    assert result.code == 2
    assert "pyproject.toml:2" in result.report["error"]


@pytest.mark.parametrize(
    "line", ['x = "' + "a." * 400 + '"', "x = '" + ".a" * 400 + "'", "# " + "a. " * 20, "a" + ".b" * 40 + " = 1"]
)
def test_ordinary_toml_is_read(bounded, line):
    text = f"[tool.other]\n{line}\n[tool.iblint]\nselect = ['IB201']\n"
    assert bounded({"pyproject.toml": text, "n.yaml": "a: b\n"}).code == 0


def choices(count, value='!Sub "${A}${B}${C}${D}${E}${F}"'):
    return (
        "Parameters:\n"
        + "".join(f"  {name}: {{Type: String, AllowedValues: [a, b]}}\n" for name in "ABCDEF")
        + f"Resources:\n  R0:\n{HEAD}      Tags:\n"
        + "".join(f"        k{i}: {value}\n" for i in range(count))
    )


VALUES = {
    "Sub": '!Sub "${A}${B}${C}${D}${E}${F}"',
    "Join": '!Join ["", [!Ref A, !Ref B, !Ref C, !Ref D, !Ref E, !Ref F]]',
    "Select": '!Select [0, [!Sub "${A}${B}${C}${D}${E}${F}"]]',
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_values_in_many_worlds_are_a_problem_beyond_a_number_of_steps(bounded, value):
    result = bounded({"t.yaml": choices(2500, value)})
    assert result.code == 4
    assert "steps" in result.report["problems"][0]["message"]
    assert "--parameters" in result.report["problems"][0]["message"]


def test_many_plain_values_beside_a_choice_are_not_judged_in_each_world(bounded):
    text = choices(1) + "".join(f"        p{i}: plain\n" for i in range(20_000))
    result = bounded({"t.yaml": text})
    reasons = [o["reason"] for c in result.report["configurations"] for o in c["outcomes"] if o["verdict"] == "unknown"]
    assert any("too many to judge" in reason for reason in reasons), reasons


def variants(allowed, configurations, tags=60):
    many = ", ".join(f"k{i}: !Ref P" for i in range(tags))
    return (
        "Parameters:\n  P: {Type: String, Default: a, AllowedValues: ["
        + ", ".join(f"v{i}" for i in range(allowed))
        + "]}\nResources:\n  R0:\n"
        + HEAD.replace("Properties:", "Properties: &p")
        + f"      Tags: {{{many}}}\n"
        + "".join(
            f"  R{i}: {{Type: 'AWS::ImageBuilder::InfrastructureConfiguration', Properties: *p}}\n"
            for i in range(1, configurations)
        )
    )


@pytest.mark.parametrize(("allowed", "configurations", "tags"), [(100, 200, 60), (100, 60, 900), (90, 600, 100)])
def test_variants_of_many_configurations_are_a_problem_beyond_a_number_of_steps(bounded, allowed, configurations, tags):
    result = bounded({"t.yaml": variants(allowed, configurations, tags)})
    assert result.code == 4
    assert "steps" in result.report["problems"][0]["message"]


@pytest.mark.parametrize("text", [choices(40), variants(100, 20, 30), variants(10, 200, 20)])
def test_ordinary_numbers_of_worlds_and_variants_are_no_problem(bounded, text):
    assert bounded({"t.yaml": text}).report["problems"] == []


FINDINGS = {
    "one configuration": f"Resources:\n  R0:\n{HEAD}" + "".join(f"      X{i}: 1\n" for i in range(60_000)),
    "aliases": "Resources:\n  R0:\n"
    + HEAD.replace("Properties:", "Properties: &p")
    + "".join(f"      X{i}: 1\n" for i in range(500))
    + "".join(
        f"  R{i}: {{Type: 'AWS::ImageBuilder::InfrastructureConfiguration', Properties: *p}}\n" for i in range(1, 200)
    ),
}


@pytest.mark.parametrize("text", FINDINGS.values(), ids=FINDINGS.keys())
def test_more_findings_than_fit_into_memory_are_a_problem(bounded, text):
    result = bounded({"t.yaml": text})
    assert result.code == 4
    assert any("findings" in problem["message"] for problem in result.report["problems"])
    assert len(result.report["findings"]) == 20_000


UNKNOWN_KEYS = f"Resources:\n  R0:\n{HEAD}" + "".join(f"      X{i}: 1\n" for i in range(100))


def test_findings_are_bounded_in_a_run_and_not_only_in_a_file(bounded):
    result = bounded({f"d{i}/t.yaml": UNKNOWN_KEYS for i in range(300)})
    assert result.code == 4
    (problem,) = result.report["problems"]
    assert "20000 findings" in problem["message"]
    assert len(result.report["findings"]) == 20_000
    shown = {finding["file"] for finding in result.report["findings"]}
    assert problem["file"] in {configuration["file"] for configuration in result.report["configurations"]} - shown | {
        max(shown)
    }
    assert result.report["summary"]["fail"] == 300 * 3


@pytest.mark.parametrize("format", ["sarif", "html"])
def test_a_report_of_as_many_findings_as_are_kept_fits_into_memory(bounded, format):
    result = bounded({"t.yaml": FINDINGS["one configuration"]}, "--format", format, "--output", "out", megabytes=700)
    assert result.code == 4


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("jobs", ["2", "3"])
def test_what_is_kept_of_the_findings_does_not_depend_on_the_processes(tree, capfd, monkeypatch, linked, jobs):
    for module in (collect, report):
        monkeypatch.setattr(module, "MAX_FINDINGS", 50)
    outputs = "Outputs:\n  O: {Value: x, Export: {Name: n}}\n"
    texts = {f"f{i:02}.yaml": UNKNOWN_KEYS[:400] + (outputs if linked and i % 3 else "") for i in range(30)}
    texts["g.yaml"] = "Resources:\n  P:\n    Type: AWS::ImageBuilder::ImagePipeline\n    Properties:\n"
    texts["g.yaml"] += "      ContainerRecipeArn: x\n      InfrastructureConfigurationArn: !ImportValue n\n"
    tree(**texts)
    reports = []
    for number in ("1", jobs):
        assert main(["check", ".", "--format", "json", "--jobs", number]) == 4
        reports.append(json.loads(capfd.readouterr().out))
    assert reports[0] == reports[1]
    assert len(reports[0]["findings"]) == 50


def test_templates_share_the_steps_of_a_run(checked, monkeypatch):
    monkeypatch.setattr(extraction, "RUN_STEPS", 20_000)
    monkeypatch.setattr(extraction, "UNIT_STEPS", 100)
    costly = {f"t{i}.yaml": variants(20, 10, 30) for i in range(8)}
    result = checked({**costly, "z.yaml": f"Resources:\n  R0:\n{HEAD}"})
    assert result.code == 4
    files = [problem["file"] for problem in result.report["problems"]]
    assert 0 < len(files) < 9
    assert "z.yaml" not in files
    assert all("of the run" in problem["message"] for problem in result.report["problems"])


def test_configurations_share_the_values_of_a_run(checked, monkeypatch):
    monkeypatch.setattr(budget, "RUN_VALUES", 20_000)
    monkeypatch.setattr(budget, "CONFIGURATION_VALUES", 500)
    wide = choices(1) + "".join(f"        p{i}: plain\n" for i in range(40))
    result = checked({f"t{i}.yaml": wide for i in range(5)})
    assert result.code == 4
    assert all("combinations" in problem["message"] for problem in result.report["problems"])
    assert 0 < len(result.report["problems"]) < 5


def test_ordinary_runs_meet_no_limit_of_the_run(checked):
    result = checked(
        {f"t{i}.yaml": choices(5) for i in range(20)} | {f"v{i}.yaml": variants(5, 3, 5) for i in range(20)}
    )
    assert result.report["problems"] == []


RULE = """\
code: EV{code}
name: slow-{code}
title: Slow
status: stable
since: 0.1.0
severity: note
enabled: true
tags: [slow]
unknown: count
rationale: |
  Slow.
remediation: |
  Wait.
references:
  - {{title: x, url: "https://example.com/x"}}
at: /tags
absent: pass
schema: {{properties: {{tags: {{additionalProperties: {{allOf: [{big}]}}}}}}}}
message: "slow"
examples:
  good: [{{text: "tags: {{a: b}}"}}]
  bad: [{{text: "tags: {{a: ''}}", expect: [{{path: /tags/a, message: slow}}]}}]
  unknown: [{{text: "tags: !Ref X", reason: Ref}}]
"""
REQUEST = "name: w{0}\ninstanceProfileName: b\ninstanceMetadataOptions: {{httpTokens: required}}\ntags:\n"


def slow_rules(count, nodes=900):
    big = ", ".join([f"{{allOf: [{', '.join(['{minLength: 1}'] * (nodes // 5))}]}}"] * 5)
    rules = {f"r/EV{1000 + i}-slow-{1000 + i}.yaml": RULE.format(code=1000 + i, big=big) for i in range(count)}
    return {**rules, ".iblint.yaml": "rules: [r]\nselect: [slow]\n"}


@pytest.fixture
def few_steps(monkeypatch):
    """A run of packs may take a hundredth of what it may take in earnest."""
    monkeypatch.setattr(budget, "RUN_STEPS", 300_000)
    monkeypatch.setattr(budget, "CONFIGURATION_STEPS", 500)


@pytest.mark.parametrize(("rules", "files", "tags"), [(8, 1, 100), (20, 1, 40), (4, 20, 10), (10, 30, 4)])
@pytest.mark.usefixtures("few_steps")
def test_rules_of_packs_share_the_steps_of_a_run(checked, rules, files, tags):
    inputs = {f"n{n}.yaml": REQUEST.format(n) + "".join(f"  k{i}: v\n" for i in range(tags)) for n in range(files)}
    result = checked({**slow_rules(rules), **inputs})
    assert result.code == 4
    outcomes = [outcome for c in result.report["configurations"] for outcome in c["outcomes"]]
    assert any(o["verdict"] == "error" and "evaluation steps" in o["reason"] for o in outcomes)


@pytest.mark.usefixtures("few_steps")
def test_a_session_begins_each_run_with_all_steps(tree):
    folder = tree(**slow_rules(3))
    settings = from_mapping({"rules": [str(folder / "r")], "select": ["slow"]})
    rules, session = load_rules(settings), Session()
    text = REQUEST.format(1) + "".join(f"  k{i}: v\n" for i in range(50))
    for _ in range(5):
        report = check_sources([Source("n.yaml", text.encode())], settings, rules, session)
        assert report.exit_code == 0


def test_ordinary_packs_never_meet_the_limit(bounded):
    inputs = {f"n{n}.yaml": REQUEST.format(n) + "  a: b\n" for n in range(10)}
    assert bounded({**slow_rules(30, 40), **inputs}).code == 0


IGNORES = {
    "large": {".gitignore": "\n".join(f"a*{i}x" for i in range(200_000))},
    "many lines": {".gitignore": "\n".join(f"{i}.yaml" for i in range(21_000))},
    "many files": {f"d{i}/.gitignore": "x*y.yaml\n" * 1000 for i in range(25)},
    "one line": {".gitignore": "a" * (2 << 20)},
}


@pytest.mark.parametrize("files", IGNORES.values(), ids=IGNORES.keys())
def test_a_large_gitignore_is_not_used_and_hides_nothing(bounded, files):
    weak = "name: web\ninstanceProfileName: b\ninstanceMetadataOptions: {httpTokens: optional}\n"
    result = bounded({**files, "d24/n.yaml": weak})
    assert result.code == 1
    assert any(notice["file"].endswith(".gitignore") for notice in result.report["notices"])


def test_many_names_against_many_lines_end_with_a_notice(checked, monkeypatch):
    monkeypatch.setattr(gitignore, "MAX_TESTS", 1000)
    files = {f"d{n}/f{i}.yaml": "a: b\n" for n in range(10) for i in range(10)}
    result = checked({".gitignore": "\n".join(f"x{i}*.yaml" for i in range(50)), **files})
    assert result.code == 0
    assert len([n for n in result.report["notices"] if "tests of a name" in n["message"]]) == 1


def test_an_ordinary_gitignore_is_used(checked):
    result = checked({".gitignore": "\n".join([*(f"x{i}*.yaml" for i in range(500)), "n.yaml"]), "n.yaml": "name: x\n"})
    assert result.report["summary"]["files"] == 0
    assert result.report["notices"] == []


FLOW_REQUEST = "{name: web, instanceProfileName: p, instanceMetadataOptions: {httpTokens: optional}}"


def in_here_documents(count):
    return "run: |\n" + "".join(f"  cat <<E{i}\n  {FLOW_REQUEST}\n  E{i}\n" for i in range(count))


def under_keys(count):
    return "".join(f"k{i}: {{infra: {FLOW_REQUEST}}}\n" for i in range(count))


def in_strings(count):
    return "".join(f"k{i}: |\n  # {i}\n  {FLOW_REQUEST}\n" for i in range(count))


def below_lists(count):
    return "- " * 80 + f"[{'[1], ' * count}{FLOW_REQUEST}]\n"


def below_tags(count):
    return "- !x " * 80 + f"[{'!x [1], ' * count}1] # instanceProfileName\n"


@pytest.mark.parametrize("make", [in_here_documents, under_keys, in_strings, below_lists, below_tags])
def test_a_search_for_requests_takes_steps_like_the_size_of_the_file(make):
    assert grows_like_its_size(make, 90)


@pytest.mark.parametrize("make", [in_here_documents, in_strings])
def test_texts_in_strings_are_bounded_and_the_rest_is_a_problem(checked, make):
    report = checked({"t.yaml": make(300)}).report
    assert len(report["configurations"]) <= 201
    assert ["more than 200 texts" in problem["message"] for problem in report["problems"]] == [True]


def test_a_file_is_searched_for_placeholders_once(monkeypatch):
    searched = []

    def counted(text):
        searched.append(len(text))
        return search(text)

    search = spec.may_hold_markup
    monkeypatch.setattr(spec, "may_hold_markup", counted)
    text = under_keys(500)
    check_sources([Source("once.yaml", text.encode())], from_mapping({"select": ["IB201"]}))
    assert searched.count(len(text)) == 1


def test_names_of_different_files_are_not_compared_in_pairs():
    def steps(count):
        return calls_of("name: web\ninstanceProfileName: p\n", *[f"{i}.yaml" for i in range(count)], select="IB307")

    steps(100)
    assert steps(400) < 2.5 * steps(200)


@pytest.mark.parametrize("name", ["x.ps1", "x.js", "x.rb"])
def test_a_comment_block_takes_memory_like_its_size(bounded, name):
    begin = {"x.ps1": "<# # ", "x.js": "/* * ", "x.rb": "=begin\n"}[name]
    assert bounded({name: begin * 1_000_000 + "createInfrastructureConfiguration()\n"}).code == 0
