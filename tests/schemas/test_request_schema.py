"""The request schema that ships: up to date, sound, and the same language as the service model's."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "iblint/schemas/request.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
MINIMAL = {"name": "web", "instanceProfileName": "builder"}


def load_generator():
    path = ROOT / "scripts" / "generate_request_schema.py"
    spec = importlib.util.spec_from_file_location("generate_request_schema", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def version(text):
    return tuple(int(part) for part in text.split("."))


def properties_below(schema):
    """Paths of all named members."""
    for name, member in schema.get("properties", {}).items():
        yield (name,)
        yield from ((name, *below) for below in properties_below(member))


def test_the_schema_agrees_with_the_installed_botocore():
    generator = load_generator()
    operation, botocore = generator.installed()
    recorded = generator.recorded_version(SCHEMA)
    generated = generator.build(operation, recorded)
    if version(botocore) >= version(recorded):
        text = generator.OUTPUT.read_text(encoding="utf-8")
        assert generator.render(generated) == text, "run scripts/generate_request_schema.py"
    assert set(properties_below(generated)) <= set(properties_below(SCHEMA))


def test_the_schema_is_valid_and_strict():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    structures = [_at(path) for path in properties_below(SCHEMA) if path != ("$schema",)]
    assert all(schema["title"] and schema["description"] for schema in structures)
    closed = [schema for schema in [SCHEMA, *structures] if schema.get("additionalProperties") is False]
    assert len(closed) == 7


def _at(path):
    schema = SCHEMA
    for name in path:
        schema = schema["properties"][name]
    return schema


def test_client_token_is_left_to_the_sdk():
    assert SCHEMA["required"] == ["name", "instanceProfileName"]


def test_the_generator_stops_at_what_it_does_not_know():
    generator = load_generator()
    string = SimpleNamespace(type_name="string", metadata={"pattern": "^new$"}, enum=[], required_members=[])
    structure = SimpleNamespace(type_name="structure", members={"fresh": string}, required_members=[], metadata={})
    with pytest.raises(generator.UnknownToTables, match=r"fresh: new member"):
        generator._shape(structure, "")
    with pytest.raises(generator.UnknownToTables, match=r"name: new pattern '\^new\$'"):
        generator._shape(string, "name")
    with pytest.raises(generator.UnknownToTables, match=r"blob"):
        generator._shape(SimpleNamespace(type_name="blob"), "name")


ALPHABET = st.text(st.sampled_from("aZ09-_ .:/=+@,sw\t\n\x0b*<é"), max_size=12)


@pytest.mark.parametrize("pattern", sorted(load_generator().PATTERNS))
@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_patterns_mean_what_the_service_model_means(pattern, data):
    ours = load_generator().PATTERNS[pattern]
    likely = st.from_regex(re.compile(pattern.replace("(?!aws:)", ""), re.ASCII))
    text = data.draw(likely | ALPHABET | ALPHABET.map("aws:{}".format))
    admitted = re.fullmatch(pattern, text, re.ASCII) is not None
    # jsonschema's "$" also matches before a trailing newline; iblint's own evaluator does not.
    fitting = jsonschema.Draft202012Validator(ours).is_valid(text) and re.fullmatch(
        ours.get("pattern", ".*").strip("^$"), text
    )
    assert bool(fitting) == admitted


def errors(request):
    return sorted(
        (error.json_path.removeprefix("$").replace(".", "/"), error.validator)
        for error in VALIDATOR.iter_errors(MINIMAL | request)
    )


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"$schema": "https://example.org/request.schema.json"},
        {"subnetId": "subnet-1", "securityGroupIds": ["sg-1"]},
        {"placement": {"tenancy": "host", "hostId": "h-1"}},
        {"placement": {"tenancy": "host"}},
        {"logging": {"s3Logs": {"s3BucketName": "b", "s3KeyPrefix": "p"}}},
        {"logging": {"s3Logs": {"s3KeyPrefix": "p"}}},  # whether the service refuses it is not known: IB118 warns
        {"tags": {"Name": "x"}, "resourceTags": {"name": "x"}},
        {"parentInstance": {"autoScalingGroup": {"name": "a", "capacityWaitTimeoutSeconds": 0}}},
        {"instanceMetadataOptions": {"httpTokens": "optional", "httpPutResponseHopLimit": 64}},
    ],
)
def test_requests_that_the_service_takes(request_):
    assert errors(request_) == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"subnetId": "subnet-1"}, [("", "required")]),
        ({"subnetId": "subnet-1", "securityGroupIds": []}, [("/securityGroupIds", "minItems")]),
        ({"placement": {"hostId": "h-1"}}, [("/placement", "required")]),
        ({"placement": {"tenancy": "default", "hostResourceGroupArn": "a"}}, [("/placement/tenancy", "const")]),
        ({"placement": {"tenancy": "host", "hostId": "h", "hostResourceGroupArn": "a"}}, [("/placement", "not")]),
        ({"placement": "host"}, [("/placement", "type")]),
        ({"resourceTags": {"Name": "x"}}, [("/resourceTags", "not")]),
        ({"tags": {"aws:x": "y"}}, [("/tags", "not")]),
        ({"tags": {}}, [("/tags", "minProperties")]),
        ({"tags": {"a" * 129: "x"}}, [("/tags", "maxLength")]),
        ({"instanceMetadataOptions": {"httpTokens": "Required"}}, [("/instanceMetadataOptions/httpTokens", "enum")]),
        ({"parentInstance": {}}, [("/parentInstance", "required")]),
        ({"SNSTopicArn": "x"}, [("", "additionalProperties")]),
        ({"snsTopicArn": "arn:aws:sns:eu-west-1:482913756204:a.fifo"}, [("/snsTopicArn", "pattern")]),
        ({"terminateInstanceOnFailure": "false"}, [("/terminateInstanceOnFailure", "type")]),
        ({"name": "ab"}, [("/name", "pattern")]),
    ],
)
def test_requests_that_the_service_refuses(request_, expected):
    assert errors(request_) == expected
