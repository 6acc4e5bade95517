"""Requests (specs) in YAML and JSON, clean or with faults, and other files."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from benchmarks.corpus.render import to_json, to_yaml

ACCOUNT = "482913756204"

TYPES = ["m7i.large", "m7a.large", "c7i.large", "c7a.xlarge", "r7i.large", "m7i.xlarge"]

TEAMS = ["payments", "identity", "search", "catalogue", "billing", "media", "platform", "data"]


def hexadecimal(random: Random, prefix: str) -> str:
    """Return an id in the form of EC2."""
    return f"{prefix}-0{random.getrandbits(64):016x}"


def request(random: Random, name: str) -> dict[str, Any]:
    """Return a request that passes all rules, if the topic's key is declared."""
    team = random.choice(TEAMS)
    return {
        "name": name,
        "description": f"Builds the images of {team}, nightly and for every release ({name}).",
        "instanceProfileName": f"{team}-image-builder",
        "instanceTypes": sorted(random.sample(TYPES, 3)),
        "securityGroupIds": [hexadecimal(random, "sg") for _ in range(random.randint(1, 2))],
        "subnetId": hexadecimal(random, "subnet"),
        "logging": {"s3Logs": {"s3BucketName": f"{team}-image-build-logs", "s3KeyPrefix": f"builds/{name}"}},
        "terminateInstanceOnFailure": True,
        "terminateInstanceOnCompletion": True,
        "snsTopicArn": f"arn:aws:sns:eu-central-1:{ACCOUNT}:{team}-images",
        "resourceTags": {
            "team": team,
            "cost-center": f"{random.randint(1000, 9999)}",
            "purpose": "build",
            "managed-by": "platform",
        },
        "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
        "tags": {
            "team": team,
            "stage": random.choice(["development", "staging", "production"]),
            "service": name,
            "repository": f"{team}/images",
            "managed-by": "platform",
        },
        "placement": {"tenancy": "default"},
    }


def spoil(random: Random, data: dict[str, Any]) -> None:
    """Add one to four common faults to a request."""
    faults: dict[str, Callable[[], Any]] = {
        "tokens": lambda: data["instanceMetadataOptions"].update(httpTokens="optional"),
        "no tokens": lambda: data["instanceMetadataOptions"].pop("httpTokens", None),
        "one hop": lambda: data["instanceMetadataOptions"].update(httpPutResponseHopLimit=1),
        "kept instances": lambda: data.update(terminateInstanceOnFailure=False),
        "misspelled": lambda: data.update(securityGroupIDs=data.pop("securityGroupIds")),
        "type": lambda: data.update(instanceTypes=["m7i.lrge, m7a.large"]),
        "subnet": lambda: data.update(subnetId="subnet-123"),
        "key pair": lambda: data.update(keyPair="debugging"),
        "tags": lambda: data["tags"].update({"aws:team": "x"}),
    }
    for name in random.sample(sorted(faults), random.randint(1, 4)):
        faults[name]()


def yaml_spec(random: Random, name: str, *, faulty: bool = False) -> str:
    """Return a spec of 40 lines, clean unless ``faulty``. A comment declares the build type and the topic's key."""
    data = request(random, name)
    data["securityGroupIds"] = [hexadecimal(random, "sg") for _ in range(2)]
    if faulty:
        spoil(random, data)
    key = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/{random.getrandbits(32):08x}-84a5-4e97-b0c6-2d9e5a7f1830"
    head = [
        f"# The image builds of {name}. Changes are reviewed by the team that owns the images;",
        "# builds run in the subnets that reach the package mirrors.",
        f"# iblint: build-type=container sns-topic-key={key}",
        "#",
        "# Builders are replaced after every build; what they log is kept for a month. The topic wakes",
        "# nobody: its only subscriber is the dashboard.",
    ]
    return "\n".join(head) + "\n" + to_yaml(data)


def json_spec(random: Random, name: str, *, faulty: bool = False) -> str:
    """Return a spec in JSON, which has no comments, so it has no topic."""
    data = request(random, name)
    del data["snsTopicArn"]
    if faulty:
        spoil(random, data)
    return to_json(data)


def unmarked_yaml(random: Random, name: str) -> str:
    """Return a Kubernetes deployment of about 1 KB."""
    team = random.choice(TEAMS)
    container = {
        "name": name,
        "image": f"registry.example.com/{team}/{name}:{random.randint(1, 9)}.{random.randint(0, 20)}.0",
        "ports": [{"containerPort": 8080, "name": "http"}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "TEAM", "value": team}],
        "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
        "livenessProbe": {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": 10},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5},
    }
    labels = {"app": name, "team": team}
    return to_yaml(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": team, "labels": labels},
            "spec": {
                "replicas": random.randint(2, 9),
                "selector": {"matchLabels": {"app": name}},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        }
    )


def unmarked_json(random: Random, name: str) -> str:
    """Return a dashboard of 1 to 5 KB."""
    widgets = [
        {"type": "metric", "x": 0, "y": index * 6, "width": 12, "height": 6, "title": f"{name} {index}",
         "metrics": [["Web", "Latency", "Service", name, {"stat": "p99"}], ["Web", "Errors", "Service", name]]}
        for index in range(random.randint(2, 9))
    ]  # fmt: skip
    return to_json({"name": name, "widgets": widgets})
