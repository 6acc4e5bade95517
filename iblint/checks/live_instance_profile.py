"""IB902: the instance profile exists, has a role, and the role has the policies that builds need."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.checks._iam import Tri, any_true, as_list, member, policies_allow
from iblint.checks._live import identifier_at, missing, unavailable
from iblint.checks.profile_role_policies import BUCKET, BUILD, CONTAINERS, PROFILE, SYSTEMS_MANAGER
from iblint.facts import questions
from iblint.model.answers import Missing, RolePolicies, Unavailable
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, passed, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PUT = "s3:putobject"
_KNOWN = frozenset({BUILD, SYSTEMS_MANAGER, CONTAINERS})


def check(resource: Resource, context: Context) -> Judgement:
    """Look up the profile, then the policies of its role. Other policies may grant the same as AWS's."""
    name = identifier_at(resource, PROFILE, context)
    if isinstance(name, Judgement):
        return name
    profile = context.facts.ask(questions.INSTANCE_PROFILE, name)
    if isinstance(profile, Unavailable):
        return unavailable(PROFILE, f"The instance profile '{name}'", profile)
    if isinstance(profile, Missing):
        help = f"Create the instance profile, or set {resource.spell(PROFILE)} to one that exists."
        return missing(resource, PROFILE, profile, "Image Builder rejects the configuration.", help)
    if profile.role is None:
        message = f"The instance profile '{name}' has no role. Its instances get no credentials, so every build fails."
        help = "Add a role with the policies that builds need to the instance profile."
        return failed(Violation(PROFILE, message, help))
    policies = context.facts.ask(questions.ROLE_POLICIES, profile.role)
    if isinstance(policies, Unavailable):
        return unavailable(PROFILE, f"The policies of the role '{profile.role}'", policies)
    if isinstance(policies, Missing):
        help = f"Create the role, or set {resource.spell(PROFILE)} to a profile that has one."
        return missing(resource, PROFILE, policies, "Builds get no credentials.", help)
    return _judge(resource, profile.role, policies, context)


def _judge(resource: Resource, role: str, policies: RolePolicies, context: Context) -> Judgement:
    names = {arn.rpartition("/")[2] for arn in policies.attached if ":iam::aws:policy/" in arn} & _KNOWN
    others = len(names) < len(policies.attached)
    needed = [BUILD, SYSTEMS_MANAGER] + [CONTAINERS] * (context.build_type.value in ("container", "both"))
    lacks = [policy for policy in needed if policy not in names]
    undecided = bool(lacks) and (others or bool(policies.inline) or (lacks == [BUILD] and CONTAINERS in names))
    logs = _may_write_logs(resource, policies, others)
    if not logs:
        lacks.append(f"s3:PutObject on the log bucket in {resource.spell(BUCKET)}")
    if undecided or (lacks and logs is None):
        message = f"Cannot tell whether other policies give the role '{role}' the permissions of {', '.join(lacks)}."
        help = "Attach AWS's policies for builds, or check that the role's own policies are enough."
        return unknown(Violation(PROFILE, message, help))
    if lacks:
        message = (
            f"The role '{role}' of the instance profile in {resource.spell(PROFILE)} lacks {', '.join(lacks)}. "
            "Without the policies builds time out or fail late; without access to the bucket the logs are lost."
        )
        return failed(Violation(PROFILE, message, severity=Severity.WARNING))
    return passed(f"The instance profile exists, and its role '{role}' has {', '.join(needed)}.")


def _may_write_logs(resource: Resource, policies: RolePolicies, others: bool) -> Tri:
    """Return whether the role may write to the log bucket, if one is set. AWS's policies for builds do not allow it."""
    bucket = lookup(resource.spec, BUCKET)
    if not isinstance(bucket, str):
        return True if bucket is ABSENT else None

    def covers(statement: Mapping[str, Any]) -> Tri:
        resources = as_list(member(statement, "Resource"))
        meant = any(r == "*" or (isinstance(r, str) and r.partition(":::")[2].startswith(bucket)) for r in resources)
        return True if meant and member(statement, "Condition") is ABSENT else None

    return any_true([policies_allow(policies.inline.values(), _PUT, covers), None if others else False])
