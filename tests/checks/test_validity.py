"""The rules on validity share the faults out among them: one fault, one finding."""

import copy
from functools import cache
from typing import Any

import pytest

from iblint.engine.evaluator import PreparedRule, prepare
from iblint.findings.collect import findings_of
from iblint.model.context import BuildType, Context, NoFacts, Target, World
from iblint.model.path import from_pointer, to_pointer
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Place, Resource
from iblint.model.settings import Settings
from iblint.model.span import Span
from iblint.model.values import lookup
from iblint.model.verdict import Severity
from iblint.packs import load_packs
from iblint.packs.python_checks import resolve_check
from iblint.packs.select import ConfiguredRule, configure

VALID: dict[str, Any] = {
    "name": "Web base_image",
    "description": "Base image of the web tier",
    "instanceTypes": ["t3.large", "m5.large"],
    "instanceProfileName": "image-build",
    "securityGroupIds": ["sg-0aa1e7c25d30f4b69"],
    "subnetId": "subnet-0f3c5a9d17e2b4680",
    "logging": {"s3Logs": {"s3BucketName": "acme-build-logs", "s3KeyPrefix": "images"}},
    "keyPair": "builders",
    "terminateInstanceOnFailure": True,
    "terminateInstanceOnCompletion": True,
    "snsTopicArn": "arn:aws:sns:eu-west-1:210987654321:builds",
    "resourceTags": {"team": "web"},
    "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
    "tags": {"team": "web"},
    "placement": {"availabilityZone": "eu-west-1a", "tenancy": "host", "hostId": "h-0b7d2e94c1a6f3850"},
    "parentInstance": {"autoScalingGroup": {"name": "warm-builders", "capacityWaitTimeoutSeconds": 60}},
    "dryRun": False,
}

LONG = "x" * 1025
ENDLESS = "x" * 5000


@cache
def rules() -> tuple[tuple[ConfiguredRule, PreparedRule], ...]:
    """The rules of the group that are on by default, ready to judge."""
    selected = configure(load_packs(Settings()).rules, Settings(select=("validity",)), None)
    return tuple((c, prepare(c, resolve_check)) for c in selected if c.rule.enabled)


def context() -> Context:
    return Context({}, Target(), BuildType("unknown"), World(), NoFacts())


def resource(spec: dict[str, Any], **places: Place) -> Resource:
    line = Span(1, 1, 1, 2)
    located = {from_pointer(pointer): place for pointer, place in places.items()}
    return Resource("id", INFRASTRUCTURE_CONFIGURATION, "request", "api", "web.yaml", "/", line, spec, located)


def findings(spec: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Code, path and severity of every finding; an undecided rule counts, because nothing is unknown here."""
    subject = resource(spec)
    judged = [(c, rule.judge(subject, context())) for c, rule in rules()]
    return [(f.rule, to_pointer(f.path), f.severity.value) for f in findings_of(subject, judged, strict=True)]


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The valid configuration with one value changed."""
    spec = copy.deepcopy(VALID)
    *parents, last = from_pointer(pointer)
    lookup(spec, tuple(parents))[last] = value
    return spec


def without(pointer: str) -> dict[str, Any]:
    """The valid configuration without one value."""
    spec = copy.deepcopy(VALID)
    *parents, last = from_pointer(pointer)
    del lookup(spec, tuple(parents))[last]
    return spec


def value_at(pointer: str) -> Any:
    """What stands in the valid configuration."""
    return lookup(VALID, from_pointer(pointer))


def pointers(value: Any, path: tuple[str | int, ...] = ()) -> list[str]:
    """Every place of a value, the root aside."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [pointer for key, item in entries for pointer in pointers(item, (*path, key))]
    return ([to_pointer(path)] if path else []) + below


def test_the_valid_configuration_has_no_finding() -> None:
    assert findings(VALID) == []


WRONG_TYPES = [
    (pointer, wrong)
    for pointer in pointers(VALID)
    for wrong in (None, True, 17, 2.5, "text", [], {})
    if type(wrong) is not type(value_at(pointer))
]


@pytest.mark.parametrize(("pointer", "wrong"), WRONG_TYPES)
def test_a_wrong_type_is_wrong_type_alone(pointer: str, wrong: Any) -> None:
    assert findings(changed(pointer, wrong)) == [("IB103", pointer, "error")]


SINGLE = [
    ("IB101", "/colour", "green", "error"),
    ("IB101", "/logging/s3Logs/bucket", "green", "error"),
    ("IB104", "/name", "", "error"),
    ("IB104", "/name", ENDLESS, "error"),
    ("IB104", "/name", "<name>", "error"),
    ("IB106", "/instanceProfileName", "", "error"),
    ("IB106", "/instanceProfileName", ENDLESS, "error"),
    ("IB106", "/instanceProfileName", "arn:aws:iam::123456789012:instance-profile/build", "error"),
    ("IB107", "/instanceTypes/0", "t3.large, m5.large", "error"),
    ("IB107", "/instanceTypes/0", "T3.Large", "error"),
    ("IB107", "/instanceTypes/0", ENDLESS, "error"),
    ("IB107", "/instanceTypes/0", "<type>", "error"),
    ("IB107", "/instanceTypes/0", "m7" + "g" * 57 + ".large", "error"),
    ("IB108", "/instanceTypes/0", "t3.lrage", "warning"),
    ("IB109", "/instanceTypes/0", "", "error"),
    ("IB109", "/securityGroupIds/0", "", "error"),
    ("IB109", "/instanceTypes/1", "t3.large", "warning"),
    ("IB110", "/securityGroupIds/0", "default", "error"),
    ("IB110", "/securityGroupIds/0", ENDLESS, "error"),
    ("IB110", "/securityGroupIds/0", "sg-xxxxxxxx", "error"),
    ("IB110", "/subnetId", "", "error"),
    ("IB110", "/subnetId", LONG, "error"),
    ("IB110", "/subnetId", "sub-12345678", "error"),
    ("IB110", "/subnetId", "sg-12345678", "error"),
    ("IB111", "/securityGroupIds", [], "error"),
    ("IB112", "/snsTopicArn", "", "error"),
    ("IB112", "/snsTopicArn", ENDLESS, "error"),
    ("IB112", "/snsTopicArn", "arn:aws:sns:eu-west-1:123456789012:builds.fifo", "error"),
    ("IB113", "/instanceMetadataOptions/httpTokens", "Required", "error"),
    ("IB113", "/instanceMetadataOptions/httpTokens", ENDLESS, "error"),
    ("IB114", "/instanceMetadataOptions/httpPutResponseHopLimit", 0, "error"),
    ("IB114", "/instanceMetadataOptions/httpPutResponseHopLimit", 65, "error"),
    ("IB115", "/tags", {}, "error"),
    ("IB115", "/resourceTags", {}, "error"),
    ("IB115", "/tags/aws:team", "web", "error"),
    ("IB115", "/resourceTags/aws:team", "web", "error"),
    ("IB115", "/tags/" + ENDLESS, "web", "error"),
    ("IB115", "/tags/team", "x" * 257, "error"),
    ("IB116", "/resourceTags/Name", "web", "error"),
    ("IB117", "/placement/tenancy", "", "error"),
    ("IB117", "/placement/tenancy", "Host", "error"),
    ("IB117", "/placement/tenancy", "default", "error"),
    ("IB117", "/placement/hostResourceGroupArn", "arn:aws:resource-groups:eu-west-1:210987654321:group/m", "error"),
    ("IB118", "/logging/s3Logs/s3BucketName", "s3://acme-build-logs", "error"),
    ("IB118", "/logging/s3Logs/s3BucketName", "Acme_Logs", "warning"),
    ("IB118", "/logging/s3Logs/s3BucketName", "x" * 300, "error"),
    ("IB119", "/clientToken", "4f1c", "warning"),
    ("IB120", "/clientToken", "", "error"),
    ("IB120", "/clientToken", ENDLESS, "error"),
    ("IB120", "/description", "", "error"),
    ("IB120", "/description", ENDLESS, "error"),
    ("IB120", "/keyPair", "", "error"),
    ("IB120", "/logging/s3Logs/s3BucketName", "", "error"),
    ("IB120", "/logging/s3Logs/s3BucketName", LONG, "error"),
    ("IB120", "/placement/availabilityZone", "", "error"),
    ("IB120", "/placement/hostId", "", "error"),
    ("IB120", "/parentInstance/autoScalingGroup/name", "", "error"),
    ("IB121", "/subnetId", "subnet-12345678", "warning"),
    ("IB121", "/snsTopicArn", "arn:aws:sns:eu-west-1:123456789012:builds", "warning"),
    ("IB122", "/dryRun", True, "warning"),
    ("IB123", "/parentInstance/autoScalingGroup/capacityWaitTimeoutSeconds", 3601, "error"),
    ("IB125", "/$schema", "./request.schema.json", "note"),
]


SINGLE_IDS = [f"{single[0]}-{number}" for number, single in enumerate(SINGLE)]


@pytest.mark.parametrize(("code", "pointer", "value", "severity"), SINGLE, ids=SINGLE_IDS)
def test_one_fault_is_one_finding(code: str, pointer: str, value: Any, severity: str) -> None:
    assert findings(changed(pointer, value)) == [(code, pointer, severity)]


@pytest.mark.parametrize(
    ("removed", "finding"),
    [
        ("/name", ("IB102", "/name", "error")),
        ("/instanceProfileName", ("IB102", "/instanceProfileName", "error")),
        ("/parentInstance/autoScalingGroup", ("IB102", "/parentInstance/autoScalingGroup", "error")),
        ("/parentInstance/autoScalingGroup/name", ("IB102", "/parentInstance/autoScalingGroup/name", "error")),
        ("/securityGroupIds", ("IB111", "/securityGroupIds", "error")),
        ("/placement/tenancy", ("IB117", "/placement/tenancy", "error")),
        ("/logging/s3Logs/s3BucketName", ("IB118", "/logging/s3Logs/s3BucketName", "warning")),
    ],
)
def test_one_missing_value_is_one_finding(removed: str, finding: tuple[str, str, str]) -> None:
    assert findings(without(removed)) == [finding]


def test_every_rule_of_the_group_has_a_single_fault_of_its_own() -> None:
    covered = {code for code, *_ in SINGLE} | {"IB102", "IB103", "IB124"}  # IB124 is about what is written
    assert {configured.rule.code for configured, _ in rules()} == covered


def test_a_repeated_item_points_at_the_first() -> None:
    rule = next(rule for configured, rule in rules() if configured.rule.code == "IB109")
    first = Span(3, 5, 3, 13)
    repeated = resource({"instanceTypes": ["t3.large", "t3.large"]}, **{"/instanceTypes/0": Place(first)})
    (violation,) = rule.judge(repeated, context()).violations
    assert [(place.file, place.span) for place in violation.related] == [("web.yaml", first)]
    assert violation.severity is Severity.WARNING
