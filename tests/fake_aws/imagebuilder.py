"""Image Builder's infrastructure configurations, with the documented behaviour only."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.fake_aws.validation import unknown_members, validate
from tests.fake_aws.wire import AwsError, Call, error_status, partition_of, service_model

NO_PROFILE = (
    "The value supplied for parameter 'instanceProfileName' is not valid. "
    "The provided instance profile does not exist. Please specify a different instance profile and try again."
)
DRY_RUN = "Request would have succeeded, but the dryRun flag is set."


class Neighbours(Protocol):
    """The reads that Image Builder makes in other services of the account."""

    def has_profile(self, account: str, region: str, name: str) -> bool: ...

    def has_topic(self, account: str, arn: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Effect:
    """A change that took effect."""

    operation: str
    arn: str


class ImageBuilder:
    """The state of the service, for all accounts and Regions."""

    def __init__(self, other_services: Neighbours) -> None:
        self.other_services = other_services
        self.configurations: dict[str, dict[str, Any]] = {}
        self.pipelines: list[dict[str, Any]] = []
        self.effects: list[Effect] = []
        self.hidden_gets = 0
        """The number of Gets that answer 404 after a create (eventual consistency)."""
        self.unknown_profile_creates = 0
        """The number of creates that do not see the profile yet."""
        self.empty_structures = False
        """Whether Get returns empty structures for fields that were not set."""
        self.quota: int | None = None
        """The quota of configurations in an account and Region."""
        self._tokens: dict[tuple[str, str, str, str], tuple[str, dict[str, Any]]] = {}
        self._hidden: dict[str, int] = {}
        self._lock = threading.RLock()
        self._ids = itertools.count(1)

    def handle(self, call: Call) -> dict[str, Any]:
        """Process a call and return the response. Raises AwsError."""
        method = getattr(self, "_" + call.operation, None)
        if method is None:
            raise AwsError("ClientException", f"The fake has no {call.operation}.")
        operation = service_model("imagebuilder").operation_model(call.operation)
        validate(operation.input_shape, dict(call.params))
        with self._lock:
            answer: dict[str, Any] = copy.deepcopy(method(call, copy.deepcopy(dict(call.params))))
        if "requestId" in operation.output_shape.members:
            answer["requestId"] = f"00000000-0000-4000-8000-{next(self._ids):012d}"
        invented = unknown_members(operation.output_shape, answer)
        assert not invented, invented
        return answer

    def forget_tokens(self) -> None:
        """Let all client tokens expire. The service does not document how long it keeps them."""
        self._tokens.clear()

    def creates(self) -> list[str]:
        """The ARNs of all creates that took effect."""
        return [e.arn for e in self.effects if e.operation == "CreateInfrastructureConfiguration"]

    def _CreateInfrastructureConfiguration(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        dry = params.pop("dryRun", False)
        token = params.pop("clientToken")
        if not dry and (replay := self._replay(call, token, params)):
            return replay
        self._check(call, params)
        arn = arn_of(call, params["name"])
        if arn in self.configurations:
            message = f"The following resource 'InfrastructureConfiguration' already exists: '{arn}'."
            raise AwsError("ResourceAlreadyExistsException", message)
        prefix = arn.rpartition("/")[0]
        if self.quota is not None and sum(a.startswith(prefix) for a in self.configurations) >= self.quota:
            message = "You have reached the maximum number of infrastructure configurations."
            raise AwsError("ServiceQuotaExceededException", message, 402)
        if dry:
            raise AwsError("DryRunOperationException", DRY_RUN, error_status("DryRunOperationException"))
        self.configurations[arn] = {"arn": arn, **_materialised(params), "dateCreated": _now()}
        self._hidden[arn] = self.hidden_gets
        return self._done(call, token, params, arn)

    def _UpdateInfrastructureConfiguration(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        token = params.pop("clientToken")
        if replay := self._replay(call, token, params):
            return replay
        given = copy.deepcopy(params)
        arn = given.pop("infrastructureConfigurationArn")
        old = self._find(arn)
        self._check(call, given)
        kept = {key: old[key] for key in ("arn", "name", "dateCreated", "tags") if key in old}
        self.configurations[arn] = {**kept, **_materialised(given), "dateUpdated": _now()}
        return self._done(call, token, params, arn)

    def _GetInfrastructureConfiguration(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        arn = params["infrastructureConfigurationArn"]
        shown = dict(self._find(arn))
        if self._hidden.get(arn, 0) > 0:
            self._hidden[arn] -= 1
            raise _not_found(arn)
        if self.empty_structures:
            shown = {"instanceMetadataOptions": {}, "logging": {"s3Logs": {}}, **shown}
        return {"infrastructureConfiguration": shown}

    def _DeleteInfrastructureConfiguration(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        arn = params["infrastructureConfigurationArn"]
        self._find(arn)
        if any(p.get("infrastructureConfigurationArn") == arn for p in self.pipelines):
            raise AwsError("ResourceDependencyException", f"Resource '{arn}' is used by an image pipeline.")
        del self.configurations[arn]
        self.effects.append(Effect(call.operation, arn))
        return {"infrastructureConfigurationArn": arn}

    def _ListInfrastructureConfigurations(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        prefix = arn_of(call, "x")[:-1]
        names = ("arn", "name", "description", "dateCreated", "dateUpdated", "tags", "instanceProfileName")
        found = [c for arn, c in self.configurations.items() if arn.startswith(prefix)]
        return {"infrastructureConfigurationSummaryList": [{n: c[n] for n in names if n in c} for c in found]}

    def _ListImagePipelines(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        wanted = {f["name"]: f["values"] for f in params.get("filters", [])}
        prefix = f"arn:{partition_of(call.region)}:imagebuilder:{call.region}:{call.account}:"
        found = [
            p
            for p in self.pipelines
            if p["arn"].startswith(prefix) and all(p.get(name) in values for name, values in wanted.items())
        ]
        return {"imagePipelineList": found}

    def _TagResource(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        found = self._find(params["resourceArn"])
        found["tags"] = {**found.get("tags", {}), **params["tags"]}
        self.effects.append(Effect(call.operation, params["resourceArn"]))
        return {}

    def _UntagResource(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        found = self._find(params["resourceArn"])
        left = {k: v for k, v in found.pop("tags", {}).items() if k not in params["tagKeys"]}
        if left:
            found["tags"] = left
        self.effects.append(Effect(call.operation, params["resourceArn"]))
        return {}

    def _ListTagsForResource(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        return {"tags": self._find(params["resourceArn"]).get("tags", {})}

    def _replay(self, call: Call, token: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the original response to a token, even if the configuration was deleted: the worst case."""
        found = self._tokens.get((call.account, call.region, call.operation, token))
        if found is None:
            return None
        digest, answer = found
        if digest != _digest(params):
            message = "The client token was used before with different parameters."
            raise AwsError("IdempotentParameterMismatchException", message)
        return answer

    def _done(self, call: Call, token: str, params: Mapping[str, Any], arn: str) -> dict[str, Any]:
        answer = {"clientToken": token, "infrastructureConfigurationArn": arn}
        self._tokens[call.account, call.region, call.operation, token] = (_digest(params), answer)
        self.effects.append(Effect(call.operation, arn))
        return answer

    def _check(self, call: Call, params: Mapping[str, Any]) -> None:
        """Check the documented rules that the service model does not have."""
        placement = params.get("placement", {})
        combination = "InvalidParameterCombinationException"
        if params.get("subnetId") and not params.get("securityGroupIds"):
            raise AwsError(combination, "You must specify security groups when you specify a subnet.")
        if placement.get("hostId") and placement.get("hostResourceGroupArn"):
            raise AwsError(combination, "You can't specify both hostId and hostResourceGroupArn.")
        seen = self.other_services.has_profile(call.account, call.region, params["instanceProfileName"])
        if self.unknown_profile_creates > 0:
            self.unknown_profile_creates -= 1
            seen = False
        if not seen:
            raise AwsError("InvalidParameterValueException", NO_PROFILE)
        topic = params.get("snsTopicArn")
        if topic is not None and not self.other_services.has_topic(call.account, topic):
            message = "The value supplied for parameter 'snsTopicArn' is not valid. The topic does not exist."
            raise AwsError("InvalidParameterValueException", message)

    def _find(self, arn: str) -> dict[str, Any]:
        if arn not in self.configurations:
            raise _not_found(arn)
        return self.configurations[arn]


def arn_of(call: Call, name: str) -> str:
    """Return the ARN of a configuration: the name in lower case, with hyphens for blanks and underscores."""
    normalised = name.lower().replace(" ", "-").replace("_", "-")
    partition = partition_of(call.region)
    return f"arn:{partition}:imagebuilder:{call.region}:{call.account}:infrastructure-configuration/{normalised}"


def _materialised(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"terminateInstanceOnFailure": True, "terminateInstanceOnCompletion": True, **params}


def _not_found(arn: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"The resource with ARN '{arn}' does not exist.", 404)


def _digest(params: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
