"""Templates and requests in the strings of a document are judged at their places in the file, or are problems."""

from __future__ import annotations

import json
import pickle
import textwrap

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.dialects.shared.embedded import MAX_TEXTS
from iblint.dialects.shared.extraction import document_unit
from iblint.dialects.shared.registry import extract
from iblint.model.document import Source
from iblint.model.report import Report
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.parse.load import load
from iblint.pipeline import check_sources
from tests.schemas.strategies import good_requests

TEMPLATE = """\
Resources:
  Infra:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      Name: web-base
      InstanceProfileName: image-builder
      TerminateInstanceOnFailure: false
      InstanceMetadataOptions: {HttpTokens: optional}
"""
REQUEST = """\
name: web-base
instanceProfileName: image-builder
terminateInstanceOnFailure: false
instanceMetadataOptions:
  httpTokens: optional
"""
JSON = json.dumps(yaml.safe_load(REQUEST), indent=1)


def check(text: str, file: str = "a.yaml") -> Report:
    return check_sources([Source(file, text.encode(), True)], Settings(), load_packs(Settings()))


def core(report: Report) -> list[tuple[str, int, int]]:
    """Return the failed core rules with line and column."""
    found = [f for f in report.findings if f.rule in ("IB201", "IB301")]
    return sorted((f.rule, f.location.span.line, f.location.span.column) for f in found)


def block(text: str, indent: int) -> str:
    return textwrap.indent(text, " " * indent)


def ansible(body: str = TEMPLATE, more: str = "") -> str:
    head = "- hosts: localhost\n  tasks:\n    - amazon.aws.cloudformation:\n        stack_name: images\n"
    return f"{head}{more}        template_body: |\n{block(body, 10)}"


def workflow(script: str) -> str:
    return f"on: push\njobs:\n  image:\n    steps:\n      - run: |\n{block(script, 10)}"


def config_map(body: str, header: str = "|") -> str:
    return f"kind: ConfigMap\ndata:\n  infra.yaml: {header}\n{block(body, 4)}"


def stack_set(body: str) -> str:
    return f"Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateBody: {body}"


def build_spec(script: str) -> str:
    """Return a template with a build specification in a string, which holds a script in a string of its own."""
    spec = "version: 0.2\nphases:\n  build:\n    commands:\n      - |\n" + block(script, 8)
    return "Resources:\n  Build:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      Source:\n" + (
        "        BuildSpec: |\n" + block(spec, 10)
    )


def here(body: str, start: str = "<<'EOF'") -> str:
    return f"cat > infra.json {start}\n{body}\nEOF\naws --version\n"


@pytest.mark.parametrize(
    "text",
    [
        ansible(),
        ansible("# a comment\n\n" + TEMPLATE),
        stack_set("|\n" + block(TEMPLATE, 8)),
        config_map(TEMPLATE),
        config_map(REQUEST),
        config_map(REQUEST, "|-"),
        config_map(REQUEST, "| # a comment"),
        config_map(REQUEST, "&body |"),
        workflow(here(REQUEST)),
        workflow(here(JSON)),
        workflow(here(JSON, '<<"EOF"')),
        workflow(here(JSON, "<< EOF")),
        workflow("if true; then\n" + here(block(JSON, 2)) + "fi\n"),
        workflow("cat <<X\nno request\nX\n" + here(JSON)),
        workflow("echo $(( 1 << n ))\n" + here(JSON)),
        workflow(here(here(JSON).replace("EOF", "END") + "true")),
        build_spec(here(REQUEST)),
        build_spec("cat <<X\nno request\nX\n" + here(JSON, "<<EOF")),
    ],
)
def test_a_text_of_lines_is_judged_at_its_exact_places(text: str) -> None:
    report = check(text)
    assert (report.problems, report.exit_code) == ((), 1)
    start = text.index('"optional"' if '"optional"' in text else "optional")
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    assert [(rule, *place) for rule, *place in core(report) if rule == "IB201"] == [("IB201", line, column)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (stack_set(json.dumps(TEMPLATE)), 5, 21),
        (stack_set("'" + json.dumps(yaml.safe_load(TEMPLATE)) + "'"), 5, 21),
        (config_map(json.dumps(JSON), ""), 4, 5),
        (json.dumps({"kind": "ConfigMap", "data": {"a": REQUEST}}), 1, 37),
        (json.dumps({"Content": json.dumps({"a": [yaml.safe_load(REQUEST)]})}), 1, 13),
        (json.dumps({"outer": json.dumps({"inner": TEMPLATE})}), 1, 11),
        (f"a: |\n  {json.dumps({'inner': TEMPLATE})}\n", 2, 13),
        (json.dumps({"a": TEMPLATE}).replace("AWS::I", "\\u0041WS::\\u0049"), 1, 7),
        (json.dumps({"a": REQUEST}).replace("nstance", "nst\\u0061nce"), 1, 7),
        ("a: 'infra: {" + JSON.replace("\n", "")[1:-1].replace('"', "") + "}'\n", 1, 4),
    ],
)
def test_any_other_text_is_judged_at_its_string(text: str, line: int, column: int) -> None:
    report = check(text, "a.json" if text.startswith("{") else "a.yaml")
    assert report.problems == ()
    assert core(report) == [("IB201", line, column), ("IB301", line, column)]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (ansible(TEMPLATE.replace("web-base", "{{ name }}")), 10, "template, not judged: '{{' is markup"),
        (ansible("{% if x %}\n" + TEMPLATE + "{% endif %}\n"), 6, "template, not judged: '{%' is markup"),
        (ansible(TEMPLATE + "  Infra: {}\n"), 14, "written twice"),
        (
            ansible(TEMPLATE + "Parameters: {A: {Type: String}}\n", "        template_parameters: {A: x}\n"),
            7,
            "parameters",
        ),
        (stack_set("!Sub |\n" + block(TEMPLATE.replace("web", "${Stage}"), 8)), 5, "functions compute it"),
        (stack_set("!Join ['', ['" + json.dumps(yaml.safe_load(TEMPLATE)) + "', !Ref X]]"), 5, "functions compute it"),
        (workflow(here("name: $(date)\n" + TEMPLATE, "<<EOF")), 7, "a shell changes"),
        (workflow(here(JSON.replace("web-base", "`date`"), "<<EOF")), 7, "a shell changes"),
        (workflow(here(JSON.replace("false", "${FLAG}"), "<<EOF")), 10, "template, not judged: '${' is markup"),
        (workflow(f"echo '{json.dumps(yaml.safe_load(REQUEST))}' > infra.json\n"), 6, "the text of a program"),
        (workflow(f"true\njq -n '{json.dumps(yaml.safe_load(REQUEST))}' > infra.json\n"), 7, "the text of a program"),
        (f"run: {json.dumps(f'echo {chr(39)}{JSON}{chr(39)}')}\n", 1, "the text of a program"),
    ],
)
def test_a_text_that_cannot_be_judged_is_a_problem(text: str, line: int, word: str) -> None:
    report = check(text)
    (problem,) = report.problems
    assert report.exit_code == 4
    assert (problem.line, report.configurations) == (line, ())
    assert word in problem.message
    assert problem.message.startswith("This string holds a ")


@pytest.mark.parametrize(
    "text",
    [
        config_map("name: runner\ninstanceProfileName: b\nsubnetId: c\namiId: d\nspot: true\nzone: e\nsize: f\n"),
        "description: |\n" + block(TEMPLATE, 2),
        "properties:\n  a:\n    description: >-\n      instanceProfileName: the profile. instanceMetadataOptions: x\n",
        workflow("grep -q instanceProfileName: infra.json\n"),
        workflow("# name: a\n# instanceProfileName: b\n# instanceMetadataOptions: c\ntrue\n"),
        workflow("echo AWS::ImageBuilder::InfrastructureConfiguration createInfrastructureConfiguration\n"),
        config_map("# A guide\n\n```yaml\n" + REQUEST + "```\n"),
        "run: |\n  {{ x }}\n  instanceTypes: a\n  subnetId: b\n  securityGroupIds: c\n  name: d\n",
        ansible("{{ x }}\nP:\n  Type: AWS::IAM::InstanceProfile\n  Properties: {InstanceProfileName: a}\nTags: b\n"),
        "a: |\n  {{ x }}\n  name: worker\n  instanceMetadataOptions: {httpTokens: optional}\n",
        config_map("types:\n- AWS::ImageBuilder::InfrastructureConfiguration\n"),
        json.dumps({"Policy": '{"Action": "imagebuilder:CreateInfrastructureConfiguration", "Effect": "Allow"}'}),
    ],
)
def test_a_text_that_declares_nothing_is_nothing(text: str) -> None:
    report = check(text)
    assert (report.problems, report.configurations, report.exit_code) == ((), (), 0)


def test_a_type_without_readable_properties_is_a_problem() -> None:
    report = check(config_map("Type: AWS::ImageBuilder::InfrastructureConfiguration\nnote: no properties\n"))
    assert (len(report.problems), report.configurations, report.exit_code) == (1, (), 4)


@pytest.mark.parametrize("value", ['"$FLAG"', '"$(flag)"', '"${FLAG}"', '"${{ vars.FLAG }}"', "$FLAG"])
def test_what_a_shell_or_a_workflow_fills_in_is_unknown(value: str) -> None:
    report = check(workflow(here(JSON.replace("false", value), "<<EOF")))
    verdicts = {outcome.rule: str(outcome.verdict) for outcome in report.configurations[0].outcomes}
    assert (verdicts["IB201"], verdicts["IB301"]) == ("fail", "unknown")


@pytest.mark.parametrize(
    "name",
    ["Name InstanceProfileName TerminateInstanceOnFailure", "name instance_profile_name terminate_instance_on_failure"],
)
def test_other_spellings_in_a_text_are_judged_or_a_problem(name: str) -> None:
    members = dict(zip(name.split(), ["web", "b", False], strict=True))
    report = check(workflow(here(json.dumps(members))))
    assert report.exit_code in (1, 4)
    assert {"IB101", "IB301"} <= {finding.rule for finding in report.findings}
    (problem,) = check(workflow(here(json.dumps(members).replace("}", ", ${MORE}}")))).problems
    assert "template, not judged" in problem.message


def test_texts_in_texts_are_judged_up_to_a_depth() -> None:
    text = REQUEST
    for depth in range(7):
        report = check(f"a: |\n{block(text, 2)}")
        assert bool(report.problems) == (depth >= 4), depth
        text = f"a: |\n{block(text, 2)}"
    assert "is a text in more than 4 others" in report.problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        config_map(REQUEST).replace("\n", "\r\n"),
        workflow("cat <<-EOF\n" + textwrap.indent(JSON, "\t") + "\n\tEOF\n"),
        "# é 😀\na: &b !!str |  # ü\n  name: é 😀\n" + block(REQUEST.replace("name: web-base\n", ""), 2),
    ],
)
def test_line_ends_tabs_and_wide_characters_move_no_place(text: str) -> None:
    ((_, line, column),) = [found for found in core(check(text)) if found[0] == "IB301"]
    assert text.replace("\r", "").split("\n")[line - 1][column - 1 :].startswith("false")


def test_places_survive_a_pickle() -> None:
    text = config_map(REQUEST) + f"  stack.yaml: |\n{block(TEMPLATE, 4)}"
    documents = load(Source("a.yaml", text.encode()))
    assert isinstance(documents, tuple)
    resources = extract(document_unit(documents[0])).resources
    copies = pickle.loads(pickle.dumps(resources))
    assert len(copies) == 2
    for one, copy in zip(resources, copies, strict=True):
        assert [copy.place(path) for path in one.places] == [one.place(path) for path in one.places]


def test_a_word_of_yaml_in_a_text_is_shown_as_it_is_written() -> None:
    report = check(config_map(REQUEST.replace("false", "no")))
    (one,) = [finding for finding in report.findings if finding.rule == "IB124"]
    assert "terminateInstanceOnFailure is no, which YAML 1.1" in one.message
    assert one.location.span == (6, 33, 6, 35)


def test_the_texts_of_a_document_are_bounded() -> None:
    report = check("".join(f"a{number}: |\n{block(REQUEST + f'# {number}', 2)}\n" for number in range(MAX_TEXTS + 1)))
    assert len(report.configurations) == MAX_TEXTS
    (problem,) = report.problems
    assert f"holds more than {MAX_TEXTS} texts" in problem.message


def test_here_documents_without_end_are_read_once() -> None:
    script = "cat <<A\n" * 20_000 + here(JSON)
    report = check(workflow(script))
    assert len(report.configurations) + len(report.problems) == 1


def test_each_text_has_an_id_of_its_own_and_names_are_compared_within_one() -> None:
    other = REQUEST + "description: other\n"
    text = f"a: |\n{block(REQUEST, 2)}b: |\n{block(other, 2)}c: |\n{block(TEMPLATE, 2)}"
    report = check(text)
    assert [each.id for each in report.configurations] == ["a.yaml#/a", "a.yaml#/b", "a.yaml#/c#Infra"]
    assert "IB307" not in {finding.rule for finding in report.findings}
    flow = json.dumps(yaml.safe_load(REQUEST))
    again = f"a: |\n  - {flow}\n  - {flow}\n"
    assert "IB307" in {finding.rule for finding in check(again).findings}


def test_the_same_text_twice_is_judged_once() -> None:
    assert len(check(f"create: |\n{block(REQUEST, 2)}update: |\n{block(REQUEST, 2)}").configurations) == 1


def test_a_call_of_a_custom_resource_is_judged_or_a_problem() -> None:
    call = {"service": "Imagebuilder", "action": "createInfrastructureConfiguration"}
    call["parameters"] = yaml.safe_load(REQUEST)
    resource = {"Type": "Custom::AWS", "Properties": {"Create": json.dumps(call), "Update": json.dumps(call)}}
    report = check(json.dumps({"Resources": {"Call": resource}}), "a.json")
    assert len(report.configurations) + len(report.problems) == 1
    head, tail = json.dumps(call).split("image-builder")
    resource["Properties"] = {"Create": {"Fn::Join": ["", [head, {"Ref": "Profile"}, tail]]}}
    (problem,) = check(json.dumps({"Resources": {"Call": resource}}), "a.json").problems
    assert "functions compute it" in problem.message


def test_comments_in_a_text_declare_the_build_type_of_its_configurations() -> None:
    report = check(config_map("# iblint: build-type=container\n" + REQUEST))
    (configuration,) = report.configurations
    assert configuration.build_type == "container"


@settings(deadline=None, max_examples=60)
@given(good_requests(), st.integers(1, 9), st.integers(0, 3), st.sampled_from(["|", "|-", "|+"]), st.booleans())
def test_a_request_in_a_block_has_the_findings_of_the_request(
    request: dict[str, object], indent: int, blank: int, header: str, as_json: bool
) -> None:
    request = {key: value for key, value in request.items() if key != "name"} | {"name": "web"}
    request |= {"instanceMetadataOptions": {"httpTokens": "optional"}, "terminateInstanceOnFailure": False}
    text = json.dumps(request, indent=2) if as_json else yaml.safe_dump(request, sort_keys=True)
    lines = textwrap.indent(text, " " * indent)
    outer = f"kind: ConfigMap\ndata: {header}\n{chr(10) * blank}{lines}\n"
    alone, inside = check(text), check(outer)

    def found(report: Report, down: int, right: int) -> list[tuple[object, ...]]:
        spans = [(f.rule, f.message, f.location.span) for f in report.findings]
        return [
            (rule, message, s.line + down, s.column + right, s.end_line + down, s.end_column + right)
            for rule, message, s in spans
        ]

    assert found(inside, 0, 0) == found(alone, 2 + blank, indent)
