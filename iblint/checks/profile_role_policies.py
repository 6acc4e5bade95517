"""IB503: the role of the instance profile has the policies that a build needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from iblint.checks._iam import Tri, any_true, as_list, member, policies_allow, says, text_of
from iblint.checks._related import (
    combine,
    find,
    items_at,
    items_at_with_certainty,
    location,
    not_in_document,
    values_at,
)
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import Record, field
from iblint.model.references import is_there, referrers
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, passed, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PROFILE: Path = ("instanceProfileName",)
BUCKET: Path = ("logging", "s3Logs", "s3BucketName")
MANAGED: Path = ("managedPolicyArns",)

BUILD = "EC2InstanceProfileForImageBuilder"
SYSTEMS_MANAGER = "AmazonSSMManagedInstanceCore"
CONTAINERS = "EC2InstanceProfileForImageBuilderECRContainerBuilds"

_KNOWN = frozenset({BUILD, SYSTEMS_MANAGER, CONTAINERS})
_AWS_POLICY = r":aws:policy/(?:[A-Za-z0-9_.-]+/)*([A-Za-z0-9_+=,.@-]+?)(?=[\"\s\]}]|$)"
_PUT = "s3:putobject"


class _Grants(Record, frozen=False):
    """The policies of a role."""

    policies: set[str] = field(default_factory=set)
    """AWS's managed policies for builds that the role certainly has."""
    documents: list[Any] = field(default_factory=list)
    """The documents of its other policies."""
    others: bool = False
    """Whether it has or may have further policies whose documents are not known."""

    def add(self, documents: Sequence[Any], certain: bool) -> None:
        """Add the document of a policy that the role has if ``certain``, or the documents that it may have."""
        if certain and len(documents) == 1:
            self.documents += documents
        else:
            self.others = True

    @property
    def complete(self) -> bool:
        """Whether it is certain that the role has no policies except AWS's managed policies for builds."""
        return not self.documents and not self.others


def check(resource: Resource, context: Context) -> Judgement:
    """Judge the role if the profile is part of the document. Other policies may grant the same as AWS's."""
    value = lookup(resource.spec, PROFILE)
    profile = find(resource, value, "InstanceProfile", resource, context)
    if profile is None:
        return not_in_document(resource, PROFILE, value, "the instance profile")
    named = items_at(profile, ("roles",), context)
    roles = [find(resource, role, "Role", profile, context) for role in named]
    if not roles or None in roles:
        message = f"Cannot find the role of the instance profile '{profile.address}' in the document."
        return unknown(Violation(PROFILE, message, related=(location(profile),)))
    return combine([_judge(resource, role, context) for role in roles if role is not None])


def _judge(resource: Resource, role: Resource, context: Context) -> Judgement:
    grants, build = _grants_of(resource, role, context), context.build_type
    needed = [BUILD, SYSTEMS_MANAGER] + [CONTAINERS] * (build.value in ("container", "both"))
    lacks = [policy for policy in needed if policy not in grants.policies]
    # AWS's policy for containers grants much of what the general one grants.
    undecided = bool(lacks) and (not grants.complete or (lacks == [BUILD] and CONTAINERS in grants.policies))
    logs = _may_write_logs(resource, grants, context)
    if not logs:
        lacks.append(f"s3:PutObject on the log bucket in {resource.spell(BUCKET)}")
    more = build.value == "ami" and build.conflict is None and CONTAINERS in grants.policies
    if not undecided and not lacks and not more:
        return passed(f"The role '{role.address}' has {', '.join(needed)}.")
    related = (location(role, MANAGED, "the policies of the role"),)  # late, because it searches the text
    if undecided or (lacks and logs is None):
        permissions = ", ".join(lacks)
        message = f"Cannot tell whether other policies give the role '{role.address}' the permissions of {permissions}."
        return unknown(Violation(PROFILE, message, related=related))
    if lacks:
        message = (
            f"The role '{role.address}' of the instance profile in {resource.spell(PROFILE)} lacks {', '.join(lacks)}. "
            "Without the policies builds time out or fail late; without access to the bucket the logs are lost."
        )
        return failed(Violation(PROFILE, message, related=related))
    message = f"The role '{role.address}' has {CONTAINERS}, but the configuration builds AMIs only."
    help = f"Detach the policy {CONTAINERS} from the role."
    return failed(Violation(PROFILE, message, help, severity=Severity.NOTE, related=related))


def _grants_of(resource: Resource, role: Resource, context: Context) -> _Grants:
    """Collect the policies that the document attaches to a role."""
    grants = _Grants()
    for value, certain in items_at_with_certainty(role, MANAGED, context):
        own = find(resource, value, "ManagedPolicy", role, context)
        if own is not None:
            grants.add(values_at(own, ("policyDocument",), context), certain)
            continue
        name = re.search(_AWS_POLICY, text_of(value))
        if name is not None and name[1] in _KNOWN and certain:
            grants.policies.add(name[1])
        else:
            grants.others = True
    for policy, certain in items_at_with_certainty(role, ("policies",), context):
        grants.add((member(policy, "PolicyDocument"),), certain)
    for kind, path in (("Policy", ("roles",)), ("ManagedPolicy", ("roles",)), ("RolePolicy", ("roleName",))):
        for policy in referrers(context.world, role, kind, path):
            there = is_there(resource, policy, context.given)
            if there is not False:
                grants.add(values_at(policy, ("policyDocument",), context), bool(there))
    return grants


def _may_write_logs(resource: Resource, grants: _Grants, context: Context) -> Tri:
    """Return whether the role may write to the log bucket, if one is set. AWS's policies for builds do not allow it."""
    bucket = lookup(resource.spec, BUCKET)
    if bucket is ABSENT:
        return True
    definition = find(resource, bucket, "Bucket", resource, context)
    name = re.escape(definition.address if definition else text_of(bucket))
    mentions_bucket = re.compile(rf"(?<![\w.-]){name}(?![\w-])")

    def covers(statement: Mapping[str, Any]) -> Tri:
        resources = as_list(member(statement, "Resource"))
        meant = any(says(each, lambda text: text == "*" or bool(mentions_bucket.search(text))) for each in resources)
        return True if meant and member(statement, "Condition") is ABSENT else None

    return any_true([policies_allow(grants.documents, _PUT, covers), None if grants.others else False])
