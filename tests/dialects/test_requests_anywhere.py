"""A request is judged the same wherever it is in a document, and however its keys are spelled."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.dialects.request.evidence import MEMBERS
from iblint.dialects.request.spelling import spelling_in_capitals
from iblint.model.document import Source
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_sources
from iblint.schemas import read_schema

RULES = load_packs(Settings())
CORE = ("IB201", "IB202", "IB204", "IB301")
SETTINGS = Settings(select=("IB101", *CORE))


def camel(key):
    return key


def pascal(key):
    return key[0].upper() + key[1:]


def snake(key):
    return re.sub("([A-Z])", lambda match: "_" + match[1].lower(), key)


def kebab(key):
    return snake(key).replace("_", "-")


SPELLINGS = (camel, pascal, snake, kebab)

requests = st.fixed_dictionaries(
    {"name": st.sampled_from(["web-base", "database"]), "instanceProfileName": st.just("image-builder")},
    optional={
        "instanceMetadataOptions": st.fixed_dictionaries(
            {"httpTokens": st.sampled_from(["required", "optional"])},
            optional={"httpPutResponseHopLimit": st.sampled_from([1, 2, 64])},
        ),
        "terminateInstanceOnFailure": st.booleans(),
        "terminateInstanceOnCompletion": st.booleans(),
        "instanceTypes": st.lists(st.sampled_from(["m7i.large", "m8i.large"]), min_size=1, unique=True),
        "snsTopicArn": st.just("arn:aws:sns:eu-west-1:210987654321:builds"),
        "logging": st.just({"s3Logs": {"s3BucketName": "logs-of-builds", "s3KeyPrefix": "images"}}),
        "tags": st.just({"team": "web", "cost-center": "7"}),
    },
)

keys = st.sampled_from(["enabled", "image", "builds", "team", "region", "settings", "name", "description", "tags"])
others = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["web", "eu-west-1", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
steps = st.lists(st.tuples(keys | st.just(None), others, st.booleans()), max_size=5)


def spelled(value, spelling, members=MEMBERS):
    """A request with its keys in a spelling; the keys of tags are not its own."""
    made = {}
    for key, item in value.items():
        inner = members[key]
        made[spelling(key)] = spelled(item, spelling, inner) if inner is not None else item
    return made


def nested(request, path):
    """The request below keys and in lists, among other values."""
    document = request
    for key, other, first in path:
        if key is None:
            document = [document, *([other] if first and isinstance(other, dict) else [])]
        elif first:
            document = {key: document, "other": other}
        else:
            document = {"other": other, key: document}
    return document


def judge(text, file):
    report = check_sources([Source(file, text.encode())], SETTINGS, RULES)
    assert report.problems == (), report.problems
    return report


def core_verdicts(configuration):
    return {outcome.rule: outcome.verdict for outcome in configuration.outcomes if outcome.rule in CORE}


@settings(deadline=None, max_examples=150)
@given(requests, steps, st.sampled_from(SPELLINGS), st.booleans())
def test_place_and_spelling_change_no_core_verdict(request_, path, spelling, as_yaml):
    alone = judge(json.dumps(request_), "a.json").configurations[0]
    document = nested(spelled(request_, spelling), path)
    text = yaml.safe_dump(document, sort_keys=False) if as_yaml else json.dumps(document, indent=1)
    report = judge(text, "a.yaml" if as_yaml else "a.json")
    (configuration,) = [c for c in report.configurations if c.name == request_["name"]]
    assert core_verdicts(configuration) == core_verdicts(alone)
    misspelled = {f.path[-1] for f in report.findings if f.rule == "IB101" and f.configuration == configuration.id}
    wrong = {key for key in named_keys(spelled(request_, spelling)) if key not in named_keys(request_)}
    assert misspelled == wrong
    lines = text.splitlines()
    for finding in [f for f in report.findings if f.configuration == configuration.id]:
        place = finding.locations[0].span
        written = lines[place.line - 1][place.column - 1 :]
        if finding.rule == "IB201" and "instanceMetadataOptions" in request_:
            assert written.strip("\"',").startswith("optional")
        if finding.rule == "IB101":
            assert written.strip('"').startswith(str(finding.path[-1]))


def named_keys(value, members=MEMBERS):
    """The keys of a request that name members of it."""
    found = set(value)
    for key, item in value.items():
        inner = members[members.meant(key)]
        if inner is not None:
            found |= named_keys(item, inner)
    return found


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(keys | st.sampled_from(["snsTopicArn", "subnetId", "securityGroupIds", "keyPair"]), others))
def test_words_of_any_program_make_no_request(data):
    report = judge(json.dumps([data, {"spec": data}, "instanceTypes"]), "a.json")
    assert report.configurations == ()
    assert report.findings == ()
    assert report.not_judged == ()


def test_the_members_are_those_of_the_schema():
    def names(schema):
        inner = schema.get("properties", {})
        return {key: names(sub) for key, sub in inner.items() if key != "$schema"} or None

    def known(members):
        return None if members is None else {key: known(inner) for key, inner in members.items()}

    expected = names(json.loads(read_schema("request")))
    assert {**expected, "infrastructureConfigurationArn": None} == known(MEMBERS)


def test_the_members_of_an_update_are_those_of_the_service_model():
    botocore = pytest.importorskip("botocore.session")
    from iblint.packs.authoring.request_rules import of_update

    model = botocore.get_session().get_service_model("imagebuilder")
    shape = model.operation_model("UpdateInfrastructureConfiguration").input_shape
    schema = of_update(json.loads(read_schema("request")))
    assert set(schema["properties"]) - {"$schema"} == set(shape.members)
    assert {*schema["required"], "clientToken"} == set(shape.required_members)


def test_capitals_are_those_of_cloudformation():
    spelling = spelling_in_capitals()
    assert spelling["logging", "s3Logs", "s3BucketName"] == "Logging.S3Logs.S3BucketName"
    assert spelling[("snsTopicArn",)] == "SnsTopicArn"


@pytest.mark.parametrize("parts", [1, 40])
def test_a_request_of_an_anchor_is_judged_at_each_use(parts):
    text = "x: &x {name: a, instanceProfileName: b, instanceMetadataOptions: {httpTokens: optional}}\n"
    text += "".join(f"y{i}: {{z: *x}}\n" for i in range(parts))
    report = judge(text, "a.yaml")
    assert [c.address for c in report.configurations] == sorted(
        ["/x", *[f"/y{i}/z" for i in range(parts)]], key=line_of
    )
    assert sum(f.rule == "IB201" for f in report.findings) == parts + 1


def line_of(address):
    return -1 if address == "/x" else int(address.split("/")[1][1:])
