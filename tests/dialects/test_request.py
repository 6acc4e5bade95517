"""From documents to requests: what is recognised, where values stand, what comments declare."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.dialects.request import evidence
from iblint.dialects.request.evidence import is_request
from iblint.dialects.shared.directives import MAX_DECLARED
from iblint.dialects.shared.extraction import MAX_CONFIGURATIONS, Extraction, document_unit
from iblint.dialects.shared.prefilter import KNOWN, has_marker
from iblint.dialects.shared.registry import DIALECTS, extract
from iblint.model.document import Source
from iblint.model.errors import UsageError
from iblint.model.path import from_pointer
from iblint.model.values import Reading, Unresolved
from iblint.parse.load import load

ROOT = Path(__file__).resolve().parents[2]

MINIMAL = "name: web\ninstanceProfileName: builder\n"


def read(text, file="infra.yaml", dialect=None):
    """Load and extract a text as the pipeline does."""
    data = text if isinstance(text, bytes) else text.encode()
    documents = load(Source(file, data))
    assert isinstance(documents, tuple), documents
    found = [extract(document_unit(document), dialect=dialect) for document in documents]
    parts = [(e.resources, e.problems, e.not_judged) for e in found]
    return Extraction(*[tuple(each for part in parts for each in part[i]) for i in range(3)])


def only(text, **options):
    """The one resource of a text that has no problems."""
    found = read(text, **options)
    assert found.problems == ()
    (resource,) = found.resources
    return resource


def directives(resource):
    return [(d.key, d.value, d.location.span.line) for d in resource.directives]


def messages(found):
    return [(p.line, p.column, p.message) for p in found.problems]


@pytest.mark.parametrize("head", ["", "x: &x {a: b}\ny: *x\n", "{"])
def test_places_survive_the_way_to_another_process(head):
    text = f'{head}"name": "web", "instanceProfileName": "b", "tags": {{"k": "v"}}}}' if head == "{" else ""
    resource = only(text or f"{MINIMAL}tags: {{k: v}}\n" + head.replace("x:", "clientToken:").replace("y:", "keyPair:"))
    again = pickle.loads(pickle.dumps(resource))
    assert dict(again.places) == dict(resource.places)
    assert again.place(("tags", "k")) == resource.place(("tags", "k"))
    assert len(resource.places) >= 4


# Recognition


def test_a_request_is_recognised_in_yaml_and_json_alike():
    yaml = only(MINIMAL)
    as_json = only('{"name": "web", "instanceProfileName": "builder"}', file="infra.json")
    assert yaml.spec == as_json.spec == {"name": "web", "instanceProfileName": "builder"}
    assert (yaml.kind, yaml.dialect, yaml.origin) == ("InfrastructureConfiguration", "request", "api")
    assert (yaml.id, yaml.address, yaml.name) == ("infra.yaml", "/", "web")


@pytest.mark.parametrize(
    "keys",
    [
        ["instanceProfileName", "name"],
        ["terminateInstanceOnFailure", "description"],
        ["terminateInstanceOnCompletion", "tags"],
        ["instanceMetadataOptions", "keyPair"],
        ["name", "instanceProfileName", "SNSTopicArn", "terminateInstanceOnFailures"],
        ["name", "instanceProfilName", "instanceTypes"],
        ["name", "InstanceProfileName", "securityGroupIds"],
        ["$schema", "name", "instanceProfileName"],
        ["name", "instanceProfileName", "infrastructureConfigurationArn"],
        ["Name", "InstanceProfileName", "SubnetId"],
        ["name", "instance-profile-name"],
    ],
)
def test_a_distinctive_key_among_known_ones_makes_a_request(keys):
    assert is_request(dict.fromkeys(keys, "x"))


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["name", "description", "tags", "logging", "placement"],
        ["instanceProfileName"],
        ["snsTopicArn", "description"],
        ["name", "instanceTypes", "subnetId", "securityGroupIds"],
        ["name", "snsTopicArn"],
        ["name", "description", "snsTopicArn", "tags"],
        ["name", "instanceProfileName", "replicas", "image", "command"],
        ["name", "instanceProfile", "securityGroupIds"],
        ["requestId", "infrastructureConfiguration"],
    ],
)
def test_other_mappings_are_no_requests(keys):
    assert not is_request(dict.fromkeys(keys, "x"))


def test_known_keys_are_those_of_the_request_schema():
    schema = json.loads((ROOT / "iblint/schemas/request.schema.json").read_bytes())
    assert set(schema["properties"]) - {"$schema"} == KNOWN


def test_a_mapping_full_of_near_misses_is_a_request():
    near = [f"terminateInstance{chr(0x4E00 + i)}nCompletion" for i in range(5000)]
    assert is_request(dict.fromkeys(["name", "instanceProfileName", *near]))


def test_of_many_foreign_keys_only_some_are_compared(monkeypatch):
    compared = []
    monkeypatch.setattr(evidence, "_misspells", lambda *args: compared.append(args[0]))
    assert not is_request(dict.fromkeys(["name", "instanceProfileName", *[f"foreign{i}" for i in range(5000)]]))
    assert 10 < len(set(compared)) < 200


@pytest.mark.parametrize("text", ["- - name: a\n    instanceProfileName: b\n", "[[{name: a, instanceProfileName: b}]]"])
def test_a_request_in_a_nested_list_is_one(text):
    (resource,) = read(text).resources
    assert resource.spec == {"name": "a", "instanceProfileName": "b"}


def test_items_of_nested_lists_have_their_own_place_and_comments():
    text = "- &a\n  - name: a\n    instanceProfileName: b\n  # iblint: build-type=ami\n  - {name: c}\n- *a\n- []\n- 5\n"
    found = read(text)
    assert [(r.id, r.span[:2]) for r in found.resources] == [
        ("infra.yaml#/0/0", (2, 5)),
        ("infra.yaml#/0/1", (5, 6)),
        ("infra.yaml#/1/0", (6, 3)),
        ("infra.yaml#/1/1", (6, 3)),
    ]
    assert [directives(r) for r in found.resources] == [[], [("build-type", "ami", 4)], [], []]
    assert [(line, message[:6]) for line, _, message in messages(found)] == [(7, "Item 2"), (8, "Item 3")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"!Cfg\n{MINIMAL}", 1),
        ("!<tag:x,1> {name: a, instanceProfileName: b}", 1),
        ("- {}\n- !Cfg\n  name: a\n  instanceProfileName: b\n", 2),
        ("!Cfgs\n- - name: a\n    instanceProfileName: b\n", 1),
        ("!Cfgs\n- !Cfg\n  name: a\n  instanceProfileName: b\n", 1),
    ],
)
def test_a_request_under_a_tag_is_a_problem(text, line):
    found = read(text)
    ((at, _, message),) = messages(found)
    assert at == line
    assert "which only another tool resolves; it was not judged" in message


@pytest.mark.parametrize("aliased", [True, False])
def test_more_configurations_than_are_judged_are_a_problem(aliased):
    item = "- *a\n" if aliased else "- {name: a, instanceProfileName: b}\n"
    found = read("- &a {name: a, instanceProfileName: b}\n" + item * MAX_CONFIGURATIONS)
    assert len(found.resources) == MAX_CONFIGURATIONS
    ((line, _, message),) = messages(found)
    assert line == MAX_CONFIGURATIONS + 1
    assert f"{MAX_CONFIGURATIONS + 1} configurations" in message
    assert "Split the file" in message


OTHERS = {
    "kubernetes": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  instanceProfileName: b\n  containers: []\n",
    "cloudformation": "Resources:\n  A:\n    Type: AWS::EC2::Instance\n"
    "    Properties: {instanceProfileName: b, name: a}\n",
    "workflow": "name: build\non: push\njobs:\n  a:\n    env: {instanceProfileName: x}\n",
    "package": '{"name": "a", "description": "b", "scripts": {}, "keywords": ["instanceProfileName"]}',
    "terraform": '{"resource": {"aws_imagebuilder_infrastructure_configuration": {"a": {"name": "b"}}}}',
    "openapi": "openapi: 3.1.0\ninfo: {title: a}\ncomponents:\n  schemas:\n    A:\n"
    "      properties: {name: {}, instanceProfileName: {}}\n",
    "scalar": "instanceProfileName\n",
    "tagged": "!Deployment\nname: a\nspec: {instanceProfileName: b, containers: []}\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_documents_are_not_claimed(text):
    assert read(text) == Extraction()


def test_items_of_a_root_list_and_documents_of_a_stream_are_resources_of_their_own():
    text = f"- name: a\n  instanceProfileName: b\n- name: c\n  instanceProfileName: d\n---\n{MINIMAL}"
    found = read(text)
    assert found.problems == ()
    assert [(r.id, r.address, r.span.line) for r in found.resources] == [
        ("infra.yaml#/0", "/0", 1),
        ("infra.yaml#/1", "/1", 3),
        ("infra.yaml#1", "document 2 /", 6),
    ]


def test_beside_requests_no_item_of_a_list_is_passed_over():
    request = "- name: a\n  instanceProfileName: b\n"
    odd = "- nam: c\n  terminateInstanceOnFailur: false\n- 5\n"
    found = read(request + "- name: c\n" + request + odd + request)
    assert [r.address for r in found.resources] == ["/0", "/1", "/2", "/5"]
    assert [(p.line, p.column) for p in found.problems] == [(8, 3)]
    assert [(n.line, n.kind) for n in found.not_judged] == [(6, "possible-request")]


def test_one_odd_item_does_not_make_a_list_ours():
    others = "- name: web\n  snsTopicArn: b\n- {name: c}\n- 5\n"
    found = read("- name: a\n  instanceProfileName: b\n" + others)
    assert [r.address for r in found.resources] == ["/0"]
    assert (found.problems, found.not_judged) == ((), ())


def test_ids_do_not_change_when_lines_move():
    assert only("\n\n# moved\n" + MINIMAL).id == only(MINIMAL).id


def test_the_key_for_editors_belongs_to_the_spec_with_its_place():
    resource = only('{"$schema": "https://x", "name": "a", "instanceProfileName": "b"}', file="a.json")
    assert resource.spec["$schema"] == "https://x"
    assert resource.place(("$schema",)).key == (1, 2, 1, 11)


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(sorted(KNOWN)), st.sampled_from(["InstanceProfileName", "x"])), st.just(0)
    )
)
def test_whatever_is_recognised_has_a_marker(data):
    if is_request(data):
        assert has_marker(json.dumps(data).encode())


# A dialect that the user names


def test_forced_reading_takes_any_mapping():
    assert only("description: x\n", dialect="request").spec == {"description": "x"}
    assert only("{}\n", dialect="request").spec == {}
    assert [r.spec for r in read("- a: 1\n- b: 2\n", dialect="request").resources] == [{"a": 1}, {"b": 2}]


def test_forced_reading_says_what_is_no_mapping():
    ((line, column, message),) = messages(read("- name: a\n- just text\n", dialect="request"))
    assert (line, column) == (2, 3)
    assert "Item 1 of the list is not a mapping" in message
    ((_, _, message),) = messages(read("just text\n", dialect="request"))
    assert "The document is not a mapping" in message


def test_an_unknown_dialect_is_refused():
    document = load(Source("a.yaml", MINIMAL.encode()))[0]
    with pytest.raises(
        UsageError, match="unknown dialect 'requests'; known are: aws-cli, boto3-calls, cloudformation, request"
    ):
        extract(document_unit(document), dialect="requests")
    assert "request" in DIALECTS


# Values that are not known


@pytest.mark.parametrize(
    ("written", "expression"),
    [
        ("!Ref Tokens", "!Ref Tokens"),
        ("!Sub '${Tokens}'", "!Sub ${Tokens}"),
        ("!Join ['', [a, b]]", "!Join [...]"),
        ("!Map {a: b}", "!Map {...}"),
        ("'${TOKENS}'", "${TOKENS}"),
        ("'{{ tokens }}'", "{{ tokens }}"),
        ("'{% if x %}a{% endif %}'", "{% if x %}a{% endif %}"),
        ("'<% tokens %>'", "<% tokens %>"),
        ("'%(tokens)s'", "%(tokens)s"),
        ("'@@TOKENS@@'", "@@TOKENS@@"),
        ("'arn:${REGION}:x'", "arn:${REGION}:x"),
    ],
)
def test_tags_and_placeholders_are_unresolved(written, expression):
    value = only(f"{MINIMAL}instanceMetadataOptions:\n  httpTokens: {written}\n").spec["instanceMetadataOptions"]
    assert value == {"httpTokens": Unresolved(expression, value["httpTokens"].reason)}


@pytest.mark.parametrize(
    "text", ["<name>", "50%", "a@b.example", "$5", "{x}", "mail@@two words@@", "100%(x)", "${open", "}{{"]
)
def test_plain_text_is_no_placeholder(text):
    assert only(f"{MINIMAL}description: {json.dumps(text)}\n").spec["description"] == text


def test_a_tag_on_a_collection_hides_it_whole():
    spec = only(f"{MINIMAL}instanceTypes: !Split [',', x]\ninstanceMetadataOptions: !If [A, {{}}, {{}}]\n").spec
    assert spec["instanceTypes"] == Unresolved("!Split [...]", "it is a YAML tag that only another tool resolves")
    assert isinstance(spec["instanceMetadataOptions"], Unresolved)


def test_long_expressions_are_cut():
    assert len(only(f"{MINIMAL}description: !Sub {'x' * 500}\n").spec["description"].expression) <= 80


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("2024", "a number"),
        ("yes", "a boolean"),
        ("~", "null"),
        ("2024-01-02", "a date"),
        ("!!binary YQ==", "binary data"),
    ],
)
def test_keys_that_are_no_strings_are_a_problem(key, kind):
    found = read(f"{MINIMAL}tags:\n  {key}: x\n")
    assert found.resources == ()
    ((line, column, message),) = messages(found)
    assert (line, column) == (4, 3)
    assert f"YAML reads {key} as {kind}." in message
    assert "in quotes" in message


# Places


def at(resource, pointer):
    place = resource.place(from_pointer(pointer))
    return place.value[:2], place.key and place.key[:2]


def test_every_value_has_its_place():
    resource = only(
        f"# top\n{MINIMAL}instanceTypes:\n  - a\n  - b\ninstanceMetadataOptions: {{httpTokens: optional}}\n"
    )
    assert resource.span[:2] == (2, 1)
    assert at(resource, "/name") == ((2, 7), (2, 1))
    assert at(resource, "/instanceTypes/1") == ((6, 5), None)
    assert at(resource, "/instanceMetadataOptions/httpTokens") == ((7, 39), (7, 27))


def test_places_of_list_items_are_relative_to_the_item():
    resource = read('[{}, {"name": "a",\n  "instanceProfileName": "b"}]', file="a.json").resources[1]
    assert at(resource, "/instanceProfileName") == ((2, 26), (2, 3))


def test_values_behind_an_alias_point_to_the_alias_and_name_the_anchor():
    text = (
        "- &base\n  name: a\n  instanceProfileName: b\n  instanceMetadataOptions: &options\n    httpTokens: optional\n"
        "- name: c\n  instanceProfileName: d\n  instanceMetadataOptions: *options\n"
        "- <<: *base\n  name: e\n"
    )
    _, aliased, merged = read(text).resources
    pointer = from_pointer("/instanceMetadataOptions/httpTokens")
    assert aliased.place(pointer).value[:2] == (8, 28)
    assert merged.place(pointer).value[:2] == (9, 7)
    for resource in (aliased, merged):
        assert [(place.label, place.span.line) for place in resource.place(pointer).related] == [("anchor", 5)]
    assert merged.spec["name"] == "e"
    assert merged.place(("name",)).related == ()
    assert merged.place(("instanceProfileName",)).value[:2] == (9, 7)


def test_a_whole_request_behind_an_alias_is_placed_at_the_alias():
    first, second = read("- &a\n  name: a\n  instanceProfileName: b\n- *a\n").resources
    assert first.span[:2] == (2, 3)
    assert second.span[:2] == (4, 3)
    assert second.place(("name",)).value[:2] == (4, 3)
    assert second.place(("name",)).related[0].span.line == 2


# Directives


def test_a_comment_above_the_first_key_holds_for_the_document():
    resource = only(f"# iblint: build-type=container sns-topic-key=none\n\n{MINIMAL}")
    assert directives(resource) == [("build-type", "container", 1), ("sns-topic-key", "none", 1)]


def test_a_comment_above_the_first_item_holds_for_all_items():
    found = read("# iblint: build-type=ami\n- name: a\n  instanceProfileName: b\n- name: c\n  instanceProfileName: d\n")
    assert [directives(r) for r in found.resources] == [[("build-type", "ami", 1)]] * 2


def test_each_document_of_a_stream_has_its_own():
    found = read(f"# iblint: build-type=ami\n---\n{MINIMAL}--- # iblint: build-type=both\n# more\n{MINIMAL}")
    assert found.problems == ()
    assert [directives(r) for r in found.resources] == [[("build-type", "ami", 1)], [("build-type", "both", 5)]]


@pytest.mark.parametrize(
    "second",
    [
        "# iblint: build-type=ami\n-\n  name: c\n  instanceProfileName: d\n",
        "# iblint: build-type=ami\n# and why\n\n- name: c\n  instanceProfileName: d\n",
        "- name: c  # iblint: build-type=ami\n  instanceProfileName: d\n",
        "- # iblint: build-type=ami\n  name: c\n  instanceProfileName: d\n",
        "- name: c\n  # iblint: build-type=ami\n  instanceProfileName: d\n",
        "- name: c\n  instanceProfileName: d  # iblint: build-type=ami\n",
        "- {name: c, instanceProfileName: d}  # iblint: build-type=ami\n",
        "- name: c\n  instanceProfileName: d\n  tags:\n    # iblint: build-type=ami\n    a: b\n",
    ],
)
def test_a_comment_on_or_above_an_item_holds_for_that_item(second):
    found = read(f"- name: a\n  instanceProfileName: b\n{second}- name: e\n  instanceProfileName: f\n")
    assert found.problems == ()
    assert [[d.value for d in r.directives] for r in found.resources] == [[], ["ami"], []]


def test_comments_that_contradict_are_both_kept():
    resource = only("# iblint: build-type=ami\nname: a\n# iblint: build-type=container\ninstanceProfileName: b\n")
    assert [d.value for d in resource.directives] == ["ami", "container"]


@pytest.mark.parametrize(
    "value",
    [
        "none",
        "alias/aws/sns",
        "alias/team_a-key",
        "6f1d2c3b-84a5-4e97-b0c6-2d9e5a7f1830",
        "mrk-0123456789abcdef0123456789abcdef",
        "arn:aws:kms:eu-west-1:482913756204:key/6f1d2c3b-84a5-4e97-b0c6-2d9e5a7f1830",
        "arn:aws-us-gov:kms:us-gov-west-1:482913756204:alias/topics",
    ],
)
def test_topic_keys_in_all_spellings(value):
    assert directives(only(f"# iblint: sns-topic-key={value}\n{MINIMAL}")) == [("sns-topic-key", value, 1)]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# iblint: build-typ=ami", "Unknown key 'build-typ' in this iblint comment. Did you mean 'build-type'?"),
        ("# iblint: colour=red", "Unknown key 'colour' in this iblint comment. Known are: build-type, sns-topic-key."),
        (
            "# iblint: build-type=contaner",
            "'contaner' is not a value of build-type: write container, ami or both. Did you mean",
        ),
        ("# iblint: build-type=", "'' is not a value of build-type"),
        ("# iblint: sns-topic-key=my key", "'my' is not a value of sns-topic-key: write a KMS key's ARN"),
        ("# iblint: sns-topic-key=arn:aws:kms:eu-west-1:42:key/a", "is not a value of sns-topic-key"),
        ("# iblint: container", "'container' in this iblint comment is not key=value"),
        ("# iblint:", "is empty"),
        ("# iblint build-type=ami", "needs a colon"),
    ],
)
def test_comments_that_cannot_be_read_are_problems(comment, message):
    found = read(f"{MINIMAL}description: x  {comment}\n")
    assert len(found.resources) == 1
    assert found.resources[0].directives == ()
    ((line, column, text),) = messages(found)
    assert (line, column) == (3, 17)
    assert message in text


def test_a_comment_that_holds_for_nothing_is_a_problem():
    ((line, _, message),) = messages(read(f"{MINIMAL}\n# iblint: build-type=ami\n"))
    assert line == 4
    assert "applies to nothing" in message


def test_comments_of_documents_that_are_not_ours_are_left_alone():
    assert read("# iblint: build-typ=x\nname: other\n# iblint: y\nkind: Thing\n") == Extraction()


def test_prose_and_text_are_no_directives():
    text = f"# iblint checks this file, see iblint: the manual\n{MINIMAL}description: '# iblint: build-type=ami'\n"
    assert only(text).directives == ()


# The examples


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "examples/requests").rglob("*.*ml")) + sorted((ROOT / "examples").rglob("*.json")),
    ids=lambda p: p.name,
)
def test_examples_are_read_without_problems(path):
    found = read(path.read_bytes(), file=path.name)
    assert found.problems == ()
    assert found.resources


def test_the_readme_of_the_examples_names_every_one():
    folder = ROOT / "examples/requests"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix in (".yaml", ".json")}
    assert {file for file in files if f"({file})" not in readme} == set()
    assert len(files) >= 20


def test_what_is_declared_again_says_nothing_new():
    item = "# iblint: build-type=ami\n- {name: a, instanceProfileName: b} # iblint: build-type=ami\n"
    found = read("# iblint: build-type=ami sns-topic-key=none\n" * 2000 + item * 2000)
    assert found.problems == ()
    assert {len(resource.directives) for resource in found.resources} == {2}


@pytest.mark.parametrize("where", ["document", "item"])
def test_too_many_different_declarations_are_a_problem(where):
    comments = "".join(f"# iblint: sns-topic-key=alias/a{i}\n" for i in range(2000))
    items = "- {name: a, instanceProfileName: b}\n- {name: c, instanceProfileName: d}\n"
    found = read(comments + items if where == "document" else "- {name: a}\n" + comments + items)
    assert max(len(resource.directives) for resource in found.resources) == MAX_DECLARED
    ((line, _, message),) = messages(found)
    assert line == MAX_DECLARED + (1 if where == "document" else 2)
    assert "Remove those that are not true" in message


@pytest.mark.parametrize(
    ("field", "path", "text", "in_yaml_1_2"),
    [
        ("terminateInstanceOnFailure: yes", ("terminateInstanceOnFailure",), "yes", "yes"),
        ("tags: {country: NO}", ("tags", "country"), "NO", "NO"),
        ("tags: {window: 22:30}", ("tags", "window"), "22:30", "22:30"),
        ("tags: {a: &a 0x10}", ("tags", "a"), "0x10", 16),
        ("tags:\n  a: ~", ("tags", "a"), "~", None),
        ("tags:\n  a: 1e3 # a comment", ("tags", "a"), "1e3", 1000.0),
        ("securityGroupIds: [0o17]", ("securityGroupIds", 0), "0o17", 15),
    ],
)
def test_a_scalar_whose_value_does_not_show_how_it_is_written_keeps_its_text(field, path, text, in_yaml_1_2):
    (found,) = only(f"{MINIMAL}{field}\n").readings.items()
    assert found == (path, Reading(text, in_yaml_1_2))


@pytest.mark.parametrize("syntax", ["&all {a: off}", "\n  a: &off off\n  b: *off"])
def test_an_alias_has_the_text_of_its_anchor(syntax):
    readings = only(f"{MINIMAL}tags: {syntax}\nresourceTags: {{c: ON}}\n").readings
    assert {reading.text for reading in readings.values()} == {"off", "ON"}


@pytest.mark.parametrize(
    "field",
    ["tags: {a: 'no', b: \"010\"}", "terminateInstanceOnFailure: True", "dryRun: null", "tags: {a: x-1, b: 1a}"],
)
def test_a_scalar_that_shows_its_value_has_no_reading(field):
    assert only(f"{MINIMAL}{field}\n").readings == {}


def test_json_has_no_readings():
    assert only('{"name": "a", "instanceProfileName": "b", "tags": {"a": 1e3}}', file="a.json").readings == {}
