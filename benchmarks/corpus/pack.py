"""A user's pack of 30 rules with examples. The clean spec passes all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.corpus.render import to_yaml

RULES = 30


class _Demand(NamedTuple):
    name: str
    key: str
    schema: dict[str, Any]
    """The schema of the value."""
    good: Any
    bad: Any
    at: str = ""
    """The path of the violation below the key."""


_DEMANDS = [
    _Demand("name", "name", {"type": "string", "pattern": "^[a-z][a-z0-9-]+$"}, "web", "Web Images"),
    _Demand("profile", "instanceProfileName", {"type": "string", "pattern": "-builder$"}, "web-builder", "admin"),
    _Demand("types", "instanceTypes", {"type": "array", "minItems": 2}, ["m7i.large", "m7a.large"], ["m7i.large"]),
    _Demand("family", "instanceTypes", {"items": {"pattern": "^[cmr]7[ai][.]"}}, ["m7i.large"], ["t2.micro"], "/0"),
    _Demand("groups", "securityGroupIds", {"uniqueItems": True}, ["sg-1"], ["sg-1", "sg-1"]),
    _Demand("failure", "terminateInstanceOnFailure", {"const": True}, True, False),
    _Demand("topic", "snsTopicArn", {"pattern": "^arn:aws:sns:eu-"}, "arn:aws:sns:eu-west-1:1:x", "arn:aws:sns:us:1:x"),
    _Demand("logs", "logging", {"required": ["s3Logs"]}, {"s3Logs": {"s3BucketName": "x"}}, {}, "/s3Logs"),
    _Demand("tenancy", "placement", {"properties": {"tenancy": {"enum": ["default", "dedicated"]}}},
            {"tenancy": "default"}, {"tenancy": "host"}, "/tenancy"),
    _Demand("stage", "tags", {"properties": {"stage": {"enum": ["development", "staging", "production"]}}},
            {"stage": "staging"}, {"stage": "x"}, "/stage"),
]  # fmt: skip


def schemas() -> list[dict[str, Any]]:
    """Return the schemas of the rules."""
    return [{"properties": {demand.key: demand.schema}} for demand in _DEMANDS * (RULES // len(_DEMANDS))]


def write_pack(folder: Path) -> None:
    """Write the pack into a folder. Each requirement appears three times, with different names and codes."""
    folder.mkdir(parents=True)
    for number in range(RULES):
        demand = _DEMANDS[number % len(_DEMANDS)]
        code, name = f"ACME{number + 1:03}", f"{demand.name}-{number // len(_DEMANDS) + 1}"
        (folder / f"{code}-{name}.yaml").write_text(to_yaml(_rule(code, name, demand)), encoding="utf-8")


def _rule(code: str, name: str, demand: _Demand) -> dict[str, Any]:
    key = demand.key
    return {
        "code": code,
        "name": name,
        "title": f"The value of {key} is one of ours ({name})",
        "status": "stable",
        "since": "0.1.0",
        "severity": "error",
        "enabled": True,
        "tags": ["ours"],
        "unknown": "count",
        "rationale": "Builds run in an account that several teams share, and this keeps them apart.\n",
        "remediation": "Set {/" + key + "} as the page about builds says.\n",
        "references": [{"title": "How we build images", "url": "https://wiki.example.com/images"}],
        "at": f"/{key}",
        "absent": "not-applicable",
        "schema": {"properties": {key: demand.schema}},
        "message": "{field} is {actual}, which is none of ours.",
        "examples": {
            "good": [{"text": to_yaml({key: demand.good})}],
            "bad": [
                {
                    "text": to_yaml({key: demand.bad}),
                    "expect": [{"path": f"/{key}{demand.at}", "message": "none of ours"}],
                }
            ],
            "unknown": [{"text": to_yaml({key: {"Ref": "Value"}}), "reason": "!Ref Value"}],
            "not-applicable": [{"text": to_yaml({"description": "says nothing of it"})}],
        },
    }
