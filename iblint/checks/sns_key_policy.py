"""IB501: the policy of the topic's key allows Image Builder's role to use the key."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.checks._iam import Tri, any_true, as_list, common_answer, member, policies_allow, says, text_of
from iblint.checks._related import (
    combine,
    describe,
    find,
    items_at,
    location,
    not_in_document,
    users,
    values_at,
)
from iblint.checks._sns import KEY, TOPIC, sibling_key, sibling_topic
from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.references import is_there, possible_values
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, Unresolved, lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

POLICY: Path = ("keyPolicy",)
ROLE = "AWSServiceRoleForImageBuilder"

_NEEDED = ("kms:generatedatakey", "kms:decrypt")
_AWS_MANAGED = "alias/aws/sns"
_SERVICE = "imagebuilder.amazonaws.com"
_OWN_ACCOUNT = ("!Ref AWS::AccountId", '{"Ref": "AWS::AccountId"}')


def check(resource: Resource, context: Context) -> Judgement:
    """Look for Image Builder's role in the policy of the key, if topic and key are part of the document."""
    topic = sibling_topic(resource, context)
    if topic is None:
        return not_in_document(resource, TOPIC, lookup(resource.spec, TOPIC), "the topic")
    return combine([_judge_key(resource, topic, key, context) for key in values_at(topic, KEY, context)])


def _judge_key(resource: Resource, topic: Resource, value: Any, context: Context) -> Judgement:
    if value is ABSENT:
        return not_applicable("The topic has no key.")
    key = sibling_key(resource, topic, value, context)
    if key is not None:
        policies = values_at(key, POLICY, context)
        return combine([_judge_policy(resource, key, policy, context) for policy in policies])
    if isinstance(value, str) and value.endswith(_AWS_MANAGED):
        message = (
            f"The topic in {resource.spell(TOPIC)} is encrypted with the AWS managed key {_AWS_MANAGED}. "
            "Its policy cannot be changed to name Image Builder's role, as AWS's documentation requires."
        )
        return failed(Violation(TOPIC, message, severity=Severity.NOTE, related=(location(topic, KEY),)))
    key_name = show(value).strip("'")
    message = f"Cannot find the policy of the key '{key_name}' of {describe(topic, 'topic')} in the document."
    return unknown(Violation(TOPIC, message, related=(location(topic, KEY),)))


def _judge_policy(resource: Resource, key: Resource, policy: Any, context: Context) -> Judgement:
    if is_unresolved(policy):
        return unknown(cannot_tell(resource, TOPIC, policy, f"It is the policy of {describe(key, 'key')}."))
    certain = [user for user in users(resource, context) if is_there(resource, user, context.given)]
    roles = [role for user in certain for role in items_at(user, ("executionRole",), context)]

    def covers(statement: Mapping[str, Any]) -> Tri:
        return _names_role(resource, statement, roles, context, key)

    answers = [policies_allow([policy], action, covers) for action in _NEEDED]
    if all(answers):
        return passed(f"The policy of {describe(key, 'key')} lets Image Builder's role use the key.")
    related = (location(key, POLICY, "the policy of the key"),)
    if False not in answers:
        message = f"Cannot tell whether the policy of {describe(key, 'key')} allows Image Builder's role to use it."
        return unknown(Violation(TOPIC, message, related=related))
    message = (
        f"The policy of {describe(key, 'key')}, which encrypts the topic in {resource.spell(TOPIC)}, does not allow "
        f"the role {ROLE} to use the key. Notifications then fail without an error.{_service(policy)}"
    )
    return failed(Violation(TOPIC, message, related=related))


def _service(policy: Any) -> str:
    """Return a hint if the policy names the service instead of the role."""
    principals = (member(statement, "Principal") for statement in as_list(member(policy, "Statement")))
    names_service = any(_SERVICE in text_of(member(principal, "Service")) for principal in principals)
    return f" It names the service {_SERVICE}, but it is the role that publishes." if names_service else ""


def _names_role(
    resource: Resource, statement: Mapping[str, Any], roles: list[Any], context: Context, key: Resource
) -> Tri:
    """Return whether a statement covers the service-linked role, or the execution role of a pipeline or image."""
    principals = list(possible_values(member(statement, "Principal")))
    return common_answer(_names_it(resource, statement, each, roles, context, key) for each in principals)


def _names_it(
    resource: Resource, statement: Mapping[str, Any], principal: Any, roles: list[Any], context: Context, key: Resource
) -> Tri:
    """Return whether a statement covers the role by one value that its principal may have."""
    if principal is ABSENT:  # then it has NotPrincipal
        return None
    if isinstance(principal, str):
        return _names_everyone(statement) if principal == "*" else False
    return any_true(
        common_answer(
            _names_everyone(statement) if name == "*" else _is_role(resource, name, roles, context, key)
            for name in possible_values(names)
        )
        for names in as_list(member(principal, "AWS"))
    )


def _names_everyone(statement: Mapping[str, Any]) -> Tri:
    """Return True for a statement for everyone; None if a condition may exclude the role."""
    condition = member(statement, "Condition")
    return True if condition is ABSENT or says(condition, lambda text: ROLE in text) else None


def _is_own_account(name: Unresolved) -> bool:
    """Return whether a value is the account itself, or its root user, in any dialect."""
    return name.text == "${AWS::AccountId}" or (name.text or "").endswith(":root")


def _is_role(resource: Resource, name: Any, roles: list[Any], context: Context, key: Resource) -> Tri:
    if says(name, lambda text: ROLE in text) or any(text_of(name) == text_of(role) for role in roles):
        return True
    if isinstance(name, str):
        return False
    if not isinstance(name, Unresolved):
        return None
    definition = find(resource, name, "Role", key, context)
    if definition is not None:
        return any(find(resource, role, "Role", key, context) is definition for role in roles)
    is_account = name.expression in _OWN_ACCOUNT or ":root" in name.expression or _is_own_account(name)
    return False if is_account else None
