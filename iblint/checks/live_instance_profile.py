"""IB902: the instance profile exists, has a role, and the role has the policies of a build."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.checks._account import missing, unavailable, identifier_at
from iblint.checks._iam import Tri, policy_allows, as_list, any_true, member
from iblint.checks.profile_role_policies import BUCKET, BUILD, CONTAINERS, PROFILE, SYSTEMS_MANAGER
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
    """Ask for the profile, then for the policies of its role; policies of one's own may be as good as AWS's."""
    name = identifier_at(resource, PROFILE, context)
    if isinstance(name, Judgement):
        return name
    profile = context.facts.instance_profile(name)
    if isinstance(profile, Unavailable):
        return unavailable(PROFILE, f"The instance profile '{name}'", profile)
    if isinstance(profile, Missing):
        help = f"Create the instance profile, or set {resource.spell(PROFILE)} to one that exists."
        return missing(resource, PROFILE, profile, "The service refuses such a configuration.", help)
    if profile.role is None:
        message = f"The instance profile '{name}' has no role. Its instances get no credentials, so every build fails."
        return failed(Violation(PROFILE, message, "Add a role with the policies of a build to the instance profile."))
    policies = context.facts.role_policies(profile.role)
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
    doubtful = bool(lacks) and (others or bool(policies.inline) or (lacks == [BUILD] and CONTAINERS in names))
    logs = _may_write_logs(resource, policies, others)
    if not logs:
        lacks.append(f"s3:PutObject on the log bucket in {resource.spell(BUCKET)}")
    if doubtful or (lacks and logs is None):
        message = f"Whether the role '{role}' has the like of {', '.join(lacks)} by other policies is not known."
        return unknown(
            Violation(PROFILE, message, "Attach AWS's policies for builds, or see that the role's own do it.")
        )
    if lacks:
        message = (
            f"The role '{role}' of the instance profile in {resource.spell(PROFILE)} lacks {', '.join(lacks)}. "
            "Without it a build times out or fails late, and without access to the bucket its logs are lost silently."
        )
        return failed(Violation(PROFILE, message, severity=Severity.WARNING))
    return passed(f"The instance profile exists, and its role '{role}' has {', '.join(needed)}.")


def _may_write_logs(resource: Resource, policies: RolePolicies, others: bool) -> Tri:
    """Whether the role may write to the log bucket, if there is one; none of AWS's policies for builds allows that."""
    bucket = lookup(resource.spec, BUCKET)
    if not isinstance(bucket, str):
        return True if bucket is ABSENT else None

    def covers(statement: Mapping[str, Any]) -> Tri:
        resources = as_list(member(statement, "Resource"))
        meant = any(r == "*" or (isinstance(r, str) and r.partition(":::")[2].startswith(bucket)) for r in resources)
        return True if meant and member(statement, "Condition") is ABSENT else None

    answers = [policy_allows(document, _PUT, covers) for document in policies.inline.values()]
    return any_true([*answers, None if others else False])
