"""botocore's own parameter validation and the request schema agree, but for a written list of disagreements.

Judged by types, required and unknown members and minimum lengths, both must give the same answer, for a whole request
and for each of its members. ``DISAGREEMENTS`` shows that each entry of the list is still one.
"""

from __future__ import annotations

import json
from pathlib import Path

import botocore.session
import jsonschema
import pytest
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, given, settings

from tests.schemas.strategies import good_requests, requests

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "iblint/schemas/request.schema.json").read_bytes())
SERVICE = botocore.session.get_session().get_service_model("imagebuilder")
SHAPE = SERVICE.operation_model("CreateInfrastructureConfiguration").input_shape
MINIMAL = {"name": "web", "instanceProfileName": "builder"}

LEFT_TO_THE_SERVICE = frozenset({"pattern", "not", "enum", "maxLength", "maxProperties", "minProperties", "maximum"})
"""Keywords of the generated part of the schema that botocore does not look at."""

# botocore takes a bool where the model has an integer (the schema does not), and no 2.0 (jsonschema does).
_types = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: isinstance(value, int))
AS_BOTOCORE_TYPES = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=_types)(SCHEMA)
PLAIN = jsonschema.Draft202012Validator(SCHEMA)


def botocore_takes(request):
    """Whether botocore would send the request. The SDK fills in the client token; ``$schema`` is never sent."""
    sent = {key: value for key, value in request.items() if key != "$schema"}
    return not ParamValidator().validate({"clientToken": "token"} | sent, SHAPE).has_errors()


def schema_takes(request):
    """Whether the schema takes the request, as far as botocore looks. The cross-field rules stand below ``allOf``."""
    return all(
        error.validator in LEFT_TO_THE_SERVICE or error.absolute_schema_path[0] == "allOf"
        for error in AS_BOTOCORE_TYPES.iter_errors(request)
    )


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(requests())
def test_both_take_or_refuse_a_request(request):
    assert botocore_takes(request) == schema_takes(request)
    for member in request:
        alone = MINIMAL | {member: request[member]}
        assert botocore_takes(alone) == schema_takes(alone), member


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(good_requests())
def test_both_take_good_requests(request):
    assert botocore_takes(request)
    PLAIN.validate(request)


DISAGREEMENTS = {
    "$schema is dropped before sending": ({"$schema": "x"}, True, True),
    "pattern": ({"name": "a/b"}, True, False),
    "reserved tag key": ({"tags": {"aws:a": "b"}}, True, False),
    "enum": ({"placement": {"tenancy": "shared"}}, True, False),
    "enum for the model's pattern": ({"instanceMetadataOptions": {"httpTokens": "Required"}}, True, False),
    "maxLength": ({"description": "x" * 1025}, True, False),
    "maxProperties": ({"resourceTags": {f"k{i}": "" for i in range(31)}}, True, False),
    "minProperties": ({"tags": {}}, True, False),
    "maximum": ({"instanceMetadataOptions": {"httpPutResponseHopLimit": 65}}, True, False),
    "bool as integer": ({"instanceMetadataOptions": {"httpPutResponseHopLimit": True}}, True, False),
    "2.0 as integer": ({"instanceMetadataOptions": {"httpPutResponseHopLimit": 2.0}}, False, True),
    "cross-field rule": ({"subnetId": "subnet-1"}, True, False),
}
"""Why -> a request on which botocore (first) and the plain schema (second) are not the same test."""


@pytest.mark.parametrize(("member", "botocore_says", "schema_says"), DISAGREEMENTS.values(), ids=DISAGREEMENTS.keys())
def test_the_list_of_disagreements_holds(member, botocore_says, schema_says):
    request = MINIMAL | member
    assert (botocore_takes(request), PLAIN.is_valid(request)) == (botocore_says, schema_says)
