"""Generate iblint/schemas/request.schema.json from botocore's service model of CreateInfrastructureConfiguration.

Run ``python scripts/generate_request_schema.py`` after an upgrade of botocore. ``--check`` only reports whether the
file would change. The generator fails if a member or pattern is missing in the tables below: add it, then run it again.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).resolve().parent.parent / "iblint" / "schemas" / "request.schema.json"
OPERATION = "CreateInfrastructureConfiguration"
IDENTIFIER = "https://raw.githubusercontent.com/iblint/iblint/main/iblint/schemas/request.schema.json"

# Member -> (title, description), in our own words, with facts from AWS's documentation.
TEXT: dict[str, tuple[str, str]] = {
    "name": (
        "Name",
        "Unique in the account and Region; names that differ only in case, blanks or underscores count as the same.",
    ),
    "description": ("Description", "Free text for people."),
    "instanceTypes": (
        "Instance types",
        "Types for builds and tests; the service picks one by availability, or any fitting type if omitted.",
    ),
    "instanceProfileName": (
        "Instance profile",
        "Name (not ARN) of the IAM instance profile of the build and test instances. It must exist already.",
    ),
    "securityGroupIds": ("Security groups", "Ids of the security groups of the build and test instances."),
    "subnetId": ("Subnet", "Id of the subnet that instances are launched in. Needs at least one security group."),
    "logging": ("Logging", "Where logs of builds and tests are kept besides CloudWatch Logs."),
    "logging.s3Logs": ("S3 logs", "The bucket and prefix that logs are written to."),
    "logging.s3Logs.s3BucketName": (
        "Log bucket",
        "Name of an existing bucket. It is neither validated nor created, and the instance profile must allow writes.",
    ),
    "logging.s3Logs.s3KeyPrefix": ("Log prefix", "Key prefix of the logs in the bucket."),
    "keyPair": ("Key pair", "Name of a key pair that opens interactive access to the build instance."),
    "terminateInstanceOnFailure": (
        "Terminate on failure",
        "Whether instances end when a build or test fails. True when omitted; false keeps a failed instance running.",
    ),
    "terminateInstanceOnCompletion": (
        "Terminate on completion",
        "Whether instances end when image creation ends without a failure. True when omitted.",
    ),
    "snsTopicArn": (
        "SNS topic",
        "ARN of a standard topic (not FIFO) for notifications. A key that encrypts it must be of the same account.",
    ),
    "resourceTags": (
        "Resource tags",
        "Tags of the instances that builds launch. CreatedBy, Ec2ImageBuilderArn, Name, Tags and aws: are reserved.",
    ),
    "instanceMetadataOptions": (
        "Instance metadata options",
        "Settings of the instance metadata service on build and test instances; the EC2 launch defaults if omitted.",
    ),
    "instanceMetadataOptions.httpTokens": (
        "Metadata tokens",
        "'required' admits IMDSv2 only; 'optional' admits IMDSv1 too.",
    ),
    "instanceMetadataOptions.httpPutResponseHopLimit": (
        "Metadata hop limit",
        "Network hops that a metadata response may travel. Container builds with required tokens need at least 2.",
    ),
    "tags": ("Tags", "Tags of the infrastructure configuration itself."),
    "placement": ("Placement", "Where the build and test instances run; not where the finished image runs."),
    "placement.availabilityZone": ("Availability Zone", "Zone that the instances are launched in."),
    "placement.tenancy": (
        "Tenancy",
        "'dedicated' is hardware of a single tenant, 'host' a Dedicated Host, with at most one target named.",
    ),
    "placement.hostId": ("Dedicated Host", "Id of the Dedicated Host. Only with tenancy 'host'."),
    "placement.hostResourceGroupArn": ("Host resource group", "ARN of the host group. Only with tenancy 'host'."),
    "parentInstance": (
        "Parent instance",
        "Take the build instance from an Auto Scaling group instead of launching one. Holds for the build phase alone.",
    ),
    "parentInstance.autoScalingGroup": ("Auto Scaling group", "The group that the build instance is taken from."),
    "parentInstance.autoScalingGroup.name": ("Group name", "Name of a group in the same account and Region."),
    "parentInstance.autoScalingGroup.capacityWaitTimeoutSeconds": (
        "Wait for capacity",
        "Seconds to wait for an instance of the group; with 0 or nothing the build fails at once when there is none.",
    ),
    "clientToken": ("Client token", "Idempotency token. The SDK fills in a fresh one when omitted."),
    "dryRun": ("Dry run", "Only check permissions and parameters: nothing is created."),
}

# Pattern of the model -> an equivalent pattern with anchors and without look-ahead, for Python and ECMAScript alike.
PATTERNS: dict[str, dict[str, Any]] = {
    "^[-_A-Za-z-0-9][-_A-Za-z0-9 ]{1,126}[-_A-Za-z-0-9]$": {
        "pattern": "^[-_A-Za-z0-9][-_A-Za-z0-9 ]{1,126}[-_A-Za-z0-9]$"
    },
    "^[\\w+=,.@-]+$": {"pattern": "^[A-Za-z0-9_+=,.@-]+$"},
    "^arn:aws[^:]*:sns:[^:]+:[0-9]{12}:[a-zA-Z0-9-_]{1,256}$": {
        "pattern": "^arn:aws[^:]*:sns:[^:]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"
    },
    "optional|required": {"enum": ["optional", "required"]},
    "^(?!aws:)[a-zA-Z0-9\\s_.:/=+\\-@]*$": {
        "pattern": "^[A-Za-z0-9 \\t\\n\\v\\f\\r_.:/=+@-]*$",
        "not": {"pattern": "^aws:"},
    },
}

# Rules between members. They are in AWS's documentation, not in the service model.
CROSS_FIELD: list[dict[str, Any]] = [
    {
        "$comment": "With subnetId at least one security group must be named; otherwise the request fails.",
        "if": {"required": ["subnetId"]},
        "then": {"required": ["securityGroupIds"], "properties": {"securityGroupIds": {"minItems": 1}}},
    },
    {
        "$comment": "A Dedicated Host or host resource group is named only with tenancy 'host'.",
        "properties": {
            "placement": {
                "if": {"anyOf": [{"required": ["hostId"]}, {"required": ["hostResourceGroupArn"]}]},
                "then": {"required": ["tenancy"], "properties": {"tenancy": {"const": "host"}}},
            }
        },
    },
    {
        "$comment": "hostId and hostResourceGroupArn exclude each other.",
        "properties": {"placement": {"not": {"type": "object", "required": ["hostId", "hostResourceGroupArn"]}}},
    },
    {
        "$comment": "Tag keys that Image Builder sets itself.",
        "properties": {
            "resourceTags": {"propertyNames": {"not": {"enum": ["CreatedBy", "Ec2ImageBuilderArn", "Name", "Tags"]}}}
        },
    },
]


class UnknownToTables(Exception):
    """The model contains something that is not in the tables of this script."""


def build(operation: Any, version: str) -> dict[str, Any]:
    """Return the schema for botocore's operation model of CreateInfrastructureConfiguration.

    Raises UnknownToTables for a member, pattern or type that is not in the tables.
    """
    service = operation.service_model
    root = _structure(operation.input_shape, "")
    root["properties"] = {"$schema": {"type": "string", "description": "For editors; never sent."}} | root["properties"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": IDENTIFIER,
        "$comment": f"Generated by scripts/generate_request_schema.py from botocore {version} "
        f"({service.service_name} {service.api_version}, {OPERATION}); do not edit.",
        "title": "EC2 Image Builder infrastructure configuration (create request)",
        **root,
        "allOf": CROSS_FIELD,
    }


def _shape(shape: Any, path: str) -> dict[str, Any]:
    """Return the schema of a shape, without title."""
    builders = {"structure": _structure, "list": _list, "map": _map, "string": _string}
    if shape.type_name in builders:
        return builders[shape.type_name](shape, path)
    if shape.type_name == "integer":
        return _integer(shape)
    if shape.type_name == "boolean":
        return {"type": "boolean"}
    raise UnknownToTables(f"{path}: no JSON Schema for the type {shape.type_name!r}")


def _structure(shape: Any, path: str) -> dict[str, Any]:
    properties = {}
    for name, member in shape.members.items():
        below = f"{path}.{name}" if path else name
        if below not in TEXT:
            raise UnknownToTables(f"{below}: new member; describe it in TEXT")
        title, description = TEXT[below]
        properties[name] = {"title": title, "description": description} | _shape(member, below)
    required = [name for name in shape.required_members if not _filled_in(shape.members[name])]
    out: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        out["required"] = required
    return out | {"additionalProperties": False}


def _filled_in(shape: Any) -> bool:
    """Return whether the SDK sets this member. It sets idempotency tokens, so a request may omit them."""
    return bool(shape.metadata.get("idempotencyToken"))


def _list(shape: Any, path: str) -> dict[str, Any]:
    return {"type": "array"} | _bounds(shape, "Items") | {"items": _shape(shape.member, f"{path}[]")}


def _map(shape: Any, path: str) -> dict[str, Any]:
    names = _string(shape.key, f"{path} (key)")
    del names["type"]
    return {
        "type": "object",
        **_bounds(shape, "Properties"),
        "propertyNames": names,
        "additionalProperties": _shape(shape.value, f"{path} (value)"),
    }


def _string(shape: Any, path: str) -> dict[str, Any]:
    out: dict[str, Any] = {"type": "string"}
    if shape.enum:
        out["enum"] = list(shape.enum)
    pattern = shape.metadata.get("pattern")
    if pattern is not None and pattern not in PATTERNS:
        raise UnknownToTables(f"{path}: new pattern {pattern!r}; add it to PATTERNS")
    return out | _bounds(shape, "Length") | PATTERNS.get(pattern, {})


def _integer(shape: Any) -> dict[str, Any]:
    metadata = shape.metadata
    names = {"min": "minimum", "max": "maximum"}
    return {"type": "integer"} | {names[key]: metadata[key] for key in names if key in metadata}


def _bounds(shape: Any, noun: str) -> dict[str, int]:
    return {f"{key}{noun}": shape.metadata[key] for key in ("min", "max") if key in shape.metadata}


def recorded_version(schema: dict[str, Any]) -> str:
    """Return the version of botocore that a schema was generated from."""
    found = re.search(r"botocore (\d+(?:\.\d+)+)", schema["$comment"])
    if found is None:
        raise UnknownToTables("the schema's $comment names no botocore version")
    return found[1]


def installed() -> tuple[Any, str]:
    """Return the operation model and the version of the installed botocore."""
    import botocore.session

    service = botocore.session.get_session().get_service_model("imagebuilder")
    return service.operation_model(OPERATION), botocore.__version__


def render(schema: dict[str, Any]) -> str:
    """Return the text of the schema file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 if the file would change")
    arguments = parser.parse_args(argv)
    operation, version = installed()
    try:
        text = render(build(operation, version))
    except UnknownToTables as problem:
        print(f"generate_request_schema: {problem}", file=sys.stderr)
        return 2
    if arguments.check:
        return int(OUTPUT.read_text(encoding="utf-8") != text)
    OUTPUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
