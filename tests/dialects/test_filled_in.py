"""What another tool fills in is unresolved, and no valid value is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.dialects.shared.extraction import document_unit
from iblint.dialects.shared.filled_in import is_filled_in, is_filled_in_key
from iblint.dialects.shared.registry import extract
from iblint.model.document import InputError, Source
from iblint.model.path import Path
from iblint.model.values import Unresolved
from iblint.parse.load import load
from iblint.parse.markup import is_placeholder, may_hold_markup
from iblint.schemas import read_schema

SCHEMA = json.loads(read_schema("request"))["properties"]
TOKENS = ("instanceMetadataOptions", "httpTokens")
BUCKET, PREFIX = ("logging", "s3Logs", "s3BucketName"), ("logging", "s3Logs", "s3KeyPrefix")

FORMS = (
    *("$TOKENS", "$(Tokens)", "$(Build.Tokens)", "$[variables.tokens]", "#{Tokens}", "((tokens))", "((team.tokens))"),
    *("$[[ inputs.tokens ]]", "[[ .tokens ]]"),
    *("%TOKENS%", "@TOKENS@", "__TOKENS__"),
)
CERTAIN = (
    *("${TOKENS}", "${{ vars.TOKENS }}", "{{ tokens }}", "{{tokens}}", "{% if x %}a{% endif %}", "<%= tokens %>"),
    *(
        "%(tokens)s",
        "@@TOKENS@@",
        "%{ if x }a%{ endif }",
        "{{ .Values.tokens }}",
        "{{ imagebuilder:buildDate }}-{{ x }}",
    ),
)


@pytest.mark.parametrize("text", [*FORMS, *CERTAIN])
@pytest.mark.parametrize(
    "path", [TOKENS, ("terminateInstanceOnFailure",), ("subnetId",), ("securityGroupIds", 0), ("tags",), ("logging",)]
)
def test_a_field_that_cannot_hold_the_text_is_filled_in(text: str, path: Path) -> None:
    assert may_hold_markup(text)
    assert is_filled_in(text, path)


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("path", [("description",), ("tags", "note"), ("resourceTags", "note"), PREFIX, ("keyPair",)])
def test_free_text_holds_what_only_looks_like_markup(text: str, path: Path) -> None:
    assert not is_filled_in(text, path)
    assert not is_filled_in(f"costs {text} (100%, #1)", path)


@pytest.mark.parametrize("text", CERTAIN)
@pytest.mark.parametrize("path", [("description",), ("tags", "note"), PREFIX])
def test_certain_markup_counts_in_free_text_too(text: str, path: Path) -> None:
    assert is_filled_in(f"a {text} b", path)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("web-__X__", ("name",)),
        ("__PROFILE__", ("instanceProfileName",)),
        ("a@@X@@b", ("instanceProfileName",)),
        ("my__old__bucket", BUCKET),
        ("arn:aws:sns:eu-west-1:210987654321:__x__", ("snsTopicArn",)),
        ("{{ imagebuilder:buildDate }}", ("description",)),
        ("web {{imagebuilder:buildVersion}} {{ imagebuilder:buildDate }}", ("tags", "Name")),
    ],
)
def test_a_valid_value_is_what_it_says(text: str, path: Path) -> None:
    assert not is_filled_in(text, path)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("web-$STAGE", ("name",)),
        ("__TOPIC_ARN__", ("snsTopicArn",)),
        ("arn:aws:sns:$REGION:210987654321:builds", ("snsTopicArn",)),
        ("arn:aws:sns:eu-west-1:((account)):builds", ("snsTopicArn",)),
        ("logs-$(Stage)", BUCKET),
        ("#{Profile}", ("instanceProfileName",)),
    ],
)
def test_a_part_that_is_filled_in_makes_the_whole_unknown(text: str, path: Path) -> None:
    assert is_filled_in(text, path)


TEXT = st.text(alphabet="ab1X$#%@_(){}. -/", min_size=1, max_size=20)
VALUES = st.one_of(
    st.tuples(st.just(("name",)), st.from_regex(SCHEMA["name"]["pattern"], fullmatch=True)),
    st.tuples(
        st.just(("instanceProfileName",)), st.from_regex(SCHEMA["instanceProfileName"]["pattern"], fullmatch=True)
    ),
    st.tuples(
        st.just(("snsTopicArn",)),
        st.from_regex(r"arn:aws(-[a-z]{2,4})?:sns:[a-z0-9-]{3,12}:[0-9]{12}:[A-Za-z0-9_-]{1,40}", fullmatch=True),
    ),
    st.tuples(st.just(BUCKET), st.from_regex(r"[a-z0-9][a-z0-9._-]{1,40}[a-z0-9]", fullmatch=True)),
    st.tuples(st.just(("subnetId",)), st.from_regex(r"subnet-[0-9a-f]{17}", fullmatch=True)),
    st.tuples(st.just(("instanceTypes", 0)), st.from_regex(r"[a-z0-9-]{2,8}\.[a-z0-9-]{2,9}", fullmatch=True)),
    st.tuples(st.just(TOKENS), st.sampled_from(["required", "optional"])),
    st.tuples(
        st.sampled_from([("description",), ("keyPair",), PREFIX, ("tags", "a"), ("resourceTags", "a")]),
        TEXT.filter(lambda text: not is_placeholder(text)),
    ),
)


@settings(deadline=None, max_examples=1000)
@given(VALUES)
def test_no_valid_value_becomes_unknown(case: tuple[Path, str]) -> None:
    path, text = case
    assert not is_filled_in(text, path)


def _spec(text: str, file: str) -> dict[str, object]:
    documents = load(Source(file, text.encode()))
    assert isinstance(documents, tuple), documents
    (resource,) = extract(document_unit(documents[0])).resources
    return dict(resource.spec)


@pytest.mark.parametrize("text", [*FORMS, *CERTAIN])
def test_every_form_is_unknown_in_a_request_and_in_a_template(text: str) -> None:
    request = {"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {"httpTokens": text}}
    properties = {"Name": "web", "InstanceProfileName": "b", "InstanceMetadataOptions": {"HttpTokens": text}}
    kind = "AWS::ImageBuilder::InfrastructureConfiguration"
    template = {"Resources": {"Infra": {"Type": kind, "Properties": properties}}}
    for document in (request, template):
        if document is template and "${" in text and "{{" not in text:
            continue  # CloudFormation takes ${X} outside Fn::Sub as it stands
        options = _spec(json.dumps(document), "a.json")["instanceMetadataOptions"]
        assert isinstance(options, dict)
        assert isinstance(options["httpTokens"], Unresolved), document


@pytest.mark.parametrize("key", ["$KEY", "${key}", "$(key)", "#{key}", "((key))", "%KEY%", "{{ key }}", "[[ key ]]"])
def test_a_mapping_with_a_key_that_is_filled_in_is_unresolved(key: str) -> None:
    assert is_filled_in_key(key)
    request = {"name": "web", "terminateInstanceOnFailure": True, "tags": {key: "x", "a": "b"}, "logging": {key: {}}}
    spec = _spec(json.dumps(request), "a.json")
    assert all(isinstance(spec[name], Unresolved) for name in ("tags", "logging"))
    documents = load(Source("a.json", json.dumps({**request, key: "x"}).encode()))
    assert not isinstance(documents, InputError)
    extraction = extract(document_unit(documents[0]))
    assert extraction.resources == ()
    assert ["is markup of another tool" in problem.message for problem in extraction.problems] == [True]


@pytest.mark.parametrize("key", ["__X__", "@a@", "a b/c:d=e+f-g.h", "$schema", "$comment", "imagebuilder"])
def test_a_valid_key_is_what_it_says(key: str) -> None:
    assert not is_filled_in_key(key)
